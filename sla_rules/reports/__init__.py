"""What people read: periods, settlement, ledger, replays and explanations."""
