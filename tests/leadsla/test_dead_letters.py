import asyncio
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from leadsla.dead_letters.text import page, printable
from leadsla.main import app
from sla_rules.instants import MINUTE, SECOND, Instant, iso
from sla_rules.names import EVENT_TOPICS, INPUT_TOPICS, REJECTED_TOPIC
from streams.clock import MILLISECOND, wall_clock
from streams.dead_letters.letters import to_dead_letter
from streams.dead_letters.rejected import Rejected
from streams.kafka.connection import LARGEST_EVENT
from streams.kafka.embedded_broker import PARTITIONS, EmbeddedBroker
from streams.kafka.partitioning import partition_of
from streams.kafka.publisher import Publisher
from streams.reading.stand_ins import stand_in
from streams.settings import Settings
from tests.events import Crm, Sent
from tests.real_parts.hostile import packed, raw_batch, record
from tests.real_parts.service import all_records
from tests.streams.arrivals import Arrived
from tests.streams.lies import UNREADABLE

SUPPORT = Path(__file__).parents[2] / "agreements" / "examples" / "support.yaml"
NOW = wall_clock() // SECOND * SECOND
NOISE = Random(1).randbytes(LARGEST_EVENT)  # noqa: S311 - a test's noise, no secret
HOSTILE = b"\x1b[2J\x9b31mL-1\n\xff"


@dataclass
class Away:
    """A record that was dead-lettered, and when."""

    sent: Sent
    reason: str = "broken_json"
    detail: str = "no use"
    at: Instant = NOW
    partition: int = 3
    offset: int = 41


@pytest.fixture
def broker(embedded_broker: EmbeddedBroker) -> EmbeddedBroker:
    """An embedded broker with the topics of events and letters."""
    embedded_broker.create(*INPUT_TOPICS, REJECTED_TOPIC)
    return embedded_broker


def put_away(broker: EmbeddedBroker, letters: Iterable[Away]) -> None:
    async def write() -> None:
        async with Publisher(Settings(broker=broker.bootstrap), [REJECTED_TOPIC]) as publisher:
            for one in letters:
                record = Arrived(
                    one.sent.topic,
                    one.partition,
                    one.sent.key,
                    one.sent.value,
                    one.sent.headers,
                    one.offset,
                    one.at // MILLISECOND,
                )
                key, value, headers = to_dead_letter(Rejected(record, one.reason, one.detail))
                await publisher.publish(REJECTED_TOPIC, key, value, headers, stamp=one.at)

    asyncio.run(write())


def run(broker: EmbeddedBroker, *arguments: str, answer: str | None = None) -> Result:
    command = ["deadletter", *arguments, "--broker", broker.bootstrap]
    return CliRunner().invoke(app, command, input=answer, catch_exceptions=False)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def events(broker: EmbeddedBroker) -> list[Sent]:
    """What lies on the event topics."""
    return [
        Sent(record.topic, record.key, record.value, tuple(record.headers), record.partition)
        for record in asyncio.run(all_records(broker.bootstrap, *EVENT_TOPICS))
    ]


def rubbish(key: bytes | None = b"L-1", topic: str = "handed-off", value: bytes | None = b"{") -> Sent:
    return Sent(topic, key, value)


def test_letters_are_listed_newest_last_whatever_their_partition(broker: EmbeddedBroker) -> None:
    put_away(broker, [Away(rubbish(b"L-%d" % number), at=NOW + number * SECOND) for number in range(20)])

    found = lines(run(broker, "list", "--json"))

    assert [one["key"] for one in found] == [f"L-{number}" for number in range(20)]
    assert len({one["letter"]["partition"] for one in found}) == PARTITIONS


def test_a_line_says_all_that_is_known_of_a_letter(broker: EmbeddedBroker) -> None:
    sent = Sent("handed-off", b"L-1", b"\xff{", (("ce_type", b"lead.created.v1"), ("odd", b"\xfe")))
    put_away(broker, [Away(sent, detail="line 1")])

    [line] = lines(run(broker, "list", "--json"))

    assert line == {
        "topic": "handed-off",
        "partition": 3,
        "offset": 41,
        "arrived": iso(NOW),
        "reason": "broken_json",
        "detail": "line 1",
        "key": "L-1",
        "value_base64": "/3s=",
        "headers": [{"name": "ce_type", "value": "lead.created.v1"}, {"name": "odd", "value_base64": "/g=="}],
        "missing": {},
        "letter": {"partition": partition_of(b"L-1", PARTITIONS), "offset": 0, "put_away": iso(NOW)},
    }


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        ([], ["L-0", "L-1", "L-2", "L-3"]),
        (["--reason", "future_time"], ["L-1"]),
        (["--reason", "future_time", "--reason", "wrong_key"], ["L-1", "L-2"]),
        (["--topic", "deal-closed"], ["L-3"]),
        (["--partition", "2"], ["L-2"]),
        (["--key", "L-0"], ["L-0"]),
        (["--since", iso(NOW + 2 * MINUTE)], ["L-2", "L-3"]),
        (["--until", iso(NOW + 2 * MINUTE)], ["L-0", "L-1"]),
        (["--limit", "3", "--until", iso(NOW + 3 * MINUTE)], ["L-0", "L-1", "L-2"]),
        (["--limit", "1"], ["L-3"]),
        (["--reason", "none_such"], []),
    ],
)
def test_filters_choose_letters(broker: EmbeddedBroker, filters: list[str], keys: list[str]) -> None:
    put_away(
        broker,
        [
            Away(rubbish(b"L-0")),
            Away(rubbish(b"L-1"), "future_time", at=NOW + MINUTE),
            Away(rubbish(b"L-2"), "wrong_key", at=NOW + 2 * MINUTE, partition=2),
            Away(rubbish(b"L-3", "deal-closed"), at=NOW + 3 * MINUTE),
        ],
    )

    assert [line["key"] for line in lines(run(broker, "list", "--json", *filters))] == keys


def test_the_table_shows_the_newest_and_counts_all_by_reason(broker: EmbeddedBroker) -> None:
    old = [Away(rubbish(b"old-%d" % number), at=NOW - MINUTE) for number in range(7)]
    put_away(broker, [*old, Away(rubbish(HOSTILE), "future_time", detail="9\x1b[0m s\nahead")])

    shown = run(broker, "list", "--limit", "2").stdout

    assert shown.count("old-") == 1
    assert r"\x1b[2J\x9b31mL-1\n\xff" in shown
    assert r"9\x1b[0m s\nahead" in shown
    assert "6 older ones" in shown
    counted = [line.split() for line in shown.splitlines()]
    assert ["handed-off", "broken_json", "7"] in counted
    assert ["handed-off", "future_time", "1"] in counted
    assert ["all", "8"] in counted


@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"], ["replay", "--dry-run"]])
def test_on_a_terminal_no_bar_stands_where_letters_are_told(broker: EmbeddedBroker, arguments: list[str]) -> None:
    put_away(broker, [Away(rubbish(b"key-%d" % number)) for number in range(3)])

    shown = on_a_terminal(["deadletter", *arguments, "--broker", broker.bootstrap])

    bar, told, _ = shown.partition(b"handed-off")
    assert told
    assert b"reading" not in shown[len(bar) :]
    assert b"reading" not in bar or bar.rindex(b"\x1b[2K") > bar.rindex(b"reading")


def on_a_terminal(arguments: list[str]) -> bytes:
    """What a terminal of 80 columns is sent."""
    ours, theirs = pty.openpty()
    environment = {"PATH": "", "TERM": "xterm", "COLUMNS": "80", "LINES": "24"}
    command = [sys.executable, "-m", "leadsla", *arguments]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as program:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # as Linux has it, once nobody writes any more
            while piece := os.read(ours, 65_536):
                shown += piece
        os.close(ours)
    assert program.returncode in {0, 1}
    return shown


def test_an_empty_topic_has_no_letters(broker: EmbeddedBroker) -> None:
    assert run(broker, "list").stdout == "no dead letters\n"
    assert run(broker, "list", "--json").stdout == ""
    assert run(broker, "replay", "--yes").stdout == "sent: 0\n"


def test_a_letter_is_shown_whole_by_the_place_of_its_record_or_by_its_own(broker: EmbeddedBroker) -> None:
    sent = Sent("handed-off", b"L-1", b'{"type": "lead.cloned.v1", "data": {}}', (("trace", b"\x1b42"),))
    put_away(broker, [Away(sent, "unknown_type", detail="type lead.cloned.v1 is not known")])

    shown = run(broker, "show", "handed-off", "3", "41")

    assert shown.stdout.splitlines() == [
        "record    handed-off, partition 3, offset 41",
        f"arrived   {iso(NOW)}",
        f"letter    {iso(NOW)}, leadsla-rejected, partition {partition_of(b'L-1', PARTITIONS)}, offset 0",
        "reason    unknown_type",
        "detail    type lead.cloned.v1 is not known",
        "key       L-1",
        r"header    trace: \x1b42",
        "value     38 bytes",
        "",
        "{",
        '  "type": "lead.cloned.v1",',
        '  "data": {}',
        "}",
    ]
    own = run(broker, "show", REJECTED_TOPIC, str(partition_of(b"L-1", PARTITIONS)), "0")
    assert own.stdout == shown.stdout


def test_what_is_no_json_is_shown_as_a_dump_and_written_as_it_is_for_a_file(broker: EmbeddedBroker) -> None:
    value = b"\x00\x1b[2J" + bytes(range(32, 60))
    put_away(broker, [Away(rubbish(value=value))])

    shown = run(broker, "show", "handed-off", "3", "41").stdout.splitlines()

    assert shown[-3] == "00000000  00 1b 5b 32 4a 20 21 22 23 24 25 26 27 28 29 2a  ..[2J !\"#$%&'()*"
    assert run(broker, "show", "handed-off", "3", "41", "--raw").stdout_bytes == value


def test_a_record_put_away_twice_is_one_record(broker: EmbeddedBroker) -> None:
    put_away(broker, [Away(rubbish()), Away(rubbish(), at=NOW + SECOND)])

    shown = run(broker, "show", "handed-off", "3", "41")

    assert "dead-lettered 2 times" in shown.stderr
    assert f"letter    {iso(NOW + SECOND)}" in shown.stdout


@pytest.mark.parametrize("place", [("handed-off", "3", "42"), (REJECTED_TOPIC, "0", "9"), (REJECTED_TOPIC, "77", "0")])
def test_a_letter_that_is_not_there_is_said_to_be_so(broker: EmbeddedBroker, place: tuple[str, ...]) -> None:
    put_away(broker, [Away(rubbish())])

    shown = run(broker, "show", *place)

    assert shown.exit_code == 1
    assert "no dead letter of " + ", ".join(place) in shown.stderr


def test_what_the_service_would_take_now_is_sent_back_as_it_was_and_the_rest_is_left(broker: EmbeddedBroker) -> None:
    headers = (("trace", b"\xfe"), ("trace", b"2"))
    good = Crm().handed_off("L-1", after=-600)
    good = Sent(good.topic, good.key, good.value, headers)
    ahead = Crm().handed_off("L-2", after=3_600)
    put_away(
        broker,
        [Away(good, "future_time"), Away(ahead, "future_time"), Away(rubbish()), Away(rubbish(None, value=None))],
    )

    replayed = run(broker, "replay", "--yes", "--json")

    assert json.loads(replayed.stdout) == {
        "selected": 4,
        "sent": 1,
        "sent_by_topic": {"handed-off": 1},
        "left": 3,
        "left_by_reason": {"broken_json": 1, "future_time": 1, "null_value": 1},
        "dry_run": False,
    }
    assert replayed.exit_code == 1
    place = partition_of(b"L-1", PARTITIONS)
    assert events(broker) == [Sent(good.topic, good.key, good.value, headers, place)]
    assert len(lines(run(broker, "list", "--json"))) == 4


def test_all_can_be_sent_even_if_they_would_be_rejected(broker: EmbeddedBroker) -> None:
    put_away(broker, [Away(rubbish()), Away(rubbish(None, value=None)), Away(rubbish(b"", "deal-closed", b""))])

    replayed = run(broker, "replay", "--yes", "--even-if-rejected")

    assert replayed.exit_code == 0
    assert sorted(((one.topic, one.key, one.value) for one in events(broker)), key=repr) == [
        ("deal-closed", b"", b""),
        ("handed-off", None, None),
        ("handed-off", b"L-1", b"{"),
    ]


def test_only_the_newest_are_sent_where_a_limit_is_given(broker: EmbeddedBroker) -> None:
    put_away(broker, [Away(Crm().handed_off(f"L-{number}", -600), at=NOW + number * SECOND) for number in range(5)])

    assert run(broker, "replay", "--yes", "--limit", "2").exit_code == 0
    assert {one.key for one in events(broker)} == {b"L-3", b"L-4"}


def test_a_dry_run_says_what_would_be_sent_and_sends_nothing(broker: EmbeddedBroker) -> None:
    put_away(broker, [Away(Crm().handed_off("L-1", -600)), Away(rubbish())])

    dry = run(broker, "replay", "--dry-run")

    assert sorted(dry.stdout.splitlines()) == [
        "  broken_json                  1",
        "  handed-off                   1",
        "leave  handed-off 3 41  L-1  broken_json",
        "left, since it would be dead-lettered again or cannot be sent: 1",
        "send   handed-off 3 41  L-1",
        "would be sent: 1",
    ]
    assert dry.exit_code == 1
    assert events(broker) == []


@pytest.mark.parametrize(("answer", "sent"), [("y\n", 1), ("n\n", 0), ("", 0)])
def test_nothing_is_sent_without_a_yes(broker: EmbeddedBroker, answer: str, sent: int) -> None:
    put_away(broker, [Away(Crm().handed_off("L-1", -600))])

    replayed = run(broker, "replay", answer=answer)

    assert "Send 1 records to" in replayed.stderr
    assert len(events(broker)) == sent
    assert replayed.exit_code == (0 if sent else 1)


@pytest.mark.parametrize(
    ("away", "reason"),
    [
        (Away(rubbish(topic="orders")), "unknown_topic"),
        (Away(rubbish(value=NOISE)), "too_large"),
        (Away(rubbish(value=b"\0" * 2 * LARGEST_EVENT)), "too_large"),
        (Away(rubbish(value=b"\0" * (LARGEST_EVENT - 50))), None),
    ],
)
def test_what_has_no_way_back_is_left(broker: EmbeddedBroker, away: Away, reason: str | None) -> None:
    put_away(broker, [away])

    replayed = run(broker, "replay", "--yes", "--even-if-rejected", "--json")

    assert json.loads(replayed.stdout)["left_by_reason"] == ({} if reason is None else {reason: 1})


def put_away_batch(broker: EmbeddedBroker, raw: bytes, reason: str) -> None:
    """A whole batch, as the reader of fetches puts it away: of offsets 41 to 43."""
    found = stand_in("handed-off", 3, 43, NOW // MILLISECOND, reason, "it unpacks to more", value=raw, first=41)

    async def write() -> None:
        async with Publisher(Settings(broker=broker.bootstrap), [REJECTED_TOPIC]) as publisher:
            key, value, headers = to_dead_letter(Rejected(found, reason, "it unpacks to more"))
            await publisher.publish(REJECTED_TOPIC, key, value, headers, stamp=NOW)

    asyncio.run(write())


def test_a_batch_that_was_put_away_is_shown_with_its_offsets_and_its_records_are_sent_once_more_is_allowed(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm = Crm()
    good = [crm.handed_off(lead, -600) for lead in ("L-1", "L-2")]
    padded = [
        record(0, good[0].key, good[0].value),
        record(1, b"L-9", b"x" * 1_000_000),
        record(2, b"L-2", good[1].value),
    ]
    raw = raw_batch(packed("zstd", padded), "zstd", 3)
    put_away_batch(broker, raw, "too_large_unpacked")

    assert lines(run(broker, "list", "--json"))[0]["last_offset"] == 43
    assert "batch     handed-off, partition 3, offsets 41 to 43" in run(broker, "show", "handed-off", "3", "41").stdout
    monkeypatch.setenv("LEADSLA_BATCH_MAX_BYTES", "1048576")
    big = raw_batch(packed("zstd", [*padded, b"x" * 100_000]), "zstd", 3)
    put_away_batch(broker, big, "too_large_unpacked")
    left = json.loads(run(broker, "replay", "--yes", "--json").stdout)["left_by_reason"]
    assert left == {"broken_json": 1, "too_large_unpacked": 1}

    assert {(one.key, one.value) for one in events(broker)} == {(one.key, one.value) for one in good}


@pytest.mark.parametrize("case", [case for case in UNREADABLE if not case.startswith("a last offset")])
def test_a_batch_that_still_cannot_be_read_is_left(broker: EmbeddedBroker, case: str) -> None:
    put_away_batch(broker, UNREADABLE[case], "unreadable_batch")

    replayed = run(broker, "replay", "--yes", "--json")

    left = json.loads(replayed.stdout)["left_by_reason"]
    assert left.pop("unreadable_batch") == 1
    assert left.keys() <= {"broken_json"}


def test_a_letter_that_is_not_whole_is_left(broker: EmbeddedBroker) -> None:
    headers = tuple((f"h{number}", b"") for number in range(100_000))
    put_away(broker, [Away(Sent("handed-off", b"L-1", b"{}", headers))])

    replayed = run(broker, "replay", "--yes", "--even-if-rejected", "--json")

    assert json.loads(replayed.stdout)["left_by_reason"] == {"not_whole": 1}
    assert "headers are missing" in run(broker, "show", "handed-off", "3", "41").stdout


@pytest.mark.parametrize("command", [("list",), ("show", "handed-off", "0", "0"), ("replay", "--yes")])
def test_a_broker_that_is_not_there_is_said_to_be_so(command: tuple[str, ...]) -> None:
    with EmbeddedBroker() as broker:
        pass

    failed = run(broker, *command)

    assert failed.exit_code == 2
    assert failed.stderr.startswith(f"leadsla deadletter {command[0]}: {broker.bootstrap}: ")


def test_a_wrong_instant_is_a_wrong_use(broker: EmbeddedBroker) -> None:
    failed = run(broker, "list", "--since", "yesterday")

    assert failed.exit_code == 2
    assert "2026-03-14T15:04:54Z" in failed.stderr


@pytest.mark.parametrize(
    ("data", "lines"),
    [(b"[1]", ["[", "  1", "]"]), (b"", []), (b"ab", [f"00000000  {'61 62':<48} ab"]), (b'"\xc2\x9b"', [r'"\x9b"'])],
)
def test_a_value_is_shown_so_that_no_terminal_obeys_it(data: bytes, lines: list[str]) -> None:
    assert list(page(data)) == lines


def test_what_is_too_long_is_cut_with_a_sign() -> None:
    assert printable(b"L-123456", 5) == "L-12…"
    assert (printable(None), printable(b"none")) == ("-", "none")
    assert list(page('{"a": "b\u2028c"}'.encode())) == ["{", '  "a": "b\\u2028c"', "}"]


def test_what_depends_on_agreements_is_read_as_the_service_reads_it_by_those_that_are_named(
    broker: EmbeddedBroker,
) -> None:
    ticket = {"type": "ticket.opened.v1", "subject": "T-1", "id": "1", "source": "/desk", "specversion": "1.0"}
    opened = Sent("lead-created", b"T-1", json.dumps({**ticket, "time": iso(NOW), "data": {}}).encode())
    agreed: dict[str, Any] = {"agreement": "support", "obligation": "p9", "period": "2026-03", "by": "Ana"}
    remedied = Crm().event("remedy.confirmed.v1", "support:p9", **agreed)
    put_away(broker, [Away(opened, "unknown_type", offset=1), Away(remedied, "unknown_remedy", offset=2)])

    without = json.loads(run(broker, "replay", "--dry-run", "--json").stdout)
    named = json.loads(run(broker, "replay", "--dry-run", "--json", "--agreements", str(SUPPORT)).stdout)

    assert (without["sent_by_topic"], without["left_by_reason"]) == ({"deliverable": 1}, {"unknown_type": 1})
    assert (named["sent_by_topic"], named["left_by_reason"]) == ({"lead-created": 1}, {"unknown_remedy": 1})
