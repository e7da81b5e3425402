"""What else may become of a clock that runs to a deadline, in words that kinds have in common."""

from typing import Literal

LostDeal = Literal["closes", "goes_on"]
"""The lead is closed with its deal, or what was promised is owed as before."""
Reopened = Literal["restarts", "continues"]
"""A promise of its own, or that of the cycle before, whose clock stood while the lead was closed."""
Fields = Literal["follow", "fixed"]
"""Fields that change while a clock runs change what is owed, or what was promised at its start stays."""
