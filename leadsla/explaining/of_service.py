"""Explained by what the running service keeps of the lead."""

import asyncio
from collections.abc import Mapping, Sequence

from leadsla.cli.broker import asking
from leadsla.cli.progress import reading
from leadsla.explaining.answer import Answer, NothingKnown, before_first
from leadsla.tables.explanation import about_of
from sla_rules.agreement.model import Agreement
from sla_rules.engine.codec import decode
from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact
from sla_rules.reports.explanation import explain
from sla_rules.reports.facts_by_key import known_by
from streams.kafka.group_memory import listens_since
from streams.kafka.known_agreements import rules_by
from streams.partitions.kept_lead import KeptLead, kept_lead
from streams.settings import Settings
from wording.catalogue import Value
from wording.voice import Voice


def explained_by_service(
    settings: Settings, by: Sequence[Sequence[Agreement]], lead: str, until: Instant | None, voice: Voice
) -> list[Answer]:
    """By each of the terms, of what the service knew of the lead at an instant, or knows now.

    Raises:
        NothingKnown: it keeps nothing of the lead, or nothing had come by then.
        typer.Exit: with status 2, after saying why the topics cannot be read.

    """
    kept, facts, since = _asked(settings, lead)
    as_of = settings.new_clock()() if until is None else until
    rules = [rules_by(settings, agreed, since) for agreed in by]
    about = about_of(rules[0])
    if not facts:
        message = "explain-has-left" if kept.has_left else "explain-not-kept"
        where: dict[str, Value] = {"topic": kept.topic, "partition": kept.partition, "days": settings.keep_days}
        raise NothingKnown(voice.text(message, about=about, lead=repr(lead), **where))
    known = known_by({lead: facts}, as_of).get(lead, ())
    if not known:
        raise before_first(about, lead, facts, as_of, voice)
    return [Answer(one, explain(one, lead, known, as_of)) for one in rules]


def _asked(settings: Settings, lead: str) -> tuple[KeptLead, Sequence[Fact], Mapping[str, Instant]]:
    """What the service keeps of the lead, and since when it listens to which agreement."""
    with asking("explain", settings):
        kept, since = asyncio.run(_read(settings, lead))
        return kept, () if kept.state is None else decode(kept.state).facts, since


async def _read(settings: Settings, lead: str) -> tuple[KeptLead, Mapping[str, Instant]]:
    with reading() as shown:
        kept = await kept_lead(settings, lead.encode(errors="replace"), shown)
    return kept, await listens_since(settings)
