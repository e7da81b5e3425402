"""Terms that were worked with are remembered, and not rewritten unawares."""

from collections.abc import Mapping

import pytest
from structlog.testing import capture_logs

from sla_rules.agreement.amendments import Version, record, version_of
from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.model import Agreement
from sla_rules.instants import DAY
from streams.kafka import known_agreements
from streams.kafka.known_agreements import RewrittenError, agreed, changes_of, check_terms
from streams.kafka.topic_memory import TopicMemory
from streams.kafka.topic_metadata import TopicMetadata
from streams.kafka.topics import TopicsError
from tests.streams.agreements import EXAMPLE

(AGREEMENT,) = load_agreements([EXAMPLE])
KNOWN = version_of(AGREEMENT)
OTHERWISE = KNOWN._replace(terms={**KNOWN.terms, "time_zone": "wrong_recipient"})
NOW = KNOWN.since + DAY


def renamed(version: str) -> Agreement:
    return AGREEMENT.model_copy(update={"version": version})


def remembered(*versions: Version) -> Mapping[bytes, Version]:
    return {version.key: version for version in versions}


def test_what_is_remembered_of_agreements_is_told_apart_from_topics() -> None:
    topics = TopicMemory()
    topics.alter_topic("handed-off", TopicMetadata(4, "id"))

    assert agreed({**topics.known, KNOWN.key: record(KNOWN)}) == {KNOWN.key: KNOWN}


def test_terms_that_are_known_as_they_are_pass_and_nothing_is_written() -> None:
    check_terms([KNOWN], [AGREEMENT], NOW, accept_changes=False)

    assert changes_of(remembered(KNOWN), [AGREEMENT]) == {}


def test_the_first_worker_of_a_group_remembers_all_that_is_loaded() -> None:
    check_terms([], [AGREEMENT], NOW, accept_changes=False)

    assert changes_of({}, [AGREEMENT]) == {KNOWN.key: record(KNOWN)}


def test_terms_that_were_worked_with_by_an_earlier_edition_of_the_rules_pass_and_are_remembered_by_this_one() -> None:
    before = KNOWN._replace(edition=KNOWN.edition - 1)

    with capture_logs() as lines:
        check_terms([before], [AGREEMENT], NOW, accept_changes=False)
        check_terms([KNOWN], [AGREEMENT], NOW, accept_changes=False)

    assert [line["edition"] for line in lines] == [KNOWN.edition]
    assert changes_of(remembered(before), [AGREEMENT]) == {KNOWN.key: record(KNOWN)}


def test_rewritten_terms_are_refused_in_words_until_they_are_accepted() -> None:
    with pytest.raises(RewrittenError, match=r"write a new version .* --accept-changes"):
        check_terms([OTHERWISE], [AGREEMENT], NOW, accept_changes=False)

    check_terms([OTHERWISE], [AGREEMENT], NOW, accept_changes=True)
    assert changes_of(remembered(OTHERWISE), [AGREEMENT]) == {KNOWN.key: record(KNOWN)}


def test_terms_that_were_not_in_force_yet_may_be_rewritten() -> None:
    check_terms([OTHERWISE], [AGREEMENT], KNOWN.since - 1, accept_changes=False)


def test_a_version_that_is_gone_is_refused_and_forgotten_once_that_is_accepted() -> None:
    after = renamed("2099-1")

    with pytest.raises(RewrittenError, match="is there no more"):
        check_terms([KNOWN], [after], NOW, accept_changes=False)

    assert changes_of(remembered(KNOWN), [after]) == {
        KNOWN.key: None,
        version_of(after).key: record(version_of(after)),
    }


def test_an_agreement_that_no_record_holds_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_agreements, "LARGEST_AGREEMENT", 10)

    with pytest.raises(TopicsError, match=f"{KNOWN.key.decode()} takes .* bytes, and 10 can be remembered"):
        changes_of({}, [AGREEMENT])
