"""Whom alerts go to when an agreement says who hears of what: Madrid's to Madrid, Mexico's to Mexico, in their hours."""

from pathlib import Path
from typing import Any, Final

import pytest

from dashboards.alert_names import OVERDUE
from dashboards.alertmanager import OPS, alertmanager
from dashboards.settings import Settings, operators
from dashboards.versions import merged
from sla_rules.agreement.file import parse_agreement
from sla_rules.agreement.model import Agreement
from tests.dashboards.conftest import TODAY
from tests.dashboards.test_alertmanager import Run, loaded, receivers, routes

TEXT: Final = """
agreement: leads
version: "1"
effective_from: 2026-01-01
type: internal
title: Leads of two cities
parties:
  marketing: {name: Marketing, contacts: [{name: Bruno, webhook: "http://127.0.0.1:9/bruno"}]}
  sales:
    name: Sales
    contacts:
      - {name: Ana, role: Head of sales, webhook: "http://127.0.0.1:9/ana"}
      - {name: Zoe, reports_to: Ana, webhook: "http://127.0.0.1:9/zoe"}
calendar: {time_zone: Europe/Madrid, weekly_hours: {mon: [["09:00", "18:00"]]}}
calendars: {mexico: {time_zone: America/Mexico_City, weekly_hours: {mon: [["09:00", "18:00"]]}}}
teams:
  Madrid: {contacts: [{name: Lucía, webhook: "http://127.0.0.1:9/lucia"}]}
  Mexico: {calendar: mexico, contacts: [{name: Diego, webhook: "http://127.0.0.1:9/diego"}]}
  Remote: {}
segments: [{id: ceo, when: {role: ceo}}, {id: other}]
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h}, target: {share: 90%}}
  - {id: tries, kind: depth, provider: sales, recipient: marketing, deadline: {within: 7d}, attempts: 6, closed_leads: counted}
  - {id: volume, kind: volume, provider: marketing, recipient: sales, goal: 100}
"""


def agreed(*more: str, touch: str = "") -> Agreement:
    text = TEXT.replace("target: {share: 90%}", f"target: {{share: 90%}}{touch}")
    return parse_agreement("\n".join((text, *more)))


def overdue(obligation: str, team: str) -> dict[str, str]:
    return alert("sales", "page", obligation) | {"alertname": OVERDUE, "team": team}


def alert(party: str, severity: str, obligation: str) -> dict[str, str]:
    return {"agreement": "leads", "party": party, "severity": severity, "obligation": obligation}


def people(agreement: Agreement, labels: dict[str, str]) -> list[str]:
    """Who hears of an alert, by the ends of their webhooks."""
    config = loaded(alertmanager([agreement], Settings(TODAY, operations=operators(["http://127.0.0.1:9/ops"]))))
    (name,) = receivers(config["route"], labels, [], OPS)
    (receiver,) = (one for one in config["receivers"] if one["name"] == name)
    return [webhook["url"].rpartition("/")[2] for webhook in receiver["webhook_configs"]]


def quiet(agreement: Agreement, labels: dict[str, str]) -> list[str]:
    """The quiet hours that an alert waits in."""
    config = loaded(alertmanager([agreement], Settings(TODAY)))
    used: list[int] = []
    receivers(config["route"], labels, used, OPS)
    taken: list[dict[str, Any]] = [dict(route) for route in routes(config["route"]) if id(route) in used]
    return [name for route in taken for name in route.get("mute_time_intervals", ())]


@pytest.mark.parametrize(
    ("team", "told"),
    [("Madrid", ["lucia"]), ("Mexico", ["diego"]), ("Remote", ["ana", "zoe"]), ("none", ["ana", "zoe"])],
)
def test_a_teams_overdue_leads_go_to_its_own_contacts_else_to_those_of_its_party(team: str, told: list[str]) -> None:
    assert people(agreed(), overdue("touch", team)) == told


def test_figures_go_to_the_side_that_owes_and_so_does_what_is_of_no_team() -> None:
    assert people(agreed(), alert("sales", "notice", "touch")) == ["ana", "zoe"]
    assert people(agreed(), alert("marketing", "notice", "volume")) == ["bruno"]


def test_each_team_is_told_in_its_own_hours() -> None:
    found = [quiet(agreed(), overdue("touch", team)) for team in ("Madrid", "Mexico", "Remote")]

    assert found == [["leads/quiet-hours"], ["leads/quiet-hours/mexico"], ["leads/quiet-hours"]]


def test_what_may_wake_people_waits_for_no_hours() -> None:
    told = agreed("notify: {always: [breaches]}")

    assert quiet(told, overdue("touch", "Mexico")) == []
    assert quiet(told, alert("sales", "notice", "touch")) == ["leads/quiet-hours"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("[Ana]", ["ana"]),
        ("[Head of sales, recipient]", ["ana", "bruno"]),
        ("[heads]", ["ana"]),
        ("[provider]", ["ana", "zoe"]),
        ("[owner]", ["diego"]),
        ("[team, heads]", ["diego", "ana"]),
        ("[Madrid]", ["lucia"]),
        ("[everybody]", ["bruno", "ana", "zoe"]),
        ("[marketing]", ["bruno"]),
    ],
)
def test_whom_the_agreement_names_hears_of_a_breach(said: str, told: list[str]) -> None:
    assert people(agreed(f"notify: {{breaches: {said}}}"), overdue("tries", "Mexico")) == told


def test_an_obligation_may_name_others_and_the_rest_stays_as_it_is() -> None:
    told = agreed("notify: {goals: [Zoe]}", touch=", notify: {breaches: [Ana], always: [breaches]}")

    assert people(told, overdue("touch", "Madrid")) == ["ana"]
    assert people(told, overdue("tries", "Madrid")) == ["lucia"]
    assert people(told, alert("sales", "notice", "touch")) == ["zoe"]
    assert quiet(told, overdue("touch", "Madrid")) == []
    assert quiet(told, overdue("tries", "Madrid")) == ["leads/quiet-hours"]


def test_where_segments_keep_different_hours_somebody_may_be_at_work() -> None:
    mixed = parse_agreement(TEXT.replace("when: {role: ceo}", "when: {role: ceo}, calendar: mexico"))
    alone = parse_agreement(
        TEXT.replace("when: {role: ceo}", "when: {role: ceo}, calendar: mexico").replace(
            "target: {share: 90%}", "segments: [ceo]"
        )
    )

    assert quiet(mixed, overdue("touch", "Remote")) == []
    assert quiet(mixed, overdue("touch", "Mexico")) == ["leads/quiet-hours/mexico"]
    assert quiet(alone, overdue("touch", "Remote")) == ["leads/quiet-hours/mexico"]


@pytest.mark.tools
def test_amtool_sends_each_teams_alerts_where_we_say(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "alertmanager.yaml"
    path.write_text(alertmanager([agreed(touch=", notify: {breaches: [team, Ana]}")], Settings(TODAY)))

    def sent(labels: dict[str, str]) -> str:
        given = [f"{name}={value}" for name, value in labels.items()]
        return run("amtool", "config", "routes", "test", f"--config.file={path}", *given).stdout.strip()

    assert [sent(overdue("touch", team)) for team in ("Madrid", "Mexico", "none")] == [
        "leads/sales/breaches/touch@Madrid",
        "leads/sales/breaches/touch@Mexico",
        "leads/sales/provider",
    ]
    assert [sent(overdue("tries", team)) for team in ("Madrid", "none")] == [
        "leads/sales/breaches/tries@Madrid",
        "leads/sales/provider",
    ]
    assert sent(alert("marketing", "notice", "volume")) == "leads/marketing/provider"


def test_an_obligation_of_an_earlier_version_reaches_the_people_of_the_latest() -> None:
    before = agreed(touch=", notify: {breaches: [Zoe]}")
    after = parse_agreement(
        TEXT.replace('version: "1"', 'version: "2"')
        .replace("2026-01-01", "2026-07-01")
        .replace("name: Zoe", "name: Kim")
        .replace("id: touch", "id: first-touch")
    )

    (both,) = merged([before, after])

    assert people(both, overdue("touch", "Mexico")) == ["ana", "zoe"]
    assert people(both, overdue("first-touch", "Mexico")) == ["diego"]
