"""The kinds of obligations there are, each with how it judges and counts."""

from collections.abc import Mapping
from typing import Any, Final

from sla_rules.agreement.obligations import Obligation
from sla_rules.evaluation import availability, deliverable, depth, retention, speed, volume
from sla_rules.evaluation.kind import Kind

KINDS: Final[Mapping[str, Kind[Any, Any]]] = {
    "speed": speed.KIND,
    "depth": depth.KIND,
    "volume": volume.KIND,
    "deliverable": deliverable.KIND,
    "availability": availability.KIND,
    "retention": retention.KIND,
}
"""By the name that stands in agreements."""


def kind_of(terms: Obligation) -> Kind[Any, Any]:
    """The kind of some terms."""
    return KINDS[terms.kind]
