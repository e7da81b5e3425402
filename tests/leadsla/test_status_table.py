"""How agreements stand, on a screen of 80 columns."""

from fractions import Fraction
from typing import Any, Final

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from leadsla.console import Console
from leadsla.tables.status import show_status
from sla_rules.instants import SECOND, Instant
from sla_rules.reports.consequences import Target
from sla_rules.reports.freshness import freshness
from sla_rules.whole_agreement.records import DowntimeBudget, LeadBudget, RunningPromise
from sla_rules.whole_agreement.service_status import AgreementStatus, OwnerState, ServiceStatus
from tests.leadsla.standing import UNTIL, standing
from tests.sla_rules.reports.progress import record, records
from wording.languages import LANGUAGES, Language
from wording.voice import Voice


def printed(language: Language, now: Instant, *agreements: AgreementStatus, silent: bool = False) -> list[str]:
    service = freshness(records(record(at=now - 40 * SECOND if silent else now)), 1, now)
    found = ServiceStatus(
        at=now, service=service, partitions=1, records=1, latest=now - 3 * SECOND, agreements=agreements
    )
    console = Console(width=80, record=True, highlight=False)
    show_status(console, found, Voice(language))
    return [line.rstrip() for line in console.export_text().splitlines()]


def status(name: str, days: int = 0, owner: OwnerState = "up_to_date") -> tuple[Instant, AgreementStatus]:
    now, known = standing(name, days)
    return now, AgreementStatus(data=known.data, owner=owner, periods=known.periods)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(UNTIL))
def test_of_every_agreement_that_ships_all_fits_80_columns(name: str, language: Language) -> None:
    now, one = status(name, 20)

    lines = printed(language, now, one)

    assert max(map(cell_len, lines)) <= 80
    told = " ".join(lines)
    assert all(promise.status.obligation in told for promise in one.data.promises)
    assert all(period.goal.obligation in told for period in one.periods)


SAID: Final[dict[Language, tuple[str, ...]]] = {
    "en": (
        "company-x 2026-01: sales has broken status-report; marketing is at risk with leads-delivered",
        "as of Tue 2026-02-24 12:00 CET",
        "obligation stands agreed found period",
        "status-report broken 100 % 0 % month 2026-02: 3 missed where none may be",
        "leads-delivered at risk 100 0 month 2026-02: 82.1 due to date, heading for 0",
        "results first-touch 2026-01 missed (81.8%)",
        "first-touch 2026-01: overdue, Ana Costa by 2026-02-05: Go through the leads",
        "may be ended once leads-delivered was missed 3 months in a row: 1 in a row now",
        "next goal leads-delivered: 100, as agreed; no lead is older than the average sales cycle yet",
        "broken: the target cannot be reached in this period any more",
    ),
    "es": (
        "company-x 2026-01: sales ha incumplido status-report; marketing está en riesgo con leads-delivered",
        "a mar 24/2/2026 12:00 CET",
        "status-report incumplido 100 % 0 % feb 2026: han fallado 3 y no podía fallar ninguno",
        "leads-delivered en riesgo 100 0 feb 2026: 82,1 a la fecha, va camino de 0",
        "first-touch 2026-01: vencido, Ana Costa, a más tardar el 5/2/2026: Go through",
        "puede rescindirse si se incumple leads-delivered 3 meses seguidos: ahora van 1",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_keeps_it_what_is_ahead_and_what_follows_is_said_in_words(language: Language) -> None:
    text = " ".join(" ".join(printed(language, *status("company-x", 20))).split())

    assert [said for said in SAID[language] if said not in text] == []


def test_a_credit_is_listed_until_it_may_not_be_claimed_any_more() -> None:
    now, one = status("uptime")
    (period,) = (period for period in one.periods if period.goal.credits)
    (credit,) = period.goal.credits
    assert credit.claim_until is not None

    at_last, too_late = (" ".join(printed("en", at, one)) for at in (credit.claim_until, credit.claim_until + 1))

    assert "10.00 of" in at_last
    assert "to be claimed until 2026-04-03" in " ".join(at_last.split())
    assert "10.00 of" not in too_late
    assert now < credit.claim_until


def remedied(**became: Any) -> str:
    now, one = status("uptime")
    periods = tuple(
        replace(period, goal=replace(period.goal, remedies=tuple(replace(r, **became) for r in period.goal.remedies)))
        for period in one.periods
    )
    return " ".join(" ".join(printed("en", now, replace(one, periods=periods))).split())


def test_a_remedy_says_what_became_of_it() -> None:
    now, _ = status("uptime")

    assert "reachable 2026-01: Operations by 2026-03-19: Answer the claim" in remedied()
    assert "reachable 2026-01: overdue, Operations by" in remedied(status="overdue")
    done = remedied(status="confirmed", confirmed_at=now, confirmed_by="ann@example.com")
    assert "reachable 2026-01: done by ann@example.com on 2026-02-04: Answer the claim" in done


@pytest.mark.parametrize(
    ("owner", "said"),
    [
        ("behind", "nothing has been decided of it since 2026-02-04"),
        ("silent", "the worker that owns it has not been heard of"),
        ("nothing_written", "nobody has decided anything of it yet"),
    ],
)
def test_an_owner_that_does_not_look_after_it_is_said(owner: OwnerState, said: str) -> None:
    assert any(said in line for line in printed("en", *status("company-x", owner=owner)))
    assert not any(said in line for line in printed("en", *status("company-x")))


def test_a_service_that_may_not_know_all_is_said_on_top() -> None:
    now, one = status("company-x")

    assert printed("en", now, one, silent=True)[0].startswith("this may be out of date, or not all")


def test_of_an_agreement_that_is_withdrawn_only_what_was_decided_is_left() -> None:
    now, one = status("company-x")

    lines = printed("en", now, replace(one, data=replace(one.data, status="withdrawn")))

    assert "company-x 2026-01: withdrawn, no file says it any more" in lines
    assert not any("stands" in line for line in lines)
    assert any("2026-01 missed" in line for line in lines)


def running(**changes: Any) -> str:
    """What the row of a promise says, of one that is changed."""
    now, one = status("uptime")
    promise = one.data.promises[0]
    shown = RunningPromise(
        status=replace(promise.status, **changes.pop("status", {})),
        **{
            "budget": None,
            "downtime_budget": None,
            "projection": None,
            "capacity": None,
            "load": None,
            **changes,
        },
    )
    return " ".join(" ".join(printed("en", now, replace(one, data=replace(one.data, promises=(shown,))))).split())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"budget": LeadBudget(allowed=3, used=1, left=2, is_out_of_reach=False)}, "2 more may be missed"),
        ({"budget": LeadBudget(allowed=1, used=1, left=0, is_out_of_reach=False)}, "no more may be missed"),
        ({"budget": LeadBudget(allowed=1, used=2, left=0, is_out_of_reach=True)}, "2 missed where 1 may be"),
        (
            {"downtime_budget": DowntimeBudget(allowed=9 * SECOND, used=0, left=9 * SECOND, is_out_of_reach=False)},
            "may be down for 9s more",
        ),
        (
            {"downtime_budget": DowntimeBudget(allowed=SECOND, used=9 * SECOND, left=0, is_out_of_reach=True)},
            "down for 9s where 1s are allowed",
        ),
        ({"capacity": 10, "load": Fraction(12, 10)}, "120% of what the reps can serve"),
        (
            {"status": {"targets": (Target("share", Fraction(9, 10), Fraction(8_999_999, 10_000_000), "missed"),)}},
            "90 % 89.999 %",
        ),
        (
            {"status": {"targets": (Target("share", Fraction(9, 10), Fraction(106, 131), "missed"),)}},
            "90 % 80.916 %",
        ),
    ],
)
def test_what_is_ahead_of_a_promise_is_said_and_what_just_missed_does_not_look_met(
    changes: dict[str, Any], said: str
) -> None:
    assert said in running(**changes)


def test_where_all_is_well_one_sentence_is_enough() -> None:
    now, one = status("company-x")

    def first(standing: str) -> str:
        promises = tuple(replace(p, status=replace(p.status, standing=standing)) for p in one.data.promises)
        return next(
            line for line in printed("en", now, replace(one, data=replace(one.data, promises=promises))) if "x " in line
        )

    assert first("kept") == "company-x 2026-01: both sides keep it"
    assert first("nothing_due") == "company-x 2026-01: nothing is due yet"


def test_where_nothing_stands_that_is_said() -> None:
    now, _ = status("company-x")

    assert printed("es", now)[-1] == "todavía no consta nada de ningún acuerdo"
