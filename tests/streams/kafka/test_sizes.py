"""Whatever has to be written fits into a record, at its very worst."""

import msgspec
import pytest

from sla_rules.agreement.segments import Segment
from sla_rules.currencies import CURRENCIES
from sla_rules.engine.codec import decode, encode_fact
from sla_rules.engine.joining import join
from sla_rules.engine.judging import Judged
from sla_rules.engine.partition import PartitionState
from sla_rules.evaluation.contributions import UncoveredContribution
from sla_rules.evaluation.notices import Notice, notice_event
from sla_rules.evaluation.quantiles import ENDS
from sla_rules.figures.period_records import record, record_key
from sla_rules.figures.windows import Figures, WindowKey
from sla_rules.instants import DAY, EARLIEST, LATEST, SECOND, format_duration
from sla_rules.lead import facts
from sla_rules.lead.bounds import LONGEST_TEXT
from sla_rules.lead.erasure import deleted, erased
from sla_rules.lead.facts import Fact
from sla_rules.limits import DEFAULT, LARGEST_FACTS, LARGEST_STATE, Limits
from streams.kafka.connection import LARGEST_EVENT
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.kafka.known_agreements import hold_to_agreed
from streams.kafka.topics import TopicsError
from streams.pipeline.decode import LARGEST_KEY
from streams.settings import Settings
from tests.script import ORIGIN
from tests.sla_rules.rules import company_x

AROUND: int = 512
"""Bytes of a batch of one record around its key and value, headers included."""
MANY: int = 10**24
"""More than a figure can come to: a trillion leads, each with the largest amount there is."""
WORST = "\x01" * LONGEST_TEXT
"""Each of these is six characters in JSON."""


def fits(key: bytes, value: bytes) -> bool:
    return len(key) + len(value) + AROUND <= LARGEST_EVENT


def test_a_notice_of_the_longest_names_fits() -> None:
    notice = Notice(
        key="0" * 32,
        tier="escalation-3660d23h59m59s",
        agreement="a" * 63,
        version="\x01" * 64,
        obligation="o" * 63,
        kind="speed",
        segment="s" * 63,
        provider="p" * 63,
        lead=WORST * 2,
        cycle=10**6,
        rep=WORST,
        team=WORST,
        deadline=LATEST,
        resolved_at=LATEST + 1,
    )

    assert len(notice_event(notice)) < 32 * 1024


def speed_figures() -> dict[str, int]:
    """All figures that speed can have: every bucket of either clock, and as many bands as an agreement may name."""
    bands = [format_duration(3_660 * DAY - number * SECOND) for number in range(100)]
    found = dict.fromkeys(
        ("leads", "met", "breached", "open", "closed", "excused", "anomalies", "untouched", "followed_up"), MANY
    )
    for clock in ("wall", "working"):
        found |= {f"{clock}_bucket_to:{end}": MANY for end in ENDS if end <= LATEST - EARLIEST}
        found |= {f"{clock}_within:{band}": MANY for band in bands}
        found[f"{clock}_sum"] = MANY
    return found


def volume_figures() -> dict[str, int]:
    """All figures that volume can have, in every currency."""
    names = ("revenue", "other_revenue", "customers", "customer_revenue")
    plain = (
        "delivered",
        "value",
        "unready",
        "won",
        "lost",
        "other_won",
        "other_lost",
        "sales_cycles",
        "sales_cycle_sum",
    )
    return dict.fromkeys((*plain, "before_delivery", "converted"), MANY) | {
        f"{name}:{currency}": MANY for name in names for currency in CURRENCIES
    }


def test_the_figures_of_a_period_fit_published_and_restated() -> None:
    rules = company_x()
    first = rules.terms[0].period("day", ORIGIN).first
    for tally in (speed_figures(), volume_figures()):
        key = WindowKey(*rules.terms[0].name, "s" * 63, "day", first)
        found = record(
            key, Figures(tally, {name: count - 1 for name, count in tally.items()}, frozen=True), 9_999, rules
        )

        assert fits(record_key(key, 9_999), found)
        assert msgspec.json.decode(found)["figures"] == tally


def full(limits: Limits, wide: int) -> list[Fact]:
    """More than a lead may know, of facts that an erasure makes larger, the deletion last."""
    known: list[Fact] = [
        facts.StatusChanged(ORIGIN + number, ORIGIN, "/crm", f"{number:05}", status="reopened", reason="x" * wide)
        for number in range(limits.most_facts + 10)
    ]
    return [*known, facts.StatusChanged(ORIGIN, ORIGIN, "/crm", "gone", status="deleted")]


def test_a_full_lead_fits_erased_as_well_whatever_its_limits() -> None:
    for limits in (
        DEFAULT,
        Limits(facts=1_000, size=700_000),
        Limits(facts=100, size=800_000),
        Limits(20_000, 100_000),
    ):
        assert limits.fit
        wide = max(limits.size // limits.most_facts - 50, 1)
        known, refused = join(None, full(limits, wide), limits)
        gone = deleted("lead-1", known.facts)
        state = (
            PartitionState(company_x(), {}, limits=limits)
            .fold({b"lead-1": erased("lead-1", known.facts, gone, ())})
            .states
        )

        assert refused
        assert gone
        assert len(known.packed) <= LARGEST_FACTS
        assert fits(b"x" * LARGEST_KEY, state[b"lead-1"])


def test_limits_that_a_full_lead_would_break_do_not_fit() -> None:
    assert not Limits(facts=10_000, size=900_000).fit
    assert not Limits(facts=40_000).fit


def test_a_state_is_kept_without_what_follows_from_it_where_that_is_too_much() -> None:
    partition = PartitionState(company_x(), {})
    data = partition.fold({b"lead-1": [facts.HandedOff(ORIGIN, ORIGIN, "/crm", "a")]}).states[b"lead-1"]
    assert Judged(decode(data), data).kept == data
    contributions = tuple(UncoveredContribution(ORIGIN + number) for number in range(100_000))
    wide = msgspec.structs.replace(decode(data), contributions=contributions)

    kept = Judged(wide, b"x" * (LARGEST_STATE + 1)).kept

    assert len(kept) < 1_000
    assert decode(kept).facts == wide.facts


def test_a_fact_that_a_merge_sends_on_fits() -> None:
    largest = facts.Created(ORIGIN, ORIGIN, WORST, WORST, fields={"attributes.note": "x" * (DEFAULT.most_size - 2_000)})
    known, _ = join(None, [facts.Merged(ORIGIN, ORIGIN, "/crm", "m", into="lead-2"), largest], Limits(size=600_000))

    for fact in known.facts:
        sent = encode_fact(msgspec.structs.replace(fact, origin="\U0001f600" * 256))
        assert fits(b"x" * LARGEST_KEY, sent)


async def test_an_agreement_that_is_too_large_to_be_remembered_is_refused_by_name(
    service_embedded: EmbeddedBroker,
) -> None:
    [first, *_] = company_x().terms
    segments = tuple(Segment(id=f"s{number}", when={"role": "r" * 1_000}) for number in range(1_100))
    large = first.agreement.model_copy(update={"segments": segments})

    with pytest.raises(TopicsError, match=r"^agreement company-x/2026-01 takes 1,1\d\d,\d\d\d bytes"):
        await hold_to_agreed(Settings(broker=service_embedded.bootstrap), {}, [large], ORIGIN)
