"""The obligations of an agreement, of whichever kind: from here everybody takes what `kinds/` says of each."""

from typing import Annotated

from pydantic import Field

from sla_rules.agreement.kinds.availability import Availability
from sla_rules.agreement.kinds.deliverable import Deliverable
from sla_rules.agreement.kinds.depth import Depth, DepthTarget
from sla_rules.agreement.kinds.every_kind import Judges, OfLeads
from sla_rules.agreement.kinds.retention import Retention
from sla_rules.agreement.kinds.speed import Speed, SpeedTarget
from sla_rules.agreement.kinds.volume import Volume

__all__ = [
    "Availability",
    "Deliverable",
    "Depth",
    "DepthTarget",
    "Judges",
    "Obligation",
    "OfLeads",
    "Retention",
    "Speed",
    "SpeedTarget",
    "Volume",
]

Obligation = Annotated[Speed | Depth | Volume | Deliverable | Availability | Retention, Field(discriminator="kind")]
