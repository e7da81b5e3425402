"""`leadsla deadletter`: what was dead-lettered, and back again once it can be read."""
