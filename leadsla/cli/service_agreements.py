"""How agreements stand by what the running service has written of them, for commands that go by that."""

import asyncio
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from leadsla.cli.agreements import agreements_of
from leadsla.cli.broker import asking
from leadsla.cli.progress import reading
from leadsla.cli.service_figures import ServiceFigures, service_figures
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import Instant
from sla_rules.whole_agreement.known_agreements import KnownAgreement, KnownAgreements
from sla_rules.whole_agreement.service_status import AgreementStatus, ServiceStatus
from sla_rules.whole_agreement.status import agreement_status, records_following
from streams.kafka.partitioning import partition_of
from streams.partitions.kept_agreements import KeptAgreements, kept_agreements
from streams.settings import Settings


class ServiceAgreements(NamedTuple):
    """What is known of agreements by name, how each stands, and how fresh that is."""

    known: Mapping[str, KnownAgreement]
    status: ServiceStatus


def agreements_at_hand(paths: Sequence[Path] | None, settings: Settings) -> tuple[Agreement, ...]:
    """The agreements of the files named, else of those that the settings name, if they are there.

    Raises:
        typer.Exit: with status 2, where a file is wrong.

    """
    if not paths and not settings.agreements.exists():
        return ()
    return agreements_of(paths or [settings.agreements])


def service_agreements(
    command: str, settings: Settings, agreed: Sequence[Agreement], names: Container[str] | None = None
) -> ServiceAgreements:
    """What stands of all agreements, or of those named; of one at hand that nothing stands of, what follows from its figures.

    Raises:
        typer.Exit: with status 2, after saying why the topics cannot be read.

    """
    with asking(command, settings):
        kept = asyncio.run(_read(settings))
    written = {name: one for name, one in kept.known.by_name().items() if names is None or name in names}
    in_force = {version.agreement.agreement for version in RuleBook(agreed).in_force(kept.at)}
    missing = {name for name in in_force - written.keys() if names is None or name in names}
    following = _Following({}, 0, None)
    if missing:
        with asking(command, settings):
            following = _following(service_figures(command, settings, agreed), missing, kept)
    found = [_status(one, kept, is_written=True) for one in written.values()]
    found += [_status(one, kept, is_written=False) for one in following.known.values()]
    status = ServiceStatus(
        at=kept.at,
        service=kept.service,
        partitions=kept.partitions,
        records=len(kept.known) + following.records,
        latest=max((at for at in (kept.latest, following.latest) if at is not None), default=None),
        agreements=tuple(sorted(found, key=lambda one: (one.data.status == "withdrawn", one.data.agreement))),
    )
    return ServiceAgreements({**written, **following.known}, status)


class _Following(NamedTuple):
    """What follows of agreements from figures that nobody has drawn conclusions from yet, and how much was read for it."""

    known: Mapping[str, KnownAgreement]
    records: int
    latest: Instant | None


def _following(found: ServiceFigures, names: Iterable[str], kept: KeptAgreements) -> _Following:
    known = KnownAgreements()
    for name in names:
        records = records_following(found.rules, name, found.figures, kept.partitions, kept.at)
        for key, value in records.items():
            known.take(partition_of(name.encode(), kept.partitions), key, value)
    return _Following(known.by_name(), found.records, found.latest)


def _status(known: KnownAgreement, kept: KeptAgreements, *, is_written: bool) -> AgreementStatus:
    return agreement_status(known, kept.progress.of(known.partition), kept.at, is_written=is_written)


async def _read(settings: Settings) -> KeptAgreements:
    with reading() as shown:
        return await kept_agreements(settings, shown)
