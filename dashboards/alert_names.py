"""The names of the alerts on what agreements promise; each has its section in the runbook."""

from typing import Final

OVERDUE: Final = "LeadSLAOverdueLeads"
SLOW: Final = "LeadSLAFollowUpSlow"
SHARE_LOW: Final = "LeadSLAShareBelowTarget"
SHALLOW: Final = "LeadSLAAttemptsBelowTarget"
UNDELIVERED: Final = "LeadSLADeliveryOverdue"
BEHIND: Final = "LeadSLABehindGoal"
DOWN: Final = "LeadSLAOutage"
UPTIME_LOW: Final = "LeadSLAUptimeBelowTarget"
ALLOWANCE_SPENT: Final = "LeadSLADowntimeNearlySpent"
RETENTION_LOW: Final = "LeadSLARetentionBelowTarget"
BURN: Final = "LeadSLAAllowanceBurning"
QUIET_HOURS_END: Final = "LeadSLAQuietHoursEnd"

BY_TEAM: Final = (OVERDUE, DOWN)
"""Those that come by the team that has the leads, as the label `team`."""
