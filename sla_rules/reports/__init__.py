"""What people are told: periods, settlement, ledger, replays and explanations."""
