"""A plan on one screen: the goal and how it follows, what hangs on the close rate, whether the reps can serve it, and the goal line."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from textwrap import wrap
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table

from leadsla.tables.agreement import feasible
from leadsla.tables.headings import add_number_column
from leadsla.tables.narrator import NOTHING, Narrator
from sla_rules.reports.planned import DueByDay, Plan, PlannedPart, RecalculatedPart
from sla_rules.time.periods import first_day

GIVEN: Final = ("plan-quota", "ledger-our-share", "plan-deal", "plan-close-rate")
NEEDED: Final = ("plan-revenue", "plan-customers", "plan-leads", "plan-value")
_ROOM: Final = 1_000
"""Columns that no table needs."""
_LONG: Final = 10_000
MOST_WEEKS: Final = 14
"""More are shown by month."""


def show_plan(console: Console, plan: Plan, narrator: Narrator) -> None:
    """Print it; without an agreement, what was assumed in place of one."""
    period = narrator.period(plan.period)
    if plan.agreement is None:
        title = narrator.text("plan-title", period=period, leads=plan.leads_needed)
    else:
        title = narrator.text(
            "plan-title-of",
            agreement=plan.agreement,
            obligation=plan.obligation,
            period=period,
            leads=plan.leads_needed,
        )
    console.print(f"[bold]{escape(title)}[/bold]")
    for quotas in _tables(plan, narrator, console):
        console.print(quotas)
    for said in _lines(plan, narrator):
        console.print(Padding(escape(said), (0, 0, 0, 2)))
    heading, line = _goal_line(plan, narrator, console)
    console.print(f"\n{narrator.text(heading)}")
    console.print(line)


def _tables(plan: Plan, narrator: Narrator, console: Console) -> Sequence[Table]:
    """What was given and what is needed beside each other, where there is room for both."""
    whole = _quotas(plan, narrator, (*GIVEN, *NEEDED))
    return [whole] if _fits(whole, console) else [_quotas(plan, narrator, GIVEN), _quotas(plan, narrator, NEEDED)]


def _quotas(plan: Plan, narrator: Narrator, headings: Sequence[str]) -> Table:
    rows = [{**_given(part, narrator), **_needed(part, narrator)} for part in plan.parts]
    names = [part.segment or NOTHING for part in plan.parts]
    if len(rows) > 1 and NEEDED[0] in headings:
        rows.append(_needed(plan, narrator))
        names.append(narrator.text("plan-together"))
    table = _table()
    has_segments = any(part.segment is not None for part in plan.parts)
    if has_segments:
        table.add_column(narrator.text("plan-segment"), no_wrap=True)
    for heading in headings:
        _add_whole(table, narrator.text(heading), [row.get(heading, "") for row in rows])
    for number, (name, row) in enumerate(zip(names, rows, strict=True)):
        cells = [row.get(heading, "") for heading in headings]
        is_sum = number >= len(plan.parts)
        table.add_row(*[escape(name)] * has_segments, *cells, style="bold" if is_sum else None)
    return table


def _given(part: PlannedPart, narrator: Narrator) -> dict[str, str]:
    share = narrator.voice.share
    cells = (
        _money(part.quota, narrator),
        share(part.marketing_share),
        _money(part.average_deal, narrator),
        share(part.close_rate),
    )
    return dict(zip(GIVEN, cells, strict=True))


def _needed(found: PlannedPart | Plan, narrator: Narrator) -> dict[str, str]:
    cells = (
        _money(found.revenue_goal, narrator),
        narrator.count(found.customers_needed),
        narrator.count(found.leads_needed),
        _money(found.value_needed, narrator),
    )
    return dict(zip(NEEDED, cells, strict=True))


def _lines(plan: Plan, narrator: Narrator) -> Iterator[str]:
    voice, needed = narrator.voice, plan.leads_needed
    yield narrator.text("plan-rounded", segments=len(plan.parts), currency=plan.currency)
    if plan.leads_agreed is not None:
        yield narrator.text("plan-agreed", version=plan.version, goal=voice.number(plan.leads_agreed))
    yield from _measured(plan, narrator)
    yield narrator.text(
        "plan-a-day",
        a_day=None if plan.a_day is None else voice.fixed(plan.a_day, 1),
        days=sum(day.counts for day in plan.days),
        spread=plan.spread_over,
    )
    less, more = plan.leads_if_rate_falls, plan.leads_if_rate_rises
    yield narrator.text(
        "plan-if",
        less=narrator.count(less),
        less_by=voice.fixed(less - needed, 0, sign=True),
        more=narrator.count(more),
        more_by=voice.fixed(more - needed, 0, sign=True),
    )
    yield from _served(plan, narrator)
    if plan.agreement is None:
        yield narrator.text("plan-assumed")


def _served(plan: Plan, narrator: Narrator) -> Iterator[str]:
    if plan.serving is None:
        yield narrator.text("plan-no-reps")
        return
    found = plan.serving.feasible
    yield feasible(found, narrator, "plan-feasible")
    if found.capacity < found.agreed:
        wanted = None if found.reps_wanted is None else narrator.count(found.reps_wanted)
        yield narrator.text(
            "plan-could-serve", wanted=wanted, reps=narrator.count(found.reps), served=narrator.count(found.capacity)
        )


def _measured(plan: Plan, narrator: Narrator) -> Iterator[str]:
    if plan.recalculation is None:
        return
    if not plan.recalculation.parts:
        yield narrator.text("plan-not-measured", segment=None, why=narrator.text("plan-nothing-measured"), would=None)
    for part in plan.recalculation.parts:
        yield from _measured_part(part, narrator)


def _measured_part(part: RecalculatedPart, narrator: Narrator) -> Iterator[str]:
    rates, segment = part.matured, part.segment
    remark = None if part.remark is None else narrator.voice.say(part.remark)
    if not part.is_taken:
        would = None if part.leads_needed_by_rates is None else narrator.count(part.leads_needed_by_rates)
        yield narrator.text("plan-not-measured", segment=segment, why=remark, would=would)
        return
    if (
        rates.close_rate is not None
        and rates.average_deal is not None
        and rates.since is not None
        and rates.until is not None
    ):
        yield narrator.text(
            "plan-measured",
            segment=segment,
            customers=narrator.count(rates.converted),
            leads=rates.leads,
            rate=narrator.voice.percentage(rates.close_rate, 1),
            deal=_money(rates.average_deal, narrator),
            since=narrator.day(rates.since),
            until=narrator.day(rates.until),
        )
    if remark is not None:
        yield narrator.text("plan-remark", segment=segment, why=remark)
    if part.leads_needed_at_measured_share is not None and rates.marketing_share is not None:
        share = narrator.voice.percentage(rates.marketing_share, 1)
        yield narrator.text(
            "plan-by-measured-share", segment=segment, share=share, leads=part.leads_needed_at_measured_share
        )


def _goal_line(plan: Plan, narrator: Narrator, console: Console) -> tuple[str, Table]:
    """A week in a row; of a longer period, or where there is no room, a month."""
    by_week = _by_week(plan, narrator)
    if by_week.row_count <= MOST_WEEKS and _fits(by_week, console):
        return "plan-line", by_week
    return "plan-line-of-months", _by_month(plan, narrator)


def _by_week(plan: Plan, narrator: Narrator) -> Table:
    table = _table()
    table.add_column(narrator.text("plan-week"), no_wrap=True)
    weeks = [
        (monday, {day.day.weekday(): day for day in days})
        for monday, days in groupby(plan.days, key=lambda day: first_day("week", day.day))
    ]
    for number in range(7):
        due = [_due(week[number], narrator) for _, week in weeks if number in week]
        _add_whole(table, narrator.voice.weekday(number), due)
    for monday, week in weeks:
        cells = (_styled(week[number], narrator) if number in week else "" for number in range(7))
        table.add_row(narrator.voice.day(monday), *cells)
    return table


def _by_month(plan: Plan, narrator: Narrator) -> Table:
    table = _table()
    table.add_column(narrator.text("plan-month"))
    add_number_column(table, narrator.text("plan-leads"))
    for _, days in groupby(plan.days, key=lambda day: first_day("month", day.day)):
        *_, last = days
        table.add_row(narrator.voice.month(last.day), _due(last, narrator))
    return table


def _due(day: DueByDay, narrator: Narrator) -> str:
    """With a decimal, unless the number is long without one."""
    return narrator.voice.fixed(day.due, 0 if day.due >= _LONG else 1)


def _styled(day: DueByDay, narrator: Narrator) -> str:
    """Dim where nothing is added on the day."""
    said = _due(day, narrator)
    return said if day.counts else f"[dim]{said}[/dim]"


def _add_whole(table: Table, heading: str, cells: Sequence[str]) -> None:
    """A column that takes no more room than its numbers and the words of its heading do, none of which is broken off."""
    room = max(map(len, (*heading.split(), *cells)))
    table.add_column("\n".join(wrap(heading, room)), justify="right", no_wrap=True)


def _fits(table: Table, console: Console) -> bool:
    return Measurement.get(console, console.options.update(max_width=_ROOM), table).maximum <= console.width


def _money(amount: Fraction, narrator: Narrator) -> str:
    return narrator.voice.number(round(amount, 2))


def _table() -> Table:
    return Table(header_style="dim", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
