"""Brokers, topics, and what a group remembers in them: clients, plans, checks."""
