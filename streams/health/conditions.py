"""What stands in the way until somebody acts: said once and reminded of, in `/readyz` and in `/metrics` while it lasts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from structlog import get_logger

log = get_logger("leadsla")

REMIND_EVERY: Final = 30.0
"""Seconds after which what lasts is said again."""


class Kind(StrEnum):
    """What is the matter; the value is a label of a metric, and the runbook has a line for each."""

    TOPIC_MISSING = "topic_missing"
    PARTITION_COUNT = "partition_count"
    STATES_LOST = "states_lost"
    RECORDS_LOST = "records_lost"
    AGREEMENT_STOPPED = "agreement_stopped"


@dataclass(slots=True)
class Conditions:
    """The conditions that stand, each with the sentence that says what it is and what to do."""

    _standing: dict[tuple[Kind, str], str] = field(default_factory=dict)
    _said: dict[tuple[Kind, str], float] = field(default_factory=dict)

    def hold(self, kind: Kind, sentences: Mapping[str, str], now: float) -> None:
        """Of a kind, these stand now, by what they are about; all others of the kind are over."""
        for about in [about for held, about in self._standing if held is kind and about not in sentences]:
            del self._standing[kind, about], self._said[kind, about]
            log.info("over", condition=str(kind), of=about)
        for about, sentence in sentences.items():
            self._standing[kind, about] = sentence
            if now - self._said.get((kind, about), -REMIND_EVERY) >= REMIND_EVERY:
                self._said[kind, about] = now
                log.error(sentence, condition=str(kind))

    def stand(self, kind: Kind) -> bool:
        """Whether any condition of a kind stands."""
        return any(held is kind for held, _ in self._standing)

    @property
    def sentence(self) -> str | None:
        """The first that stands, in words, and how many there are beside it; None where all is well."""
        sentences = list(self._standing.values())
        if not sentences:
            return None
        more = f" (and {len(sentences) - 1} more)" if sentences[1:] else ""
        return f"{sentences[0]}{more}"
