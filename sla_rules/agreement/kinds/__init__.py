"""What is agreed under each kind of obligation: a module a kind, and what kinds have in common."""
