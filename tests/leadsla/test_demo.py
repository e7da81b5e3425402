"""The demo as its audience has it: the command itself, from another directory, with everything real."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from crm_simulator import Item
from leadsla.commands.demo import BRIGHTLEAD
from leadsla.demo import phrases
from leadsla.demo.agreement_events import AgreementEvents, ToldEvent
from leadsla.demo.breaches import Breaches, Status
from leadsla.demo.clocks import Clocks
from leadsla.demo.figures import figures
from leadsla.demo.output import save_picture
from leadsla.demo.readings import Readings
from leadsla.demo.screen import screen
from leadsla.demo.stage import Stage
from leadsla.demo.story import story_of
from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.model import Agreement
from sla_rules.evaluation.notices import Notice, notice_event
from sla_rules.instants import DAY, HOUR, MINUTE, Instant, moment
from sla_rules.lead.cycle import End
from sla_rules.names import AGREEMENTS_TOPIC, BREACHES_TOPIC
from sla_rules.notation import Granularity
from sla_rules.reports.agreement_event import (
    AgreementEvent,
    CreditFallsDue,
    EventType,
    GoalReached,
    ObligationInPeriod,
)
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.consequences import Tier
from sla_rules.time.calendar import Calendar
from sla_rules.time.periods import period_of, start_of
from sla_rules.whole_agreement.encoding import event_record
from streams.clock import FastClock, wall_clock
from tests.events import Crm, Sent
from tests.real_parts.loopback import AT_MOST, wait_until

_ZONE = ZoneInfo("Europe/Berlin")
_SUNDAY = period_of("day", start_of(date(2026, 2, 22), _ZONE), _ZONE)


class RunningDemo:
    """A demo started in a folder of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "leadsla", "demo", "--json", *arguments],
            cwd=folder,
            env={**os.environ, "TMPDIR": str(folder), "LEADSLA_METRICS_PORT": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def worker(self) -> int:
        """Its worker, as soon as there is one."""
        assert wait_until(lambda: bool(workers_in(self._folder)))
        return workers_in(self._folder)[0]

    def serves(self) -> bool:
        """Whether its worker has got so far."""
        return any("metrics served" in log.read_text() for log in self._folder.rglob("worker.log"))

    def ends(self) -> tuple[int, str, str]:
        """Its exit status and what it wrote, once it has ended."""
        out, errors = self.process.communicate(timeout=AT_MOST)
        return self.process.returncode, out, errors


def workers_in(folder: Path) -> list[int]:
    """Processes that were told to work in a folder."""
    mark = f"LEADSLA_DATA_DIR={folder}".encode()
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if mark in environment.read_bytes():
                found.append(int(environment.parent.name))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder to start the demo in; the test fails if a worker is left behind."""
    yield tmp_path
    left = workers_in(tmp_path)
    for process in left:
        os.kill(process, signal.SIGKILL)
    assert not left


@pytest.fixture
def agreements() -> tuple[Agreement, ...]:
    return load_agreements([BRIGHTLEAD])


def test_within_seconds_there_are_events_breaches_and_rejected_records_and_then_it_ends(folder: Path) -> None:
    status, out, errors = RunningDemo(folder, "--speed", "360", "--seconds", "40").ends()

    assert (status, errors) == (0, "")
    summary = json.loads(out)
    told = {(event["type"], event["data"]["obligation"]): event["data"] for event in summary["agreement_events"]}
    assert told["sla.goal_reached.v1", "leads-delivered"]["agreed"] == 100
    credit = told["sla.credit_due.v1", "first-touch"]
    assert (credit["credit"], credit["amount"], credit["currency"]) == ("0.1", "200.00", "EUR")
    assert summary["agreement_events_before"] > 0
    assert summary["events"] == summary["processed"] > 500
    assert summary["leads"] > 50
    assert summary["breaches"] > 0
    assert summary["rejected"] == sum(summary["rejected_by_reason"].values()) > 0
    assert summary["seconds_to_first_breach"] < 40
    by_name = {(figure["obligation"], figure["figure"]): figure for figure in summary["figures"]}
    assert by_name["first-touch", "average"]["agreed"] == 1800
    assert 0 < by_name["first-touch", "in_time"]["month"] < 1
    assert by_name["leads-delivered", "delivered"]["month"] > 10
    assert {path.name for path in (folder / "generated").iterdir()} == {"alertmanager", "grafana", "prometheus"}
    assert {path.name for path in folder.iterdir()} == {"generated"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_its_worker_at_any_time(folder: Path, number: signal.Signals) -> None:
    demo = RunningDemo(folder)
    demo.worker()

    demo.process.send_signal(number)

    status, out, errors = demo.ends()
    assert (status, errors) == (0, "")
    assert json.loads(out)["seconds"] < AT_MOST


def test_when_the_worker_dies_its_last_lines_are_shown_and_the_status_is_1(folder: Path) -> None:
    demo = RunningDemo(folder)
    worker = demo.worker()
    assert wait_until(demo.serves)

    os.kill(worker, signal.SIGKILL)

    status, out, errors = demo.ends()
    assert (status, out) == (1, "")
    assert "the worker ended with status -9" in errors
    assert "metrics served" in errors


def test_even_a_demo_that_is_killed_leaves_no_worker_behind(folder: Path) -> None:
    demo = RunningDemo(folder)
    assert wait_until(demo.serves)

    demo.process.kill()
    demo.ends()

    assert wait_until(lambda: not workers_in(folder))


def test_wrong_agreements_end_it_before_it_begins(folder: Path) -> None:
    (folder / "wrong.yaml").write_text("agreement: x\n")

    status, out, errors = RunningDemo(folder, "wrong.yaml").ends()

    assert (status, out) == (2, "")
    assert "wrong.yaml:1" in errors


def test_the_day_is_a_working_day_under_the_agreements_with_weeks_of_history(
    agreements: tuple[Agreement, ...],
) -> None:
    story = story_of(agreements, seed=1)

    calendar = Calendar(agreements[0].calendar)
    day = moment(story.begins).astimezone(calendar.zone)
    assert day.weekday() == 0
    assert calendar.is_open(story.begins)
    assert day.date() - story.plan.first > timedelta(weeks=7)
    assert story.plan.first >= agreements[0].effective_from
    assert moment(story.listens_since).astimezone(calendar.zone).date() == story.plan.first


def test_figures_add_up_partitions_and_are_held_against_what_was_agreed(agreements: tuple[Agreement, ...]) -> None:
    own = 'agreement="brightlead",obligation="first-touch",segment="all"'
    lines = [f"leadsla_target_follow_up_seconds{{{own}}} 1800", f"leadsla_target_within_ratio{{{own}}} 0.9"]
    for partition, met, breached in ((0, 3, 1), (1, 4, 2)):
        where = f'{own},window="month",partition="{partition}"'
        lines += [
            f"leadsla_window_follow_up_duration_seconds{{{where}}} {met * 1000}",
            f"leadsla_window_follow_ups{{{where}}} {met}",
            f"leadsla_window_within_target_leads{{{where}}} {met}",
            f"leadsla_window_breached_leads{{{where}}} {breached}",
        ]

    average, in_time = figures(agreements, Readings("\n".join(lines) + "\n"))

    assert (average.month, average.agreed, average.met, average.today) == (1000, 1800, True, None)
    assert (in_time.month, in_time.agreed, in_time.met, in_time.today) == (0.7, 0.9, False, None)


def test_breaches_stand_as_they_were_published_last_and_history_is_only_counted() -> None:
    breaches = Breaches(since=10 * HOUR)

    first = [breaches.take(_told("a", 11)), breaches.take(_told("old", 9)), breaches.take(_told("b", 12))]
    again = [breaches.take(_told("a", 11, "resolved")), breaches.take(_told("b", 12, "retracted"))]

    assert [breach and breach.key for breach in first] == ["a", None, "b"]
    assert again == [None, None]
    assert [(breach.key, breach.status) for breach in breaches.live] == [("b", "retracted"), ("a", "resolved")]
    assert breaches.live[1].late_by_seconds == 1800
    assert breaches.before == 1


def test_a_breach_is_known_to_have_ended() -> None:
    breaches = Breaches(since=10 * HOUR)

    breaches.take(_told("a", 11))
    breaches.take(_told("a", 11, ended_by="closed"))

    assert [(breach.status, breach.ended_by) for breach in breaches.live] == [("breached", "closed")]


def test_warnings_and_reassignments_that_were_resolved_are_no_breaches() -> None:
    breaches = Breaches(since=10 * HOUR)

    for tier in ("warning-15m", "reassignment-20m"):
        assert breaches.take(_told(tier, 11, "resolved", tier)) is None

    assert breaches.live == []


def test_clocks_run_from_the_hand_off_to_the_first_call_and_broken_records_start_none(
    agreements: tuple[Agreement, ...],
) -> None:
    clocks = Clocks.under(agreements)
    at = story_of(agreements, seed=1).begins
    crm = Crm(start=moment(at))
    for sent in (crm.handed_off("L-1"), crm.handed_off("L-2", after=60), crm.handed_off("L-3", after=7200)):
        clocks.take(_item(sent), at)

    assert _first_touches(clocks, at) == ["L-1", "L-2"]
    assert clocks.left(clocks.ahead(at)[0], at) == HOUR

    clocks.take(_item(crm.called("L-1", after=120)), at + 2 * MINUTE)
    assert _first_touches(clocks, at + 2 * MINUTE) == ["L-2"]
    assert _first_touches(clocks, at + 2 * HOUR) == []


def test_agreement_events_are_told_once_and_those_of_the_days_before_are_only_counted() -> None:
    events = AgreementEvents(since=_SUNDAY.end)

    first = [events.take(_credit_due(), 7), events.take(_goal_reached(), 5), events.take(_credit_due(), 9)]

    assert [one and one.type for one in first] == ["sla.credit_due.v1", "sla.goal_reached.v1", None]
    assert [one.type for one in events.live] == ["sla.credit_due.v1", "sla.goal_reached.v1"]
    assert events.before == 0

    later = AgreementEvents(since=_SUNDAY.end + DAY)
    assert later.take(_credit_due(), 7) is None
    assert (later.live, later.before) == ([], 1)


def test_records_of_sla_agreements_that_say_how_things_stand_are_no_agreement_events() -> None:
    events = AgreementEvents(since=0)
    value = _goal_reached().replace(b"sla.goal_reached.v1", b"sla.agreement_period.v1")

    assert events.take(value, 5) is None
    assert events.known == {}


@pytest.mark.parametrize("number", [1, 0.1, 1_250_000.5])
def test_every_sort_of_agreement_event_has_words(number: float) -> None:
    data = {"title": None, "obligation": "first-touch", "name": "2026-W08", "attainment": number, "agreed": number,
            "credit": str(number), "amount": None, "recipient_name": "Company X", "owner": "Nadia", "action": "Call",
            "measure": "leads", "found": number, "best_before": number, "periods": ["2026-01"], "missed_in_a_row": 3}  # fmt: skip

    for what in get_args(EventType):
        assert phrases.EVENT_NAMES[what]
        assert phrases.said(ToldEvent("key", what, 0, 0, data))


@pytest.mark.parametrize(("width", "height"), [(120, 36), (80, 24), (200, 60)])
def test_the_screen_fills_the_terminal_and_never_more(
    agreements: tuple[Agreement, ...], width: int, height: int
) -> None:
    stage = _stage(agreements)
    crm = Crm(start=moment(stage.clock.starts_at))
    for number in range(80):
        stage.clocks.take(_item(crm.handed_off(f"L-{number}")), stage.now)
        stage.hear(BREACHES_TOPIC, _told(f"L-{number}", 500_000), stage.now)
    for value in (_credit_due(), _goal_reached()):
        stage.hear(AGREEMENTS_TOPIC, value, stage.now)
    console = Console(file=StringIO(), width=width, height=height, force_terminal=True)

    lines = console.render_lines(screen(stage, width, height), pad=False)

    text = "\n".join("".join(segment.text for segment in line) for line in lines)
    assert len(lines) == height
    assert "LeadSLA" in text
    assert "the worker is starting" in text
    assert "Breached since the start: 80" in text
    said = " ".join(text.split())
    assert "credit due 10% of the fee for 2026-W08, 200.00 EUR, to Company X" in said
    assert "goal reached 100 qualified leads a month: 100 of 100 in 2026-02" in said


def test_a_picture_of_it_fetches_nothing_from_the_network(agreements: tuple[Agreement, ...], tmp_path: Path) -> None:
    save_picture(_stage(agreements), tmp_path / "demo.svg")

    picture = (tmp_path / "demo.svg").read_text()
    assert "LeadSLA" in picture
    assert "url(" not in picture.replace("url(#", "")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3_599, "1 h 00"), (3_900, "1 h 05"), (86_399, "1 d 0 h"), (187_200, "2 d 4 h")],
)  # fmt: skip
def test_durations_read_as_people_say_them(seconds: float, text: str) -> None:
    assert phrases.duration(seconds) == text


def _stage(agreements: tuple[Agreement, ...]) -> Stage:
    begins = story_of(agreements, seed=1).begins
    clock = FastClock(wall_clock(), begins, 1.0)
    return Stage(
        agreements=agreements,
        clock=clock,
        metrics_url="http://127.0.0.1/metrics",
        boards=Path("generated"),
        breaches=Breaches(0),
        agreement_events=AgreementEvents(0),
        clocks=Clocks.under(agreements),
        office=Calendar(agreements[0].calendar),
    )


def _item(sent: Sent) -> Item:
    return Item(0, sent.topic, sent.key or b"", sent.value, sent.headers)


def _first_touches(clocks: Clocks, at: Instant) -> list[str]:
    return [clock.lead for clock in clocks.ahead(at) if clock.obligation == "first-touch"]


def _told(
    key: str, hours: int, status: Status = "breached", tier: str = "deadline", ended_by: End | None = None
) -> bytes:
    """A breach record whose deadline fell due so many hours after 1970; resolved ones came half an hour late."""
    deadline = hours * HOUR
    value = notice_event(
        Notice(
            key=key,
            tier=tier,
            agreement="company-x",
            version="1",
            obligation="first-touch",
            kind="speed",
            segment="all",
            provider="sales",
            lead=key,
            cycle=1,
            rep=None,
            team=None,
            deadline=deadline,
            resolved_at=deadline + 30 * MINUTE if status == "resolved" else None,
            ended_at=None if ended_by is None else deadline + HOUR,
            ended_by=ended_by,
        )
    )
    return value.replace(b"sla.breached.v1", b"sla.retracted.v1") if status == "retracted" else value


def _obligation(interval: Granularity, name: str, obligation: str, title: str) -> ObligationInPeriod:
    return ObligationInPeriod(
        agreement="brightlead",
        version="2026-01",
        obligation=obligation,
        title=title,
        kind="speed",
        provider="agency",
        provider_name="Brightlead",
        recipient="client",
        recipient_name="Company X",
        period=CalendarPeriod.of(period_of(interval, _SUNDAY.start, _ZONE)),
        name=name,
    )


def _credit_due() -> bytes:
    data = CreditFallsDue(
        of=_obligation("week", "2026-W08", "first-touch", "First follow-up within a working hour"),
        attainment=Fraction(3, 4),
        tier=Tier(below=Decimal("0.9"), credit=Decimal("0.1")),
        credit=Decimal("0.1"),
        is_capped=False,
        amount=200_000_000,
        currency="EUR",
        claim_until=None,
        exclusions=(),
    )
    at = _SUNDAY.end + 10 * HOUR
    return event_record(AgreementEvent(id="credit", type="sla.credit_due.v1", at=at, data=data), "brightlead")[1]


def _goal_reached() -> bytes:
    data = GoalReached(
        of=_obligation("month", "2026-02", "leads-delivered", "100 qualified leads a month"),
        measure="leads",
        agreed=Fraction(100),
        day=date(2026, 2, 23),
    )
    at = _SUNDAY.end
    return event_record(AgreementEvent(id="goal", type="sla.goal_reached.v1", at=at, data=data), "brightlead")[1]
