"""Tables of leads, as CRMs and people keep them, become events: one row a lead, or one row an event."""
