"""Availability, case by case, on the clocks of Berlin. March 2026 begins on a Sunday; the 6th is a Friday."""

from datetime import date
from itertools import pairwise

import pytest

from sla_rules.agreement.file import AgreementErrors, parse_agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import decode
from sla_rules.engine.partition import PartitionState
from sla_rules.evaluation.contributions import AvailabilityContribution
from sla_rules.evaluation.notices import Notice
from sla_rules.evaluation.tallies import Tally, total
from sla_rules.evaluation.verdicts import assess, tallies_of
from sla_rules.figures.windows import WindowKey
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Instant
from sla_rules.lead.facts import Fact, Merged, merge
from sla_rules.names import ALL_SEGMENTS
from tests.sla_rules.clocks import at
from tests.sla_rules.services import (
    UPTIME,
    down,
    maintained,
    paused,
    removed,
    resumed,
    told,
    up,
    uptime,
    waived,
    watched,
)

FRIDAY, SATURDAY = "2026-03-06", "2026-03-07"
RULES = uptime()


def sums(*facts: Fact, now: str, of: str = "up", rules: RuleBook = RULES) -> Tally:
    """All figures of one service together, in hours where they are times."""
    found = total(
        tally
        for one in assess(rules, "m", merge((), facts)[0], at(now))
        if rules.terms[one.contribution.term].obligation.id == of  # type: ignore[union-attr]
        for _, tally in tallies_of(one.contribution, rules)
    )
    times = ("available", "down", "excused_time")
    return {name: count // HOUR if name in times else count for name, count in found.items() if ":" not in name}


def notices(*facts: Fact, now: str, of: str = "up", rules: RuleBook = RULES) -> list[Notice]:
    found = assess(rules, "m", merge((), facts)[0], at(now))
    return [notice for one in found for notice in one.notices if notice.obligation == of]


def test_a_service_that_was_never_down_was_up_since_it_is_watched() -> None:
    assert sums(watched("2026-03-06 12:00"), now="2026-03-08 12:00") == {"available": 12 + 24 + 24}


def test_a_day_counts_as_a_whole_as_soon_as_it_begins() -> None:
    begun = watched("2026-03-06 00:00")
    assert sums(begun, now="2026-03-06 23:59:59") == {"available": 24}
    assert sums(begun, now="2026-03-07 00:00") == {"available": 48}


def test_a_day_on_which_clocks_change_is_as_long_as_it_is() -> None:
    begun = watched("2026-03-28 00:00")
    assert sums(begun, now="2026-03-29 12:00") == {"available": 24 + 23}


def test_what_is_down_stays_down_until_it_is_up_whatever_is_said_twice() -> None:
    story = [down(f"{FRIDAY} 10:00"), down(f"{FRIDAY} 11:00"), up(f"{FRIDAY} 12:00"), up(f"{FRIDAY} 13:00")]
    assert sums(*story, now=f"{FRIDAY} 18:00") == {"available": 14, "down": 2, "outages": 1}


def test_what_comes_up_first_is_watched_from_there() -> None:
    assert sums(up(f"{FRIDAY} 12:00"), now=f"{FRIDAY} 18:00") == {"available": 12}


def test_a_service_that_is_removed_is_watched_no_more_until_something_is_heard_again() -> None:
    story = [watched(f"{FRIDAY} 00:00"), removed(f"{FRIDAY} 12:00"), up(f"{SATURDAY} 18:00")]
    assert sums(*story[:2], now="2026-03-20 12:00") == {"available": 12}
    assert sums(*story, now=f"{SATURDAY} 20:00") == {"available": 12 + 6}
    assert not sums(removed(f"{FRIDAY} 12:00"), now="2026-03-20 12:00")


def test_downtime_ends_with_the_removal() -> None:
    story = [watched(f"{FRIDAY} 00:00"), down(f"{FRIDAY} 10:00"), removed(f"{FRIDAY} 12:00")]
    assert sums(*story, now=f"{SATURDAY} 20:00") == {"available": 12, "down": 2, "outages": 1}


def test_while_a_service_is_down_downtime_counts_by_the_minute() -> None:
    story = [watched(f"{FRIDAY} 00:00"), down(f"{FRIDAY} 09:59:30")]
    for seconds, counted in ((0, 0), (29, 0), (30, 30), (31, 30), (89, 30), (90, 90), (91, 90)):
        found = assess(RULES, "m", merge((), story)[0], at(f"{FRIDAY} 09:59:30") + seconds * SECOND)
        days = [one.contribution for one in found if isinstance(one.contribution, AvailabilityContribution)]
        assert [day.down for day in days] == [counted * SECOND] * 2, "by the wall, and in office hours"


def test_who_waits_hears_of_an_outage_at_once_and_of_its_minutes_as_they_pass() -> None:
    partition = PartitionState(RULES, {})
    partition.advance_to(at(f"{FRIDAY} 08:00"))
    partition.fold({b"m": [watched(f"{FRIDAY} 08:00"), down(f"{FRIDAY} 10:00")]})

    wakes: list[Instant] = []
    while (due := decode(partition.leads[b"m"]).next_due) is not None and len(wakes) < 4:
        wakes.append(due)
        partition.advance_to(due)

    assert wakes[0] == at(f"{FRIDAY} 10:00") + 1
    assert [later - sooner for sooner, later in pairwise(wakes)] == [MINUTE - 1, MINUTE, MINUTE]
    assert [group.obligation for group in partition.open_work.overdue] == ["up", "office"]


def test_nobody_looks_at_a_service_that_is_up_but_when_a_day_begins() -> None:
    found = assess(RULES, "m", (watched(f"{FRIDAY} 08:00"),), at(f"{FRIDAY} 12:00"))
    assert {one.next_due for one in found} == {at(f"{SATURDAY} 00:00")}


@pytest.mark.parametrize(
    ("since", "until", "hours"), [("16:00", "18:00", 1), ("18:00", "23:00", 0), ("07:00", "09:00", 0)]
)
def test_in_working_time_it_is_to_be_up_in_the_hours_of_the_calendar_alone(since: str, until: str, hours: int) -> None:
    story = [watched(f"{FRIDAY} 00:00"), down(f"{FRIDAY} {since}"), up(f"{FRIDAY} {until}")]
    found = sums(*story, now=f"{FRIDAY} 23:59", of="office")
    assert found == {"available": 8, **({"down": hours, "outages": 1} if hours else {})}


def test_from_four_in_the_afternoon_to_ten_the_next_morning_are_two_hours_of_an_office() -> None:
    story = [watched("2026-03-02 00:00"), down("2026-03-02 16:00"), up("2026-03-06 10:00")]
    assert sums(*story, now="2026-03-06 23:59", of="office")["down"] == 2


def test_an_outage_counts_from_the_instant_at_which_it_is_to_be_up() -> None:
    story = [watched(f"{FRIDAY} 00:00"), down(f"{FRIDAY} 05:00")]
    assert notices(*story, now=f"{FRIDAY} 09:00", of="office") == []
    (notice,) = notices(*story, now=f"{FRIDAY} 09:00:01", of="office")
    assert (notice.deadline, notice.resolved_at) == (at(f"{FRIDAY} 09:00"), None)
    (notice,) = notices(*story, up(f"{FRIDAY} 11:00"), now=f"{FRIDAY} 12:00", of="office")
    assert (notice.deadline, notice.late_by) == (at(f"{FRIDAY} 09:00"), 2 * HOUR)


def test_maintenance_is_taken_out_of_the_maximum_and_of_the_downtime() -> None:
    story = [watched(f"{FRIDAY} 00:00"), down(f"{FRIDAY} 09:00"), up(f"{FRIDAY} 13:00")]
    story.append(maintained("2026-03-05 12:00", f"{FRIDAY} 10:00", f"{FRIDAY} 12:00"))
    assert sums(*story, now=f"{FRIDAY} 18:00") == {"available": 22, "down": 2, "excused_time": 2, "outages": 1}


@pytest.mark.parametrize(("said", "counts"), [("08:00", True), ("08:00:01", False), ("13:00", False)])
def test_maintenance_that_is_announced_too_late_is_none(said: str, counts: bool) -> None:  # noqa: FBT001
    story = [watched(f"{FRIDAY} 00:00"), down(f"{FRIDAY} 10:00"), up(f"{FRIDAY} 12:00")]
    story.append(maintained(f"{FRIDAY} {said}", f"{FRIDAY} 10:00", f"{FRIDAY} 12:00"))
    late = {"available": 8, "down": 2, "outages": 1}
    assert sums(*story, now=f"{FRIDAY} 18:00", of="office") == ({"available": 6, "excused_time": 2} if counts else late)
    assert sums(*story, now=f"{FRIDAY} 18:00") == {"available": 22, "excused_time": 2}


def test_an_outage_in_maintenance_is_none_until_that_is_over() -> None:
    story = [watched(f"{FRIDAY} 00:00"), down(f"{FRIDAY} 10:00")]
    story.append(maintained("2026-03-05 12:00", f"{FRIDAY} 09:00", f"{FRIDAY} 12:00"))
    assert notices(*story, now=f"{FRIDAY} 12:00") == []
    (notice,) = notices(*story, now=f"{FRIDAY} 12:00:01")
    assert notice.deadline == at(f"{FRIDAY} 12:00")


def test_pauses_are_left_out_where_that_is_agreed() -> None:
    story = [watched(f"{FRIDAY} 00:00"), paused(f"{FRIDAY} 10:00"), down(f"{FRIDAY} 10:00"), up(f"{FRIDAY} 12:00")]
    story.append(resumed(f"{FRIDAY} 13:00"))
    assert sums(*story, now=f"{FRIDAY} 18:00") == {"available": 24, "down": 2, "outages": 1}
    # What ends an outage ends the pause that it is in, as of a lead.
    assert sums(*story, now=f"{FRIDAY} 18:00", of="office") == {"available": 6, "excused_time": 2}


def test_an_outage_that_was_waived_counts_for_nobody() -> None:
    story = [watched(f"{FRIDAY} 00:00"), down(f"{FRIDAY} 10:00"), up(f"{FRIDAY} 12:00"), waived(f"{FRIDAY} 15:00")]
    assert sums(*story, now=f"{FRIDAY} 18:00") == {"available": 22, "excused_time": 2}
    assert notices(*story, now=f"{FRIDAY} 18:00") == []


def test_each_version_counts_its_own_time_and_the_outages_that_began_in_it() -> None:
    texts = [
        UPTIME.format(version=v, since=s, subject="machine", zone="Europe/Berlin", grace="24h") for v, s in VERSIONS
    ]
    rules = RuleBook([parse_agreement(text) for text in texts])
    story = [watched("2026-03-05 00:00"), down("2026-03-05 22:00"), up(f"{FRIDAY} 03:00")]

    found = assess(rules, "m", merge((), story)[0], at(f"{FRIDAY} 12:00"))

    by_version = {
        version: total(
            tally
            for one in found
            if (term := rules.terms[one.contribution.term]).agreement.version == version  # type: ignore[union-attr]
            and term.obligation.id == "up"
            for _, tally in tallies_of(one.contribution, rules)
        )
        for version, _ in VERSIONS
    }
    assert [(t["available"] // HOUR, t["down"] // HOUR, t.get("outages", 0)) for t in by_version.values()] == [
        (24, 2, 1),
        (24, 3, 0),
    ]
    assert [notice.version for one in found for notice in one.notices if notice.obligation == "up"] == ["1"]


VERSIONS = (("1", "2026-01-01"), ("2", FRIDAY))


def test_a_merged_service_counts_as_the_one_that_it_was_merged_into() -> None:
    partition = PartitionState(RULES, {})
    partition.fold({b"m": [watched(f"{FRIDAY} 00:00"), told(Merged, f"{FRIDAY} 12:00", into="n")]})
    partition.advance_to(at(f"{FRIDAY} 13:00"))
    assert decode(partition.leads[b"m"]).contributions == ()


def test_a_year_without_an_outage_is_kept_in_a_dozen_contributions() -> None:
    found = assess(RULES, "m", (watched("2026-01-01 00:00"),), at("2026-12-31 12:00"))
    always = [one.contribution for one in found if RULES.terms[one.contribution.term].obligation.id == "up"]  # type: ignore[union-attr]
    assert len(always) == 12 + 2 * 2 + 1, "two months with a day of another length, and today"
    assert sums(watched("2026-01-01 00:00"), now="2026-12-31 12:00") == {"available": 365 * 24}


def test_what_can_never_be_down_or_up_or_is_a_lead_is_refused() -> None:
    text = UPTIME.format(version="1", since="2026-01-01", subject="machine", zone="UTC", grace="0s")
    wrong = {
        text.replace("  down: [machine.down.v1]\n", "  created: [machine.watched.v1]\n", 1).replace(
            "  created: [machine.watched.v1]\n", "", 1
        ): "is never down",
        text.replace("  up: [machine.up.v1]\n", ""): "is never up again",
        text.replace("  paused: [machine.serviced.v1]\n", ""): "nothing ever pauses it",
        text.replace("  excused: [machine.maintained.v1]\n", ""): "nothing is ever announced",
        text.replace("subject: machine\n", ""): "leads are neither up nor down",
    }
    for written, why in wrong.items():
        with pytest.raises(AgreementErrors, match=why):
            parse_agreement(written)


def test_a_day_is_published_whole_though_nobody_has_come_to_look_at_its_services_yet() -> None:
    partition = PartitionState(RULES, {})
    partition.advance_to(at("2026-03-02 12:00"))
    partition.fold({name: [watched("2026-03-02 00:00")] for name in (b"a", b"b", b"c")})
    partition.advance_to(at("2026-03-02 12:00"))

    partition.advance_to(at("2026-03-05 12:00"), max_leads=1)

    key = WindowKey("uptime", "up", ALL_SEGMENTS, "day", date(2026, 3, 3))
    assert partition.windows.published[key] == {"available": 3 * DAY}


def test_every_month_of_a_year_has_the_time_that_it_has() -> None:
    partition = PartitionState(RULES, {})
    partition.fold({b"m": [watched("2026-01-01 00:00")]})
    partition.advance_to(at("2027-01-02 12:00"))

    months = {
        key.first.month: tally["available"] // DAY
        for key, tally in partition.windows.tallies.items()
        if (key.obligation, key.interval, key.first.year) == ("up", "month", 2026)
    }
    assert months == dict(zip(range(1, 13), (31, 28, 30, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))
