"""A scrape says everything in a form that any reader takes, exactly, and is not in the way of the worker."""

import asyncio
import subprocess
from collections import Counter
from collections.abc import Iterator
from time import monotonic

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as plain_text
from prometheus_client.samples import Sample as Parsed
from structlog.testing import capture_logs

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import decode
from sla_rules.engine.partition import PartitionState
from sla_rules.evaluation.contributions import DepthContribution
from sla_rules.figures.team_labels import TeamLabels
from sla_rules.instants import HOUR, Instant
from sla_rules.lead.facts import Fact
from sla_rules.names import METRICS
from streams.health.worker_health import WorkerHealth
from streams.monitoring.collector import Collector
from streams.monitoring.text_format import CONTENT_TYPES, Format, format_asked_for
from streams.partitions.ownership import Owned, Ownership
from streams.pipeline.counters import Counters
from tests.real_parts.tools import tool
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement
from tests.sla_rules.story import attempted, created, handed_off

PARTITIONS = 3
BEGAN = "2026-03-02 09:00"
TERMS = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
calendars: {nights: {time_zone: UTC, weekly_hours: {mon: [["00:00", "24:00"]]}}}
teams: {"desk \\"nights\\" \\\\ 東": {calendar: nights}}
segments: [{id: ceo, when: {role: ceo}}]
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h, clock: wall}}
  - {id: tries, kind: depth, provider: sales, recipient: marketing, attempts: 2, closed_leads: counted,
     deadline: {within: 9h, clock: wall}}
  - {id: leads, kind: volume, provider: marketing, recipient: sales, goal: 10, interval: month}
"""
NAMED = 'desk "nights" \\ 東'
HOSTILE = ["\x00", "a\nb", "a\r\nleadsla_open_leads 5", 'x"} 1\n', "\\", '"', "}", "# EOF", "\u2028", "\x85", "other"]


class Service:
    """Owned partitions under one collector; the clock stands two hours after the leads were handed off."""

    def __init__(self, teams: list[str], limit: int | None, *, agreements: int = 1) -> None:
        self.rules = RuleBook([agreement(TERMS, name=f"terms-{number}") for number in range(agreements)])
        self.ownership = Ownership()
        self.counters = Counters()
        self.counters.events["handed-off", "accepted"] = len(teams)
        self.counters.delays["handed-off"].counts[2] = len(teams)
        labels = TeamLabels(self.rules.teams, limit)
        for partition in range(PARTITIONS):
            state = PartitionState(self.rules, {}, labels)
            state.load()
            state.fold(dict(leads_of(teams[partition::PARTITIONS])))
            state.advance_to(self.now())
            self.ownership.partitions[partition] = Owned(state)
        topics = {"handed-off": PARTITIONS, "lead-created": PARTITIONS}
        self.collector = Collector(
            self.rules, self.ownership, self.counters, WorkerHealth(monotonic()), self.now, topics, labels
        )

    def now(self) -> Instant:
        return at(BEGAN) + 2 * HOUR

    async def samples(self) -> list[Parsed]:
        return parsed(await self.collector.scrape("text"), "text")


def leads_of(teams: list[str]) -> Iterator[tuple[bytes, list[Fact]]]:
    for number, team in enumerate(teams):
        yield f"lead-{number}".encode(), [handed_off(BEGAN, team=team, role="ceo" if number % 2 else "cfo")]


def parsed(text: bytes, form: Format) -> list[Parsed]:
    parse = open_metrics if form == "openmetrics" else plain_text
    return [sample for family in parse(text.decode()) for sample in family.samples]


def totals(samples: list[Parsed], metric: str, *left: str) -> Counter[tuple[str, ...]]:
    sums: Counter[tuple[str, ...]] = Counter()
    for sample in samples:
        if sample.name == metric:
            sums[tuple(sample.labels[label] for label in left)] += int(sample.value)
    return sums


async def test_with_ten_thousand_teams_a_scrape_stays_small_and_its_sums_exact() -> None:
    teams = [f"team {number % 10_000:04}" for number in range(11_000)] + [NAMED]
    service = Service(teams, 50)

    samples = await service.samples()

    assert len(samples) < 5_000
    left = ("agreement", "obligation", "segment", "state", "partition")
    for partition, owned in service.ownership.partitions.items():
        contributions = [
            contribution for data in owned.state.leads.values() for contribution in decode(data).contributions
        ]
        depth = Counter(
            contribution.segment for contribution in contributions if isinstance(contribution, DepthContribution)
        )
        for segment, count in depth.items():
            shown = totals(samples, "leadsla_open_leads", *left)
            assert shown["terms-0", "tries", segment, "waiting", str(partition)] == count > 1_000
    by_team = totals(samples, "leadsla_overdue_leads", "team")
    assert len(by_team) == 50 + len([NAMED, "other", "unassigned"])
    assert by_team[NAMED,] == 1
    assert by_team["unassigned",] == 0
    assert sum(by_team.values()) == len(teams)
    assert totals(samples, "leadsla_label_values_in_other", "label") == {("team",): 10_000 - 50}


async def test_no_other_label_takes_its_values_from_events() -> None:
    """Whatever a CRM writes into every field that takes a word, only teams come out, and they are limited."""
    few, many = Service([], 5), Service([], 5)
    for service, leads in ((few, 10), (many, 500)):
        for number in range(leads):
            word = f"word-{number}"
            told = [
                created(BEGAN, role=word, region=word, source_channel=word, campaign=word),
                handed_off(BEGAN, rep=word, team=word, role=word, product=word),
                attempted("2026-03-02 09:10", channel=word, rep=word, outcome=word, name=word),
            ]
            service.ownership.partitions[number % PARTITIONS].state.fold({f"lead-{number}".encode(): told})
        for owned in service.ownership.partitions.values():
            owned.state.advance_to(service.now())

    shown = [
        {(sample.name, label, value) for sample in await service.samples() for label, value in sample.labels.items()}
        for service in (few, many)
    ]

    of_teams = [{one for one in each if one[1] == "team"} for each in shown]
    assert shown[0] - of_teams[0] == shown[1] - of_teams[1]
    assert {len({value for _, _, value in each}) for each in of_teams} == {5 + len(["other", "unassigned"])}


async def test_who_is_shown_stays_shown_from_scrape_to_scrape() -> None:
    service = Service(["a", "b", "c", "c", "d"], 2)
    before = totals(await service.samples(), "leadsla_open_leads", "team")

    for owned in service.ownership.partitions.values():
        for lead in list(owned.state.leads):
            owned.state.fold({lead: [handed_off("2026-03-02 09:30", team="e")]})
        owned.state.fold({b"late": [handed_off("2026-03-02 10:59", team="b")]})
        owned.state.advance_to(service.now())
    after = totals(await service.samples(), "leadsla_open_leads", "team")

    kept = before.keys() - {("other",), ("unassigned",)}
    assert len(kept) == 2
    assert after.keys() <= kept | {("other",), ("unassigned",)}


@pytest.mark.parametrize("form", ["text", "openmetrics"])
async def test_no_name_of_a_team_breaks_the_format(form: Format) -> None:
    service = Service(HOSTILE, 100)

    text = await service.collector.scrape(form)

    samples = parsed(text, form)
    assert {sample.name for sample in samples if sample.name.endswith("overdue_leads")} == {"leadsla_overdue_leads"}
    assert sum(totals(samples, "leadsla_overdue_leads", "team").values()) == len(HOSTILE)
    assert text.count(b"\n") == len(samples) + 2 * len(METRICS) + (form == "openmetrics")
    names = {team for (team,) in totals(samples, "leadsla_overdue_leads", "team")}
    assert {"\\", '"', "}", "# EOF", "\u2028", "other"} <= names
    assert all(character == "\u2028" or character.isprintable() for name in names for character in name)


async def test_prometheus_own_tool_reads_it_all() -> None:
    service = Service([*HOSTILE, "north", "south"], 5)
    text = await service.collector.scrape("text")

    command = [tool("promtool"), "check", "metrics"]
    checked = await asyncio.to_thread(subprocess.run, command, input=text, capture_output=True, timeout=60, check=False)

    complaints = checked.stderr.decode() + checked.stdout.decode()
    assert "error while parsing" not in complaints
    assert "invalid" not in complaints.lower(), complaints


async def test_both_formats_say_the_same() -> None:
    service = Service(["north", "south"], 5)
    text, openly = [parsed(await service.collector.scrape(form), form) for form in ("text", "openmetrics")]

    def comparable(samples: list[Parsed]) -> set[tuple[object, ...]]:
        return {
            (sample.name, frozenset(sample.labels.items()), sample.value)
            for sample in samples
            if sample.name != "leadsla_collector_duration_seconds" and "timestamp" not in sample.name
        }

    assert comparable(text) == comparable(openly)
    families = {sample.name for sample in text}
    assert "leadsla_event_delay_seconds_bucket" in families
    assert "leadsla_events_total" in families


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "text"),
        ("text/plain;version=0.0.4", "text"),
        ("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", "openmetrics"),
    ],
)
def test_a_scraper_gets_the_format_it_asks_for(accept: str, form: Format) -> None:
    assert format_asked_for(accept) == form
    assert CONTENT_TYPES[form].partition(";")[0] in (accept or "text/plain")


async def test_the_loop_goes_on_while_much_is_written() -> None:
    service = Service([f"team {number}" for number in range(3_000)], None, agreements=3)
    await service.collector.scrape("text")
    turns = 0

    scrape = asyncio.create_task(service.collector.scrape("text"))
    while not scrape.done():
        await asyncio.sleep(0.001)
        turns += 1

    assert turns > 10
    assert len(await scrape) > 5_000_000


async def test_scrapes_that_come_at_once_are_one() -> None:
    service = Service(["north"], 5)

    answers = await asyncio.gather(*(service.collector.scrape("text") for _ in range(50)))
    later = await service.collector.scrape("text")

    assert all(answer is answers[0] for answer in answers)
    assert later is not answers[0]


async def test_a_scraper_that_goes_away_takes_no_other_along() -> None:
    service = Service(["north"], 5)

    impatient = asyncio.create_task(service.collector.scrape("text"))
    patient = asyncio.create_task(service.collector.scrape("text"))
    await asyncio.sleep(0)
    impatient.cancel()

    assert b"leadsla_overdue_leads{" in await patient


async def test_partitions_that_change_hands_during_a_scrape_are_not_shown_by_halves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("streams.monitoring.collector.HELD_AT_MOST", 0.0)
    service = Service(["north", "south", "west"], 5)
    await service.collector.scrape("text")

    scrape = asyncio.create_task(service.collector.scrape("text"))
    for _ in range(3):
        await asyncio.sleep(0)
    service.ownership.recovering = True
    samples = parsed(await scrape, "text")

    shown = {sample.labels["partition"] for sample in samples if "partition" in sample.labels}
    assert not shown
    assert totals(samples, "leadsla_recovering") == {(): 1}


async def test_what_cannot_be_collected_is_counted_and_the_service_still_speaks_for_itself() -> None:
    service = Service(["north"], 5)
    del service.ownership.partitions[1].state.published_notices

    for failures in (1, 2):
        with capture_logs() as said:
            samples = await service.samples()
        assert [entry["event"] for entry in said] == ["collection failed"]
        assert totals(samples, "leadsla_collector_errors_total") == {(): failures}
        assert not totals(samples, "leadsla_overdue_leads", "team")
        assert not totals(samples, "leadsla_partition_owned", "partition")
        assert totals(samples, "leadsla_events_total", "topic", "result")["handed-off", "accepted"] == 1


async def test_that_teams_are_shown_together_is_said_once() -> None:
    service = Service(["a", "b", "c"], 2)

    with capture_logs() as said:
        for _ in range(3):
            await service.collector.scrape("text")

    assert [entry["event"] for entry in said if "other" in entry["event"]] == [
        "teams beyond LEADSLA_METRICS_TEAMS are shown together as `other`; sums stay exact"
    ]
