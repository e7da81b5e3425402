"""Workers killed, frozen, sent away and cut off under load, by a plan drawn from a seed; then every topic is compared."""
