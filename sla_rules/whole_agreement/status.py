"""How an agreement stands by what is known of it, and whether its owner still looks after it."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import Instant
from sla_rules.names import AGREEMENTS_TOPIC
from sla_rules.reports.freshness import is_silent, missed_by
from sla_rules.reports.progress_records import ProgressRecord
from sla_rules.reports.topic_tallies import TopicTallies
from sla_rules.time.periods import period_of
from sla_rules.whole_agreement.known_agreements import KnownAgreement
from sla_rules.whole_agreement.service_status import AgreementStatus, OwnerState
from sla_rules.whole_agreement.standing_records import StandingRecords
from sla_rules.whole_agreement.whole_figures import WholeFigures


def agreement_status(
    known: KnownAgreement, owner: ProgressRecord | None, now: Instant, *, is_written: bool
) -> AgreementStatus:
    """How an agreement stands at an instant; `owner` is what the owner of its partition wrote last of how far it is.

    `is_written` says whether what is known stands in the topic.
    """
    state = "nothing_written" if not is_written else _state(known, owner, now)
    return AgreementStatus(data=known.data, owner=state, periods=known.periods)


def _state(known: KnownAgreement, owner: ProgressRecord | None, now: Instant) -> OwnerState:
    if owner is None or is_silent(owner, now):
        return "silent"
    if known.data.status == "withdrawn":
        return "up_to_date"
    if AGREEMENTS_TOPIC in owner.incomplete:
        return "behind"
    today = period_of("day", now, ZoneInfo(known.data.time_zone))
    is_of_today = known.data.as_of >= today.start
    return "up_to_date" if is_of_today or now - today.start <= missed_by(owner) else "behind"


def records_following(
    rules: RuleBook, agreement: str, figures: TopicTallies, partitions: int, now: Instant
) -> Mapping[bytes, bytes]:
    """The records of an agreement, by key, that follow from what its partitions have published, where nothing stands yet."""
    whole, records = WholeFigures(rules, agreement, partitions), StandingRecords(agreement)
    for key, said in figures.by_partition.items():
        if key.agreement == agreement:
            for partition, one in said.items():
                whole.put(partition, key, one)
    whole.work_out(now, records)
    return records.differing
