"""`leadsla demo`: the whole service on one screen, with a broker inside the process and a clock that runs fast."""
