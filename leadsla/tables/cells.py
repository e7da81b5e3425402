"""A figure as the text of a cell: red where it is short of its target, green where it is not."""

from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final

from leadsla.tables.narrator import NOTHING, Narrator
from sla_rules.agreement.obligations import Availability, Volume
from sla_rules.evaluation.tallies import VALUE_UNIT
from sla_rules.figures.obligation_figures import AvailabilityFigures, DeliverableFigures, VolumeFigures
from sla_rules.instants import SECOND, Duration

_PLACES: Final = 5
"""Decimals of a share of time: thousandths of a percent."""


def share_cell(met: int, breached: int, target: Decimal | None, narrator: Narrator) -> str:
    """How much of what was judged was met."""
    if not met + breached:
        return NOTHING
    share = Fraction(met, met + breached)
    return _coloured(narrator.voice.percentage(share, 1), None if target is None else share >= Fraction(target))


def time_cell(found: Fraction | float | None, most: Duration | None, narrator: Narrator) -> str:
    """A span of time, in whole seconds."""
    if found is None:
        return NOTHING
    said = narrator.voice.duration(round(found / SECOND) * SECOND)
    return _coloured(said, None if most is None else found <= most)


def average_cell(found: Fraction | None, least: Decimal | None, narrator: Narrator) -> str:
    """An average of what is counted."""
    if found is None:
        return NOTHING
    return _coloured(narrator.voice.fixed(found, 2), None if least is None else found >= Fraction(least))


def goal_cell(goal: Fraction | None, narrator: Narrator) -> str:
    """What is to be delivered."""
    return NOTHING if goal is None else narrator.voice.figure(goal)


def ahead_cell(figures: VolumeFigures, terms: Volume, narrator: Narrator) -> str:
    """How much more than the goal to date was delivered."""
    if figures.goal_to_date is None:
        return NOTHING
    actual = Fraction(figures.value, VALUE_UNIT) if terms.measure == "value" else figures.delivered
    ahead = actual - figures.goal_to_date
    return _coloured(narrator.voice.fixed(ahead, 1, sign=True), ahead >= 0)


def load_cell(figures: VolumeFigures, narrator: Narrator) -> str:
    """Of the leads that the reps can serve; more is too much."""
    if figures.capacity is None:
        return NOTHING
    load = figures.load
    said = NOTHING if load is None else _coloured(narrator.voice.percentage(load, 0), load <= 1)
    return narrator.text("replay-of", found=said, wanted=narrator.count(figures.capacity))


def quantity_cell(figures: DeliverableFigures, narrator: Narrator) -> str:
    """How much was confirmed of what was due."""
    found, wanted = narrator.voice.figure(figures.quantity), narrator.voice.figure(figures.wanted)
    return narrator.text("replay-of", found=found, wanted=wanted)


def uptime_cell(figures: AvailabilityFigures, terms: Availability, narrator: Narrator) -> str:
    """To so many places that the target is not rounded."""
    if figures.uptime is None:
        return NOTHING
    share = Fraction(terms.target.share)
    said = narrator.voice.percentage(cut_off(figures.uptime), _PLACES - 2)
    return _coloured(said, figures.uptime >= share)


def cut_off(share: Fraction) -> Fraction:
    """A share in no more digits than there is room for, and never more than it is, so that nothing seems met that is not."""
    return Fraction(floor(share * 10**_PLACES), 10**_PLACES)


def _coloured(text: str, is_good: bool | None) -> str:  # noqa: FBT001 - None is neither
    return text if is_good is None else f"[{'green' if is_good else 'red'}]{text}[/]"
