"""The columns of each kind of obligation, and what stands under them where a version had it of another kind."""

from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from leadsla.main import app
from leadsla.tables.agreed import title_of
from leadsla.tables.columns import columns_of, is_filled
from leadsla.tables.narrator import Narrator
from sla_rules.agreement.obligations import Obligation
from sla_rules.agreement.rulebook import Term
from sla_rules.figures.obligation_figures import Kind, ObligationFigures
from sla_rules.figures.summary import figures_of
from tests.agreements.examples import example
from tests.events import Crm
from tests.sla_rules.clocks import at
from wording.languages import LANGUAGES, Language
from wording.voice import Voice

TERMS = {
    term.obligation.kind: term
    for name in ("uptime", "company-x-multilevel", "company-x")
    for term in example(name).terms
}
KINDS = get_args(Kind)


def narrator_of(kind: Kind, language: Language = "en") -> Narrator:
    return Narrator.of_term(TERMS[kind], Voice(language))


def figures(term: Term, **tally: int) -> ObligationFigures:
    day = at("2026-03-02 12:00")
    return figures_of(term, term.period("month", day), tally, None, {}, day)


def test_the_kinds_of_figures_are_those_of_obligations() -> None:
    (obligations, _) = get_args(Obligation)

    assert set(KINDS) == set(TERMS)
    assert [get_args(one.model_fields["kind"].annotation) for one in get_args(obligations)] == [(one,) for one in KINDS]
    assert {type(figures(TERMS[kind])) for kind in KINDS} == set(get_args(ObligationFigures))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_columns_of_its_own(kind: Kind, language: Language) -> None:
    columns = columns_of(TERMS[kind], narrator_of(kind, language))

    assert len(columns.cells(figures(TERMS[kind]))) == len(columns.headings) == len(set(columns.headings))
    assert set(columns.compared.headings) < set(columns.headings)
    assert title_of(TERMS[kind], narrator_of(kind)).startswith(f"[bold]{TERMS[kind].obligation.id}[/bold]: ")


@pytest.mark.parametrize(("language", "said"), [("en", "within 5 working days"), ("es", "en 5 días laborables")])
def test_the_head_of_a_table_says_working_days_where_they_are_agreed(language: Language, said: str) -> None:
    term = next(term for term in example("support").terms if term.obligation.id == "p3-fix")

    assert title_of(term, Narrator.of_term(term, Voice(language))).endswith(f", {said}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_figures_of_another_kind_stand_under_no_heading(kind: Kind, other: Kind) -> None:
    cells = columns_of(TERMS[kind], narrator_of(kind)).cells(figures(TERMS[other], leads=1, delivered=1))

    assert (set(cells) == {"-"}) == (kind != other)


@pytest.mark.parametrize(
    ("kind", "counted", "nothing"),
    [
        ("speed", ("leads", "excused", "unready"), "anomalies"),
        ("depth", ("leads", "excused", "unready"), "attempts"),
        ("volume", ("delivered", "unready"), "won"),
        ("deliverable", ("leads",), "wanted"),
        ("availability", ("available", "excused_time", "unready"), "outages"),
        ("retention", ("leads", "won", "losses", "excused", "unready"), "open"),
    ],
)
def test_a_period_is_shown_where_anything_was_counted(kind: Kind, counted: tuple[str, ...], nothing: str) -> None:
    assert all(is_filled(figures(TERMS[kind], **{name: 1})) for name in counted)
    assert not is_filled(figures(TERMS[kind], **{nothing: 1}))


def test_an_obligation_that_became_another_kind_is_shown_with_what_there_is(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "company-x.yaml").read_text(encoding="utf-8")
    later = text.replace("id: first-touch", "id: was-first-touch").replace("id: persistence", "id: first-touch")
    paths = [tmp_path / "first.yaml", tmp_path / "second.yaml"]
    paths[0].write_text(text, encoding="utf-8")
    paths[1].write_text(
        later.replace('"2026-01"', '"2026-03"').replace("effective_from: 2026-01-01", "effective_from: 2026-03-01"),
        encoding="utf-8",
    )
    before = Crm(datetime(2026, 2, 20, 9, tzinfo=UTC))
    after = Crm(datetime(2026, 3, 2, 9, tzinfo=UTC), "/crm/later")
    events = tmp_path / "events.jsonl"
    events.write_bytes(b"\n".join(sent.value or b"" for sent in (before.handed_off("L-1"), after.handed_off("L-2"))))

    result = CliRunner().invoke(app, ["replay", *map(str, paths), "--events", str(events)])

    assert result.exit_code == 0, result.output
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in result.stdout.splitlines()]
    month, later_month = (
        next(row for row in rows if row[0] == name and len(row) == 14) for name in ("month 2026-02", "month 2026-03")
    )
    assert month[3:] == ["-"] * 11
    assert later_month[3] == "1"
