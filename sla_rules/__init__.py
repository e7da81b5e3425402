"""What was agreed, and what follows from the facts. Pure: no broker, no clock, no network; time is an argument."""
