"""`leadsla confirm`, `excuse`, `attempt`, `close-deal`: what they publish, in words and bytes; and what they refuse to."""

import asyncio
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from leadsla.hand_events.deliveries import NothingToConfirm, due_on, next_due, terms_of
from leadsla.hand_events.events import hand_event
from leadsla.main import app
from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.events.vocabulary import ABOUT_LEADS
from sla_rules.instants import DAY, Instant, moment, parse_instant
from sla_rules.names import EVENT_TOPICS, REJECTED_TOPIC
from streams.kafka.embedded_broker import EmbeddedBroker
from tests.laws import examples
from tests.real_parts.service import all_records

AGREEMENTS = Path(__file__).parents[2] / "agreements"
EXAMPLES = AGREEMENTS / "examples"
FRIDAY = "2026-03-06T12:00:00Z"


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env=environment, catch_exceptions=False)


def on(broker: EmbeddedBroker, *arguments: str) -> Result:
    broker.create(*EVENT_TOPICS, REJECTED_TOPIC)
    return run(
        *arguments,
        "--broker",
        broker.bootstrap,
        "--yes",
        "--wait",
        "0.1",
        "--agreements",
        str(AGREEMENTS),
        "--agreements",
        str(EXAMPLES),
    )


def published(broker: EmbeddedBroker, topic: str) -> list[tuple[bytes | None, dict[str, Any]]]:
    records = asyncio.run(all_records(broker.bootstrap, topic))
    return [(record.key, json.loads(record.value)) for record in records]


CALLED = ("attempt", "L-7", "--channel", "phone", "--outcome", "connected", "--rep", "ana", "--duration", "2m30s")
COMMANDS = {
    "attempt": (
        (*CALLED, "--at", FRIDAY),
        "ana tried to reach lead L-7 by phone, Fri 2026-03-06 12:00:00 UTC, for 2m30s: connected",
        "contact-attempt",
        b"L-7",
        "lead.contact_attempted.v1",
        {"channel": "phone", "direction": "outbound", "outcome": "connected", "rep_id": "ana", "duration_seconds": 150.0},
    ),
    "excuse": (
        ("excuse", "L-7", "--reason", "a strike", "--by", "bo", "--at", FRIDAY),
        "lead L-7 is excused, Fri 2026-03-06 12:00:00 UTC, by bo: a strike",
        "lead-outcome",
        b"L-7",
        "lead.excused.v1",
        {"reason": "a strike", "by": "bo"},
    ),
    "a span": (
        ("excuse", "L-7", "--reason", "upkeep", "--by", "bo", "--from", FRIDAY, "--until", "2026-03-06T13:00:00Z", "--at", FRIDAY),
        "lead L-7 is excused from Fri 2026-03-06 12:00:00 UTC to Fri 2026-03-06 13:00:00 UTC, Fri 2026-03-06 12:00:00 UTC, by bo: upkeep",
        "lead-outcome",
        b"L-7",
        "lead.excused.v1",
        {"reason": "upkeep", "by": "bo", "from": FRIDAY, "until": "2026-03-06T13:00:00Z"},
    ),
    "close-deal": (
        ("close-deal", "L-7", "L-8", "--won", "--amount", "1200.50", "--currency", "EUR", "--at", FRIDAY),
        "deal L-7 (L-7, L-8) won, 1200.50 EUR, Fri 2026-03-06 12:00:00 UTC",
        "deal-closed",
        b"L-7",
        "deal.closed.v1",
        {"outcome": "won", "amount": "1200.50", "currency": "EUR", "deal_id": "L-7", "lead_ids": ["L-7", "L-8"]},
    ),
    "confirm": (
        ("confirm", "dunder-mifflin", "reams", "--to", "Address 1", "--quantity", "20", "--at", FRIDAY),
        "20 of 50 of reams (dunder-mifflin), due Tue 2026-03-31 23:59:00 EDT, delivered Fri 2026-03-06 07:00:00 EST to Address 1",
        "deliverable",
        b"dunder-mifflin:reams",
        "deliverable.confirmed.v1",
        {"agreement": "dunder-mifflin", "obligation": "reams", "quantity": 20.0, "due": "2026-03-31", "to": "Address 1"},
    ),
    "a remedy": (
        ("confirm", "company-x", "first-touch", "--remedy", "2026-02", "--at", FRIDAY),
        "remedy for first-touch (company-x) in 2026-02, carried out Fri 2026-03-06 13:00:00 CET by Ana Costa",
        "deliverable",
        b"company-x:first-touch",
        "remedy.confirmed.v1",
        {"agreement": "company-x", "obligation": "first-touch", "period": "2026-02", "by": "Ana Costa"},
    ),
    "a remedy by somebody else": (
        ("confirm", "company-x", "first-touch", "--remedy", "2026-02", "--owner", "Ana Costa", "--by", "Eva", "--at", FRIDAY),
        "remedy for first-touch (company-x) in 2026-02, carried out Fri 2026-03-06 13:00:00 CET by Eva",
        "deliverable",
        b"company-x:first-touch",
        "remedy.confirmed.v1",
        {"agreement": "company-x", "obligation": "first-touch", "period": "2026-02", "by": "Eva", "owner": "Ana Costa"},
    ),
    "a ticket": (
        ("attempt", "T-1", "--subject", "ticket", "--channel", "email", "--direction", "inbound", "--at", FRIDAY),
        "ticket T-1 got in touch by email, Fri 2026-03-06 12:00:00 UTC",
        "contact-attempt",
        b"T-1",
        "ticket.answered.v1",
        {"channel": "email", "direction": "inbound"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_what_is_said_in_words_is_what_is_published_once(
    command: tuple[tuple[str, ...], str, str, bytes, str, dict[str, Any]], embedded_broker: EmbeddedBroker
) -> None:
    arguments, words, topic, key, kind, data = command

    first, again = on(embedded_broker, *arguments), on(embedded_broker, *arguments)

    assert (first.exit_code, again.exit_code) == (0, 0), first.stderr + again.stderr
    assert first.stdout.splitlines()[0] == again.stdout.splitlines()[0] == words
    assert f"published: {topic}/" in first.stdout
    assert "not taken after 0.1 s: it lies at" in first.stdout
    assert "already published" in again.stdout
    ((found_key, event),) = published(embedded_broker, topic)
    assert (found_key, event["type"], event["data"], event["source"]) == (key, kind, data, "/hand")


def test_the_same_within_a_minute_is_published_only_if_it_is_said_to_have_happened_again(
    embedded_broker: EmbeddedBroker,
) -> None:
    first, mistaken = on(embedded_broker, *CALLED), on(embedded_broker, *CALLED, "--json")
    other, meant = on(embedded_broker, *CALLED[:-4]), on(embedded_broker, *CALLED, "--again")

    assert "nothing was published" not in first.stdout + other.stdout + meant.stdout
    assert json.loads(mistaken.stdout)["published"] is False
    assert json.loads(mistaken.stdout)["already"]["same_event"] is False
    ids = [event["id"] for _, event in published(embedded_broker, "contact-attempt")]
    assert len(ids) == len(set(ids)) == 3


def test_a_second_part_of_a_delivery_is_another_confirmation_only_if_it_is_said_to_be(
    embedded_broker: EmbeddedBroker,
) -> None:
    part = ("confirm", "dunder-mifflin", "reams", "--quantity", "25", "--due", "2026-03-31")

    on(embedded_broker, *part, "--at", "2026-03-30T12:00:00Z")
    later = on(embedded_broker, *part, "--at", "2026-03-31T12:00:00Z")
    other = on(embedded_broker, *part, "--at", "2026-03-31T12:00:00Z", "--again")

    assert "already published" in later.stdout
    assert "published: deliverable" in other.stdout
    assert [event["data"]["quantity"] for _, event in published(embedded_broker, "deliverable")] == [25, 25]


def test_without_a_terminal_and_without_yes_nothing_is_published_and_the_event_is_shown(
    embedded_broker: EmbeddedBroker,
) -> None:
    embedded_broker.create(*EVENT_TOPICS)
    arguments = ("--broker", embedded_broker.bootstrap, "--agreements", str(AGREEMENTS))

    asked, shown = run(*CALLED, *arguments), run(*CALLED, *arguments, "--json", "--lang", "es")

    assert (asked.exit_code, shown.exit_code) == (2, 2)
    assert "nothing was published: leadsla attempt asks before it publishes" in asked.stderr
    assert "no hay terminal donde preguntar; diga --yes" in shown.stderr
    assert json.loads(shown.stdout)["event"]["data"]["channel"] == "phone"
    assert published(embedded_broker, "contact-attempt") == []


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("confirm", "company-y", "status-report"), "no agreement 'company-y'; did you mean 'company-x'?"),
        (("confirm", "company-x", "status-repot"), "no deliverable 'status-repot'; did you mean 'status-report'?"),
        (("confirm", "company-x", "first-touch"), "'first-touch' is an obligation of speed, of which nothing is confirmed"),
        (("confirm", "dunder-mifflin", "shipment", "--due", "2026-03-04"), "nothing of 'shipment' is due on 2026-03-04; it is on 2026-03-02 and on 2026-03-09"),
        (("confirm", "dunder-mifflin", "reams", "--due", "2020-03-31"), "nothing of 'reams' is due on 2020-03-31; it is on 2026-01-31"),
        (("confirm", "dunder-mifflin", "reams", "--to", "address 1"), "no recipient 'address 1'; did you mean 'Address 1'?"),
        (("confirm", "company-y", "first-touch", "--remedy", "2026-02"), "no agreement 'company-y'; did you mean 'company-x'?"),
        (("confirm", "company-x", "first-tuch", "--remedy", "2026-02"), "no obligation 'first-tuch'; did you mean 'first-touch'?"),
        (("confirm", "company-x", "status-report", "--remedy", "2026-02"), "no remedy is agreed for 'status-report'"),
        (("confirm", "company-x", "first-touch", "--remedy", "2026-13"), "'2026-13' is no period: there is no such month"),
        (("confirm", "company-x", "first-touch", "--remedy", "march", "--by", "Ana"), "data.period 'march' is no period; write a day as 2026-03-02"),
        (("confirm", "company-x", "first-touch", "--remedy", "2026-W09"), "2026-W09 is a week, and 'first-touch' is judged by the month"),
        (("confirm", "company-x", "first-touch", "--remedy", "2026-02", "--owner", "Ana"), "no owner of a remedy 'Ana'; did you mean 'Ana Costa'?"),
        (("confirm", "company-x", "first-touch", "--remedy", "2026-02", "--quantity", "2"), "--due, --quantity and --to are of a delivery"),
        (("confirm", "company-x", "first-touch", "--owner", "Ana Costa"), "--owner is of a --remedy"),
        (("attempt", "L-7", "--channel", "phone", "--outcome", "shrug"), "data.outcome has to be"),
        (("attempt", "L-7", "--channel", "phone", "--at", "2999-01-01T00:00:00Z"), "lies"),
        (("attempt", "T-7", "--channel", "phone", "--subject", "tickets"), "no subject 'tickets'; did you mean 'ticket'?"),
        (("excuse", "T-7", "--reason", "spam", "--subject", "ticket"), "no agreement names an event for 'excused' of a ticket"),
        (("attempt", "L-7", "--channel", "phone", "--duration", "soon"), "'soon' is not a duration"),
        (("close-deal", "L-7", "--lost", "--amount", "much", "--currency", "EUR"), 'data.amount has to be an amount, as "1200.50"'),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_before_any_broker_is_asked(arguments: tuple[str, ...], why: str) -> None:
    agreements = ("--agreements", str(AGREEMENTS), "--agreements", str(EXAMPLES))

    found = run(*arguments, *agreements, "--yes", "--broker", "localhost:1")

    assert (found.exit_code, found.stdout) == (2, "")
    assert why in " ".join(found.stderr.replace("│", "").split())


def test_the_date_is_that_of_the_window_and_the_one_that_has_passed_is_offered(embedded_broker: EmbeddedBroker) -> None:
    found = on(embedded_broker, "confirm", "dunder-mifflin", "shipment", "--at", "2026-03-03T12:00:00Z")

    assert "due Mon 2026-03-09 17:00:00 EDT" in found.stdout
    assert "if it is what was due on 2026-03-02, say --due 2026-03-02" in found.stdout


def test_the_agreements_are_those_of_the_workers_settings() -> None:
    found = run("confirm", "company-x", "status-repot", "--yes", LEADSLA_AGREEMENTS=str(AGREEMENTS))

    assert "did you mean 'status-report'?" in found.stderr


def test_a_broker_that_is_not_there_is_said_to_be_so() -> None:
    with EmbeddedBroker() as broker:
        gone = broker.bootstrap

    found = run(*CALLED, "--yes", "--broker", gone, "--agreements", str(AGREEMENTS))

    assert found.exit_code == 2
    assert found.stderr.startswith(f"leadsla attempt: {gone}: nobody listens there; look at LEADSLA_BROKER")


RULES = RuleBook(load_agreements([EXAMPLES / "dunder-mifflin.yaml"]))
BEGINS = parse_instant("2026-01-02T00:00:00Z")


@given(st.sampled_from(("shipment", "reams")), st.integers(0, 2_000 * 24).map(lambda hours: BEGINS + hours * DAY // 24))
@examples(80)
def test_the_date_chosen_is_the_next_and_every_other_day_is_refused_with_its_neighbours(
    obligation: str, time: Instant
) -> None:
    terms = terms_of(RULES, "dunder-mifflin", obligation)

    chosen = next_due(terms, time)

    assert chosen.due.at >= time
    assert chosen.passed is None or chosen.passed.at < time
    assert due_on(terms, chosen.due.day, time) == chosen.due
    other: date = chosen.due.day - timedelta(days=1)
    with pytest.raises(NothingToConfirm, match=chosen.due.day.isoformat()):
        due_on(terms, other, time)


def test_the_open_day_that_stands_for_a_holiday_is_taken_for_its_day_by_the_schedule() -> None:
    """7 September 2026 is Labor Day."""
    terms = terms_of(RULES, "dunder-mifflin", "shipment")

    by_schedule, instead = (due_on(terms, date(2026, 9, day), BEGINS) for day in (7, 8))

    assert by_schedule == instead
    assert (instead.day, instead.at) == (date(2026, 9, 7), parse_instant("2026-09-08T21:00:00Z"))


@given(st.text(max_size=20), st.integers(0, 10**9), st.integers(0, 10**9))
@examples(60)
def test_an_event_is_the_same_if_and_only_if_it_says_the_same_at_the_same_time(rep: str, one: int, two: int) -> None:
    def called(second: int) -> str:
        data = {"channel": "phone", "rep_id": rep or None}
        now = parse_instant("2030-01-01T00:00:00Z")
        made = hand_event("lead.contact_attempted.v1", "L-1", BEGINS + second * 1_000, data, ABOUT_LEADS, now)
        return str(made.event["id"])

    assert (called(one) == called(two)) is (one == two)
    assert moment(BEGINS).year == 2026


@pytest.mark.parametrize(
    ("answer", "status", "said", "count"),
    [("y", 0, "published: contact-attempt", 1), ("n", 1, "nothing was published", 0)],
)
def test_at_a_terminal_it_asks_and_does_as_it_is_told(
    answer: str, status: int, said: str, count: int, embedded_broker: EmbeddedBroker
) -> None:
    embedded_broker.create(*EVENT_TOPICS, REJECTED_TOPIC)
    keyboard, terminal = os.openpty()
    command = [sys.executable, "-m", "leadsla", *CALLED, "--broker", embedded_broker.bootstrap, "--wait", "0"]
    try:
        os.write(keyboard, f"{answer}\n".encode())
        found = subprocess.run(
            [*command, "--agreements", str(AGREEMENTS)], stdin=terminal, capture_output=True, text=True, check=False
        )
    finally:
        os.close(keyboard)
        os.close(terminal)

    assert found.returncode == status, found.stderr
    assert f"publish it to {embedded_broker.bootstrap}? [y/N]" in found.stdout
    assert said in found.stdout
    assert len(published(embedded_broker, "contact-attempt")) == count
