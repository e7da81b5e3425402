"""What obligations say of one lead: a module a kind, verdicts, contributions to figures, notices."""
