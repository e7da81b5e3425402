"""Says of leads that were set aside, and stops the worker where there are too many of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from structlog import get_logger

from sla_rules.engine.changes import Changes
from sla_rules.engine.quarantine import QuarantineLimitError
from streams.settings import Settings

log = get_logger("leadsla")

_SET_ASIDE: Final = "a lead cannot be judged: it is in quarantine, its events are kept"
_LEFT_OUT: Final = "a lead cannot be judged as of the end of a period: it is left out of what is published of it"


@contextmanager
def of_partition(partition: int, settings: Settings) -> Iterator[None]:
    """Let an error over too many leads say where it was and what to do."""
    try:
        yield
    except QuarantineLimitError as crossed:
        message = (
            f"partition {partition}: {crossed} (LEADSLA_QUARANTINE_LIMIT={settings.quarantine_limit}, "
            f"LEADSLA_QUARANTINE_OF={settings.quarantine_of}). Nothing that follows has been written or acknowledged; a "
            "restart reads it again. After an upgrade or new agreements, go back to those before; else raise the limit to "
            "set the leads aside"
        )
        raise QuarantineLimitError(message) from crossed


def say(changes: Changes, partition: int) -> None:
    """A line of the log for each lead that was set aside, is left out of what is published, or is judged again."""
    for sentence, leads in ((_SET_ASIDE, changes.quarantined), (_LEFT_OUT, changes.unpublished)):
        for lead, why in leads.items():
            log.error(sentence, lead=lead.decode(), partition=partition, why=why)
    for lead in changes.released:
        log.info("a lead in quarantine can be judged again", lead=lead.decode(), partition=partition)
