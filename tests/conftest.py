from collections.abc import Iterator

import pytest

from streams.embedded_broker import EmbeddedBroker


@pytest.fixture
def embedded_broker() -> Iterator[EmbeddedBroker]:
    """An empty broker of this test's own; it takes some milliseconds."""
    with EmbeddedBroker() as broker:
        yield broker
