"""Samples as the text that Prometheus reads: its own format 0.0.4, or OpenMetrics 1.0 for those who ask for it.

prometheus_client's writer takes ten microseconds a series; the names and labels of a series are the same in every scrape,
so that here they are written once.
"""

from collections import defaultdict
from collections.abc import Iterable
from time import sleep
from typing import Final, Literal

from sla_rules.names import METRICS, Metric
from streams.monitoring.exposed_kinds import Sample

Format = Literal["text", "openmetrics"]
CONTENT_TYPES: Final[dict[Format, str]] = {
    "text": "text/plain; version=0.0.4; charset=utf-8",
    "openmetrics": "application/openmetrics-text; version=1.0.0; charset=utf-8",
}
HISTOGRAM_SERIES: Final = ("_bucket", "_count", "_sum")
AT_ONCE: Final = 500
"""Series, about a millisecond's work."""
_SPARE: Final = 1_000
_ODD: Final = {"inf": "+Inf", "-inf": "-Inf", "nan": "NaN"}
_FAMILY: Final = {
    **{metric.name: metric for metric in METRICS},
    **{f"{m.name}{suffix}": m for m in METRICS if m.kind == "histogram" for suffix in HISTOGRAM_SERIES},
}


def format_asked_for(accept: str) -> Format:
    """By the `Accept` of a scrape."""
    return "openmetrics" if "application/openmetrics-text" in accept else "text"


class TextFormat:
    """Writes scrapes, beside other threads. Not to be used by two at once."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, tuple[str, ...]], tuple[str, str]] = {}

    def write(self, samples: Iterable[Sample], form: Format) -> bytes:
        """All families, in the order of `sla_rules.names`, with their samples in the order given."""
        lines: defaultdict[str, list[str]] = defaultdict(list)
        known, count = self._series, 0
        for name, labels, value in samples:
            written = known.get((name, labels))
            if written is None:
                written = known[name, labels] = _FAMILY[name].name, _series(name, labels)
            family, series = written
            text = str(value)
            lines[family].append(f"{series} {_ODD.get(text, text)}\n")
            count += 1
            if not count % AT_ONCE:
                sleep(0)  # whoever waits for the interpreter need not ask for it, which takes five milliseconds
        if len(known) > 2 * count + _SPARE:
            known.clear()
        # By family: one call for all of them would keep every other thread waiting.
        families = ["".join((*_head(metric, form), *lines[metric.name])).encode(errors="replace") for metric in METRICS]
        return b"".join([*families, b"# EOF\n" if form == "openmetrics" else b""])


def _head(metric: Metric, form: Format) -> tuple[str, str]:
    name, said = metric.name, metric.help
    if form == "openmetrics":
        name, said = name.removesuffix("_total"), said.replace('"', '\\"')
    return f"# HELP {name} {said}\n", f"# TYPE {name} {metric.kind}\n"


def _series(name: str, values: tuple[str, ...]) -> str:
    labels = _FAMILY[name].labels
    if name.endswith("_bucket"):
        labels = (*labels, "le")
    if not values:
        return name
    pairs = ",".join(f'{label}="{_escaped(value)}"' for label, value in zip(labels, values, strict=True))
    return f"{name}{{{pairs}}}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
