"""A proposed version is the file itself with another version, first day and quota, and nothing is overwritten."""

from decimal import Decimal
from difflib import unified_diff
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from leadsla.main import app
from leadsla.planning.agreement_text import with_goal
from sla_rules.agreement.file import parse_agreement
from sla_rules.agreement.goals import Quota
from sla_rules.reports.plan import planned_agreement
from tests.laws import examples
from tests.leadsla.planning.calls import APRIL, COMPANY_X, planned, refused
from tests.sla_rules.reports.test_plan import quotas

TEXT: Final = COMPANY_X.read_text(encoding="utf-8")
FLOW: Final = "goal_from: {revenue: 5000, average_deal: 100, close_rate: 50%}"
BLOCK: Final = """goal_from: # as agreed in December
      revenue: 5_000.0  # a month
      average_deal: "100"

      close_rate: 0.5
      # until the fair"""
FROM: Final = ("--from", str(COMPANY_X))


def changed(before: str, after: str) -> list[str]:
    """The lines that differ, as `-old` and `+new`."""
    found = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in found if not line.startswith(("---", "+++", "@@"))]


def test_the_text_stays_but_for_version_day_and_goal(tmp_path: Path) -> None:
    file = tmp_path / "next.yaml"

    found = planned(*FROM, "--close-rate", "40%", *APRIL, "--propose", str(file))

    assert found.exit_code == 0
    expected = [
        '-version: "2026-01"',
        "-effective_from: 2026-01-01",
        '+version: "2026-04"',
        "+effective_from: 2026-04-01",
        f"-    {FLOW}",
        f"+    {FLOW.replace('50%', '40%')}",
    ]
    assert changed(TEXT, file.read_text(encoding="utf-8")) == expected
    assert all(line in found.stdout for line in expected)
    assert f"{file}: version 2026-04, in force from 2026-04-01 once it is deployed" in found.stdout
    assert CliRunner().invoke(app, ["check", str(COMPANY_X), str(file)]).exit_code == 0


def test_lines_that_still_say_the_former_goal_are_named(tmp_path: Path) -> None:
    found = planned(*FROM, "--close-rate", "40%", *APRIL, "--propose", str(tmp_path / "next.yaml")).stdout

    lines = enumerate(TEXT.splitlines(), start=1)
    named = [number for number, line in lines if ("100 " in line or "100, " in line) and FLOW not in line]
    assert f"lines {', '.join(map(str, named))} still say 100" in found


@pytest.mark.parametrize("written", [FLOW, BLOCK, FLOW.replace("}", ", marketing_share: 0.9}"), "goal: 22"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@examples(3)
@given(quota=quotas)
def test_however_the_goal_is_written_the_new_text_says_what_was_planned(written: str, end: str, quota: Quota) -> None:
    before = TEXT.replace(FLOW, written).replace("\n", end)
    latest = parse_agreement(before)
    first = latest.effective_from.replace(year=2027)

    after = with_goal(before, 'v "2"', first, "leads-delivered", {None: quota})

    assert after is not None
    wanted = planned_agreement(latest, "leads-delivered", {None: quota}, first)
    assert parse_agreement(after) == wanted.model_copy(update={"version": 'v "2"'})
    assert len(changed(before, after)) <= 12
    assert after.count("#") == before.count("#")


@examples(3)
@given(north=quotas, rest=quotas, number=st.integers(1, 10**6))
def test_the_quotas_of_segments_are_put_where_each_stands(north: Quota, rest: Quota, number: int) -> None:
    by_segment = f"""goal_from:
      rest: {{revenue: {number}, average_deal: 3, close_rate: 3%}} # of all
      north:
        revenue: {number}
        average_deal: 7
        close_rate: 9%"""
    segments = "segments: [{id: north, when: {region: north}}, {id: rest}]\n\nobligations:"
    before = TEXT.replace(FLOW, by_segment).replace("obligations:", segments, 1)
    latest = parse_agreement(before)
    meant: dict[str | None, Quota] = {"north": north, "rest": rest}

    after = with_goal(before, "2", latest.effective_from, "leads-delivered", meant)

    assert after is not None
    wanted = planned_agreement(latest, "leads-delivered", meant, latest.effective_from)
    assert parse_agreement(after) == wanted.model_copy(update={"version": "2"})


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    for option, name in (("--propose", "next.yaml"), ("--xlsx", "plan.xlsx")):
        file = tmp_path / name
        file.write_text("mine", encoding="utf-8")

        assert f"{option}: {file} is there already; nothing is overwritten" in refused(*FROM, *APRIL, option, str(file))
        assert file.read_text(encoding="utf-8") == "mine"


def test_nothing_is_written_where_nothing_can_be(tmp_path: Path) -> None:
    found = planned(*FROM, *APRIL, "--xlsx", str(tmp_path / "no folder" / "plan.xlsx"))

    assert (found.exit_code, "No such file or directory" in found.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--effective-from", "2026-01-01"), "has to be later than 2026-01-01, when version 2026-01 takes effect"),
        ((*APRIL, "--version", "2026-01"), "--version: there is a version '2026-01' already"),
        ((*APRIL, "--version", "x" * 65), "--version: holds 65, at most 64 are taken"),
        ((*APRIL, "--version", ""), "--version: is blank; write a name"),
    ],
)
def test_a_version_that_would_clash_is_not_proposed(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    file = tmp_path / "next.yaml"

    assert said in refused(*FROM, *arguments, "--propose", str(file))
    assert not file.exists()


def test_numbers_that_stand_elsewhere_are_left_to_somebody(tmp_path: Path) -> None:
    """The goal's numbers are those of another obligation, too."""
    other = "\n  - {id: more, kind: volume, provider: marketing, recipient: sales, goal_from: *quota}\n\n"
    text = TEXT.replace(FLOW, FLOW.replace("goal_from: ", "goal_from: &quota ")).replace(
        "\n\n# Two reps", f"{other}# Two reps", 1
    )
    base, file = tmp_path / "base.yaml", tmp_path / "next.yaml"
    base.write_text(text, encoding="utf-8")

    said = refused("--from", str(base), "--obligation", "more", "--quota", "7000", *APRIL, "--propose", str(file))

    assert "the goal cannot be changed in the text of" in said
    assert not file.exists()


def test_what_a_lead_is_worth_is_no_part_of_a_proposal(tmp_path: Path) -> None:
    text = TEXT.replace(FLOW, "goal_from: {all-of-it: {revenue: 5000, average_deal: 100, close_rate: 50%}}")
    base = tmp_path / "base.yaml"
    base.write_text(text.replace("obligations:", "segments: [{id: all-of-it}]\nobligations:", 1), encoding="utf-8")

    said = refused("--from", str(base), "--segment", "all-of-it:value=7", *APRIL, "--propose", str(tmp_path / "n.yaml"))

    assert "change `value` in the file" in said


def test_the_quota_written_is_exact() -> None:
    found = with_goal(TEXT, "2", parse_agreement(TEXT).effective_from, "leads-delivered", {None: _exact()})

    assert found is not None
    assert "close_rate: 33.3334%" in found


def _exact() -> Quota:
    return Quota(revenue=Decimal(5000), average_deal=Decimal(100), close_rate=Decimal("0.333334"))
