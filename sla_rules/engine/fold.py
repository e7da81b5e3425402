"""step(state, facts, now) -> (state', what follows): the only place that decides.

Theory of operation. A lead's state is a set of facts; facts only join it (`sla_rules.lead.facts.merge`). Everything else is
a view of the facts, the agreements and the time: which facts count, cycles, verdicts, contributions to the figures, notices.
`step` joins what arrived, takes the view again, and gives the new state together with the view. Who calls it compares
with what stood before: contributions that went are taken out of the figures, those that came are put in, and notices are published
where they differ from what was published. Nothing here remembers what was published, and nothing here reads a clock.

Time does not run back for a lead: `as_of` is kept with its facts, so that a worker that takes over and is still behind
does not retract what its predecessor saw time decide. Where a clock was wrong, `sla_rules.engine.ahead` sets it back first.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeGuard

import msgspec

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import LeadState, pack_facts
from sla_rules.engine.forwarding import NOTHING, Owed, owed
from sla_rules.evaluation.assessment import Assessment
from sla_rules.evaluation.notices import Notice
from sla_rules.evaluation.verdicts import assess
from sla_rules.instants import Instant
from sla_rules.lead.erasure import deleted, erased
from sla_rules.lead.facts import Asked, Fact, Fate, Forwarded, askers, merge
from sla_rules.lead.history import history, is_revised

NOBODY: Final[Owed] = {}


class Step(NamedTuple):
    """What a step leaves; `state` is the one before where nothing but time went by.

    `forwards` are facts by the lead that they have to reach because of a merge, those that are new.
    """

    state: LeadState
    fates: list[Fate]
    assessments: list[Assessment]
    forwards: Owed

    @property
    def standing(self) -> dict[str, Notice]:
        """The notices that hold, by key."""
        return standing_of(self.assessments)

    @property
    def undecided(self) -> dict[str, Instant]:
        """The keys that time may yet turn into a notice, and when."""
        return undecided_of(self.assessments)


class Known(msgspec.Struct, frozen=True, gc=False):
    """All facts that are known of a lead, packed too; whether they are `revised`; and what to send on of them.

    `fates` are those of the facts that arrived last, `asked_by` the leads that asked for all of them.
    """

    facts: tuple[Fact, ...]
    packed: msgspec.Raw
    fates: list[Fate]
    asked_by: Sequence[str] = ()
    revised: bool = False
    forwards: Owed = NOBODY


def step(rules: RuleBook, lead: str, before: LeadState | None, arrived: Sequence[Forwarded], now: Instant) -> Step:
    """Join the facts that arrived to what is known of the lead, and judge it again as of `now`."""
    told, asked_by = questions_apart(arrived)
    facts, fates = merge(() if before is None else before.facts, told)
    known = gather(rules, lead, before, Known(facts, pack_facts(facts), fates, asked_by))
    state, assessments = judge(rules, lead, before, known, now)
    return Step(state, fates, assessments, known.forwards)


def questions_apart(arrived: Sequence[Forwarded]) -> tuple[Sequence[Fact], Sequence[str]]:
    """The facts among what arrived, and the leads that ask."""
    if are_facts(arrived):
        return arrived, ()
    return [fact for fact in arrived if not isinstance(fact, Asked)], askers(arrived)


def are_facts(arrived: Sequence[Forwarded]) -> TypeGuard[Sequence[Fact]]:
    """Whether no lead asks anything: few ever do."""
    return Asked not in map(type, arrived)


def gather(rules: RuleBook, lead: str, before: LeadState | None, known: Known, *, owes_all: bool = False) -> Known:
    """Erase what a deletion leaves nothing of, and see what has to be sent on, of what is new or of everything."""
    facts, packed = known.facts, known.packed
    revised = is_revised(facts)
    if not (revised or known.asked_by or (before is not None and before.revised)):
        return known
    gone = deleted(lead, facts)
    if gone:
        facts = erased(lead, facts, gone, rules.asked)
        packed = pack_facts(facts)
    sent = NOTHING if before is None or owes_all else before.packed
    return Known(facts, packed, known.fates, known.asked_by, revised, owed(lead, sent, facts, packed, known.asked_by))


def judge(
    rules: RuleBook, lead: str, before: LeadState | None, known: Known, now: Instant
) -> tuple[LeadState, list[Assessment]]:
    """The state that a lead comes to by all that is known of it, as of `now` or the time that it had reached."""
    facts = known.facts
    counted: Sequence[Fact] = history(lead, facts) if known.revised else facts
    as_of = now if before is None else max(now, before.as_of)
    assessments = assess(rules, lead, counted, as_of)
    timers = [assessment.next_due for assessment in assessments if assessment.next_due is not None]
    state = LeadState(
        digest=rules.digest,
        as_of=as_of,
        next_due=min(timers, default=None),
        contributions=tuple([assessment.contribution for assessment in assessments]),
        revised=known.revised,
        last_time=facts[-1].time if facts else as_of,
        last_arrival=max([fact.arrival for fact in facts], default=as_of),
        packed=known.packed,
    )
    return before if before is not None and says_the_same(before, state) else state, assessments


def standing_of(assessments: Sequence[Assessment]) -> dict[str, Notice]:
    """The notices that hold, by key."""
    return {notice.key: notice for found in assessments if found.passed for notice in found.notices}


def undecided_of(assessments: Sequence[Assessment]) -> dict[str, Instant]:
    """The keys that time may yet turn into a notice, and when."""
    return {key: at for found in assessments if found.ahead for key, at in found.undecided}


def says_the_same(before: LeadState, after: LeadState) -> bool:
    """Whether only time went by: then what was kept may stay as it is."""
    return after.packed == before.packed and msgspec.structs.replace(after, as_of=before.as_of) == before
