"""Which files are generated from agreements."""

from typing import Final

GENERATED: Final = ("grafana/*.json", "prometheus/rules/*.yaml", "prometheus/tests/*.yaml", "alertmanager/*.yaml")
"""What `leadsla build` writes, and hence what it takes away once no agreement asks for it any more."""
