"""The screen: what was agreed and what happened, what came of it, what runs out next, and what was breached."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from leadsla.demo import phrases
from leadsla.demo.agreement_events import APPLAUSE
from leadsla.demo.breaches import Breach
from leadsla.demo.figures import Figure
from leadsla.demo.stage import Stage
from sla_rules.instants import DAY, Instant, moment, seconds

GOOD: Final = "green3"
BAD: Final = "red1"
WARM: Final = "orange1"
ACCENT: Final = "deep_sky_blue1"
QUIET: Final = "grey58"
FRAME: Final = "grey37"
TITLE: Final = "grey85"
EMPTY: Final = "grey23"
_HEAD: Final = 3
_FOOT: Final = 2
_BAR: Final = 12
_GAUGE: Final = 22
_WIDE: Final = 110
_TALL: Final = 30
_NEWS: Final = 3
_MORE_NEWS: Final = 6
"""Lines for agreement events where the terminal is tall, with a frame around them."""
_AHEAD: Final = DAY
"""Clocks that run out later are counted, not shown."""
_SOON: Final = 0.25
_HALF: Final = 0.5


def screen(stage: Stage, width: int, height: int) -> Layout:
    """The whole screen, for a terminal of so many columns and lines; a narrow one goes without bars."""
    narrow = width < _WIDE
    shown, left_out = _fitting(stage.figures, height // 2)
    agreed_lines = 3 + _lines_of(shown)
    tall = height >= _TALL
    news_lines = _MORE_NEWS if tall else _NEWS
    rows = max(height - _HEAD - agreed_lines - news_lines - _FOOT - 2, 1)
    title = "Agreed, and kept so far" + (f" (and {left_out} more on the boards)" if left_out else "")
    layout = Layout()
    layout.split_column(
        Layout(_head(stage, narrow=narrow), size=_HEAD),
        Layout(_framed(title, _agreed(shown, narrow=narrow)), size=agreed_lines),
        Layout(_news(stage, news_lines, framed=tall), size=news_lines),
        Layout(name="now"),
        Layout(_foot(stage), size=_FOOT),
    )
    layout["now"].split_row(
        Layout(_framed("Running out next", _clocks(stage, rows, narrow=narrow))),
        Layout(_framed(f"Breached since the start: {len(stage.breaches.live)}", _breaches(stage, rows, narrow=narrow))),
    )
    return layout


def _fitting(figures: Sequence[Figure], lines: int) -> tuple[list[Figure], int]:
    """The first figures that fit into so many lines, and how many do not."""
    shown = list(figures)
    while len(shown) > 1 and _lines_of(shown) > lines:
        shown.pop()
    return shown, len(figures) - len(shown)


def _lines_of(figures: Sequence[Figure]) -> int:
    return max(len(figures) + len({(figure.agreement, figure.obligation) for figure in figures}), 1)


def _framed(title: str, content: RenderableType) -> Panel:
    return Panel(content, title=f"[bold {TITLE}]{title}[/]", title_align="left", border_style=FRAME, padding=(0, 1))


def _head(stage: Stage, *, narrow: bool) -> RenderableType:
    now = stage.now
    local = moment(now).astimezone(stage.office.zone)
    left = Text.assemble(("LeadSLA  ", f"bold {ACCENT}"), (stage.agreements[0].title, "bold"))
    right = Text.assemble(
        f"{local:%a %d %b}  ",
        (f"{local:%H:%M}", f"bold {ACCENT}"),
        (f"  {_office(stage, now)}", QUIET),
        ("" if narrow else f", 1 s is {phrases.duration(stage.clock.speed)}", QUIET),
    )
    row = Table.grid(expand=True, padding=(0, 1))
    row.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    row.add_column(justify="right", no_wrap=True)
    row.add_row(left, right)
    return Panel(row, border_style=ACCENT)


def _office(stage: Stage, now: Instant) -> str:
    segment = next(stage.office.open_intervals(now))
    today, opens, closes = (moment(at).astimezone(stage.office.zone) for at in (now, segment.start, segment.end))
    if segment.start <= now:
        return f"open until {closes:%H:%M}"
    return f"closed until {opens:%H:%M}" if opens.date() == today.date() else f"closed until {opens:%a %H:%M}"


def _agreed(figures: Sequence[Figure], *, narrow: bool) -> RenderableType:
    if not figures:
        return Text("the worker is starting", style=QUIET)
    table = Table.grid(expand=True, padding=(0, 2))
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    for _ in range(3):
        table.add_column(justify="right", no_wrap=True, min_width=9)
    if not narrow:
        table.add_column(no_wrap=True, width=34)
    table.add_row("", *(Text(head, style=QUIET) for head in ("today", "this month", "agreed")))
    before: tuple[str, str] | None = None
    for figure in figures:
        if (figure.agreement, figure.obligation) != before:
            before = (figure.agreement, figure.obligation)
            table.add_row(Text(figure.title, style="bold"))
        table.add_row(
            Text(f"  {phrases.NAMES[figure.name]}"),
            phrases.value(figure.today, figure.unit),
            Text(phrases.value(figure.month, figure.unit), style=f"bold {_colour(figure)}"),
            phrases.agreed(figure),
            *(() if narrow else (_gauge(figure),)),
        )
    return table


def _news(stage: Stage, lines: int, *, framed: bool) -> RenderableType:
    """The latest that came of whole agreements on the day."""
    before = stage.agreement_events.before
    table = Table.grid(expand=True, padding=(0, 1))
    table.add_column(no_wrap=True, width=5, style=QUIET)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, ratio=1, overflow="ellipsis")
    for event in stage.agreement_events.live[: lines - 2 * framed]:
        at = moment(event.told_at).astimezone(stage.office.zone)
        style = GOOD if event.type in APPLAUSE else WARM
        name = Text(phrases.EVENT_NAMES[event.type], style=f"bold {style}")
        table.add_row(f"{at:%H:%M}", name, Text(phrases.said(event)))
    content = table if table.rows else Text("no applause and no trouble yet", style=QUIET)
    title = "Applause and trouble today" + (f" ({before} in the weeks before)" if before else "")
    return _framed(title, content) if framed else Padding(content, (0, 2))


_SHORT: Final = {"duration": "too slow", "share": "too low", "attempts": "too few", "leads": "behind"}


def _colour(figure: Figure) -> str:
    return QUIET if figure.met is None else GOOD if figure.met else BAD


def _gauge(figure: Figure) -> Text:
    """The month as a bar, with a mark where it should be by now, and a word."""
    if figure.month is None:
        return Text("")
    most = figure.whole or (1.0 if figure.unit == "share" else figure.agreed * 2) or 1.0
    filled = min(round(figure.month / most * _GAUGE), _GAUGE)
    mark = min(round(figure.agreed / most * _GAUGE), _GAUGE - 1)
    bar = Text()
    for place in range(_GAUGE):
        if place == mark:
            bar.append("┃", style="bold white")
        else:
            bar.append("━", style=_colour(figure) if place < filled else EMPTY)
    if figure.whole is not None:
        return bar.append(f"  of {figure.whole:.0f}", style=QUIET)
    return bar.append("  as agreed" if figure.met else f"  {_SHORT[figure.unit]}", style=_colour(figure))


def _clocks(stage: Stage, rows: int, *, narrow: bool) -> RenderableType:
    now = stage.now
    ahead = stage.clocks.ahead(now)
    shown = [clock for clock in ahead if clock.deadline - now < _AHEAD][: rows - 1]
    table = Table.grid(expand=True, padding=(0, 1))
    table.add_column(no_wrap=True, width=15)
    table.add_column(no_wrap=True, width=6, style=QUIET)
    if not narrow:
        table.add_column(no_wrap=True, ratio=1, overflow="ellipsis", style=QUIET)
        table.add_column(no_wrap=True, width=_BAR)
    table.add_column(no_wrap=True, justify="right", min_width=7)
    for clock in shown:
        left = stage.clocks.left(clock, now)
        share = left / clock.within
        style = BAD if share < _SOON else WARM if share < _HALF else GOOD
        time = Text(phrases.duration(seconds(left)), style=style)
        table.add_row(clock.lead, clock.rep, *(() if narrow else (clock.obligation, _bar(share, style))), time)
    if len(ahead) > len(shown):
        table.add_row(Text(f"and {len(ahead) - len(shown)} later", style=QUIET))
    return table


def _bar(share: float, style: str) -> Text:
    filled = max(min(round(share * _BAR), _BAR), 0)
    return Text.assemble(("━" * filled, style), ("━" * (_BAR - filled), EMPTY))


def _breaches(stage: Stage, rows: int, *, narrow: bool) -> RenderableType:
    table = Table.grid(expand=True, padding=(0, 1))
    table.add_column(no_wrap=True, width=5, style=QUIET)
    table.add_column(no_wrap=True, width=15)
    if not narrow:
        table.add_column(no_wrap=True, width=6, style=QUIET)
    table.add_column(no_wrap=True, ratio=1, overflow="ellipsis")
    for breach in stage.breaches.live[:rows]:
        at = moment(breach.deadline).astimezone(stage.office.zone)
        state, style = _state(breach)
        if narrow:
            table.add_row(f"{at:%H:%M}", breach.lead, Text(state, style=style))
        else:
            table.add_row(f"{at:%H:%M}", breach.lead, breach.rep, Text(f"{breach.obligation}, {state}", style=style))
    return table


def _state(breach: Breach) -> tuple[str, str]:
    """What became of it, and the colour of that."""
    if breach.status == "retracted":
        return "retracted", QUIET
    if breach.status == "resolved" and breach.late_by_seconds is not None:
        return f"{phrases.duration(breach.late_by_seconds)} late", WARM
    return breach.ended_by or "still open", BAD


def _foot(stage: Stage) -> RenderableType:
    reasons = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in stage.rejected.most_common())
    counted = Text.assemble(
        ("Events ", "bold"),
        (f"{stage.processed:,}", f"bold {ACCENT}"),
        (f" {stage.events_per_second():.1f}/s", QUIET),
        ("   Rejected ", "bold"),
        (f"{stage.rejected.total()}", f"bold {WARM}" if stage.rejected else "bold"),
        (f" {reasons}", QUIET),
    )
    written = stage.boards_written
    boards = "being written" if written is None else f"{written} files in {_here(stage.boards)}"
    places = Text.assemble(
        ("Metrics ", "bold"),
        (stage.metrics_url, ACCENT),
        ("   Boards and alerts ", "bold"),
        (boards if written != 0 else "could not be written", ACCENT),
        ("   Ctrl-C ends", QUIET),
    )
    for line in (counted, places):
        line.no_wrap, line.overflow = True, "ellipsis"
    return Padding(Group(counted, places), (0, 2))


def _here(folder: Path) -> str:
    """The folder as one would type it here."""
    return f"{folder.relative_to(Path.cwd())}/" if folder.is_relative_to(Path.cwd()) else str(folder)
