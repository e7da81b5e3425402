"""The contract with those who publish: what an event is, and what becomes of one as a fact."""
