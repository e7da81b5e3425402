"""Run a worker until it is told to stop."""

import asyncio
import gc
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import NoReturn

import faust
import uvloop
from structlog import get_logger

from sla_rules.agreement.model import Agreement
from sla_rules.engine.expiry import least_keep
from sla_rules.instants import DAY, Instant, iso, parse_instant
from streams.clock import Clock
from streams.faust_host.app import build_app
from streams.kafka.group_memory import remember, remembered
from streams.kafka.known_agreements import hold_to_agreed, rules_by
from streams.kafka.known_topics import hold_to_topics
from streams.kafka.listening import begun, listening_since, records_of
from streams.kafka.topic_memory import TopicMemory
from streams.kafka.topic_settings import check_sizes
from streams.kafka.topics import check_topics
from streams.monitoring.logs import configure_logging
from streams.monitoring.web import check_free
from streams.partitions.disk_store import lock
from streams.pipeline.clock_probe import find_clock
from streams.settings import Settings, SettingsError, refusal

log = get_logger("leadsla")


def run_worker(settings: Settings, agreements: Sequence[Agreement]) -> NoReturn:
    """Check the topics, then fold events until SIGTERM or SIGINT.

    Raises:
        SystemExit: the worker has ended; status 0 if it was asked to.
        AddressTakenError: the address of `/metrics` is taken.
        DataDirError: leads are to lie on disk, and the folder cannot be used.
        QuarantineLimitError: more leads of a partition cannot be judged than is put up with.
        RejectionLimitError: more of a partition was rejected than is allowed.
        RewrittenError: terms that were worked with say something else now.
        SettingsError: a file of the settings cannot be used, or leads would leave before their periods are published.
        TopicsError: topics are missing or do not fit together.
        aiokafka.errors.KafkaError: no broker answers.
        UnaccountedError: something was read and never came to be folded.
        UndeliveredError: something could not be delivered.
        UnknownFormatError: the leads' states were written by a later release.

    """
    configure_logging(settings)
    check_free(settings.metrics_host, settings.metrics_port)
    rules = rules_by(settings, agreements)
    if settings.keep_days * DAY < (least := least_keep(rules)):
        why = f"{settings.keep_days} are too few: the longest period and its grace take {-(-least // DAY)}"
        raise SettingsError(refusal("keep_days", why))
    claim = lock(settings.data_dir / "leads") if settings.store == "rocksdb" else None
    log.info(
        "starting",
        release=version("leadsla"),
        broker=settings.broker,
        group=settings.group,
        agreements=len(rules.versions),
        digest=rules.digest,
    )
    if not settings.encrypted:
        # Over TLS, uvloop may never finish closing a connection (docs/decisions/0019-tls.md).
        uvloop.install()
    partitions, memory, clock, since = asyncio.run(_checked(settings, agreements))
    _collect_seldom()
    app = build_app(settings, rules_by(settings, agreements, since), partitions, memory, clock)
    worker = faust.Worker(app, loglevel=None, quiet=True, override_logging=False)
    worker.spinner = None
    try:
        worker.execute_from_commandline()
    except SystemExit as ended:
        log.info("stopped", status=ended.code or 0)
        # Faust turns whatever went wrong into an exit status; the front door says it in words.
        if isinstance(ended.__context__, Exception):
            raise ended.__context__ from None
        raise
    finally:
        if claim is not None:
            claim.close()


def _collect_seldom() -> None:
    """Keep the garbage collector from walking over every record of a fetch.

    A fetch brings thousands of objects, none of them in a cycle, and a recovery a thousand fetches; what has been
    imported by now is never garbage. Loading a million leads takes a tenth less for it.
    """
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


async def _checked(
    settings: Settings, agreements: Sequence[Agreement]
) -> tuple[int, TopicMemory, Clock, Mapping[str, Instant]]:
    """The number of partitions, what is known of topics, the clock and since when the service listens for which agreement."""
    partitions = await check_topics(settings)
    await check_sizes(settings)
    known = await remembered(settings)
    memory = await hold_to_topics(settings, known)
    clock = await find_clock(settings)
    now = clock()
    told = now if settings.listening_since is None else parse_instant(settings.listening_since)
    begins = begun(known, agreements, min(told, now))
    await hold_to_agreed(settings, known, agreements, now, begins)
    if not begins:
        return partitions, memory, clock, listening_since(known)
    since = listening_since(await remembered(settings))
    await remember(settings, records_of({name: since[name] for name, at in begins.items() if since[name] < at}))
    for name in begins:
        log.info("the service listens for an agreement from now on", agreement=name, since=iso(since[name]))
    return partitions, memory, clock, since
