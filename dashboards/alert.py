"""One alert rule, and how its texts come out: Prometheus fills in templates, the generated tests foresee the result."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dashboards.escaping import BRACE, BRACES
from sla_rules.instants import Duration, format_duration

_LABEL: Final = re.compile(r"\{\{ \$labels\.(\w+) \}\}")

COUNT: Final = '{{ $value | printf "%.0f" }}'
TENTHS: Final = '{{ $value | printf "%.1f" }}'
SHARE: Final = "{{ $value | humanizePercentage }}"
TIME: Final = "{{ $value | humanizeDuration }}"


def humanized(seconds: float) -> str:
    """A duration as Prometheus' `humanizeDuration` prints one of a second or more."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d {hours}h {minutes}m {rest}s"
    if hours:
        return f"{hours}h {minutes}m {rest}s"
    return f"{minutes}m {rest}s" if minutes else f"{seconds:.4g}s"


_PRINTED: Final[Mapping[str, Callable[[float], str]]] = {
    COUNT: lambda value: f"{value:.0f}",
    TENTHS: lambda value: f"{value:.1f}",
    SHARE: lambda value: f"{value * 100:.4g}%",
    TIME: humanized,
}


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

    def filled(self, labels: Mapping[str, str], value: float) -> dict[str, str]:
        """The annotations of one firing alert, as Prometheus would print them."""

        def fill(text: str) -> str:
            for template, printed in _PRINTED.items():
                text = text.replace(template, printed(value))
            text = _LABEL.sub(lambda found: labels.get(found[1], ""), text)
            return text.replace(BRACES, "{{").replace(BRACE, "{")

        return {name: fill(text) for name, text in self.annotations().items()}


def label(name: str) -> str:
    """The template of a label's value."""
    return f"{{{{ $labels.{name} }}}}"
