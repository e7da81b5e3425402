"""What of an agreement may change once it has been worked with, and how it is said what may not."""

import msgspec
import pytest

from sla_rules.agreement.amendments import amendments, backdated, later_editions, read_record, record, version_of
from sla_rules.agreement.file import parse_agreement
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import EDITION, digest_of
from sla_rules.instants import DAY
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import COMPANY_X_FILE, WALL, agreement

TEXT = COMPANY_X_FILE.read_text(encoding="utf-8")
CAPACITY = "capacity: {obligation: leads-delivered, reps: 2, time_per_attempt: 10m, attempts_per_lead: 6}"
SERVED = TEXT.replace("obligations:", f"{CAPACITY}\nobligations:")
NOW = at("2026-03-02 09:00")


def with_text(old: str, new: str) -> Agreement:
    assert old in TEXT
    return parse_agreement(TEXT.replace(old, new))


def said(before: list[Agreement], after: list[Agreement], now: int = NOW) -> list[str]:
    return [str(one) for one in amendments([read_record(record(version_of(one))) for one in before], after, now)]


COMPANY_X = parse_agreement(TEXT)
COMPANY_X_SINCE = version_of(COMPANY_X).since
NAME = f"company-x {COMPANY_X.version} is in force since {COMPANY_X.effective_from} and has been worked with, and "


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("within: 1h", "within: 2h", "obligations.first-touch.deadline.within was 1h, is 2h"),
        ("average: 30m", "average: 45m", "obligations.first-touch.target.average was 30m, is 45m"),
        ("time_zone: Europe/Berlin", "time_zone: Europe/Rome", "calendar.time_zone was Europe/Berlin, is Europe/Rome"),
    ],
)
def test_every_field_that_says_something_else_is_named(old: str, new: str, change: str) -> None:
    assert said([COMPANY_X], [with_text(old, new)]) == [NAME + change]


def test_the_same_terms_in_another_file_are_the_same() -> None:
    assert said([COMPANY_X], [parse_agreement("# the same\n" + TEXT)]) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: ", "title: New "),
        ("summary: >", "summary: >\n  Once more."),
        ("name: Ana Costa", "name: Anna Costa"),
        ("webhook: http://127.0.0.1:9095/pages/ana", "pages: false"),
        ("obligations:", "teams: {North: {party: sales, contacts: [{name: Ben, email: ben@x.example}]}}\nobligations:"),
        ("obligations:", "teams: {North: {}}\nreps: [{id: '17', name: Rita, team: North}]\nobligations:"),
        ("obligations:", "notify: {breaches: [heads], always: [escalations]}\nobligations:"),
        ("provider: sales", "notify: {goals: [recipient]}\n    provider: sales"),
        ("obligations:", "reports: [{id: weekly, due: {weekdays: [fri], at: '16:00'}, language: es}]\nobligations:"),
        ("obligations:", "legal: [Nobody owns the leads.]\nobligations:"),
        ("attempts_per_lead: 6", "attempts_per_lead: 6, limits: {open_leads: 9}"),
    ],
)
def test_wording_and_people_may_change_at_any_time(old: str, new: str) -> None:
    before, after = parse_agreement(SERVED), parse_agreement(SERVED.replace(old, new, 1))

    assert after != before
    assert said([before], [after]) == []
    assert digest_of([after]) == digest_of([before])


def test_the_hours_of_a_team_are_terms() -> None:
    hours = "calendars: {night: {time_zone: UTC, weekly_hours: {mon: [['22:00', '06:00']]}}}\n"
    teams = "teams: {North: {contacts: [{name: Ben}]}, South: {calendar: night, contacts: [{name: Eva}]}}\n"
    before, after = (
        with_text("obligations:", f"{hours}obligations:"),
        with_text("obligations:", f"{hours}{teams}obligations:"),
    )

    assert said([before], [after]) == [NAME + 'teams was not there, is {"South":{"calendar":"night"}}']
    assert digest_of([after]) != digest_of([before])


def test_a_version_that_is_not_in_force_yet_may_change_and_go() -> None:
    later = agreement(WALL, version="2", since="2026-03-03")
    other = agreement(WALL.replace("30m", "45m"), version="2", since="2026-04-01")

    assert said([later], [other]) == said([later], []) == []
    assert said([later], [other], NOW + DAY) != []


def test_a_version_that_was_worked_with_has_to_stay() -> None:
    old, new = agreement(WALL), agreement(WALL.replace("30m", "45m"), version="2", since="2026-04-01")

    assert said([old], [old, new]) == []
    assert said([old], [new])[0].endswith("and has been worked with, and is there no more")


def test_the_order_of_segments_is_part_of_the_terms() -> None:
    first, second = (line for line in WALL.splitlines() if "when:" in line)
    turned = WALL.replace(first, "-").replace(second, first).replace("-\n", second + "\n", 1)

    assert said([agreement(WALL)], [agreement(turned)])[0].endswith("the order of segments was ceo, vip, is vip, ceo")


def test_an_obligation_that_comes_or_goes_is_named() -> None:
    without = agreement("\n".join(line for line in WALL.splitlines() if "worth" not in line))

    gone, come = said([agreement(WALL)], [without]), said([without], [agreement(WALL)])

    assert "obligations.worth was {" in gone[0]
    assert gone[0].endswith("is not there")
    assert "obligations.worth was not there, is {" in come[0]


def test_a_new_version_that_takes_effect_in_the_past_is_found() -> None:
    old = agreement(WALL)
    ahead = agreement(WALL, version="2", since="2026-04-01")
    behind = agreement(WALL, version="3", since="2026-02-01")
    other = agreement(WALL, name="other", since="2026-02-01")

    found = list(backdated([version_of(old)], [old, ahead, behind, other], NOW))

    assert [version.version for version in found] == ["3"]


def test_an_edition_of_the_rules_that_came_after_the_terms_were_worked_with_is_no_amendment_and_is_known() -> None:
    now_known = read_record(record(version_of(COMPANY_X)))
    of_before = now_known._replace(edition=EDITION - 1)

    assert list(later_editions([now_known], NOW)) == list(later_editions([], NOW)) == []
    assert list(later_editions([now_known, of_before], NOW)) == [EDITION]
    assert list(later_editions([of_before], COMPANY_X_SINCE - 1)) == []
    assert list(amendments([of_before], [COMPANY_X], NOW)) == []


def test_terms_that_were_remembered_before_editions_were_are_of_the_one_of_then() -> None:
    name, version, since, terms, _ = version_of(COMPANY_X)
    former = msgspec.json.encode((name, version, since, terms))

    assert read_record(former).edition == 2
    assert 3 in later_editions([read_record(former)], NOW)
