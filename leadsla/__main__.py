"""`python -m leadsla`."""

from leadsla.main import run

run()
