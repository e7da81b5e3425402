"""Which goal is planned: one obligation of volume of the agreements given."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from leadsla.planning.given import GivenError
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Volume
from sla_rules.spelling import unknown


class Chosen(NamedTuple):
    """All versions of an agreement, the latest of them, its goal, and the files and folders that they come from."""

    paths: Sequence[Path]
    versions: Sequence[Agreement]
    agreement: Agreement
    obligation: Volume


def chosen_goal(
    paths: Sequence[Path], agreed: Sequence[Agreement], agreement: str | None, obligation: str | None
) -> Chosen:
    """The goal that is meant: the one named, or the only one; of several the only one from a quota.

    Raises:
        GivenError: there is none, or more than one may be meant.

    """
    latest = {one.agreement: one for one in agreed}
    if agreement is not None and agreement not in latest:
        raise GivenError("--agreement", unknown("agreement", agreement, latest))
    goals = [
        (one, terms)
        for name, one in latest.items()
        if agreement in {None, name}
        for terms in one.obligations
        if isinstance(terms, Volume)
    ]
    names = [terms.id for _, terms in goals]
    if obligation is not None and obligation not in names:
        raise GivenError("--obligation", unknown("obligation of volume", obligation, names))
    meant = [(one, terms) for one, terms in goals if obligation in {None, terms.id}]
    if len(meant) > 1:
        meant = [(one, terms) for one, terms in meant if terms.goal_from is not None] or meant
    if not meant:
        message = f"{', '.join(latest)}: there is no obligation of volume, so that nothing is to be delivered"
        raise GivenError("--from", message)
    if len(meant) > 1:
        listed = ", ".join(f"--agreement {one.agreement} --obligation {terms.id}" for one, terms in meant)
        raise GivenError("--obligation", f"there is more than one goal; say which: {listed}")
    ((one, terms),) = meant
    return Chosen(paths, [other for other in agreed if other.agreement == one.agreement], one, terms)
