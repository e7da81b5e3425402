"""What obligations say of one lead: a module a kind, verdicts, shares in figures, notices."""
