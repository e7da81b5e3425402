"""What the probes answer over HTTP."""

import pytest

from streams.monitoring.probes import Finding
from streams.monitoring.web import answer


@pytest.mark.parametrize(("well", "status"), [(True, 200), (False, 503)])
def test_a_sentence_is_plain_text_of_one_line_whatever_a_broker_put_into_it(well: bool, status: int) -> None:  # noqa: FBT001
    found = answer(Finding(well, "the broker says:\r\n<script>\x1b[2J\u202e"))

    assert (found.status, found.content_type) == (status, "text/plain")
    assert found.text == "the broker says:\\r\\n<script>\\x1b[2J\\u202e\n"
