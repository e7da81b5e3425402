import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner, Result

from crm_simulator import Plan, simulate
from leadsla.commands.simulate import line_of
from leadsla.main import app
from tests.events import Crm, Sent
from tests.sla_rules.rules import HEAD, WALL

START: Final = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""A Monday, when the working day in Berlin begins."""
COMPANY_X: Final = Path(__file__).parents[1] / "company-x.yaml"


def replayed(
    events: Path | str, *args: str, agreements: tuple[Path, ...] = (COMPANY_X,), stdin: bytes | None = None
) -> Result:
    return CliRunner().invoke(app, ["replay", *map(str, agreements), "--events", str(events), *args], input=stdin)


def document(events: Path, *args: str) -> Any:
    found = replayed(events, "--json", *args)
    assert found.exit_code == 0, found.stderr
    return json.loads(found.stdout)


def written(path: Path, *events: Sent | bytes | None) -> Path:
    lines = [event.value if isinstance(event, Sent) else event for event in events]
    path.write_bytes(b"\n".join(line or b"" for line in lines) + b"\n")
    return path


def recorded(event: Sent, arrival: str) -> bytes:
    return json.dumps({**json.loads(event.value or b""), "recordedtime": arrival}).encode()


def day(found: Any, obligation: str = "first-touch") -> Any:
    one = next(one for one in found["obligations"] if one["id"] == obligation)
    return next(period for period in one["periods"] if period["interval"] == "day")


@pytest.fixture
def crm() -> Crm:
    return Crm(START)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Company X with two hours to follow up, from the next month on."""
    text = COMPANY_X.read_text(encoding="utf-8")
    for old, new in (
        ("{within: 1h, clock: working}", "{within: 2h, clock: working}"),
        ('"2026-01"', '"2026-04"'),
        ("effective_from: 2026-01-01", "effective_from: 2026-04-01"),
    ):
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "other.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def simulated(tmp_path: Path) -> Path:
    """Two days at a CRM, with duplicates, late and broken lines."""
    path = tmp_path / "simulated.jsonl.gz"
    plan = Plan(date(2026, 3, 2), 2, 30, 1, broken_share=0.05)
    path.write_bytes(gzip.compress(b"".join(line_of(item) for item in simulate(plan))))
    return path


def test_hand_offs_that_no_agreement_applies_to_are_counted_apart(tmp_path: Path) -> None:
    early = Crm(datetime(2025, 12, 30, 9, tzinfo=UTC))
    events = written(tmp_path / "e.jsonl", early.handed_off("L-1"), early.handed_off("L-2"))

    assert document(events)["uncovered"] == {"leads": 2}
    assert document(events, "--jobs", "2")["uncovered"] == {"leads": 2}
    assert "under no agreement: 2 hand-offs" in replayed(events).stdout


def test_figures_and_breaches_stand_as_of_the_last_event(crm: Crm, tmp_path: Path) -> None:
    events = written(
        tmp_path / "e.jsonl",
        crm.handed_off("L-1"),
        crm.called("L-1", 1800),
        crm.handed_off("L-2"),
        crm.called("L-2", 5400),
        crm.handed_off("L-3", 5000),
    )

    found = document(events)

    assert (found["agreement"], found["version"], found["until"]) == ("company-x", "2026-01", "2026-03-02T09:30:00Z")
    figures = day(found)["restated"]
    assert (figures["leads"], figures["met"], figures["breached"], figures["open"]) == (3, 1, 1, 1)
    (breach,) = found["breaches"]
    assert (breach["lead"], breach["kind"], breach["late_by_seconds"]) == ("L-2", "resolved", 1800.0)


def test_as_of_an_earlier_instant_what_came_later_is_left_out(crm: Crm, tmp_path: Path) -> None:
    late = crm.called("L-1", 600)
    events = written(tmp_path / "e.jsonl", crm.handed_off("L-1"), recorded(late, "2026-03-02T12:00:00Z"))

    before = document(events, "--until", "2026-03-02T12:59:59+02:00")
    after = document(events)

    assert (before["until"], after["until"]) == ("2026-03-02T10:59:59Z", "2026-03-02T12:00:00Z")
    assert [one["kind"] for one in before["breaches"]] == ["breached"]
    assert after["breaches"] == []


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_was_over_before_the_service_listened_is_published_by_what_happened(
    crm: Crm, tmp_path: Path, jobs: str
) -> None:
    events = written(
        tmp_path / "e.jsonl",
        recorded(crm.handed_off("L-1"), "2026-03-09T09:00:00Z"),
        recorded(crm.handed_off("L-2"), "2026-03-09T09:00:00Z"),
    )

    lived_through = document(events, "--jobs", jobs)
    loaded = document(events, "--jobs", jobs, "--listening-since", "2026-03-09T08:00:00Z")

    assert (day(lived_through)["published"]["leads"], day(lived_through)["history"]) == (0, False)
    assert (day(loaded)["published"]["leads"], day(loaded)["history"]) == (2, True)
    assert [one["historic"] for one in loaded["breaches"]] == [True, True]
    shown = replayed(events, "--listening-since", "2026-03-09T08:00:00Z").stdout
    assert "published, history" in shown


def test_the_order_of_the_file_and_duplicates_change_nothing(simulated: Path, tmp_path: Path) -> None:
    lines = gzip.decompress(simulated.read_bytes()).splitlines()
    turned_round = written(tmp_path / "again.jsonl", *reversed([*lines, *lines[:50]]))

    assert document(simulated) == document(turned_round)


def test_several_jobs_come_to_the_same(simulated: Path, crm: Crm, tmp_path: Path) -> None:
    merged = crm.event("lead.merged.v1", "L-1", 60, into="L-9")
    events = written(tmp_path / "e.jsonl", crm.handed_off("L-1"), crm.called("L-9", 30), merged)
    events.write_bytes(events.read_bytes() + gzip.decompress(simulated.read_bytes()))

    assert document(events) == document(events, "--jobs", "3")


def test_bad_lines_are_named_with_line_and_reason_and_stop_nothing(crm: Crm, tmp_path: Path) -> None:
    events = written(
        tmp_path / "e.jsonl",
        crm.handed_off("L-1"),
        b"{broken",
        b"",
        b'{"type": "lead.enriched.v1"}',
        b"null",
        recorded(crm.called("L-1", 7200), "2026-03-02T09:00:00Z"),
        crm.called("L-1", 60),
    )

    found = replayed(events, "--json")

    assert found.exit_code == 0
    assert [line.split(":")[:2] for line in found.stderr.splitlines()[:4]] == [
        ["line 2", " broken_json"],
        ["line 4", " unknown_type"],
        ["line 5", " null_value"],
        ["line 6", " future_time"],
    ]
    assert "4 bad lines" in found.stderr
    assert day(json.loads(found.stdout))["restated"]["met"] == 1


def test_lines_that_no_reader_survives_are_bad_lines_like_others(crm: Crm, tmp_path: Path) -> None:
    event = json.loads(crm.handed_off("L-2").value or b"")
    deep = json.dumps({**event, "data": "@"}).encode()
    closed = json.dumps({**event, "type": "deal.closed.v1", "data": {"amount": "@"}}).encode()
    events = written(
        tmp_path / "e.jsonl",
        crm.handed_off("L-1"),
        b"[" * 1_000_000,
        deep.replace(b'"@"', b"[" * 100_000 + b"]" * 100_000),
        deep.replace(b'"@"', b'{"score":' + b"9" * 100_000 + b"}"),
        closed.replace(b'"@"', b'"1e999999"'),
        closed.replace(b'"@"', b'"' + b"9" * 100_000 + b'"'),
        b'{"x":"' + b"x" * 5_000_000 + b'"}',
        b"\xef\xbb\xbf\xff",
    )

    result = replayed(events, "--json")

    assert result.exit_code == 0, result.output
    assert "7 bad lines" in result.stderr
    assert day(json.loads(result.stdout))["restated"]["leads"] == 1


def test_events_come_from_standard_input_too(crm: Crm) -> None:
    found = replayed("-", "--json", stdin=crm.handed_off("L-1").value)

    assert day(json.loads(found.stdout))["restated"]["leads"] == 1


def test_several_agreements_are_a_line_each(crm: Crm, tmp_path: Path) -> None:
    second = tmp_path / "second.yaml"
    second.write_text(
        COMPANY_X.read_text(encoding="utf-8").replace("agreement: company-x", "agreement: second"), encoding="utf-8"
    )
    events = written(tmp_path / "e.jsonl", crm.handed_off("L-1"))

    found = replayed(events, "--json", agreements=(COMPANY_X, second))

    assert [json.loads(line)["agreement"] for line in found.stdout.splitlines()] == ["company-x", "second"]


def test_what_another_version_would_have_said_stands_beside_it(crm: Crm, tmp_path: Path, other: Path) -> None:
    events = written(tmp_path / "e.jsonl", crm.handed_off("L-1"), crm.called("L-1", 5400))

    found = document(events, "--also", str(other))

    assert (found["version"], found["also"]["version"]) == ("2026-01", "2026-04")
    assert (day(found)["restated"]["breached"], day(found["also"])["restated"]["met"]) == (1, 1)
    assert (len(found["breaches"]), found["also"]["breaches"]) == (1, [])
    assert found.keys() - {"also"} == found["also"].keys()


def test_to_people_both_are_shown_in_two_columns(crm: Crm, tmp_path: Path, other: Path) -> None:
    events = written(tmp_path / "e.jsonl", crm.handed_off("L-1"), crm.called("L-1", 5400))

    shown = replayed(events, "--also", str(other)).stdout

    row = next(line for line in shown.splitlines() if "Mon 2026-03-02" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "Mon 2026-03-02", "all", "open", "0", "1", "1", "0", "0.0%", "100.0%", "1h30m", "1h30m",
    ]  # fmt: skip
    assert "2026-01" in shown
    assert "2026-04" in shown


def test_people_see_periods_beside_their_targets_and_who_owes_what(crm: Crm, tmp_path: Path) -> None:
    events = written(
        tmp_path / "e.jsonl",
        crm.handed_off("L-1"),
        crm.called("L-1", 600),
        crm.handed_off("L-[2]"),
        crm.called("L-3", 2 * 86_400 + 3600),
    )

    shown = replayed(events).stdout

    assert (
        "first-touch: First follow-up within a working hour, within 1h of working time, target 90%, average 30m"
        in shown
    )
    row = next(line for line in shown.splitlines() if "Mon 2026-03-02" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "Mon 2026-03-02", "all", "published", "2", "1", "1", "1", "0", "0", "0", "50.0%", "10m", "10m", "10m",
    ]  # fmt: skip
    assert "1 breach: 0 made up for late, 1 still owed" in shown
    assert "Mon 2026-03-02 10:00:00  first-touch  lead L-[2] (cycle 1), owed by rep-1 of inside" in shown


def test_quarters_and_years_of_the_house_are_called_by_their_number_and_first_day(crm: Crm, tmp_path: Path) -> None:
    text = COMPANY_X.read_text(encoding="utf-8").replace("[day, week, month]", "[quarter, year]", 1)
    events = written(tmp_path / "e.jsonl", crm.handed_off("L-1"))
    fiscal = tmp_path / "fiscal.yaml"
    fiscal.write_text(f"year_begins: february\n{text}", encoding="utf-8")
    by_january = tmp_path / "by-january.yaml"
    by_january.write_text(text, encoding="utf-8")

    def periods(agreement: Path, *args: str) -> list[str]:
        shown = replayed(events, *args, agreements=(agreement,)).stdout
        cells = [line.strip("│").split("│")[0].strip() for line in shown.splitlines()]
        return list(dict.fromkeys(cell for cell in cells if cell.startswith(("quarter", "year"))))

    assert periods(by_january) == ["quarter 2026-Q1", "year 2026"]
    assert periods(fiscal) == ["quarter 2026-Q1 from 2026-02-01", "year 2026 from 2026-02-01"]
    assert periods(fiscal, "--also", str(by_january)) == periods(fiscal)


@pytest.mark.parametrize(
    "args",
    [
        ("--until", "2026-03-02"),
        ("--until", "soon"),
        ("--until", "9999-12-31T23:59:59Z"),
        ("--jobs", "0"),
        ("--also", "nowhere.yaml"),
    ],
)
def test_options_that_make_no_sense_are_refused(crm: Crm, tmp_path: Path, args: tuple[str, str]) -> None:
    found = replayed(written(tmp_path / "e.jsonl", crm.handed_off("L-1")), *args)

    assert (found.exit_code, found.stdout) == (2, "")


def test_other_terms_have_to_be_of_an_agreement_that_is_replayed(crm: Crm, tmp_path: Path, other: Path) -> None:
    other.write_text(
        other.read_text(encoding="utf-8").replace("agreement: company-x", "agreement: y"), encoding="utf-8"
    )

    found = replayed(written(tmp_path / "e.jsonl", crm.handed_off("L-1")), "--also", str(other))

    assert found.exit_code == 2
    assert "'y' is none of company-x" in found.stderr


def test_without_any_event_it_has_to_be_said_as_of_when(tmp_path: Path) -> None:
    nothing = written(tmp_path / "e.jsonl", b"null")

    assert replayed(nothing).exit_code == 2
    assert document(nothing, "--until", "2026-03-02T09:00:00Z")["breaches"] == []


def test_agreements_that_are_not_there_are_said_not_to_be(crm: Crm, tmp_path: Path) -> None:
    events = written(tmp_path / "e.jsonl", crm.handed_off("L-1"))

    found = CliRunner().invoke(app, ["replay", str(tmp_path / "nothing"), "--events", str(events)])

    assert found.exit_code == 2
    assert found.stderr.startswith(f"{tmp_path / 'nothing'}: there is no such file or folder\n")


def test_goals_deals_and_the_next_goal_are_told_to_a_reader(crm: Crm, tmp_path: Path) -> None:
    sent: list[Sent] = []
    for number in range(4):
        lead = f"L-{number}"
        sent += [crm.handed_off(lead), crm.called(lead, 600)]
    for number, currency in enumerate(("EUR", "EUR", "USD")):
        more = {"outcome": "won", "amount": "100", "currency": currency, "deal_id": f"D-{number}"}
        sent.append(crm.event("deal.closed.v1", f"L-{number}", 86_400 * 3, **more, lead_ids=[f"L-{number}"]))
    events = written(tmp_path / "e.jsonl", *sent)
    shipped = Path(__file__).parents[2] / "agreements" / "company-x.yaml"

    found = replayed(events, "--until", "2026-05-03T00:00:00+02:00", agreements=(shipped,))

    assert found.exit_code == 0, found.stderr
    text = " ".join(found.stdout.split())
    assert "leads-delivered: what came of the leads" in text
    assert "few: 3 │ 4 │ 75.0% │ 100.00 │ 100.0% │ 100 │ 67 │ 67" in text
    assert "3 customers of 4 leads: too few to be trusted, 30 are wanted" in text
    assert "deals in USD are counted apart: rates are in EUR" in text
    assert "leads-delivered │ marketing │ sales │ 100 │ 4 │ missed │ Bruno Martins, by 2026-04-09:" in text
    assert "first-touch │ sales │ marketing │ 90 % │ 100 % │ met" in text
    assert "may be ended once leads-delivered was missed 3 months in a row: 2 in a row now" in text


def test_without_deals_there_is_no_ledger_to_read_but_one_for_machines(crm: Crm, tmp_path: Path) -> None:
    events = written(tmp_path / "e.jsonl", crm.handed_off("L-1"))

    found = document(events)

    assert "what came of the leads" not in replayed(events).stdout
    ledgers = {one["id"]: one["ledger"] for one in found["obligations"]}
    assert [row["won"] for row in ledgers["leads-delivered"]] == [0]
    assert ledgers["first-touch"] is None
    assert found["consequences"]["cancellation"] is None


def test_a_ledger_that_has_no_goal_says_why_by_a_code_and_in_words(crm: Crm, tmp_path: Path) -> None:
    events = written(tmp_path / "e.jsonl", crm.handed_off("L-1"))

    english, spanish = (document(events, "--lang", lang) for lang in ("en", "es"))

    (in_english,), (in_spanish,) = (
        next(one["ledger"] for one in found["obligations"] if one["id"] == "leads-delivered")
        for found in (english, spanish)
    )
    assert in_english["remark"]["code"] == in_spanish["remark"]["code"] == "no-deal-won"
    assert in_english["remark"]["text"].startswith("no deal of a delivered lead was won")
    assert in_spanish["remark"]["text"].startswith("no se ganó ningún negocio de los leads entregados")


def test_the_environment_says_the_language_of_a_replay_unless_the_command_does(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = written(tmp_path / "e.jsonl", crm.handed_off("L-1"))
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")

    assert "1 lead conocido" in replayed(events).stdout
    assert "1 lead known" in replayed(events, "--lang", "en").stdout


def test_a_remedy_that_nobody_agreed_is_a_bad_line_and_one_of_another_agreement_is_nobodys_business(
    crm: Crm, tmp_path: Path
) -> None:
    def remedy(agreement: str, period: str) -> Sent:
        data: dict[str, Any] = {"agreement": agreement, "obligation": "touch", "period": period, "by": "Ana"}
        return crm.event("remedy.confirmed.v1", f"{agreement}:touch", **data)

    agreed = tmp_path / "leads.yaml"
    agreed.write_text(HEAD.format(name="leads", version="1", since="2026-01-01") + WALL, encoding="utf-8")
    events = written(
        tmp_path / "e.jsonl", remedy("leads", "2026-02"), remedy("leads", "2026-W08"), remedy("other", "2026-02")
    )

    found = replayed(events, agreements=(agreed,))

    assert found.exit_code == 0
    assert "line 2: unknown_remedy: 2026-W08 is a week, and 'touch' is judged by the month" in found.stderr
    assert "1 bad lines" in found.stderr


def test_what_became_of_a_remedy_is_said_in_words_of_either_language(crm: Crm, tmp_path: Path) -> None:
    remedies = "remedies: [{obligation: touch, owner: Ana, within: 7d, action: Ask}, {obligation: touch, owner: Bruno, within: 9d, action: Help}]"
    agreed = tmp_path / "leads.yaml"
    terms = WALL.replace("remedies: [{obligation: touch, owner: Ana, within: 7d, action: Say why}]", remedies)
    agreed.write_text(HEAD.format(name="leads", version="1", since="2026-01-01") + terms, encoding="utf-8")
    done: dict[str, Any] = {"agreement": "leads", "obligation": "touch", "period": "2026-03", "by": "Eva"}
    events = written(
        tmp_path / "e.jsonl",
        crm.handed_off("L-1", role="ceo"),
        crm.event("remedy.confirmed.v1", "leads:touch", 40 * 86_400, owner="Ana", **done),
    )

    def follows(*args: str) -> str:
        return " ".join(replayed(events, "--until", "2026-04-14T00:00:00Z", *args, agreements=(agreed,)).stdout.split())

    assert "Ana, by 2026-04-09: Ask (done 2026-04-11 by Eva, late by 2d4h)" in follows()
    assert "Bruno, by 2026-04-11: Help (overdue)" in follows()
    assert "Ana, a más tardar el" in follows("--lang", "es")
    assert "hecho el" in follows("--lang", "es")
    assert "(vencido)" in follows("--lang", "es")
