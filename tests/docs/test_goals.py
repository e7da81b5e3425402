"""The page about goals: its commands answer what it says, and its month is one that the rules come to."""

import re
import shlex
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from leadsla.main import app
from sla_rules.agreement.file import parse_agreement
from sla_rules.agreement.goals import Quota
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.lead.facts import Fact
from sla_rules.reports.encode import document
from sla_rules.reports.replay import replay
from sla_rules.reports.report import Scope, report
from tests.sla_rules.clocks import at
from tests.sla_rules.story import handed_off

PROJECT: Final = Path(__file__).parents[2]
TEXT: Final = (PROJECT / "docs" / "goals.md").read_text(encoding="utf-8")
COMPANY_X: Final = (PROJECT / "agreements" / "company-x.yaml").read_text(encoding="utf-8")
GOAL: Final = "leads-delivered"


def rows(*heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    start = TEXT.index(f"| {' | '.join(heading)} |")
    lines = TEXT[start:].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def commands() -> list[tuple[str, str]]:
    """Each command with what it is said to answer, if anything."""
    blocks = re.findall(r"^```console\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    parts = (block.removeprefix("$ ").partition("\n") for block in blocks)
    return [(command, answer) for command, _, answer in parts]


def april() -> dict[str, list[Fact]]:
    """The leads that the page's month has, each delivered on the day that the table ends with."""
    found: dict[str, list[Fact]] = {}
    for end, _, delivered, _ in rows("by the end of", "goal line", "delivered", "ahead"):
        day = int(end.removesuffix(" April"))
        for number in range(len(found), int(delivered)):
            found[f"lead-{number}"] = [handed_off(f"2026-04-{day:02} 10:00", rep="rita")]
    return found


def reported(until: str, more: str = "") -> Any:
    rules = RuleBook([parse_agreement(COMPANY_X.replace("remedies:", f"{more}remedies:", 1))])
    now = at(until)
    known = {lead: [fact for fact in facts if fact.arrival <= now] for lead, facts in april().items()}
    return document(report(rules, "company-x", replay(rules, known, now), Scope(at("2026-04-01 00:00"), now)))


def of_april(found: Any) -> Any:
    """What the month came to."""
    (goal,) = (one for one in found["obligations"] if one["id"] == GOAL)
    return next(one["restated"] for one in goal["periods"] if one["interval"] == "month")


def plain(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize(("command", "answer"), commands(), ids=[command[:60] for command, _ in commands()])
def test_the_commands_of_the_page_answer_what_it_says(
    command: str, answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "agreements").symlink_to(PROJECT / "agreements")
    (tmp_path / "events.jsonl").touch()
    monkeypatch.chdir(tmp_path)
    until = ["--until", "2026-04-01T00:00:00Z"] if "--events" in command else []

    found = CliRunner().invoke(app, [*shlex.split(command)[1:], *until], catch_exceptions=False)

    assert found.exit_code == 0, found.stderr
    assert not answer or plain(found.stdout) == plain(answer)


@pytest.mark.parametrize("row", rows("by the end of", "goal line", "delivered", "ahead"), ids=lambda row: row[0])
def test_the_month_goes_as_the_page_says(row: list[str]) -> None:
    day = int(row[0].removesuffix(" April"))
    next_day = f"2026-04-{day + 1:02} 00:00" if day < 30 else "2026-05-01 00:00"

    found = of_april(reported(next_day)) if day < 30 else of_april(reported("2026-05-03 00:00"))

    ahead = found["delivered"] - found["goal_to_date"]
    assert row[1:] == [f"{found['goal_to_date']:.1f}", str(found["delivered"]), f"{ahead:+.1f}"]


def test_what_follows_from_the_month_is_what_the_page_says() -> None:
    (block,) = re.findall(r"^  ```yaml\n(.*?)^  ```$", TEXT, re.MULTILINE | re.DOTALL)
    credits_text = "".join(f"{line.removeprefix('  ')}\n" for line in block.splitlines())

    found = reported("2026-05-03 00:00", credits_text)["consequences"]

    first, *_ = (one for one in found["periods"] if one["obligation"] == GOAL and one["interval"] == "month")
    (credit,), (remedy,) = first["credits"], first["remedies"]
    said = (
        ("92 of 100. The goal was **missed**, at 92 %", first["published"]["attainment"] == 0.92),
        ("April's are published on 2 May", _day(first["published_at"]) == "2026-05-02"),
        ("a tenth of the fee is due: 100 euros", credit["published"]["amount"] == "100.00"),
        ("to be claimed by 31 May", _day(credit["claim_until"]) == "2026-05-31"),
        ("Bruno", remedy["owner"] == "Bruno Martins"),
        ("by 9 May", _day(remedy["by"]) == "2026-05-09"),
        ("three months in a row. April is the first", len(found["cancellation"]["in_a_row"]) == 1),
    )
    assert [one for one, is_so in said if one not in " ".join(TEXT.split()) or not is_so] == []
    assert (first["published"]["result"], found["cancellation"]["missed_in_a_row"]) == ("missed", 3)


def _day(instant: str) -> str:
    """In the agreement's zone."""
    return datetime.fromisoformat(instant).astimezone(ZoneInfo("Europe/Berlin")).date().isoformat()


@pytest.mark.parametrize("row", rows("customers of 53 leads", "leads asked for"))
def test_few_customers_ask_for_what_the_page_says(row: list[str]) -> None:
    quota = Quota.model_validate({"revenue": 5000, "average_deal": 100, "close_rate": "50%"})
    leads = -(-quota.revenue_goal * 53 // (100 * int(row[0])))

    assert row[1] == f"{leads:,}"


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(((?!http)[^)#]+)", TEXT))))
def test_every_link_of_the_page_leads_somewhere(path: str) -> None:
    assert (PROJECT / "docs" / path).resolve().is_file()
