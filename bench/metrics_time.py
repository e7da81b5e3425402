"""How long does a scrape of `/metrics` take?"""

from time import perf_counter
from typing import Any, Final

from bench.results import spread
from bench.taker import Taker
from tests.real_parts.loopback import request

_SCRAPES: Final = 30
_OK: Final = 200


def metrics_time(taker: Taker) -> dict[str, Any]:
    """Milliseconds from request to answer, of scrapes one after the other, and how much came."""
    took, answer = [], b""
    for _ in range(_SCRAPES):
        began = perf_counter()
        status, answer = request(taker.address, "GET", "/metrics")
        took.append((perf_counter() - began) * 1e3)
        if status != _OK:
            message = f"/metrics answered {status}"
            raise RuntimeError(message)
    series = sum(1 for line in answer.splitlines() if line and not line.startswith(b"#"))
    return {"milliseconds": spread(took), "series": series, "kib": round(len(answer) / 1024, 1)}
