"""When somebody works, as it stands in an agreement: weekly hours, holidays, overrides, breaks, in one zone."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Annotated, Any, Final

import holidays
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationInfo

from sla_rules.fitting import Misfit, Place, fits, in_a_whole_file
from sla_rules.instants import MINUTE, Duration
from sla_rules.notation import MINUTES_OF_DAY, WEEKDAYS, Frozen, Line, Span, Weekday, distinct, in_order, time_of_day
from sla_rules.spelling import meant, plain
from sla_rules.time.public_holidays import PublicHolidays
from sla_rules.time.yearly_dates import Day
from sla_rules.time.zones import TimeZone

_A_SPAN: Final = '["09:00", "17:00"]'


def _spans(value: object) -> object:
    """Hours in the ways that somebody tries first are no hours, and say how they are written."""
    times = re.findall(r"(?<!\d)\d{1,2}:\d\d(?!\d)", value) if isinstance(value, str) else value
    if isinstance(times, list) and times and all(isinstance(one, str) and ":" in one for one in times):
        pairs = zip(times[::2], times[1::2], strict=False)
        spans = ", ".join(f'["{opening:0>5}", "{closing:0>5}"]' for opening, closing in pairs)
        message = f"hours are a list of spans; write [{spans or _A_SPAN}]"
        raise ValueError(message)
    return value


def _apart(hours: tuple[Span, ...], info: ValidationInfo) -> tuple[Span, ...]:
    """In a file, hours that overlap are a slip; a calendar counts them once."""
    if not in_a_whole_file(info):
        return hours
    for (opening, closing), (other, until) in pairwise(sorted(map(straight, hours))):
        if other < closing:
            message = f"{_clock(opening)} to {_clock(closing)} and {_clock(other)} to {_clock(until)} overlap; write them as one"
            raise ValueError(message)
    return hours


def straight(span: Span) -> tuple[int, int]:
    """Minutes from the midnight before, past the next one where the span crosses it."""
    opening, closing = span
    return opening, closing if closing > opening else closing + MINUTES_OF_DAY


def _clock(minute: int) -> str:
    return time_of_day(minute if minute == MINUTES_OF_DAY else minute % MINUTES_OF_DAY)


Hours = Annotated[tuple[Span, ...], Field(max_length=48), BeforeValidator(_spans), AfterValidator(_apart)]


def _week_in_order(hours: dict[Weekday, Hours]) -> dict[Weekday, Hours]:
    return {day: hours[day] for day in WEEKDAYS if day in hours}


MOST_HOLIDAYS: Final = 100
"""That are named; no country has as many."""


def open_time(spans: Iterable[Span]) -> Duration:
    """How long the spans of a day are together."""
    return sum(closing - opening for opening, closing in map(straight, spans)) * MINUTE


class Holidays(Frozen):
    """Public holidays of a country (and region) by the `holidays` library, but for some, plus dates of one's own."""

    model_config = ConfigDict(serialize_by_alias=True)

    country: str | None = None
    """ISO 3166 code, as DE or US."""
    region: str | None = None
    """State or province, as the `holidays` library names it."""
    left_out: Annotated[tuple[Line, ...], Field(max_length=MOST_HOLIDAYS), AfterValidator(distinct)] = Field(
        default=(), alias="except"
    )
    """Public holidays that are days like others, by the names that the library has for them, in English or the
    country's languages; with the days that stand for them, as `Christmas Day (observed)`, which may be named alone.
    """
    open: Annotated[dict[Line, Hours], Field(max_length=MOST_HOLIDAYS), AfterValidator(in_order)] = Field(
        default_factory=dict
    )
    """Hours of public holidays that are open for a part of the day, by such names, on weekdays that have hours."""
    dates: Annotated[tuple[Day, ...], AfterValidator(distinct)] = ()
    """Own holidays: of one year, or of every year, as `12-24`."""

    @fits
    def _country_is_known(self) -> Iterator[Misfit]:
        countries = holidays.list_supported_countries()
        if self.country is not None and self.country not in countries:
            close = _country_meant(self.country)
            advice = f"did you mean {close}?" if close is not None else "use an ISO 3166 code such as DE or US"
            yield ("country",), f"no holidays are known for country {self.country!r}; {advice}"

    @fits
    def _region_is_known(self) -> Iterator[Misfit]:
        countries = holidays.list_supported_countries()
        if self.region is None:
            return
        if self.country is None:
            yield ("region",), "a region needs its country"
        elif self.country in countries and not countries[self.country]:
            yield ("region",), f"{self.country} has no regions here; leave it out"
        elif self.country in countries and self.region not in countries[self.country]:
            close = _region_meant(self.country, self.region)
            known = f"known: {', '.join(countries[self.country])}"
            advice = f"did you mean {close}?" if close is not None else known
            yield ("region",), f"no region {self.region!r} of {self.country}; {advice}"

    @fits
    def _open_for_some_time(self) -> Iterator[Misfit]:
        for name, spans in self.open.items():
            if not spans:
                yield ("open", name), "is a holiday, and closed as such; leave it out, or write hours"

    @fits
    def _names_are_known(self) -> Iterator[Misfit]:
        places: list[tuple[Place, str]] = [(("except", number), name) for number, name in enumerate(self.left_out)]
        places += [(("open", name), name) for name in self.open]
        if places and self.country is None:
            yield places[0][0][:1], "public holidays are those of a country; name it"
        elif places and self.country is not None and _is_known(self.country, self.region):
            known = PublicHolidays.of(self.country, self.region)
            left_out = {one for name in self.left_out for one in known.named(name)}
            for place, name in places:
                if not (called := known.named(name)):
                    yield place, known.unknown(name)
                elif place[0] == "open" and called & left_out:
                    yield place, "is left out by `except`; say one of the two"


def _is_known(country: str, region: str | None) -> bool:
    regions = holidays.list_supported_countries().get(country)
    return regions is not None and (region is None or region in regions)


def _country_meant(name: str) -> str | None:
    """The code of a country by its English name, or the code that is spelled alike."""
    named = holidays.registry.COUNTRIES.get(plain(name).replace(" ", "_"))
    return named[1] if named is not None else meant(name, holidays.list_supported_countries(include_aliases=False))


def _region_meant(country: str, name: str) -> str | None:
    """The code of a region by its name, or the code or name that is spelled alike."""
    named = holidays.country_holidays(country).subdivisions_aliases
    codes = holidays.list_supported_countries(include_aliases=False)[country]
    close = meant(name, [*codes, *named])
    return None if close is None else named.get(close, close)


def _dates_alone(value: Any) -> Any:
    """Public holidays and dates of one's own; a list is one of dates."""
    return {"dates": value} if isinstance(value, list | tuple) else value


class WorkingHours(Frozen):
    """When the provider works: weekly hours, less holidays, with other hours on some dates, less breaks."""

    time_zone: TimeZone
    weekly_hours: Annotated[dict[Weekday, Hours], AfterValidator(_week_in_order)]
    """Spans of open hours by weekday; several a day, and past midnight where the end is not after the start."""
    holidays: Annotated[Holidays, BeforeValidator(_dates_alone, json_schema_input_type=Holidays | tuple[Day, ...])] = (
        Holidays()
    )
    """Public holidays and dates of one's own; a list is one of dates."""
    date_overrides: Annotated[dict[Day, Hours], AfterValidator(in_order)] = Field(default_factory=dict)
    """Other hours on single dates, or on a date of every year, as `12-24`; an empty list for a day that stays closed. They go
    before public holidays, not before dates of one's own; one date goes before that of every year. One date opens whatever
    its weekday, that of every year on weekdays that have hours.
    """
    breaks: Annotated[dict[Day, Hours], AfterValidator(in_order)] = Field(default_factory=dict)
    """Spans cut out of single dates, or of a date of every year."""

    @fits
    def _opens_sometimes(self) -> Iterator[Misfit]:
        if not any(self.weekly_hours.values()):
            yield ("weekly_hours",), "opens on no day"


def overlapping_nights(hours: WorkingHours) -> Iterator[Misfit]:
    """Days that open while the night shift of the day before is still there."""
    for day, following in zip(WEEKDAYS, (*WEEKDAYS[1:], WEEKDAYS[0]), strict=True):
        night = max((closing for _, closing in map(straight, hours.weekly_hours.get(day, ()))), default=0)
        opening = min((opens for opens, _ in hours.weekly_hours.get(following, ())), default=night)
        if opening < night - MINUTES_OF_DAY:
            message = f"opens at {_clock(opening)} while {day} is open until {_clock(night)}; write the hours once"
            yield ("weekly_hours", following), message
