"""Has anything become slower than it was? Ratios are compared with the last kept ones, since machines differ."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from bench import growth, throughput
from bench.progress import say
from bench.results import kept

ROUNDS: Final = 3
WORSE: Final = 0.15
"""By how much a ratio may differ for the worse: what a quiet machine shows from run to run, and some."""


class Finding(NamedTuple):
    """A ratio then and now; `worse` is by how much of what it was, negative where it got better."""

    what: str
    then: float
    now: float
    worse: float


def check(rounds: int = ROUNDS) -> bool:
    """Measure again on as many events as the last kept results are of, and say what became of each ratio; keep nothing.

    Whether none got worse by more than may be.
    """
    findings = [*_throughput(rounds), *_growth(rounds)]
    for one in findings:
        verdict = "WORSE" if one.worse > WORSE else "holds"
        say(f"{verdict}: {one.what}: {one.now:.3f}, was {one.then:.3f}")
    if not findings:
        say("nothing is kept to compare with")
    return bool(findings) and all(one.worse <= WORSE for one in findings)


def _throughput(rounds: int) -> Iterator[Finding]:
    before = kept("throughput")
    if before is None:
        return
    now = throughput.measured(["leadsla", throughput.LIMIT], before["events"], rounds)
    for name, more_is_better in (("speed_ratio", True), ("cpu_ratio", False)):
        what = f"throughput, {name} of the worker to a plain aiokafka loop"
        pair = [found["contenders"]["leadsla"][name]["median"] for found in (before, now)]
        yield _finding(what, *pair, more_is_better=more_is_better)
    if "json_ratio" in before[throughput.FOLD]:
        pair = [found[throughput.FOLD]["json_ratio"]["median"] for found in (before, now)]
        yield _finding("fold alone, CPU by that of json.loads", *pair, more_is_better=False)


def _growth(rounds: int) -> Iterator[Finding]:
    before = kept("growth")
    if before is None:
        return
    now = growth.measured(before["events"], rounds)
    for axis, points in before["axes"].items():
        yield _finding(f"growth with {axis}, most by least", _slope(points), _slope(now[axis]), more_is_better=False)


def _slope(points: list[dict[str, Any]]) -> float:
    return float(points[-1]["microseconds_an_event"] / points[0]["microseconds_an_event"])


def _finding(what: str, then: float, now: float, *, more_is_better: bool) -> Finding:
    return Finding(what, then, now, (then - now if more_is_better else now - then) / then)
