"""Agreement files: what is wrong, where, and what would be right. The lines are those of the example that ships."""

from datetime import date
from pathlib import Path

import pytest

from sla_rules.agreement.file import AgreementErrors, load_agreements, parse_agreement
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Depth, Speed, Volume
from sla_rules.agreement.rulebook import RuleBook, digest_of
from sla_rules.instants import DAY, HOUR, MINUTE
from sla_rules.time.working_hours import WorkingHours
from tests.sla_rules.agreement.changed import DEADLINE, HOURS, TEXT, changed, errors_of
from tests.sla_rules.rules import COMPANY_X_FILE


def test_the_example_says_what_it_says() -> None:
    (example,) = load_agreements([COMPANY_X_FILE.parent])
    speed, depth, volume = example.obligations

    assert (example.agreement, example.version, list(example.parties)) == (
        "company-x",
        "2026-01",
        ["marketing", "sales"],
    )
    assert example.calendar.weekly_hours["fri"] == ((540, 750), (810, 960))
    assert isinstance(speed, Speed)
    assert (speed.deadline.within, speed.target.average, str(speed.target.share)) == (HOUR, 30 * MINUTE, "0.9")
    assert isinstance(depth, Depth)
    assert (depth.attempts, depth.deadline.within, depth.deadline.clock) == (6, 14 * DAY, "wall")
    assert isinstance(volume, Volume)
    assert (int(volume.agreed), volume.interval, volume.intervals) == (100, "month", ("day", "week", "month"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("effective_from:", "efective_from:", ["1: agreement: 'effective_from' is missing", "5: efective_from: unknown key; did you mean 'effective_from'?"]),
        ("needs: [To", "weight: 5\n    needs: [To", ["16: parties.marketing.weight: unknown key"]),
        (DEADLINE, "deadline: {within: 1h, clok: wall}", ["51: obligations.0.deadline.clok: unknown key; did you mean 'clock'?"]),
        (DEADLINE, "deadline: {within: 1h, clock: busy}", ["51: obligations.0.deadline.clock: should be 'working' or 'wall', found 'busy'"]),
        ("kind: speed", "kind: sped", ["46: obligations.0: unknown kind 'sped'; did you mean 'speed'?"]),
        ("kind: depth", "title: x", ['59: not valid YAML: found duplicate key "title" with value "Six attempts within two weeks" (original value: "x")']),
        ("    kind: depth\n", "", ["57: obligations.1: 'kind' is missing"]),
        ("    closed_leads: left_out\n", "", ["57: obligations.1: 'closed_leads' is missing"]),
        ("type: internal", "type: multilevel", ["12: parties: an agreement of type multilevel needs at least 3 parties"]),
        ("id: persistence", "id: first-touch", ["57: obligations.1.id: 'first-touch' is taken already"]),
        ("id: persistence", "id: First Touch", ["57: obligations.1.id: should be lower-case letters, digits and dashes, as first-touch, found 'First Touch'"]),
        ("provider: marketing", "provider: service", ["71: obligations.2.provider: no party 'service'; known: marketing, sales"]),
        ("intervals: [day, week, month]\n    goal_line", "intervals: [day]\n    goal_line", ["75: obligations.2.intervals: intervals have to hold the goal's own, month"]),
        ("interval: month", "measure: value\n    interval: month", ["74: obligations.2.measure: counts value, and no segment has a value"]),
        ("email: bruno@", "email: bruno at ", ["20: parties.marketing.contacts.0.email: 'bruno at company-x.example' is no e-mail address; write for example ana@example.com"]),
        ("time_zone: Europe/Berlin", "time_zone: Berlin", ["33: calendar.time_zone: 'Berlin' is not an IANA time zone; did you mean Europe/Berlin?"]),
        ("time_zone: Europe/Berlin", "time_zone: ../../etc/passwd", ["33: calendar.time_zone: '../../etc/passwd' is not an IANA time zone; write for example Europe/Berlin"]),
        ("country: DE", "country: GERMANY", ["41: calendar.holidays.country: no holidays are known for country 'GERMANY'; did you mean DE?"]),
        ("    country: DE\n", "", ["41: calendar.holidays.region: a region needs its country"]),
        ("attempts: 6", "attempts: 0", ["62: obligations.1.attempts: should be at least 1, found 0"]),
        ("goal: 100", 'goal: "1,000"', ["73: obligations.2.goal: should be a number, found '1,000'; write 1000"]),
        ("goal: 100", "goal_from: {revenue: 5000, average_deal: 0, close_rate: 50%}", ["73: obligations.2.goal_from.average_deal: should be more than 0, found 0"]),
        ("goal: 100", "goal_from: {revenue: 5000, close_rate: 50%}", ["73: obligations.2.goal_from: 'average_deal' is missing"]),
        ("goal: 100", "goal_from: {north: {revenue: 5000, average_deal: 100, close_rate: 2}}", ["73: obligations.2.goal_from.north.close_rate: should be a share above 0% and up to 100%, found 2; write 2%", "73: obligations.2.goal_from.north: no segment 'north'; known: none"]),
        ("automation: false}", "tolerance: 2m}", ["55: obligations.0.follow_up.tolerance: is 1m at most: it is for clocks that differ, not for calls before the hand-off"]),
        ("automation: false}", "outcomes: [bounce]}", ["55: obligations.0.follow_up.outcomes.0: should be 'connected', 'voicemail', 'no_answer', 'replied', 'bounced', 'failed' or 'wrong_number', found 'bounce'; did you mean 'bounced'?"]),
        ("closed_leads: left_out", "closed_leads: left_out\n    lost_deal: open", ["67: obligations.1.lost_deal: should be 'closes' or 'goes_on', found 'open'"]),
        ("goal: 100", "goal_from: {}", ["73: obligations.2.goal_from: is empty; write at least one"]),
        ("goal: 100", "goal_from: 100", ["73: obligations.2.goal_from: found 100; write names with their values, as {revenue: 5000, average_deal: 100, close_rate: 50%}"]),
        ("bands: [5m, 1h, 24h]", "starts: created\n    reassign_after: 15m", ["55: obligations.0.reassign_after: the clock from the creation is no owner's; write it where the hand-off starts the clock"]),
        ("bands: [5m, 1h, 24h]", "bands: [1h, 5m]", ["54: obligations.0.bands.1: has to be more than the band before it"]),
        ("type: internal", "year_begins: feb\ntype: internal", ["6: year_begins: should be 'january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november' or 'december', found 'feb'; did you mean 'february'?"]),
        ("type: internal", "year_begins: 02-01\ntype: internal", ["6: year_begins: should be 'january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november' or 'december', found '02-01'"]),
        ("type: internal", "year_begin: february\ntype: internal", ["6: year_begin: unknown key; did you mean 'year_begins'?"]),
        ("type: internal", "subject: ticket\ntype: internal", ["6: subject: an agreement about a ticket has to name `events` that start its clocks"]),
        ("type: internal", "events: {attempted: [lead.connected.v1]}\ntype: internal", ["6: events.attempted.0: 'lead.connected.v1' has a meaning of its own; choose another type"]),
        ("type: internal", "subject: ticket\nevents: {created: [deal.closed.v1], handed_off: [lead.converted.v1], attempted: [lead.contact_attempted.v1]}\ntype: internal", ["7: events.created.0: 'deal.closed.v1' has a meaning of its own; choose another type"]),
        ("type: internal", "events: {attempted: [a.b.v1], closed: [a.b.v1]}\ntype: internal", ["6: events.closed.0: 'a.b.v1' stands for 'attempted' already"]),
        ("type: internal", "events: {attempted: [called]}\ntype: internal", ["6: events.attempted.0: should be a type of events with its version, as ticket.opened.v1, found 'called'"]),
        ("type: internal", "events: {handedoff: [a.b.v1]}\ntype: internal", ["6: events.handedoff: should be 'created', 'updated', 'handed_off', 'down', 'reassigned', 'recycled', 'attempted', 'connected', 'up', 'closed', 'reopened', 'paused', 'resumed', 'excused', 'merged', 'deleted' or 'corrected', found 'handedoff'; did you mean 'handed_off'?"]),
        ('version: "2026-01"', "version: 2026", ["4: version: should be text, found 2026; put it in quotes"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line_and_what_would_be_right(old: str, new: str, expected: list[str]) -> None:
    assert errors_of(changed((old, new))) == [f"x.yaml:{line}" for line in expected]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ('[["9:00", "12:30"]]', "mon.0.0: '9:00' is not a time of day; write HH:MM from 00:00 to 24:00"),
        ('[["09:00", "24:01"]]', "mon.0.1: '24:01' is not a time of day; write HH:MM from 00:00 to 24:00"),
        ("[[9, 17]]", "mon.0.0: 9 is not a time of day; write HH:MM from 00:00 to 24:00"),
        ('[["09:00", "09:00"]]', "mon.0: a span of hours needs two different times; a whole day is ['00:00', '24:00']"),
        ('[["09:00"]]', 'mon.0: a span is two times of day, as ["09:00", "17:00"]'),
        ("[[9.30, '12:00']]", "mon.0.0: 9.3 is not a time of day; write HH:MM from 00:00 to 24:00"),
    ],
)
def test_hours_are_written_as_times_of_day(hours: str, expected: str) -> None:
    errors = errors_of(changed((HOURS, f"mon: {hours}")))

    assert errors[0] == f"x.yaml:35: calendar.weekly_hours.{expected}"


def test_hours_without_quotes_are_the_same_hours() -> None:
    assert parse_agreement(changed((HOURS, "mon: [[09:00, 12:30], [13:30, 18:00]]"))) == parse_agreement(TEXT)
    assert parse_agreement("%YAML 1.2\n---\n" + TEXT) == parse_agreement(TEXT)


def test_a_day_that_is_no_day_of_the_week_is_named() -> None:
    assert errors_of(changed(("    mon:", "    monday:"))) == [
        "x.yaml:35: calendar.weekly_hours.monday: should be 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun', found 'monday'; did you mean 'mon'?"
    ]


@pytest.mark.parametrize(
    "within", ["60", "true", "1.5", "null", "[1h]", "1.5h", "1 hour", "-1h", "01:00", "PT1H", "''"]
)
def test_a_duration_needs_its_units(within: str) -> None:
    (error,) = errors_of(changed((DEADLINE, f"deadline: {{within: {within}}}")))

    assert error.startswith("x.yaml:51: obligations.0.deadline.within: ")
    assert error.endswith(" is not a duration; write for example 90s, 30m, 1h30m or 14d")


def test_bands_and_the_least_duration_of_an_attempt_need_their_units_too() -> None:
    errors = errors_of(changed(("bands: [5m, 1h", "bands: [300, 1h"), ("automation: false", "minimum_duration: 30")))

    assert errors == [
        "x.yaml:54: obligations.0.bands.0: 300 is not a duration; write for example 90s, 30m, 1h30m or 14d",
        "x.yaml:55: obligations.0.follow_up.minimum_duration: 30 is not a duration; write for example 90s, 30m, 1h30m or 14d",
    ]


def test_a_duration_of_nothing_or_of_centuries_is_an_error() -> None:
    nothing = errors_of(changed((DEADLINE, "deadline: {within: 0s}")))
    centuries = errors_of(changed((DEADLINE, "deadline: {within: 99999999999d}")))

    assert nothing == ["x.yaml:51: obligations.0.deadline.within: should be more than 0, found '0s'"]
    assert centuries == ["x.yaml:51: obligations.0.deadline.within: '99999999999d' is longer than ten years"]


def test_a_deadline_of_more_than_a_century_of_working_hours_is_an_error() -> None:
    hours = "calendars: {rare: {time_zone: UTC, weekly_hours: {sun: [['09:00', '09:01']]}}}\nobligations:"
    terms = "deadline: {within: 1d, escalations: [2d, 4d]}\n    reassign_after: 4d"
    rare = errors_of(changed(("obligations:", hours), (DEADLINE, terms)))

    assert rare == [
        f"x.yaml:{line}: obligations.0.{place}: takes more than a century of the hours of calendar 'rare'"
        for line, place in ((52, "deadline.escalations"), (53, "reassign_after"))
    ]


@pytest.mark.parametrize("day", ["1899-12-31", "3000-01-01", "9999-12-31", "0001-01-01"])
def test_a_day_far_from_any_calendar_is_an_error(day: str) -> None:
    errors = errors_of(changed(("effective_from: 2026-01-01", f"effective_from: {day}")))

    assert errors == [f"x.yaml:5: effective_from: {day} does not lie in the years 1900 to 2999"]


@pytest.mark.parametrize(
    "day",
    ["2026-13-01", "2026-02-30", "20260101", "86400", '"1767225600"', "2026-01-01T09:00:00Z", "1.1.2026", "true", "~"],
)
def test_a_date_is_written_year_month_day(day: str) -> None:
    (error,) = errors_of(changed(("effective_from: 2026-01-01", f"effective_from: {day}")))

    assert error.startswith("x.yaml:5: effective_from: ")
    assert error.endswith(" is not a date; write for example 2026-12-24")


def test_dates_of_holidays_overrides_and_breaks_are_named_where_they_stand() -> None:
    text = changed(
        ("2026-12-31]", "2026-12-32]\n  date_overrides: {2026-13-01: [], 2026-03-01: [[9, '10:00']]}"),
        ("obligations:", "  breaks: {2026-02-29: []}\nobligations:"),
    )

    assert errors_of(text) == [
        "x.yaml:43: calendar.holidays.dates.1: '2026-12-32' is not a date; write for example 2026-12-24, or 12-24 for every year",
        "x.yaml:44: calendar.date_overrides.2026-03-01.0.0: 9 is not a time of day; write HH:MM from 00:00 to 24:00",
        "x.yaml:44: calendar.date_overrides.2026-13-01: '2026-13-01' is not a date; write for example 2026-12-24, or 12-24 for every year",
        "x.yaml:46: calendar.breaks.2026-02-29: '2026-02-29' is not a date; write for example 2026-12-24, or 12-24 for every year",
    ]


def test_dates_of_every_year_are_read_as_they_are_written_quoted_or_not() -> None:
    days = "[12-24, '12-31', 02-29, 01-06, 10-03, 2026-11-02, '2026-11-03']"
    text = changed(
        ("dates: [2026-12-24, 2026-12-31]", f"dates: {days}"),
        ("obligations:", "  date_overrides: {12-23: [], '2026-12-22': []}\n  breaks: {06-17: []}\nobligations:"),
    )

    hours = parse_agreement(text).calendar

    assert hours.holidays.dates == ("12-24", "12-31", "02-29", "01-06", "10-03", date(2026, 11, 2), date(2026, 11, 3))
    assert list(hours.date_overrides) == ["12-23", date(2026, 12, 22)]
    assert list(hours.breaks) == ["06-17"]
    assert WorkingHours.model_validate_json(hours.model_dump_json()) == hours


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ("90%", "0.9"),
        ('"90 %"', "0.9"),
        ("0.9", "0.9"),
        ("99.95%", "0.9995"),
        ("100%", "1"),
        ("1", "1"),
        ("0.1", "0.1"),
    ],
)
def test_a_share_is_exact(share: str, expected: str) -> None:
    speed = parse_agreement(changed(("share: 90%", f"share: {share}"))).obligations[0]

    assert isinstance(speed, Speed)
    assert str(speed.target.share) == expected


@pytest.mark.parametrize("share", ["90", "0", "0%", "101%", "-5%", "ninety", ".nan", ".inf", "true", "90%%"])
def test_a_share_lies_above_nothing_and_up_to_all(share: str) -> None:
    (error,) = errors_of(changed(("share: 90%", f"share: {share}")))

    assert error.startswith("x.yaml:52: obligations.0.target.share: should be ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1: an agreement is a mapping; start with `agreement: an-id`"),
        ("- a\n- b", "1: an agreement is a mapping; start with `agreement: an-id`"),
        ("agreement: a\n\tversion: b", "2: not valid YAML: found character '\\t' that cannot start any token"),
        ("a: 1\nb: b: c", "2: not valid YAML: mapping values are not allowed here"),
        ("a: 1\na: 2", '2: not valid YAML: found duplicate key "a" with value "2" (original value: "1")'),
        ("a: 1\nb: %90", "2: not valid YAML: found character '%' that cannot start any token"),
        ("a: *b", "1: not valid YAML: found undefined alias 'b'"),
        ("a: 1\n---\nb: 2", "2: not valid YAML: but found another document"),
        ("a: \x07", "1: not valid YAML: unacceptable character #x0007: special characters are not allowed"),
    ],
)
def test_what_is_no_yaml_says_where(text: str, expected: str) -> None:
    assert errors_of(text) == [f"x.yaml:{expected}"]


def test_all_errors_of_all_files_come_at_once_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(changed((HOURS, "mon: [[9, 17]]"), ("goal: 100", "goal: 0")), encoding="utf-8")
    (tmp_path / "a.yml").write_text("agreement: [", encoding="utf-8")
    (tmp_path / "c.yaml").write_bytes(b"agreement: \xff")
    (tmp_path / "notes.txt").write_text("no agreement", encoding="utf-8")

    with pytest.raises(AgreementErrors) as wrong:
        load_agreements([tmp_path, tmp_path / "absent.yaml"])

    places = [(Path(error.file).name, error.line) for error in wrong.value.errors]
    assert places == [("a.yml", 1), ("absent.yaml", 0), ("b.yaml", 35), ("b.yaml", 35), ("b.yaml", 73), ("c.yaml", 1)]


def test_a_type_that_two_agreements_take_for_different_events_is_named_with_its_line(tmp_path: Path) -> None:
    called, done = "{attempted: [x.called.v1]}", "{closed: [y.done.v1, x.called.v1]}"
    for name, events in (("a", called), ("b", done), ("c", done)):
        text = changed(
            ("agreement: company-x", f"agreement: {name}"), ("type: internal", f"type: internal\nevents: {events}")
        )
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(AgreementErrors) as wrong:
        load_agreements([tmp_path])

    said = "events.closed.1: 'x.called.v1' stands for 'attempted' of a lead in"
    assert [(error.line, error.message) for error in wrong.value.errors] == [
        (7, f"{said} {tmp_path / 'a.yaml'} already")
    ] * 2


def test_a_type_may_be_another_event_to_another_subject(tmp_path: Path) -> None:
    events = "{handed_off: [x.assigned.v1], attempted: [x.called.v1]}"
    for name, subject, told in (
        ("a", "lead", "{attempted: [x.called.v1]}"),
        ("b", "ticket", events),
        ("c", "incident", events.replace("attempted", "connected")),
    ):
        text = changed(
            ("agreement: company-x", f"agreement: {name}"),
            ("type: internal", f"type: internal\nsubject: {subject}\nevents: {told}"),
        )
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")

    agreements = load_agreements([tmp_path])

    assert [word.subject for word in RuleBook(agreements).vocabulary["x.called.v1"]] == ["lead", "incident", "ticket"]


def test_a_folder_without_an_agreement_says_so(tmp_path: Path) -> None:
    with pytest.raises(AgreementErrors, match=r": no agreement file here; one ends in \.yaml$"):
        load_agreements([tmp_path])


def test_two_files_with_one_version_or_one_day_clash(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(TEXT, encoding="utf-8")

    with pytest.raises(AgreementErrors) as wrong:
        load_agreements([tmp_path])

    assert [error.message.partition(" stands in ")[0] for error in wrong.value.errors] == [
        "agreement 'company-x' with version 2026-01",
        "agreement 'company-x' with effective_from 2026-01-01",
    ]


def test_a_file_named_twice_is_one_file(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(TEXT, encoding="utf-8")

    assert load_agreements([tmp_path, file]) == load_agreements([file])


def test_versions_come_in_the_order_they_take_effect(tmp_path: Path) -> None:
    later = changed(
        ('version: "2026-01"', 'version: "1"'), ("effective_from: 2026-01-01", "effective_from: 2026-07-01")
    )
    (tmp_path / "a.yaml").write_text(later, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(TEXT, encoding="utf-8")

    assert [agreement.version for agreement in load_agreements([tmp_path])] == ["2026-01", "1"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Marketing and sales", "# Sales and marketing"),
        ("within: 1h", "within: 60m"),
        ("share: 90%", "share: 0.9"),
        ("share: 90%", "share: 90.0%"),
        ("share: 90%", 'share: "0.90"'),
        ("goal: 100", "goal: 100.0"),
        ("directions: [outbound], automation: false", "automation: false, directions: [outbound]"),
        ("follow_up: {directions: [outbound], automation: false}", "follow_up: {}"),
        ("type: internal", "year_begins: january\ntype: internal"),
        (f"    {HOURS}\n", ""),
        ("title: First follow-up within a working hour", "title: 'First follow-up within a working hour'"),
    ],
)
def test_the_digest_is_that_of_the_terms_however_they_are_written(old: str, new: str) -> None:
    text = changed((old, new))
    if HOURS in old:
        text = text.replace("  holidays:\n", f"    {HOURS}\n  holidays:\n")

    assert digest_of([parse_agreement(text)]) == digest_of([parse_agreement(TEXT)])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("within: 1h", "within: 61m"),
        ("share: 90%", "share: 91%"),
        ("clock: working", "clock: wall"),
        ("goal: 100", "goal: 101"),
        (HOURS, 'mon: [["09:00", "12:30"]]'),
        ("region: BE", "region: BY"),
        ("2026-12-24", "2026-12-23"),
        ("type: internal", "year_begins: april\ntype: internal"),
    ],
)
def test_the_digest_changes_with_any_term(old: str, new: str) -> None:
    assert digest_of([parse_agreement(changed((old, new)))]) != digest_of([parse_agreement(TEXT)])


def test_the_digest_does_not_depend_on_the_order_of_agreements() -> None:
    one, other = parse_agreement(TEXT), parse_agreement(changed(("agreement: company-x", "agreement: company-y")))

    assert digest_of([one, other]) == digest_of([other, one])
    assert digest_of([one]) != digest_of([one, other])


def test_an_agreement_survives_its_own_json() -> None:
    example = parse_agreement(TEXT)

    assert Agreement.model_validate_json(example.model_dump_json()) == example


def test_an_obligation_for_an_unknown_segment_is_named_with_its_line() -> None:
    text = COMPANY_X_FILE.read_text(encoding="utf-8").replace("kind: speed\n", "kind: speed\n    segments: [vip]\n")

    with pytest.raises(AgreementErrors, match=r"x\.yaml:48: obligations\.0\.segments: no segment 'vip'; known: none"):
        parse_agreement(text, "x.yaml")
