"""Several versions of an agreement, taken together: rules and boards are written for all cycles still running."""

from collections.abc import Sequence
from itertools import groupby

from sla_rules.agreement.model import Agreement


def merged(agreements: Sequence[Agreement]) -> tuple[Agreement, ...]:
    """One agreement for each id, in order of ids.

    The version that takes effect last gives texts, contacts and calendar. Obligations, parties and segments that only
    earlier versions have stay in: a cycle keeps the version in force at its hand-off, and somebody still owes it.
    Targets are not read from here but from the series that workers export, so a new version changes them on its day.
    """
    ordered = sorted(agreements, key=lambda one: (one.agreement, one.effective_from, one.version))
    return tuple(_together(list(versions)) for _, versions in groupby(ordered, key=lambda one: one.agreement))


def _together(versions: Sequence[Agreement]) -> Agreement:
    latest = versions[-1]
    obligations = {o.id: o for version in versions for o in version.obligations}
    segments = {s.id: s for version in versions for s in version.segments}
    now = [o.id for o in latest.obligations]
    before = [name for name in obligations if name not in now]
    parties = {name: party for version in versions for name, party in version.parties.items()}
    return latest.model_copy(
        update={
            "obligations": tuple(obligations[name] for name in (*now, *before)),
            "segments": tuple(segments.values()),
            "parties": {**latest.parties, **{name: p for name, p in parties.items() if name not in latest.parties}},
        }
    )
