"""The time zones there are: those of the IANA database, by name, whatever else lies in the folder of a machine."""

from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator

from sla_rules.spelling import meant, plain


@cache
def zones() -> frozenset[str]:
    """All names, as the package `tzdata` lists them, but for the one that stands for none."""
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split()) - {"Factory"}


def zone(name: str) -> str:
    """The name itself.

    Raises:
        ValueError: it is none.

    """
    if name not in zones():
        close = nearest_zone(name)
        advice = f"did you mean {close}?" if close is not None else "write for example Europe/Berlin"
        message = f"{name!r} is not an IANA time zone; {advice}"
        raise ValueError(message)
    return name


def nearest_zone(name: str) -> str | None:
    """The zone of a city, or the one that is spelled alike; None where there is none."""
    asked = plain(name).replace(" ", "_")
    cities = sorted(one for one in zones() if plain(one).rpartition("/")[2] == asked)
    return cities[0] if cities else meant(asked, sorted(zones()))


TimeZone = Annotated[str, AfterValidator(zone)]
