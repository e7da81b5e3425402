"""Retention: how many of the customers stay."""

from typing import Literal

from sla_rules.agreement.kinds.every_kind import Intervals, Watched
from sla_rules.notation import Frozen, Share


class RetentionTarget(Frozen):
    """How many of its customers a period keeps."""

    share: Share
    """Of the customers who are there when it begins: those who are still there when it ends."""


class Retention(Watched):
    """Customers stay: from being won, the hand-off, to being lost, the closing."""

    kind: Literal["retention"]
    target: RetentionTarget
    intervals: Intervals = ("month",)
    """The periods by which it is asked who was there and stayed."""
