"""The drawing of each kind of obligation."""

from collections.abc import Mapping
from typing import Any, Final

from dashboards.kinds import availability, deliverable, depth, retention, speed, volume
from dashboards.kinds.drawing import Drawing
from sla_rules.agreement.obligations import Obligation

DRAWINGS: Final[Mapping[str, Drawing[Any]]] = {
    "speed": speed.DRAWING,
    "depth": depth.DRAWING,
    "volume": volume.DRAWING,
    "deliverable": deliverable.DRAWING,
    "availability": availability.DRAWING,
    "retention": retention.DRAWING,
}
"""By the name that stands in agreements."""


def drawing_of(terms: Obligation) -> Drawing[Any]:
    """The drawing of some terms."""
    return DRAWINGS[terms.kind]
