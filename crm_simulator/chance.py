"""Chance from names: the same names draw the same numbers, on every machine and in every order of asking."""

from collections.abc import Mapping
from random import Random
from typing import TypeVar

_T = TypeVar("_T")


def chance(*names: object) -> Random:
    """The generator that these names stand for."""
    return Random("/".join(map(str, names)))  # noqa: S311 - it makes up a day at a CRM, and no secret


def happens(share: float, rng: Random) -> bool:
    """Whether something happens that does so in this share of cases."""
    return rng.random() < share


def one_of(weights: Mapping[_T, float], rng: Random) -> _T:
    """One of the keys, each as likely as its weight says."""
    return rng.choices(tuple(weights), tuple(weights.values()))[0]


def how_many(mean: float, rng: Random) -> int:
    """How often something happens on a day that does so this often on average."""
    return max(round(rng.gauss(mean, mean**0.5 / 2)), 0)


def around(median: float, spread: float, rng: Random) -> float:
    """A positive number around a median, with the long tail that delays between people have."""
    return median * rng.lognormvariate(0, spread)
