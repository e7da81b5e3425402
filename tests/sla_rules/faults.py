"""Faults put into the rules, as nobody foresees them: what merges, follows, judges, tells or counts some facts raises."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Literal
from unittest.mock import patch

from hypothesis import strategies as st

from sla_rules.evaluation.contributions import UNFIGURED
from sla_rules.evaluation.notices import Notice
from sla_rules.lead.history import is_revised
from tests.script import History
from tests.strategies import LEADS

Name = tuple[str, str]
"""Source and id of a fact."""
Place = Literal["history", "lives", "notice", "count", "owed"]
PLACES: Final[tuple[Place, ...]] = ("history", "lives", "notice", "count")
"""Where judging breaks: following mergers and corrections, cutting cycles, making notices, counting shares.

Beside these, what a lead has to send on: then what others know depends on when that began.
"""


class FaultError(ArithmeticError):
    """A fault that was put in."""


def name_of(fact: Any) -> Name:
    return fact.source, fact.id


@dataclass(frozen=True)
class Faults:
    """Facts that cannot be merged, and facts that cannot be judged, wherever they come; leads nothing can be told of."""

    unfoldable: Collection[Name] = ()
    unjudgeable: Collection[Name] = ()
    leads: Collection[str] = ()
    place: Place = "lives"

    @contextmanager
    def put_in(self) -> Iterator[None]:
        """The rules, broken."""
        broken: dict[Place, tuple[tuple[str, ...], Callable[..., bool]]] = {
            "history": (
                (
                    "sla_rules.engine.fold.history",
                    "sla_rules.figures.windows.history",
                    "sla_rules.reports.replay.history",
                ),
                self._unfollowable,
            ),
            "lives": (("sla_rules.evaluation.verdicts.lives",), self._uncuttable),
            "owed": (("sla_rules.engine.fold.owed",), self._unsendable),
            "notice": (
                ("sla_rules.engine.published_notices.notice_event", "sla_rules.engine.judging.notice_event"),
                self._untellable,
            ),
            "count": (("sla_rules.figures.windows.count", "sla_rules.evaluation.verdicts.count"), self._uncountable),
        }
        targets, is_broken = broken[self.place]
        with ExitStack() as stack:
            stack.enter_context(_breaking("sla_rules.lead.facts.in_order", self._unmergeable))
            for target in targets:
                stack.enter_context(_breaking(target, is_broken))
            yield

    def without(self, history: History) -> History:
        """What of a history can be merged."""
        return [(lead, fact) for lead, fact in history if name_of(fact) not in self.unfoldable]

    def _unmergeable(self, fact: Any) -> bool:
        return name_of(fact) in self.unfoldable

    def _unfollowable(self, _: str, known: Sequence[Any]) -> bool:
        return is_revised(known) and self._uncuttable(known)

    def _unsendable(self, _: str, __: object, known: Sequence[Any], *___: object) -> bool:
        return self._uncuttable(known)

    def _uncuttable(self, known: Sequence[Any]) -> bool:
        return any(name_of(fact) in self.unjudgeable for fact in known)

    def _untellable(self, notice: Notice) -> bool:
        return notice.lead in self.leads

    def _uncountable(self, contribution: Any, *_: object) -> bool:
        return (
            not isinstance(contribution, UNFIGURED) and contribution.start // 60_000_000 % 3 == 0 and bool(self.leads)
        )


def _breaking(target: str, is_broken: Callable[..., bool]) -> AbstractContextManager[object]:
    """A function that raises over what is broken, in the place of the whole one."""
    module, _, name = target.rpartition(".")
    whole = getattr(import_module(module), name)

    def broken(*given: Any) -> Any:
        if is_broken(*given):
            message = f"{name} broke"
            raise FaultError(message)
        return whole(*given)

    return patch(target, broken)


def names() -> st.SearchStrategy[frozenset[Name]]:
    """Some facts of `tests.strategies`, mergers left whole."""
    sources = st.sampled_from(("/crm", "/other"))
    return st.frozensets(st.tuples(sources, st.sampled_from("abcdefghijkl")), max_size=6)


def faults() -> st.SearchStrategy[Faults]:
    return st.builds(
        Faults,
        unfoldable=names(),
        unjudgeable=names(),
        leads=st.frozensets(st.sampled_from(LEADS), max_size=2),
        place=st.sampled_from(PLACES),
    )
