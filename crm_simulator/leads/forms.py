"""The web forms: how many leads come on a day, at what time, and what they say of themselves."""

from datetime import date, datetime
from random import Random
from typing import Final, NamedTuple

from crm_simulator.chance import chance, happens, how_many, one_of
from crm_simulator.plan import Plan
from sla_rules.instants import Instant, instant

_WEEKDAY: Final = (1.15, 1.1, 1.05, 1.0, 0.7, 0.25, 0.3)
"""Leads by weekday from Monday, as multiples of a working day's mean."""

_BY_HOUR: Final = (2, 1, 1, 1, 1, 2, 4, 10, 26, 48, 62, 58, 36, 44, 60, 58, 46, 32, 20, 14, 12, 10, 7, 4)
"""Leads by local hour: few at night, most in the late morning and in the afternoon."""

_CHANNELS: Final = {"web_form": 40, "content": 22, "webinar": 14, "paid_search": 12, "event": 7, "referral": 5}
_ROLES: Final = {"manager": 34, "director": 22, "specialist": 24, "executive": 12, "student": 8}
_REGIONS: Final = {"dach": 46, "benelux": 20, "nordics": 18, "uk": 16}
_PRODUCTS: Final = {"crm": 42, "marketing": 34, "service": 24}
_CAMPAIGNS: Final = {
    "web_form": ("website", "pricing-page"),
    "content": ("guide-lead-management", "newsletter"),
    "webinar": ("webinar-spring",),
    "paid_search": ("search-brand", "search-crm"),
    "event": ("trade-fair",),
    "referral": ("partners",),
}
_SCORE: Final = {"manager": 62, "director": 72, "specialist": 50, "executive": 80, "student": 20}
"""Mean score by role, of 100."""


class Lead(NamedTuple):
    """One lead as its form was sent."""

    id: str
    created: Instant
    fields: dict[str, object]

    @property
    def score(self) -> float:
        """From 0 to 100."""
        score = self.fields["score"]
        return score if isinstance(score, float) else 0.0


def leads_of(plan: Plan, day: date, mark: str) -> list[Lead]:
    """The leads of one day, in the order they came; `mark` sets the ids of one simulation apart from another's."""
    rng = chance(plan.seed, day)
    mean = plan.leads_per_day * _WEEKDAY[day.weekday()] * plan.rushes.get(day, 1)
    count = how_many(mean, rng)
    moments = sorted(_moment(day, plan, rng) for _ in range(count))
    return [
        Lead(f"{day:%y%m%d}-{number:03}-{mark}", moment, _fields(rng)) for number, moment in enumerate(moments, start=1)
    ]


def _moment(day: date, plan: Plan, rng: Random) -> Instant:
    hour, minute, second = rng.choices(range(24), _BY_HOUR)[0], rng.randrange(60), rng.randrange(60)
    local = datetime(day.year, day.month, day.day, hour, minute, second, rng.randrange(1000) * 1000, plan.calendar.zone)
    return instant(local)


def _fields(rng: Random) -> dict[str, object]:
    channel, role = one_of(_CHANNELS, rng), one_of(_ROLES, rng)
    return {
        "role": role,
        "region": one_of(_REGIONS, rng),
        "product": one_of(_PRODUCTS, rng),
        "score": float(min(max(round(rng.gauss(_SCORE[role], 16)), 0), 100)),
        "source_channel": channel,
        "campaign": rng.choice(_CAMPAIGNS[channel]),
        "generated_by": "sales" if channel == "referral" and happens(0.6, rng) else "marketing",
    }
