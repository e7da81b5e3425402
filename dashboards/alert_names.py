"""The names of the alerts on what agreements promise; each has its section in the runbook."""

from typing import Final

OVERDUE: Final = "LeadSLAOverdueLeads"
SLOW: Final = "LeadSLAFollowUpSlow"
SHARE_LOW: Final = "LeadSLAShareBelowTarget"
SHALLOW: Final = "LeadSLAAttemptsBelowTarget"
UNDELIVERED: Final = "LeadSLADeliveryOverdue"
BEHIND: Final = "LeadSLABehindGoal"
BURN: Final = "LeadSLAAllowanceBurning"
