"""One alert rule, and how its texts come out: Prometheus fills in templates, the generated tests foresee the result."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sla_rules.instants import Duration, format_duration

_BRACES: Final = '{{"{{"}}'
_LABEL: Final = re.compile(r"\{\{ \$labels\.(\w+) \}\}")
_VALUE: Final = re.compile(r"\{\{ \$value [^}]*\}\}")

COUNT: Final = '{{ $value | printf "%.0f" }}'
TENTHS: Final = '{{ $value | printf "%.1f" }}'
SHARE: Final = "{{ $value | humanizePercentage }}"
TIME: Final = "{{ $value | humanizeDuration }}"


@dataclass(frozen=True, slots=True)
class Alert:
    """An alerting rule; `summary` and `description` are Prometheus templates."""

    name: str
    expr: str
    labels: Mapping[str, str]
    summary: str
    description: str
    hold: Duration = 0
    keep: Duration = 0
    links: Mapping[str, str] = field(default_factory=dict)

    def rule(self) -> dict[str, Any]:
        """As it stands in a rule file."""
        rule: dict[str, Any] = {"alert": self.name, "expr": self.expr}
        if self.hold:
            rule["for"] = format_duration(self.hold)
        if self.keep:
            rule["keep_firing_for"] = format_duration(self.keep)
        return {**rule, "labels": dict(self.labels), "annotations": self.annotations()}

    def annotations(self) -> dict[str, str]:
        """Texts and links."""
        return {"summary": self.summary, "description": self.description, **self.links}

    def filled(self, labels: Mapping[str, str], value: str) -> dict[str, str]:
        """The annotations of one firing alert, its value as Prometheus would print it."""

        def fill(text: str) -> str:
            named = _LABEL.sub(lambda found: labels.get(found[1], ""), text)
            return _VALUE.sub(lambda _: value, named).replace(_BRACES, "{{")

        return {name: fill(text) for name, text in self.annotations().items()}


def verbatim(text: str) -> str:
    """Free text of an agreement, safe inside a template."""
    return text.replace("{{", _BRACES)


def label(name: str) -> str:
    """The template of a label's value."""
    return f"{{{{ $labels.{name} }}}}"
