"""What `leadsla check` says of calendars that are right: what has no effect, and what will not be known."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leadsla.tables.agreement import lines_of
from sla_rules.agreement.calendar_remarks import remarks
from sla_rules.agreement.file import parse_agreement
from sla_rules.agreement.model import Agreement
from wording.languages import Language
from wording.voice import Voice

TODAY = date(2026, 11, 28)
UPTIME = parse_agreement(Path("agreements/examples/uptime.yaml").read_text(encoding="utf-8"))


def agreement(holidays: Any, **more: Any) -> Agreement:
    calendar = {"time_zone": "UTC", "weekly_hours": {"mon": [["09:00", "17:00"]]}, "holidays": holidays, **more}
    return Agreement.model_validate(UPTIME.model_dump() | {"calendar": calendar})


def said(found: Agreement, language: Language, today: date = TODAY, until: date | None = None) -> list[str]:
    found = found.model_copy(update={"effective_from": date(2024, 1, 1)})
    lines = [line.strip().partition(": ") for line in lines_of(found, Voice(language), today, until)]
    return [text for head, _, text in lines if head in {"note", "nota"}]


@pytest.mark.parametrize(
    ("own", "override", "expected"),
    [
        ("2026-12-24", "2026-12-24", ["2026-12-24"]),
        ("12-24", "2026-12-24", ["2026-12-24"]),
        ("12-24", "12-24", ["12-24"]),
        ("2026-12-24", "12-24", []),
        ("12-24", "12-23", []),
    ],
)
def test_an_override_that_own_dates_leave_without_effect_is_told(own: str, override: str, expected: list[str]) -> None:
    found = agreement([own], date_overrides={override: [["09:00", "12:00"]]})

    assert [(one.code, one.values) for one in remarks(found, TODAY)] == [
        ("override-closed", {"day": day}) for day in expected
    ]


def test_public_holidays_leave_no_override_without_effect() -> None:
    assert not list(remarks(agreement({"country": "DE"}, date_overrides={"2026-12-25": [["09:00", "12:00"]]}), TODAY))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["calendar: the holidays of LK in 2027 are not known; write them in holidays.dates"]),
        ("es", ["calendario: no se conocen los festivos de LK en 2027; escríbalos en holidays.dates"]),
    ],
)
def test_holidays_that_end_within_two_years_are_told(language: Language, expected: list[str]) -> None:
    assert said(agreement({"country": "LK"}), language) == expected
    assert not said(agreement({"country": "LK"}), language, date(2024, 6, 1))
    assert not said(agreement({"country": "LK"}), language, until=date(2027, 1, 1)), (
        "another version holds from then on"
    )


def test_holidays_by_the_moon_are_told_to_be_estimates_in_the_words_of_the_library() -> None:
    (english,) = said(agreement({"country": "SA"}), "en")
    (spanish,) = said(agreement({"country": "SA"}), "es")

    assert english.startswith("calendar: Eid al-Fitr Holiday on 2027-03-09 (SA) is an estimate, ")
    assert spanish.startswith("calendario: Eid al-Fitr Holiday, el 9/3/2027 (SA), es una estimación, ")


def test_a_name_of_another_time_is_known_and_told_to_be_no_holiday_any_more() -> None:
    once = "80th anniversary of the liberation from Nazism and the end of the Second World War in Europe"
    found = agreement({"country": "DE", "region": "BE", "except": [once, "Good Friday"]})

    assert said(found, "en") == [f"calendar: {once} is no holiday until 2028-11-27"]
    assert not said(found, "en", date(2024, 1, 1))


def test_other_calendars_are_told_of_by_name() -> None:
    nights = {"time_zone": "UTC", "weekly_hours": {"mon": [["22:00", "06:00"]]}, "holidays": {"country": "LK"}}
    found = Agreement.model_validate(UPTIME.model_dump() | {"calendars": {"nights": nights}})

    assert said(found, "en") == [
        "calendar nights: the holidays of LK in 2027 are not known; write them in holidays.dates"
    ]
