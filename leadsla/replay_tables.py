"""What a replay comes to, as tables on a terminal: each period beside its target, and beside other terms."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadsla.replay_consequences import show_consequences
from leadsla.replay_ledger import show_ledger
from leadsla.replay_periods import NOTHING, label_of, local
from sla_rules.agreement.obligations import Depth, Speed, Volume
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.figures.capacity import capacity_for
from sla_rules.instants import SECOND, format_duration

Figures = Mapping[str, Any]
WIDE: Final = 160
"""Columns of a terminal that is none: a file or a pipe."""
SHOWN: Final = 20
"""Breaches that are listed; the others are counted."""


class Column(NamedTuple):
    """A heading, what stands under it, and whether it is laid beside what other terms say."""

    heading: str
    cell: Callable[[Figures], str]
    compared: bool = False


def show(rules: RuleBook, other_rules: RuleBook | None, reports: Sequence[Figures], leads: int) -> None:
    """Print every report."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
    for report in reports:
        zone = rules.zone_of(report["agreement"])
        until = local(report["until"], zone)
        version = report["version"] or "not in force yet"
        title = f"[bold]{escape(report['agreement'])}[/bold] {escape(version)} as of {until:%Y-%m-%d %H:%M:%S %Z}"
        console.print(f"{title}, {leads:,} leads known")
        also = report.get("also")
        for obligation in report["obligations"]:
            other = _same(obligation["id"], also)
            table = _table(rules, report, obligation, zone)
            if other_rules is not None and other is not None and also is not None:
                table = _compared(rules, other_rules, (report, also), (obligation, other), zone)
            console.print()
            console.print(table if table.row_count else f"{table.title}: nothing to count yet")
            if obligation["ledger"] is not None:
                show_ledger(console, obligation, zone, term_of(rules, report, obligation["id"]).year_begins)
        year_begins = rules.versions[report["agreement"]][-1].terms[0].year_begins
        show_consequences(console, report["consequences"], zone, year_begins)
        _breaches(console, report["breaches"], zone)
        uncovered = report["uncovered"]["leads"]
        if uncovered:
            console.print(f"[yellow]under no agreement[/yellow]: {uncovered:,} hand-offs, which count for no one")
        _left_out(console, report)
        console.print()


def _left_out(console: Console, report: Figures) -> None:
    """What no figure has in it, through a fault in the rules."""
    for leads, said in (
        (report["quarantined"], "[red]in quarantine[/red]: {:,} leads that cannot be judged, and count for nothing"),
        (
            report["unpublished"],
            "[red]left out of what was published[/red]: {:,} leads that cannot be judged as of the end of a period",
        ),
    ):
        if leads:
            console.print(said.format(len(leads)))
        for one in leads[:SHOWN]:
            console.print(f"  lead {escape(one['lead'])}: {escape(one['why'])}")
    unfoldable = report["unfoldable"]
    if unfoldable:
        console.print(f"[red]left out[/red]: {len(unfoldable):,} events that cannot be merged")
        for one in unfoldable[:SHOWN]:
            console.print(
                f"  {escape(one['source'])} {escape(one['id'])} of {escape(one['lead'])}: {escape(one['why'])}"
            )


def _table(rules: RuleBook, report: Figures, obligation: Figures, zone: ZoneInfo) -> Table:
    term = term_of(rules, report, obligation["id"])
    columns = columns_of(term)
    table = _empty(title_of(term), [column.heading for column in columns])
    for period in _filled(obligation):
        table.add_row(
            *_place(period, zone, term.year_begins),
            period["status"],
            *[column.cell(period["restated"]) for column in columns],
        )
        if period["status"] == "restated":
            cells = [column.cell(period["published"]) for column in columns]
            table.add_row("", "", "as published", *cells, style="dim")
    return table


def _compared(
    rules: RuleBook,
    other_rules: RuleBook,
    reports: tuple[Figures, Figures],
    obligations: tuple[Figures, Figures],
    zone: ZoneInfo,
) -> Table:
    """Two columns for each figure that terms change: what is known now, by these and by the other terms."""
    terms = term_of(rules, reports[0], obligations[0]["id"]), term_of(other_rules, reports[1], obligations[1]["id"])
    sides = [[column for column in columns_of(term) if column.compared] for term in terms]
    names = [str(report["version"]) for report in reports]
    if names[0] == names[1]:
        names[1] = f"{names[1]} (other)"
    headings = [f"{pair[0].heading}\n{name}" for pair in zip(*sides, strict=False) for name in names]
    table = _empty(f"{title_of(terms[0])}\n beside: {title_of(terms[1])}", headings)
    others = {_name(period): period for period in obligations[1]["periods"]}
    for period in _filled(obligations[0]):
        other = others.get(_name(period))
        cells = []
        for mine, theirs in zip(*sides, strict=False):
            cells += [mine.cell(period["restated"]), NOTHING if other is None else theirs.cell(other["restated"])]
        table.add_row(*_place(period, zone, terms[0].year_begins), period["status"], *cells)
    return table


def term_of(rules: RuleBook, report: Figures, obligation: str) -> Term:
    """An obligation as it stands in the latest version that has it."""
    return next(term for term in reversed(rules.terms) if term.name == (report["agreement"], obligation))


def title_of(term: Term) -> str:
    """What was agreed, in a line."""
    terms = term.obligation
    parts = [terms.title or terms.kind]
    if isinstance(terms, Speed | Depth):
        clock = "of working time" if terms.deadline.clock == "working" else "by the clock"
        parts.append(f"within {format_duration(terms.deadline.within)} {clock}")
        if terms.target.share is not None:
            parts.append(f"target {terms.target.share:.0%}")
    if isinstance(terms, Speed) and terms.target.average is not None:
        parts.append(f"average {format_duration(terms.target.average)}")
    elif isinstance(terms, Depth):
        parts.append(f"{terms.attempts} attempts")
        if terms.target.average is not None:
            parts.append(f"average {terms.target.average}")
        parts.append("closed leads " + terms.closed_leads.replace("_", " "))
    elif isinstance(terms, Volume):
        parts.append(f"goal {terms.agreed} {'in value' if terms.measure == 'value' else 'leads'} a {terms.interval}")
    return f"[bold]{escape(terms.id)}[/bold]: {escape(', '.join(parts))}"


def columns_of(term: Term) -> list[Column]:
    """What is shown of an obligation; red is short of its target."""
    terms = term.obligation
    if isinstance(terms, Speed):
        clock = "working" if terms.deadline.clock == "working" else "wall_clock"
        target = None if terms.target.average is None else terms.target.average / SECOND
        return [
            _count("leads"),
            _count("followed_up", "followed up"),
            *(_count(name, compared=True) for name in ("met", "breached")),
            *(_count(name) for name in ("open", "closed", "excused")),
            Column("in time", lambda figures: _share(figures, terms.target.share), compared=True),
            Column("average", lambda figures: _time(figures[clock]["average_seconds"], target), compared=True),
            Column("p90", lambda figures: _time(figures[clock]["p90_seconds"], None)),
        ]
    if isinstance(terms, Depth):
        counted = "average_attempts" if terms.closed_leads == "counted" else "average_attempts_open"
        least = None if terms.target.average is None else float(terms.target.average)
        return [
            *(_count(name) for name in ("leads", "unconnected", "attempts")),
            Column("average", lambda figures: _average(figures[counted], least), compared=True),
            *(_count(name, compared=True) for name in ("met", "breached")),
            *(_count(name) for name in ("open", "closed", "connected", "excused")),
            Column("all attempts", lambda figures: _share(figures, terms.target.share), compared=True),
        ]
    if isinstance(terms, Volume):
        return [
            _count("delivered", compared=True),
            Column("value", lambda figures: figures["value"], compared=True),
            Column("goal", lambda figures: _goal(figures["goal"]), compared=True),
            Column("goal to date", lambda figures: _goal(figures["goal_to_date"])),
            Column("ahead", lambda figures: _ahead(figures, terms)),
            *([Column("load", _load)] if capacity_for(term.agreement, terms.id) is not None else []),
        ]
    return [
        *(_count(name, compared=True) for name in ("due", "met", "breached", "open")),
        Column("quantity", lambda figures: f"{figures['quantity']:,.10g} of {figures['wanted']:,.10g}"),
        _count("wrong_recipient", "to others"),
    ]


def _count(name: str, heading: str | None = None, *, compared: bool = False) -> Column:
    return Column(heading or name, lambda figures: f"{figures[name]:,}", compared)


def _share(figures: Figures, target: Any) -> str:
    judged = figures["met"] + figures["breached"]
    if not judged:
        return NOTHING
    share = Fraction(figures["met"], judged)
    return _coloured(f"{float(share):.1%}", None if target is None else share >= Fraction(target))


def _time(found: float | None, most: float | None) -> str:
    if found is None:
        return NOTHING
    return _coloured(format_duration(round(found) * SECOND), None if most is None else found <= most)


def _average(found: float | None, least: float | None) -> str:
    return NOTHING if found is None else _coloured(f"{found:.2f}", None if least is None else found >= least)


def _goal(goal: float | None) -> str:
    return NOTHING if goal is None else f"{goal:,.10g}"


def _load(figures: Figures) -> str:
    """Of the leads that the reps can serve; more is too much."""
    if figures["capacity"] is None:
        return NOTHING
    load = figures["load"]
    said = NOTHING if load is None else _coloured(f"{load:.0%}", load <= 1)
    return f"{said} of {figures['capacity']:,}"


def _ahead(figures: Figures, terms: Volume) -> str:
    if figures["goal_to_date"] is None:
        return NOTHING
    actual = float(figures["value"]) if terms.measure == "value" else figures["delivered"]
    ahead = actual - figures["goal_to_date"]
    return _coloured(f"{ahead:+,.1f}", ahead >= 0)


def _coloured(text: str, is_good: bool | None) -> str:  # noqa: FBT001 - None is neither
    return text if is_good is None else f"[{'green' if is_good else 'red'}]{text}[/]"


def _empty(title: str, headings: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="", header_style="dim")
    for heading in ("period", "segment", "status"):
        table.add_column(heading, no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _filled(obligation: Figures) -> Iterator[Figures]:
    """Periods in which there was anything to count."""
    for period in [*obligation["periods"], *obligation["totals"]]:
        if any(_counted(figures) for figures in (period["restated"], period["published"] or {})):
            yield period


def _counted(figures: Figures) -> bool:
    return any(figures.get(name) for name in ("leads", "delivered", "due", "excused", "unready"))


def _name(period: Figures) -> tuple[str, str, str | None]:
    return period["interval"], period["start"], period["segment"]


def _same(obligation: str, report: Figures | None) -> Figures | None:
    return next((one for one in (report or {}).get("obligations", []) if one["id"] == obligation), None)


def _place(period: Figures, zone: ZoneInfo, year_begins: int) -> tuple[str, str]:
    return label_of(period, zone, year_begins), escape(period["segment"] or "all")


def _breaches(console: Console, breaches: Sequence[Figures], zone: ZoneInfo) -> None:
    broken = [one for one in breaches if one["tier"] == "deadline"]
    resolved = sum(one["kind"] == "resolved" for one in broken)
    owed = [one for one in broken if one["kind"] == "breached"]
    historic = sum(one["historic"] for one in broken)
    console.print(
        f"\n[bold]{len(broken):,} breach{'' if len(broken) == 1 else 'es'}[/bold]: {resolved:,} made up for late, {len(owed):,} still owed;"
        f" {historic:,} of them were loaded as history; and {len(breaches) - len(broken):,} warnings and escalations"
    )
    for one in owed[-SHOWN:]:
        deadline = local(one["deadline"], zone)
        who = " of ".join(name for name in (one["rep"], one["team"]) if name) or "nobody"
        console.print(
            f"  {deadline:%a %Y-%m-%d %H:%M:%S}  {escape(one['obligation'])}  lead {escape(one['lead'])}"
            f" (cycle {one['cycle']}), owed by {escape(who)}"
        )
    if len(owed) > SHOWN:
        console.print(f"  ... and {len(owed) - SHOWN:,} before them")
