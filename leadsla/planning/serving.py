"""Who serves the leads, as somebody gives it on the command line or an agreement has it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from pydantic import ValidationError

from leadsla.planning.given import GivenError
from sla_rules.agreement.reps import Capacity
from sla_rules.agreement.sentences import sentence
from sla_rules.instants import MINUTE, Duration


class Reps(NamedTuple):
    """What was given of them; None for what was not."""

    reps: int | None = None
    attempts: str | None = None
    minutes: str | None = None
    time_share: str | None = None


_OPTIONS: Final[Mapping[str, str]] = {
    "reps": "--reps",
    "attempts_per_lead": "--attempts",
    "time_per_attempt": "--minutes",
    "share_for_marketing": "--time-share",
}
_WANTED: Final[Mapping[str, str]] = {
    "--reps": "how many reps there are",
    "--attempts": "how many attempts a lead takes",
    "--minutes": "how long one attempt takes",
}
_LONGEST: Final = 24 * 60
"""Minutes of one attempt."""


def capacity_given(obligation: str, given: Reps, base: Capacity | None) -> Capacity | None:
    """The capacity of an agreement with what was given in its place; None where nothing is known of the reps.

    Raises:
        GivenError: a number is wrong, or too little was given to know how many leads the reps can serve.

    """
    fields = {
        "reps": given.reps,
        "attempts_per_lead": given.attempts,
        "time_per_attempt": None if given.minutes is None else _duration(given.minutes),
        "share_for_marketing": given.time_share,
    }
    laid_over = {name: value for name, value in fields.items() if value is not None}
    if not laid_over:
        return base
    known = {} if base is None else {name: getattr(base, name) for name in Capacity.model_fields}
    if "share_for_marketing" in laid_over:
        known.pop("share_for_own", None)  # of what is left nobody has said anything
    try:
        return Capacity.model_validate({"obligation": obligation, **known, **laid_over})
    except ValidationError as wrong:
        error = wrong.errors(include_url=False)[0]
    option = _OPTIONS.get(str(error["loc"][0]) if error["loc"] else "", "--reps")
    if error["type"] == "missing":
        raise GivenError(option, f"wanted: {_WANTED[option]}, as --reps 3 --attempts 6 --minutes 10")
    raise GivenError(option, sentence(error, ()))


def _duration(minutes: str) -> Duration:
    try:
        found = Decimal(minutes)
    except InvalidOperation:
        found = Decimal(0)
    if not found.is_finite() or not 0 < found <= _LONGEST:
        message = f"should be minutes, more than none and at most {_LONGEST:,}, found {minutes!r}; write for example 10 or 2.5"
        raise GivenError("--minutes", message)
    return max(round(found * MINUTE), 1)
