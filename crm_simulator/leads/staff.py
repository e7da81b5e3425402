"""The sales reps: who they are, how fast they are, and how long they keep trying."""

from dataclasses import dataclass
from random import Random
from typing import Final


@dataclass(frozen=True, slots=True)
class Habit:
    """How a rep works: minutes of working time to the first touch, and the shares of what goes wrong."""

    touches_after_minutes: float
    spread: float
    forgets: float
    """Leads that are not touched in time at all."""
    goes_on: float
    """How likely each further attempt is, after the second."""
    enters_at_day_end: float
    """Attempts that reach the CRM only when the rep sits down to type them in."""


DILIGENT: Final = Habit(9, 0.6, forgets=0.01, goes_on=0.96, enters_at_day_end=0.01)
STEADY: Final = Habit(20, 0.55, forgets=0.03, goes_on=0.92, enters_at_day_end=0.04)
SLOW: Final = Habit(48, 0.5, forgets=0.06, goes_on=0.86, enters_at_day_end=0.05)
FORGETFUL: Final = Habit(30, 0.8, forgets=0.32, goes_on=0.7, enters_at_day_end=0.22)


@dataclass(frozen=True, slots=True)
class Rep:
    """One rep, by an id that names nobody."""

    id: str
    team: str
    habit: Habit


REPS: Final = (
    Rep("rep-11", "inside", DILIGENT),
    Rep("rep-12", "inside", STEADY),
    Rep("rep-13", "inside", SLOW),
    Rep("rep-14", "inside", FORGETFUL),
    Rep("rep-21", "field", DILIGENT),
    Rep("rep-22", "field", STEADY),
    Rep("rep-23", "field", SLOW),
)
_FIELD_ROLES: Final = ("director", "executive")


def team_of(role: object) -> str:
    """The team that leads of a role go to."""
    return "field" if role in _FIELD_ROLES else "inside"


def rep_of(team: str, rng: Random, other_than: Rep | None = None) -> Rep:
    """A rep of the team, and not this one."""
    return rng.choice([rep for rep in REPS if rep.team == team and rep != other_than])
