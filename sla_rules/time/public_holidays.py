"""Public holidays as the `holidays` library knows them: of countries and regions, by date and by name, and how far it knows them.

A holiday bears labels besides its name where another day stands for it ("observed") or the moon has yet to say ("estimated").
Names are compared without case and accents, in every language that the library has them in.
"""

import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import lru_cache
from inspect import signature
from typing import Final, NamedTuple, Self

import holidays
from holidays import HolidayBase

from sla_rules.spelling import meant, plain

_LABELS: Final = ("observed_estimated_label", "observed_label", "estimated_label")
_YEARS_OF_NOW: Final = range(2020, 2041)
"""Where names are looked for first; the library has hundreds of years."""


class Holiday(NamedTuple):
    """One holiday of a date, in the library's own language for the country: its name, and the name with its labels."""

    name: str
    labelled: str


class PublicHolidays:
    """Those of one country, or of one of its regions."""

    def __init__(self, country: str, region: str | None = None) -> None:
        self._country, self._region = country, region
        self.place = country if region is None else f"{country}, {region}"
        """What a person calls it."""
        self._known = _library(country, region)

    @classmethod
    @lru_cache(maxsize=1_000)
    def of(cls, country: str, region: str | None) -> Self:
        """The same ones for all who ask, so that the library fills in a year once."""
        return cls(country, region)

    def on(self, day: date) -> Sequence[Holiday]:
        """The holidays that a date is; none on most."""
        if day.year not in self._known.years:
            with _quietly():
                self._known.get(day)  # which fills in the year
        return [Holiday(_without_labels(self._known, name), name) for name in self._known.get_list(day)]

    def named(self, name: str) -> frozenset[str]:
        """What is called so in any language and year, as `on` names it, with its labels or without; empty if nothing is."""
        for years in (_YEARS_OF_NOW, range(self._known.start_year, self._known.end_year + 1)):
            found = _names(self._country, self._region, years).get(plain(name))
            if found is not None:
                return found
        return frozenset()

    def unknown(self, name: str) -> str:
        """That no holiday is called so, with the nearest, and all that there are."""
        english = _spelled(self._country, self._region, _in_english(self._known))
        own = _spelled(self._country, self._region, None)
        close = meant(name, [*own, *english])
        advice = f"did you mean {close!r}? " if close is not None else ""
        return f"no holiday {name!r} of {self.place}; {advice}known: {', '.join(english) or 'none'}"

    def unknown_from(self, years: Iterable[int]) -> int | None:
        """The first of some years that the library does not know all holidays of."""
        for year in years:
            if not self._known.start_year <= year <= self._known.end_year:
                return year
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                type(self._known)(years=year, subdiv=self._region)
            if said:
                return year
        return None

    def estimated(self, first: date, last: date) -> tuple[date, str] | None:
        """The first of some days that the moon may still move, and what it is called, in English if it is."""
        language = _in_english(self._known)
        found = _library(self._country, self._region, language, range(first.year, last.year + 1), estimated=True)
        labels = [_label(found, name) for name in _LABELS if "estimated" in name and hasattr(found, name)]
        for day in sorted(day for day in found if first <= day <= last):
            for name in found.get_list(day):
                if any(label.fullmatch(name) for label in labels):
                    return day, _without_labels(found, name)
        return None


def _library(
    country: str, region: str | None, language: str | None = None, years: Iterable[int] = (), *, estimated: bool = False
) -> HolidayBase:
    """What the library has in a language, its own unless one is asked for.

    `estimated` has it label what the moon may still move, which it leaves out for some countries.
    """
    some = holidays.country_holidays(country)
    entity: Callable[..., HolidayBase] = type(some)
    options = [name for name in signature(entity).parameters if name.endswith("_show_estimated")]
    within = [year for year in years if some.start_year <= year <= some.end_year]
    with _quietly():
        return entity(
            years=within,
            subdiv=region,
            language=language or some.default_language,  # which it would take from the environment
            **dict.fromkeys(options if estimated else (), True),
        )


def _quietly() -> AbstractContextManager[object]:
    """What the library warns of, `unknown_from` tells who asks."""
    return warnings.catch_warnings(action="ignore")


@lru_cache(maxsize=1_000)
def _names(country: str, region: str | None, years: range) -> Mapping[str, frozenset[str]]:
    """Whatever holidays are called in any language, plain, with what the library's own calls them.

    Where several fall on one date and the catalogue does not say which of them a name translates, other dates do.
    """
    own = _library(country, region, years=years)
    sure: dict[str, set[str]] = {}
    guessed: dict[str, set[str]] = {}
    for language in own.supported_languages or (None,):
        theirs = _library(country, region, language, years)
        for day in own:
            ours = own.get_list(day)
            for name in theirs.get_list(day):
                for spelled, called in ((name, ours), (_without_labels(theirs, name), _all_without_labels(own, ours))):
                    if len(translated := [one for one in called if theirs.tr(one) == spelled] or called) == 1:
                        sure.setdefault(plain(spelled), set()).update(translated)
                    else:
                        guessed.setdefault(plain(spelled), set(called)).intersection_update(called)
    return {spelled: frozenset(called) for spelled, called in (guessed | sure).items() if called}


def _spelled(country: str, region: str | None, language: str | None) -> list[str]:
    """The names of holidays in one language, in the order in which they first come."""
    known = _library(country, region, language, _YEARS_OF_NOW)
    return list(
        dict.fromkeys(name for day in sorted(known) for name in _all_without_labels(known, known.get_list(day)))
    )


def _in_english(known: HolidayBase) -> str | None:
    """The English that the library has names in; None where it has its own language alone."""
    own = known.default_language
    if own is None or own.startswith("en"):
        return own
    return next((one for one in known.supported_languages if one.startswith("en")), None)


def _all_without_labels(known: HolidayBase, names: Iterable[str]) -> list[str]:
    return [_without_labels(known, name) for name in names]


def _without_labels(known: HolidayBase, name: str) -> str:
    matches = (_label(known, label).fullmatch(name) for label in _LABELS if hasattr(known, label))
    return next((match[1] for match in matches if match is not None), name)


def _label(known: HolidayBase, label: str) -> re.Pattern[str]:
    before, after = known.tr(getattr(known, label)).split("%s")
    return re.compile(f"{re.escape(before)}(.+){re.escape(after)}")
