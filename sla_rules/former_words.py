"""What former releases spelled or counted otherwise in records of our own.

What is read back is compared with what follows from the facts. So a former word is read as the one of now, and nothing is
published again for its spelling alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import exp, log
from typing import Final, TypeVar

_T = TypeVar("_T")

NOTICE: Final = {"settled_at": "resolved_at"}
"""Fields of a notice's data."""
FIGURE: Final = {"elsewhere": "wrong_recipient"}
"""Figures of a period."""

_BUCKET: Final = "_bucket:"
_FLAGGED: Final = "flagged"
_GROWTH: Final = log(1.01 / 0.99)


def in_words_of_now(found: Mapping[str, _T], former: Mapping[str, str]) -> dict[str, _T]:
    """The same values by the names of now; `former` says which names have changed into which."""
    return {former.get(name, name): value for name, value in found.items()}


def former_bucket_ends(tally: Mapping[str, int], clock: str) -> Iterator[tuple[int, int]]:
    """Where buckets of former releases end, in microseconds, and what they count: bucket n at 1.0202^(n - 1)."""
    prefix = f"{clock}{_BUCKET}"
    for name, count in tally.items():
        if name.startswith(prefix):
            number = int(name.removeprefix(prefix))
            yield (int(exp((number - 1) * _GROWTH)) if number else 0), count


def say_the_same(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    """Whether two tallies of a window say the same, as far as both speak of it.

    Buckets of former releases end elsewhere than those of now and cannot be compared; the exact sums beside them can. Nor
    did former releases count flags: a tally without any is silent on them.
    """
    if one == other:
        return True
    silent_on = ["_bucket"] if any(_BUCKET in name for name in one.keys() ^ other.keys()) else []
    silent_on += [_FLAGGED] if (_FLAGGED in one) != (_FLAGGED in other) else []
    return bool(silent_on) and _without(silent_on, one) == _without(silent_on, other)


def _without(left_out: Sequence[str], tally: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in tally.items() if not any(part in name for part in left_out)}
