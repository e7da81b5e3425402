"""What the workers of a group have worked with: one record a version of an agreement, in a compacted topic.

Looked at before a worker joins, so that rewritten terms are refused before anything is judged by them.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from structlog import get_logger

from sla_rules.agreement.amendments import (
    Amendment,
    Version,
    amendments,
    backdated,
    later_editions,
    read_record,
    record,
    version_of,
)
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import ALWAYS, RuleBook
from sla_rules.instants import DAY, SECOND, Instant
from streams.kafka.group_memory import remember
from streams.kafka.listening import is_of_listening, records_of
from streams.kafka.topic_memory import is_of_topic
from streams.kafka.topics import TopicsError
from streams.settings import Settings

log = get_logger("leadsla")

LARGEST_AGREEMENT: Final = 1024 * 1024 - 1024
"""Bytes of one that fit into a record."""


NONE_BEGUN: Final[Mapping[str, Instant]] = {}
"""No agreement is served for the first time."""


class RewrittenError(Exception):
    """Versions that were worked with say something else now, or are gone; the message names every field."""


def rules_by(
    settings: Settings, agreements: Sequence[Agreement], listening_since: Mapping[str, Instant] = ALWAYS
) -> RuleBook:
    """The agreements as a worker with these settings goes by them."""
    historic_after = round(settings.historic_after_seconds * SECOND)
    return RuleBook(agreements, historic_after, settings.keep_days * DAY, listening_since)


def agreed(known: Mapping[bytes, bytes]) -> dict[bytes, Version]:
    """The versions that are among all that a group remembers, by key."""
    return {key: read_record(value) for key, value in known.items() if not (is_of_topic(key) or is_of_listening(key))}


async def hold_to_agreed(
    settings: Settings,
    remembered: Mapping[bytes, bytes],
    agreements: Sequence[Agreement],
    now: Instant,
    begun: Mapping[str, Instant] = NONE_BEGUN,
) -> None:
    """Refuse terms that were rewritten, unless the settings accept them, and remember what is loaded from here on.

    Of agreements whose listening has `begun`, first since when: whose versions are known, was served before.

    Raises:
        RewrittenError: terms were rewritten.
        TopicsError: an agreement is too large to be remembered.
        aiokafka.errors.KafkaError: no broker answers.

    """
    known = agreed(remembered)
    check_terms(known.values(), agreements, now, accept_changes=settings.accept_changes)
    await remember(settings, {**records_of(begun), **changes_of(known, agreements)})


def check_terms(
    known: Collection[Version], agreements: Sequence[Agreement], now: Instant, *, accept_changes: bool
) -> None:
    """Refuse terms that say something else than what was worked with by `now`; say which are accepted, or backdated.

    A later edition of the rules is no rewriting: it comes with a release, and is said.

    Raises:
        RewrittenError: terms were rewritten, and that is not accepted.

    """
    found = list(amendments(known, agreements, now))
    if found and not accept_changes:
        raise RewrittenError(refusal(found))
    for one in found:
        log.warning("rewritten terms are accepted; their clocks are judged again", rewritten=str(one))
    if editions := later_editions(known, now):
        log.warning(
            "the rules have a later edition; all leads are judged again, published figures stay", edition=editions[-1]
        )
    for version in backdated(known, agreements, now):
        log.warning(
            "a new version takes effect in the past; clocks handed off since are judged again",
            agreement=version.agreement,
            version=version.version,
            effective_from=version.terms["effective_from"],
        )


def changes_of(known: Mapping[bytes, Version], agreements: Sequence[Agreement]) -> dict[bytes, bytes | None]:
    """What to remember from here on, by key: versions that are not known like this, None for those that are gone.

    Raises:
        TopicsError: an agreement is too large to be remembered.

    """
    loaded = {version.key: version for version in map(version_of, agreements)}
    changes: dict[bytes, bytes | None] = {
        key: record(version) for key, version in loaded.items() if known.get(key) != version
    }
    for key, value in changes.items():
        if value is not None and len(value) > LARGEST_AGREEMENT:
            message = f"agreement {key.decode()} takes {len(value):,} bytes, and {LARGEST_AGREEMENT:,} can be remembered of one"
            raise TopicsError(message)
    return changes | dict.fromkeys(known.keys() - loaded.keys())


def refusal(found: Sequence[Amendment]) -> str:
    """What to say about rewritten terms."""
    sentences = ". ".join(map(str, found))
    return (
        f"{sentences}. Clocks keep the terms of their hand-off: put back what was agreed and write a new version with a "
        "later effective_from, or take the change knowingly with --accept-changes (LEADSLA_ACCEPT_CHANGES=true)"
    )
