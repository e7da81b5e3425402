"""From a scenario to what the service is given: agreements, and records with their arrival.

Many scenarios can be staged side by side: apart from each other they have agreements and leads of their own, and an
agreement applies to those leads only.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from io import StringIO
from pathlib import Path
from typing import Any, Final

from sla_rules.agreement.file import parse_agreement
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.events.decode import read_event
from sla_rules.events.schema import key_of
from sla_rules.events.vocabulary import Vocabulary, topic_of
from sla_rules.instants import Instant, iso
from tests.events import Sent
from tests.scenarios.notation import VERSION, Changed, Raw, Scenario, Told, reader
from tests.sla_rules.clocks import at

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
SHELVES: Final = (HERE / "agreements", ROOT / "agreements")
CARRIES_FIELDS: Final = ("lead.created", "lead.handed_off")


@dataclass(frozen=True, slots=True)
class Arrived:
    """One record, and when the broker appended it."""

    arrival: Instant
    sent: Sent


@dataclass(frozen=True)
class Stage:
    """A scenario with everything in place; `apart` sets it apart from others."""

    scenario: Scenario
    apart: bool = False

    @cached_property
    def texts(self) -> list[str]:
        """The agreements as files."""
        return list(self._texts())

    @cached_property
    def agreements(self) -> list[Agreement]:
        """The agreements."""
        return [_agreement(text, self.scenario.file) for text in self.texts]

    def only_agreement(self) -> str | None:
        """The name of the agreement, if all are versions of one."""
        names = {agreement.agreement for agreement in self.agreements}
        return names.pop() if len(names) == 1 else None

    def instant(self, text: str) -> Instant:
        """The instant of a time as the scenario writes it."""
        return at(text, self.scenario.zone or self.agreements[0].calendar.time_zone)

    def named(self, name: str) -> str:
        """The name that a lead or an agreement of the scenario has on the stage."""
        return f"{self.scenario.name}-{name}" if self.apart else name

    def records(self) -> list[Arrived]:
        """All records in the order they arrive."""
        return [
            self._told(number, record) if isinstance(record, Told) else self._raw(record)
            for number, record in enumerate(self.scenario.timeline, start=1)
        ]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The events that the agreements name."""
        return RuleBook(self.agreements).vocabulary

    def _texts(self) -> Iterator[str]:
        for item in self.scenario.agreements:
            name = item.file if isinstance(item, Changed) else item
            text = name if "\n" in name else _file(name).read_text(encoding="utf-8")
            if not self.apart and not isinstance(item, Changed):
                yield text
                continue
            tree = reader().load(text)
            tree.update(item.but if isinstance(item, Changed) else {})
            if self.apart:
                tree["agreement"] = self.named(tree["agreement"])
                tree["applies_to"] = {**tree.get("applies_to", {}), "attributes.scenario": self.scenario.name}
            written = StringIO()
            reader().dump(tree, written)
            yield written.getvalue()

    def _told(self, number: int, record: Told) -> Arrived:
        kind = f"{record.type}{VERSION}"
        data = self._data(record)
        subject = data.get("deal_id") or data.get("obligation") or self.named(record.lead or "")
        value = json.dumps(
            {
                "specversion": "1.0",
                "id": record.id or f"event-{number}",
                "source": self.named(record.source),
                "type": kind,
                "subject": subject,
                "time": iso(self.instant(record.at)),
                "data": data,
            }
        ).encode()
        key = key_of(read_event(value, None, self.vocabulary)).encode()
        topic = topic_of(kind, self.vocabulary)
        assert topic is not None, f"{self.scenario.file}: {record.type} is no event"
        return Arrived(self.instant(record.arrives or record.at), Sent(topic, key, value))

    def _data(self, record: Told) -> dict[str, Any]:
        data = dict(record.data)
        for name in ("into", "agreement", "deal_id"):
            if name in data:
                data[name] = self.named(data[name])
        if "lead_ids" in data:
            data["lead_ids"] = [self.named(lead) for lead in data["lead_ids"]]
        kind = f"{record.type}{VERSION}"
        meant = {word.stands_for for word in self.vocabulary.get(kind, ())} or {kind}
        if self.apart and any(one.removesuffix(VERSION) in CARRIES_FIELDS for one in meant):
            data["attributes"] = {**data.get("attributes", {}), "scenario": self.scenario.name}
        return data

    def _raw(self, record: Raw) -> Arrived:
        key = None if record.key is None else self.named(record.key).encode()
        headers = tuple((name, text.encode()) for name, text in record.headers.items())
        value = None if record.raw is None else record.raw.encode()
        return Arrived(self.instant(record.arrives), Sent(record.topic, key, value, headers))


@cache
def _agreement(text: str, file: Path) -> Agreement:
    return parse_agreement(text, str(file))


def _file(name: str) -> Path:
    return next(shelf / name for shelf in SHELVES if (shelf / name).exists())
