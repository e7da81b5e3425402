"""Figures by calendar window, and the identities that hold in every one of them."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.obligations import Depth, Speed
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.period_records import read_record, record, record_key, window_of
from sla_rules.figures.windows import Figures, WindowKey, Windows
from sla_rules.formats import UnknownFormatError
from sla_rules.instants import format_duration
from tests.script import History
from tests.sla_rules.rules import company_x, rule_books, wall
from tests.sla_rules.scratch import outcome
from tests.sla_rules.story import attempted, handed_off, judged
from tests.strategies import ends, histories

KEY = WindowKey("company-x", "first-touch", "all", "week", date(2026, 10, 19))


def terms_of(rules: RuleBook, key: WindowKey) -> list[object]:
    return [term.obligation for term in rules.terms if term.name == key[:2]]


def sum_of(tally: Tally, prefix: str) -> int:
    return sum(count for name, count in tally.items() if name.startswith(prefix))


@given(st.sampled_from(rule_books()), histories(), ends())
def test_leads_are_met_breached_open_closed_and_nothing_else_and_followed_up_or_untouched(
    rules: RuleBook, history: History, end: int
) -> None:
    for key, tally in outcome(rules, history, end).figures.items():
        terms = terms_of(rules, key)
        leads = tally.get("leads", 0)
        decided = sum(tally.get(status, 0) for status in ("met", "breached", "open", "closed"))
        if isinstance(terms[0], Speed):
            assert leads == decided
            assert leads == tally.get("followed_up", 0) + tally.get("untouched", 0)
            for clock in ("wall", "working"):
                assert sum_of(tally, f"{clock}_bucket_to:") == tally.get("followed_up", 0)
        if isinstance(terms[0], Depth):
            assert leads == decided + tally.get("connected", 0)
            assert tally.get("unconnected", 0) >= tally.get("unconnected_open", 0)
            assert tally.get("attempts", 0) >= tally.get("attempts_open", 0)
            assert tally.get("unconnected", 0) <= leads


@given(st.sampled_from(rule_books()), histories(), ends())
def test_bands_are_cumulative(rules: RuleBook, history: History, end: int) -> None:
    for key, tally in outcome(rules, history, end).figures.items():
        for terms in terms_of(rules, key)[:1]:
            if isinstance(terms, Speed) and len(terms_of(rules, key)) == 1:
                within = [tally.get(f"wall_within:{format_duration(band)}", 0) for band in terms.bands]
                assert within == sorted(within)
                assert within[-1] <= tally.get("followed_up", 0)


def test_a_cycle_lies_in_the_windows_of_its_hand_off_in_the_agreements_zone() -> None:
    windows = Windows(company_x())
    (contribution,) = judged(
        company_x(), handed_off("2026-03-01 23:30"), attempted("2026-03-02 09:10"), now="2026-03-02 12:00"
    ).speed()

    windows.put_in(contribution)

    assert {(key.interval, key.first) for key in windows.tallies} == {
        ("day", date(2026, 3, 1)),
        ("week", date(2026, 2, 23)),
        ("month", date(2026, 3, 1)),
    }


def test_what_changed_is_published_once_and_again_when_it_is_taken_out() -> None:
    windows = Windows(company_x())
    (contribution,) = judged(company_x(), handed_off("2026-03-02 09:00"), now="2026-03-02 09:00").speed()

    windows.put_in(contribution)
    assert [windows.figures(key).current for key in windows.take_changed()] == [
        {"leads": 1, "open": 1, "untouched": 1}
    ] * 3
    assert windows.take_changed() == []
    windows.take_out(contribution)
    assert [windows.figures(key).current for key in windows.take_changed()] == [{}] * 3


def test_after_a_recovery_only_what_differs_from_what_was_published_is_published() -> None:
    windows = Windows(company_x())
    (contribution,) = judged(company_x(), handed_off("2026-03-02 09:00"), now="2026-03-02 09:00").speed()
    windows.put_in(contribution)
    day, week, month = sorted(windows.tallies)
    emptied = KEY._replace(first=date(2026, 2, 2))
    foreign = KEY._replace(agreement="gone")

    stale = Figures({"leads": 2})
    windows.read_back({day: windows.figures(day), week: stale, emptied: stale, foreign: stale})

    assert windows.take_changed() == sorted([week, month, emptied])
    assert windows.figures(emptied) == Figures({})


def test_what_was_published_of_quarters_that_are_none_any_more_stays_as_it_was() -> None:
    """A later version has moved the year, as `wall` has it."""
    windows = Windows(wall())
    calendar = WindowKey("leads", "touch", "ceo", "quarter", date(2026, 1, 1))
    fiscal = calendar._replace(first=date(2026, 3, 1))
    told = Figures({"leads": 2}, {"leads": 1})

    windows.read_back({calendar: told, fiscal: told})

    assert windows.take_changed() == [fiscal]
    assert windows.figures(fiscal) == Figures({}, {"leads": 1})


def test_the_key_of_a_record_says_which_window_of_which_partition_it_is() -> None:
    assert window_of(record_key(KEY, 7)) == (KEY, 7)


@pytest.mark.parametrize(
    "key", [b"", b"test", b"a/b/all/fortnight/2026-01-01/0", b"a/b/all/day/yesterday/0", b"\xff/b/c"]
)
def test_a_key_that_no_worker_writes_is_of_no_window(key: bytes) -> None:
    with pytest.raises(UnknownFormatError):
        window_of(key)


def test_figures_in_the_words_of_a_former_release_are_read_as_those_of_now() -> None:
    rules = company_x()
    figures = Figures({"leads": 2, "wrong_recipient": 1}, {"leads": 1, "wrong_recipient": 1})
    value = record(KEY, figures, 7, rules).replace(b'"wrong_recipient":', b'"elsewhere":')

    assert read_record(value) == (KEY, figures)


def test_figures_in_the_buckets_of_a_former_release_say_the_same_and_are_not_published_again() -> None:
    rules = company_x()
    windows = Windows(rules)
    (contribution,) = judged(
        rules, handed_off("2026-03-02 09:00"), attempted("2026-03-02 09:10"), now="2026-03-02 12:00"
    ).speed()
    windows.put_in(contribution)
    key = min(windows.tallies)
    now = windows.figures(key).current
    former = {name: count for name, count in now.items() if "_bucket" not in name}
    former |= {f"{clock}_bucket:1013": 1 for clock in ("wall", "working")}
    slower = former | {"wall_sum": former["wall_sum"] + 1}

    def told(published: Tally) -> Figures:
        windows.read_back({key: read_record(record(key, Figures(former, published), 7, rules))[1]})
        return windows.figures(key)

    assert told(former).status == "published"
    assert key not in windows.changed
    assert told(slower).status == "restated"
    assert key not in windows.changed
    windows.read_back({key: Figures(slower, former)})
    assert key in windows.changed


def test_figures_of_a_former_release_are_silent_on_flags_and_are_not_told_again_for_them() -> None:
    rules = company_x()
    windows = Windows(rules)
    (contribution,) = judged(
        rules, handed_off("2026-03-02 09:00"), attempted("2026-03-02 09:10", duration=0), now="2026-03-02 12:00"
    ).speed()
    windows.put_in(contribution)
    key = min(windows.tallies)
    now = windows.figures(key).current
    silent = {name: count for name, count in now.items() if "flagged" not in name}
    assert silent != now

    windows.read_back({key: Figures(silent, silent)})

    assert windows.figures(key) == Figures(now, silent)
    assert windows.figures(key).status == "published"
    assert key not in windows.changed
    windows.read_back({key: Figures(now | {"flagged": 2}, silent)})
    assert key in windows.changed
    windows.read_back({key: Figures(silent | {"met": 2}, silent)})
    assert key in windows.changed


def test_a_record_says_its_window_in_full_and_reads_back() -> None:
    rules = company_x()
    value = record(KEY, Figures({"met": 1, "leads": 2}, {"leads": 1}), 7, rules)

    assert record_key(KEY, 7) == b"company-x/first-touch/all/week/2026-10-19/7"
    assert read_record(value) == (KEY, Figures({"leads": 2, "met": 1}, {"leads": 1}))
    assert value == record(KEY, Figures({"leads": 2, "met": 1}, {"leads": 1}), 7, rules)
    assert msgspec.json.decode(value) == {
        "agreement": "company-x",
        "obligation": "first-touch",
        "segment": "all",
        "interval": "week",
        "first": "2026-10-19",
        "start": "2026-10-18T22:00:00Z",
        "end": "2026-10-25T23:00:00Z",
        "partition": 7,
        "status": "restated",
        "figures": {"leads": 2, "met": 1},
        "published": {"leads": 1},
    }


def test_without_leads_there_are_no_figures() -> None:
    assert Windows(company_x()).take_changed() == []
