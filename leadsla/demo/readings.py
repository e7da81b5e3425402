"""One look at `/metrics`, ready to be asked. Series of the same name are added up over what is not asked for."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from prometheus_client.parser import text_string_to_metric_families


class Readings:
    """The samples of one scrape."""

    def __init__(self, text: str) -> None:
        self._samples: defaultdict[str, list[tuple[Mapping[str, str], float]]] = defaultdict(list)
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                self._samples[sample.name].append((sample.labels, sample.value))

    def total(self, metric: str, **labels: str) -> float:
        """The sum of all series that carry these labels; 0 of none."""
        return sum(self._matching(metric, labels))

    def target(self, metric: str, **labels: str) -> float | None:
        """What was agreed: the same in every series; None where nothing was."""
        return next(self._matching(metric, labels), None)

    def totals_by(self, metric: str, label: str) -> Counter[str]:
        """Whole-numbered sums by the values of one label."""
        sums: Counter[str] = Counter()
        for labels, value in self._samples.get(metric, ()):
            sums[labels[label]] += int(value)
        return sums

    def _matching(self, metric: str, wanted: Mapping[str, str]) -> Iterator[float]:
        for labels, value in self._samples.get(metric, ()):
            if all(labels.get(name) == text for name, text in wanted.items()):
                yield value
