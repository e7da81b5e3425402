"""`leadsla overdue`: what it prints at 80 columns, and what it says by its exit status."""

import asyncio
import json
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec
import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from leadsla.console import Console
from leadsla.main import app
from leadsla.tables.overdue import show_overdue
from sla_rules.engine.clock_records import ClocksRecord
from sla_rules.evaluation.notices import notice_event
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Instant, moment
from sla_rules.names import BREACHES_TOPIC, CLOCKS_TOPIC, PROGRESS_TOPIC
from sla_rules.reports.freshness import freshness
from sla_rules.reports.open_clocks import open_clocks
from streams.clock import wall_clock
from streams.kafka.connection import new_producer
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.settings import Settings
from tests.agreements.examples import PROJECT
from tests.sla_rules.engine.test_published_notices import BREACH
from tests.sla_rules.reports.open_clock import NOW, clock, of, open_from, warned
from tests.sla_rules.reports.progress import record as progress
from tests.sla_rules.reports.progress import records, written
from wording.languages import Language
from wording.voice import Voice

SCHEMA = Draft202012Validator(json.loads((PROJECT / "schemas" / "overdue.schema.json").read_text(encoding="utf-8")))
PARTITIONS = 4
SOME = (
    of("L-paused", clock(key="1", deadline=None, paused_since=moment(NOW), left_seconds=3000)),
    of("x:report", clock(key="2", provider="marketing", rep_id=None, team=None, deadline=moment(NOW + 9 * DAY))),
    of("L-at-risk", clock(key="3", deadline=moment(NOW + HOUR), milestones=warned())),
    of("L-soon", clock(key="4", deadline=moment(NOW + 204 * SECOND), rep_id="maria.gonzalez@example.com")),
    of("L-due", clock(key="5", deadline=moment(NOW - SECOND))),
    of("L-8\x1b[2J", clock(key="6", deadline=moment(NOW - 12 * MINUTE - 5 * SECOND))),
    of("L-closed", clock(key="7", hours=open_from((960, 1500)), deadline=moment(NOW + 1000 * MINUTE))),
    of("L-last", clock(key="8", deadline=moment(NOW + 10 * DAY), historic=False)),
    of("L-history", clock(key="9", historic=True)),
)


def shown(language: Language, most: int = 7) -> list[str]:
    service = freshness(records(progress(0), progress(1, NOW - 40 * SECOND)), 2, NOW)
    console = Console(width=80, record=True, soft_wrap=True)
    show_overdue(console, open_clocks(SOME, {"6"}, service, NOW, most=most), Voice(language), ZoneInfo("Europe/Berlin"))
    return [" ".join(line.split()) for line in console.export_text().splitlines()]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "this may be out of date, or not all: partition 1 has not been heard of for 40s",
                "as of Fri 2026-03-06 14:00:00 CET",
                "1 overdue, 1 being judged, 1 at risk, 3 running, 2 paused",
                "state lead promise owner deadline",
                "overdue +12m5s L-8\\x1b[2J first-touch ann of inside Fri 13:47 CET",
                "due, being L-due first-touch ann of inside Fri 13:59 CET",
                "at risk, 1h left L-at-risk first-touch ann of inside Fri 15:00 CET",
                "paused until Sat L-closed first-touch ann of inside Sat 06:40 CET",
                "... 1 more",
                "one more is historic: its deadline had passed before the service heard of it",
            ],
        ),
        (
            "es",
            [
                "puede no estar al día o no estar todo: no se sabe nada de la partición 1 desde hace 40s",
                "a vie 6/3/2026 14:00:00 CET",
                "1 vencido, 1 por juzgar, 1 en riesgo, 3 en curso, 2 en pausa",
                "estado lead obligación responsable vencimiento",
                "margen de 9d x:report first-touch marketing 15/3/2026 14:00",
                "... 1 más",
                "otro es histórico: había vencido antes de que el servicio supiera de él",
            ],
        ),
    ],
)
def test_who_is_overdue_is_readable_on_80_columns(language: Language, said: Sequence[str]) -> None:
    lines = shown(language)

    assert [line for line in said if line not in lines] == []
    assert max(cell_len(line) for line in lines[3:]) <= 80


def test_where_no_clock_is_open_that_is_said() -> None:
    console = Console(width=80, record=True)
    up_to_date = freshness(records(progress()), 1, NOW)
    show_overdue(console, open_clocks((), (), up_to_date, NOW), Voice("en"), ZoneInfo("Europe/Berlin"))

    assert console.export_text().splitlines()[2:] == ["no clock is open"]


def breach(of_clock: str, deadline: Instant, resolved_at: Instant | None = None) -> tuple[str, bytes]:
    """Key and value of the record of a breach."""
    return of_clock, notice_event(replace(BREACH, key=of_clock, deadline=deadline, resolved_at=resolved_at))


class Topics:
    """The topics that are read, on a broker of our own; `now` is when they were made."""

    def __init__(self, broker: EmbeddedBroker) -> None:
        broker.create(CLOCKS_TOPIC, BREACHES_TOPIC, PROGRESS_TOPIC)
        self.broker, self.now = broker.bootstrap, wall_clock()

    def write(self, topic: str, *records: tuple[str, bytes | None]) -> None:
        async def write() -> None:
            async with new_producer(Settings(broker=self.broker)) as producer:
                for key, value in records:
                    await producer.send_and_wait(topic, value, key=key.encode())

        asyncio.run(write())

    def clocks(self, *some: ClocksRecord) -> None:
        self.write(CLOCKS_TOPIC, *((one.subject, msgspec.json.encode(one)) for one in some))

    def progress(self) -> None:
        """Everybody is up to date, as they will be for a while."""
        at = self.now + HOUR
        some = (progress(number, at, as_of=at) for number in range(PARTITIONS))
        self.write(PROGRESS_TOPIC, *((str(one.partition), written(one)) for one in some))

    def asked(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, ["overdue", "--broker", self.broker, "--zone", "Europe/Berlin", *arguments])


@pytest.fixture
def topics(embedded_broker: EmbeddedBroker) -> Topics:
    return Topics(embedded_broker)


def test_the_status_says_whether_anything_is_overdue(topics: Topics) -> None:
    at = topics.now + HOUR
    topics.progress()
    topics.clocks(of("L-1", clock(at, key="a", team="inside")), of("L-2", clock(at, key="b", team="field")))
    calm = topics.asked()
    topics.clocks(of("L-1", clock(at, key="a", team="inside", deadline=moment(at - MINUTE))))
    judged = topics.asked()
    topics.write(BREACHES_TOPIC, breach("a", at - MINUTE), breach("x", at))
    missed, of_others = topics.asked("--json"), topics.asked("--team", "field")
    topics.write(BREACHES_TOPIC, breach("a", at - MINUTE, resolved_at=at))
    topics.write(CLOCKS_TOPIC, ("L-1", None))
    served = topics.asked()

    assert [one.exit_code for one in (calm, judged, missed, of_others, served)] == [0, 0, 1, 0, 0]
    assert "due, being judged" in judged.stdout
    found = json.loads(missed.stdout)
    assert list(SCHEMA.iter_errors(found)) == []
    assert [(one["lead"], one["state"]) for one in found["clocks"]] == [("L-1", "overdue"), ("L-2", "running")]
    assert found["clocks"][0]["overdue_by_seconds"] == 60
    assert "L-1" not in of_others.stdout
    assert "L-1" not in served.stdout


def test_of_a_service_that_does_not_say_how_far_it_is_nobody_can_tell(topics: Topics) -> None:
    topics.clocks(of("L-1", clock(topics.now)))

    found, as_json = topics.asked("--lang", "es"), topics.asked("--json")

    assert (found.exit_code, as_json.exit_code) == (2, 2)
    assert "nunca se ha sabido de las particiones 0, 1, 2, 3" in found.stdout
    assert "L-1" in found.stdout
    service = json.loads(as_json.stdout)["service"]
    assert (service["blind"], service["why"][0]["code"]) == (True, "partitions-never-heard")
    assert service["why"][0]["text"] == "partitions 0, 1, 2, 3 have never been heard of"


@pytest.mark.parametrize("topic", [CLOCKS_TOPIC, BREACHES_TOPIC, PROGRESS_TOPIC])
def test_what_is_no_record_of_ours_is_named_and_nothing_is_listed(topics: Topics, topic: str) -> None:
    topics.progress()
    topics.clocks(of("L-1", clock(topics.now, key="a")))
    topics.write(topic, ("a", b"rubbish"))

    found = topics.asked()

    assert (found.exit_code, found.stdout) == (2, "")
    assert f"{topic} holds a record that is none of ours" in found.stderr


@pytest.mark.parametrize("arguments", [["--zone", "Mars/Olympus"], ["--zone", "../etc"], ["--limit", "0"]])
def test_an_option_that_makes_no_sense_is_refused(arguments: list[str]) -> None:
    found = CliRunner().invoke(app, ["overdue", *arguments])

    assert (found.exit_code, found.stdout) == (2, "")
