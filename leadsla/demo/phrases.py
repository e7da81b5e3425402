"""Figures as people read them."""

from collections.abc import Mapping
from typing import Final

from leadsla.demo.figures import Figure, Name, Unit

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_TWO_DIGITS: Final = 10

NAMES: Final[Mapping[Name, str]] = {"average": "on average", "in_time": "in time", "delivered": "delivered by now"}
NOTHING: Final = "-"


def duration(seconds: float) -> str:
    """The two largest units: `24 min`, `1 h 05`, `2 d 4 h`."""
    minutes = round(seconds / _MINUTE)
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if minutes * _MINUTE < _HOUR:
        return f"{minutes} min"
    if minutes * _MINUTE < _DAY:
        return f"{minutes // 60} h {minutes % 60:02}"
    hours = round(seconds / _HOUR)
    return f"{hours // 24} d {hours % 24} h"


def value(number: float | None, unit: Unit) -> str:
    """A value with its unit; a dash where there is none."""
    if number is None:
        return NOTHING
    match unit:
        case "duration":
            return duration(number)
        case "share":
            return f"{number:.0%}"
        case "attempts":
            return f"{number:.1f}"
        case "leads":
            return f"{number:.0f}" if number >= _TWO_DIGITS or number == round(number) else f"{number:.1f}"


def agreed(figure: Figure) -> str:
    """What was agreed, with the direction that is the good one."""
    return f"{'≤' if figure.goal == 'at_most' else '≥'} {value(figure.agreed, figure.unit)}"
