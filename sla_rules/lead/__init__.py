"""What happened to one lead: facts, their history, and the cycles they make."""
