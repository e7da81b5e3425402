"""How each kind of obligation is drawn, alerted on, and its alerts tested: a module a kind."""
