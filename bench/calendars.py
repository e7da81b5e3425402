"""Asks the calendar and the libraries that others use for business time the same random questions, and counts.

The libraries are no part of the project. Run it where they are installed:

    uv run --no-project --python 3.11 --with businesstimedelta==1.0.1 --with business-duration==0.68 --with pandas==3.1.1 \
        --with pydantic --with holidays --with tzdata --with pytz python bench/calendars.py

The result is printed, and kept in `bench/results/calendars.md`.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd
import pytz
from business_duration import businessDuration
from businesstimedelta import BusinessTimeDelta, HolidayRule, LunchTimeRule, Rules, WorkDayRule

sys.path.insert(0, str(Path(__file__).parents[1]))

from sla_rules.instants import HOUR, SECOND, Duration, instant, moment
from sla_rules.notation import IN_A_FILE, WEEKDAYS
from sla_rules.time.calendar import Calendar
from sla_rules.time.working_hours import WorkingHours

SEED = 2026
QUESTIONS = 2_000
ZONE = "Europe/Berlin"
BERLIN = ZoneInfo(ZONE)
CLOCK_CHANGES = (date(2026, 3, 29), date(2026, 10, 25))
HOLIDAYS = (date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 25))
PACKAGES = ("businesstimedelta", "business-duration", "pandas", "pytz")


class Schedule(NamedTuple):
    """Spans of open hours on some weekdays, as pairs of times of day."""

    name: str
    days: range
    spans: tuple[tuple[str, str], ...]
    holidays: tuple[date, ...] = ()


@cache
def our_calendar(schedule: Schedule) -> Calendar:
    """The same for us."""
    hours = {
        "time_zone": ZONE,
        "weekly_hours": {WEEKDAYS[day]: [list(span) for span in schedule.spans] for day in schedule.days},
        "holidays": {"dates": [day.isoformat() for day in schedule.holidays]},
    }
    return Calendar(WorkingHours.model_validate(hours, context=IN_A_FILE))


SCHEDULES = (
    Schedule("office, Monday to Friday 09:00-17:00", range(5), (("09:00", "17:00"),)),
    Schedule("the same with three holidays", range(5), (("09:00", "17:00"),), HOLIDAYS),
    Schedule("office with a lunch break 12:30-13:30", range(5), (("09:00", "12:30"), ("13:30", "18:00"))),
    Schedule("night shift, Monday to Friday 22:00-06:00", range(5), (("22:00", "06:00"),)),
    Schedule("Sundays 00:00-06:00, when clocks change", range(6, 7), (("00:00", "06:00"),)),
    Schedule("around the clock", range(7), (("00:00", "24:00"),)),
)


class Question(NamedTuple):
    """How much open time lies between the two, and when is so much over after the first?"""

    start: datetime
    end: datetime
    worked: Duration


class CannotSayError(Exception):
    """The library has no way to be asked this."""


Between = Callable[[Schedule, Question], float]
Add = Callable[[Schedule, Question], datetime]


@cache
def businesstimedelta_rules(schedule: Schedule) -> Rules:
    """Its rules; a day ends at 23:59:59.999999 at the latest."""
    zone, days = pytz.timezone(ZONE), list(schedule.days)
    first, last = schedule.spans[0][0], schedule.spans[-1][1]
    closing = time.max if last == "24:00" else time.fromisoformat(last)
    rules = [WorkDayRule(time.fromisoformat(first), closing, days, tz=zone)]
    if len(schedule.spans) > 1:
        noon, one = schedule.spans[0][1], schedule.spans[1][0]
        rules.append(LunchTimeRule(time.fromisoformat(noon), time.fromisoformat(one), days, tz=zone))
    if schedule.holidays:
        rules.append(HolidayRule(dict.fromkeys(schedule.holidays, "holiday"), tz=zone))
    return Rules(rules)


def businesstimedelta_between(schedule: Schedule, question: Question) -> float:
    """In seconds."""
    found = businesstimedelta_rules(schedule).difference(question.start, question.end)
    return float(found.timedelta.total_seconds())


def businesstimedelta_add(schedule: Schedule, question: Question) -> datetime:
    """In its own zone."""
    rules = businesstimedelta_rules(schedule)
    found: datetime = question.start + BusinessTimeDelta(rules, seconds=question.worked / SECOND)
    return found


def business_duration_between(schedule: Schedule, question: Question) -> float:
    """It takes times of day without a zone, and one span a day."""
    if len(schedule.spans) > 1:
        message = "one span a day"
        raise CannotSayError(message)
    start, end = (when.astimezone(BERLIN).replace(tzinfo=None) for when in (question.start, question.end))
    opening, closing = (time(23, 59, 59) if t == "24:00" else time.fromisoformat(t) for t in schedule.spans[0])
    closed = [day for day in range(7) if day not in schedule.days]
    return float(businessDuration(start, end, opening, closing, closed, list(schedule.holidays), unit="sec"))


def pandas_add(schedule: Schedule, question: Question) -> datetime:
    """It adds whole hours."""
    if schedule.spans == (("00:00", "24:00"),):
        message = "no day of 24 hours"
        raise CannotSayError(message)
    opens, closes = zip(*schedule.spans, strict=True)
    mask = " ".join(WEEKDAYS[day].capitalize() for day in schedule.days)
    hours = pd.offsets.CustomBusinessHour(
        question.worked // HOUR, start=list(opens), end=list(closes), weekmask=mask, holidays=list(schedule.holidays)
    )
    found: datetime = (pd.Timestamp(question.start.astimezone(BERLIN)) + hours).to_pydatetime()
    return found


@cache
def questions() -> tuple[Question, ...]:
    """Random instants of a year, to the microsecond; every second begins in the week of a clock change."""
    chance = random.Random(SEED)  # noqa: S311
    found = []
    for number in range(QUESTIONS):
        if number % 2:
            midnight = datetime.combine(chance.choice(CLOCK_CHANGES), time(), UTC) - timedelta(days=3)
            start = midnight + timedelta(days=7 * chance.random())
        else:
            start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=350 * chance.random())
        end = start + timedelta(days=10 * chance.random() ** 2)
        found.append(Question(start, end, chance.randint(1, 40) * HOUR))
    return tuple(found)


def verdict(difference: float) -> str:
    """How far apart two answers are, in words."""
    apart = abs(difference)
    if apart == 0:
        return "same"
    if apart < 1:
        return "less than a second apart"
    return "exactly an hour apart" if abs(apart - 3600) < 1 else "further apart"


def between_us(schedule: Schedule, question: Question) -> float:
    """Our answer in seconds."""
    return our_calendar(schedule).between(instant(question.start), instant(question.end)) / SECOND


def add_us(schedule: Schedule, question: Question) -> datetime:
    """Our answer."""
    return moment(our_calendar(schedule).add(instant(question.start), question.worked))


Answer = tuple[str, str]
Row = tuple[str, Counter[str], dict[str, str]]


def answer_between(ask: Between, schedule: Schedule, question: Question) -> Answer:
    """How far its answer lies from ours, and both in words."""
    ours, theirs = between_us(schedule, question), ask(schedule, question)
    start, end = (local(when) for when in (question.start, question.end))
    return verdict(theirs - ours), f"between {start} and {end}: {theirs:.6f} s, ours {ours:.6f} s"


def answer_add(ask: Add, schedule: Schedule, question: Question) -> Answer:
    """How far its answer lies from ours, and both in words."""
    ours, theirs = add_us(schedule, question), ask(schedule, question)
    said = f"{local(question.start)} plus {question.worked // HOUR} h: {local(theirs)}, ours {local(ours)}"
    return verdict((theirs - ours).total_seconds()), said


def local(when: datetime) -> str:
    """On Berlin's clocks."""
    return when.astimezone(BERLIN).isoformat(" ")


def compare(answer: Callable[[Question], Answer]) -> Row:
    """How many answers of each sort, with the first example."""
    counts, examples = Counter[str](), dict[str, str]()
    for question in questions():
        try:
            kind, said = answer(question)
        except CannotSayError as cannot:
            return f"cannot be asked: {cannot}", Counter(), {}
        except Exception as wrong:  # noqa: BLE001
            kind = "an error"
            said = f"{local(question.start)} plus {question.worked // HOUR} h: {type(wrong).__name__}: {wrong}"
        counts[kind] += 1
        examples.setdefault(kind, said)
    return "", counts, examples


KINDS = ("same", "less than a second apart", "exactly an hour apart", "further apart", "an error")
BETWEEN: Mapping[str, Between] = {
    "businesstimedelta": businesstimedelta_between,
    "business-duration": business_duration_between,
}
ADD: Mapping[str, Add] = {"businesstimedelta": businesstimedelta_add, "pandas CustomBusinessHour": pandas_add}


def rows() -> list[tuple[str, str, str, Row]]:
    """Every library on every schedule."""
    found = []
    for name, ask in BETWEEN.items():
        found += [(name, "between", s.name, compare(partial(answer_between, ask, s))) for s in SCHEDULES]
    for name, add in ADD.items():
        found += [(name, "add", s.name, compare(partial(answer_add, add, s))) for s in SCHEDULES]
    return found


def report() -> str:
    """All of it, as a page."""
    installed = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    lines = [
        "# Business time in other libraries",
        "",
        f"Written by `bench/calendars.py`: {QUESTIONS} questions a line, seed {SEED}, zone {ZONE}, half of them in the",
        f"weeks in which clocks change. Python {sys.version.split()[0]}, {installed}.",
        "",
        f"| library | question | schedule | {' | '.join(KINDS)} |",
        f"| --- | --- | --- |{' --- |' * len(KINDS)}",
    ]
    found = rows()
    for name, question, schedule, (cannot, counts, _) in found:
        cells = [cannot, *[""] * (len(KINDS) - 1)] if cannot else [str(counts[kind]) for kind in KINDS]
        lines.append(f"| {name} | {question} | {schedule} | {' | '.join(cells)} |")
    lines += ["", "The first example of each difference:", ""]
    for name, question, schedule, (_, _, examples) in found:
        for kind, example in examples.items():
            if kind != "same":
                lines.append(f"- {name}, {question}, {schedule}, {kind}: {example}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    page = report()
    print(page, end="")
    (Path(__file__).parent / "results" / "calendars.md").write_text(page, encoding="utf-8")
