"""Events that somebody publishes by hand: what was delivered, who is excused, a call that no CRM saw, a deal."""
