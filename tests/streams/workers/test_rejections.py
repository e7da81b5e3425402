"""Bad input through the whole stream: dead-lettered with reason, place and original bytes, counted, and the rest goes on."""

from pathlib import Path
from random import Random

from sla_rules.names import REJECTED_TOPIC
from streams.kafka.partitioning import partition_of
from tests.events import Crm, Sent
from tests.real_parts.loopback import wait_until
from tests.real_parts.service import PARTITIONS, Worker, all_records, send
from tests.streams.agreements import quick_agreement

NEARLY_A_MEBIBYTE = 1024 * 1024 - 1024


END_OF_TIME = "9999-12-31T23:59:59Z"
THE_LAST_HAND_OFF = {"type": "lead.handed_off.v1", "time": END_OF_TIME}
THE_LAST_DEAL = {
    "type": "deal.closed.v1",
    "time": END_OF_TIME,
    "data": {"outcome": "won", "amount": "1", "currency": "EUR", "deal_id": "d-1"},
}


def bad_records() -> dict[str, list[Sent]]:
    """Records that cannot be read, by the reason they are to be dead-lettered for."""
    crm = Crm()
    noise = Random(1).randbytes(NEARLY_A_MEBIBYTE)  # noqa: S311 - a test's noise, no secret
    elsewhere = (partition_of(b"L-4", PARTITIONS) + 1) % PARTITIONS
    misplaced = crm.handed_off("L-4")
    return {
        "broken_json": [Sent("handed-off", b"L-1", b"{"), Sent("contact-attempt", b"L-1", noise)],
        "null_value": [Sent("lead-created", b"L-1", None)],
        "unknown_type": [Sent("lead-outcome", b"L-1", b'{"specversion": "1.0", "type": "lead.cloned.v1"}')],
        "invalid_field": [crm.event("lead.excused.v1", "L-1", reason=7, by="ana")],
        "missing_field": [crm.event("lead.excused.v1", "L-1", reason="strike")],
        "future_time": [
            crm.handed_off("L-1", after=600),
            crm.event("lead.corrected.v1", "L-1", replaces="e-1", event=THE_LAST_HAND_OFF),
            crm.event("lead.corrected.v1", "L-1", replaces="e-1", event=THE_LAST_DEAL),
        ],
        "wrong_key": [Sent("handed-off", b"L-3", crm.handed_off("L-1").value)],
        "wrong_partition": [Sent(misplaced.topic, misplaced.key, misplaced.value, partition=elsewhere)],
    }


async def dead_lettered(broker: str) -> dict[str, list[bytes | None]]:
    """What lies in the rejected topic: the original bytes by reason."""
    found: dict[str, list[bytes | None]] = {}
    for record in await all_records(broker, REJECTED_TOPIC):
        headers = dict(record.headers)
        assert headers.keys() >= {"detail", "topic", "partition", "offset", "time"}
        found.setdefault(headers["reason"].decode(), []).append(record.value)
    return found


async def test_bad_records_are_dead_lettered_and_the_good_ones_between_them_count(broker: str, tmp_path: Path) -> None:
    bad = bad_records()
    crm = Crm()
    records = [
        record for reason in bad for record in (*bad[reason], crm.handed_off(f"good-{reason}", id=f"good-{reason}"))
    ]
    count = sum(len(some) for some in bad.values())
    with Worker(broker, quick_agreement(tmp_path, within="1h"), tmp_path) as worker:
        await send(broker, records)
        assert wait_until(lambda: worker.total("leadsla_events_total") >= len(records)), worker.program.tail()

        assert worker.total("leadsla_events_total", result="rejected") == count
        assert {reason: worker.total("leadsla_rejected_total", reason=reason) for reason in bad} == {
            reason: len(some) for reason, some in bad.items()
        }
        assert worker.total("leadsla_window_leads", obligation="first-touch", window="day") == len(bad)

    away = await dead_lettered(broker)
    assert {reason: sorted(values, key=repr) for reason, values in away.items()} == {
        reason: sorted((record.value for record in some), key=repr) for reason, some in bad.items()
    }
