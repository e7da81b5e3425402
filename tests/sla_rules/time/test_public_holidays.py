"""Public holidays by the names that people have for them, and how far the library knows them."""

from datetime import date

import pytest

from sla_rules.time.public_holidays import Holiday, PublicHolidays

US = PublicHolidays("US")


def test_a_day_that_stands_for_a_holiday_bears_its_name_and_a_label() -> None:
    assert US.on(date(2026, 7, 3)) == [Holiday("Independence Day", "Independence Day (observed)")]
    assert US.on(date(2026, 7, 4)) == [Holiday("Independence Day", "Independence Day")]
    assert not US.on(date(2026, 7, 6))


@pytest.mark.parametrize(
    ("country", "region", "written", "meant"),
    [
        ("US", None, "COLUMBUS DAY", "Columbus Day"),
        ("US", None, "Independence Day (Observed)", "Independence Day (observed)"),
        ("DE", "BE", "Good Friday", "Karfreitag"),
        ("DE", "BE", "karfreitag", "Karfreitag"),
        ("MX", None, "Día de la Constitución", "Día de la Constitución"),
        ("MX", None, "dia de la constitucion", "Día de la Constitución"),
        ("MX", None, "Constitution Day", "Día de la Constitución"),
        ("BE", None, "Goede Vrijdag", None),
        ("BE", None, "Lundi de Pâques", "Paasmaandag"),
        ("SA", None, "Eid al-Fitr Holiday", "عطلة عيد الفطر"),
        ("SA", None, "Eid al-Fitr Holiday (estimated)", None),
        ("NZ", None, "Waitangi Day", "Waitangi Day"),
        ("DE", "BY", "Reformation Day", "Reformationstag"),
        ("DE", "HE", "Corpus Christi", "Fronleichnam"),
        ("DE", "BE", "Corpus Christi", None),
        ("US", None, "Juneteenth National Independence Day", "Juneteenth National Independence Day"),
        ("DE", None, "Repentance and Prayer Day", "Buß- und Bettag"),
        ("CZ", None, "New Year's Day", "Nový rok"),
        ("CZ", None, "Independent Czech State Restoration Day", "Den obnovy samostatného českého státu"),
    ],
)
def test_names_are_known_in_english_and_the_countrys_languages_of_any_year(
    country: str, region: str | None, written: str, meant: str | None
) -> None:
    assert PublicHolidays(country, region).named(written) == ({meant} if meant is not None else set())


def test_of_an_unknown_name_the_nearest_and_all_are_told() -> None:
    said = US.unknown("Colombus Day")

    assert said.startswith("no holiday 'Colombus Day' of US; did you mean 'Columbus Day'? known: New Year's Day, ")
    assert "did you mean 'Karfreitag'?" in PublicHolidays("DE", "BE").unknown("Kar-Freitag")
    assert "no holiday 'Carnival' of DE, BE; known: " in PublicHolidays("DE", "BE").unknown("Carnival")


def test_names_do_not_depend_on_the_language_of_whoever_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "th")

    assert PublicHolidays("DE").on(date(2026, 4, 3)) == [Holiday("Karfreitag", "Karfreitag")]
    assert PublicHolidays("US").named("Labor Day") == {"Labor Day"}


@pytest.mark.parametrize(
    ("country", "years", "first"),
    [
        ("US", range(2026, 2029), None),
        ("US", range(2099, 2103), 2101),
        ("LK", range(2025, 2029), 2027),
        ("IN", range(2034, 2038), 2036),
        ("DE", range(1989, 1992), 1989),
    ],
)
def test_the_first_year_that_the_library_does_not_know_is_found(country: str, years: range, first: int | None) -> None:
    assert PublicHolidays(country).unknown_from(years) == first


def test_what_the_moon_may_still_move_is_an_estimate_though_the_library_calls_it_none() -> None:
    saudi = PublicHolidays("SA")

    assert saudi.estimated(date(2027, 1, 1), date(2027, 12, 31)) == (date(2027, 3, 9), "Eid al-Fitr Holiday")
    assert saudi.estimated(date(2024, 1, 1), date(2024, 12, 31)) is None
    assert saudi.on(date(2027, 3, 9))[0].labelled == saudi.on(date(2027, 3, 9))[0].name
    assert US.estimated(date(2026, 1, 1), date(2030, 12, 31)) is None
