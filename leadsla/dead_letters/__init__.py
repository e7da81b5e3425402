"""`leadsla deadletter`: what was put away, and back again once it can be read."""
