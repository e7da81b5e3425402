"""Five thousand hostile records in hostile batches: each is the fact or the letter that it has to be, and no worker ends."""

from pathlib import Path

import pytest

from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from tests.real_parts.kafka import RealKafka
from tests.streams.agreements import quick_agreement
from tests.streams.hostility import hostile_records


@pytest.mark.kafka
async def test_every_hostile_record_that_the_broker_took_is_a_fact_or_a_letter_and_the_worker_lives(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path, within="1h")
    rules = RuleBook(load_agreements([agreement]))

    result = await hostile_records(service_kafka.bootstrap, agreement, rules, tmp_path, count=5_000, seed=1, kills=1)

    assert result["records"] >= 5_000
    assert result["facts_of_leads"] > 1_000
    assert {"too_large_unpacked", "too_large", "broken_header", "broken_json"} <= result["letters_by_reason"].keys()
    assert len(result["letters_by_reason"]) > 10
