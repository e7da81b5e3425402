"""The words of an agreement are words wherever they are shown: to Prometheus, in titles, in Markdown."""

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from html import unescape
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from dashboards.alert import Alert
from dashboards.alertmanager import alertmanager
from dashboards.escaping import markdown, paragraphs, plain, verbatim
from dashboards.generate import generate
from dashboards.settings import Settings, Smtp, UnusableAddressError, operators
from sla_rules.agreement.file import parse_agreement
from sla_rules.agreement.model import Agreement
from tests.dashboards.conftest import TODAY
from tests.real_parts.alertmanager import StartAlertmanager
from tests.real_parts.prometheus import StartPrometheus
from tests.real_parts.webhook import Webhook

VARIABLE: Final = re.compile(r"\$(\w+)|\[\[([\s\S]+?)(?::(\w+))?\]\]|\${(\w+)(?:\.([^:^\}]+))?(?::([^\}]+))?}")
"""Grafana's own, the older and the newer form together."""
AUTOLINK: Final = re.compile(r"(?:ftp|https?)://|www\.|\S@\S", re.IGNORECASE)
"""What GFM makes a link of without any markup, after entities have been read."""
HOSTILE: Final = [
    "{{ $value }}",
    '{{ $value | printf "%.0f" }}',
    "{{ $labels.agreement }}",
    '{{ query "up" | first | value }}',
    "{{",
    "{{{",
    "{{{{ {",
    "}} {",
    "{{- /* x */ -}}",
    '{{ template "x" }}',
    '{{"{{"}}',
    "${__user.login} $window [[window]] ${window:raw} $__interval $$datasource [[[window]]]",
    "![x](http://evil.example/x.png) [y](javascript:alert(1)) <img src=x onerror=alert(1)> <script>",
    "https://evil.example www.evil.example a@evil.example &lt;b&gt; &amp; \\* *a* _b_ `c` ~~d~~ | e |",
    "# 1. - + =",
    "'\"\\ back \\n",
]
PIECES: Final = st.sampled_from(
    [*HOSTILE, *"{}[]()<>$&*_`~|\\#!.:/-+= \n1a", "{{", "[[", "${", "www.", "http://", "@", "window", "\n\n", "    "]
)
TEXTS: Final = st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(st.characters(codec="utf-8")))
RENDER: Final = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render


def shown(html: str) -> str:
    return " ".join(unescape(re.sub(r"</?(?:p|ul|li|strong)>", " ", html)).split())


def filled(template: str) -> str:
    """What Prometheus shows of it, where nothing but our own braces may be filled in."""
    parts = re.split(r'\{\{"(\{+)"\}\}', template)
    assert not any("{{" in words for words in parts[::2])
    return "".join(parts)


@given(TEXTS)
def test_text_in_a_template_is_what_it_was(text: str) -> None:
    assert filled(verbatim(text)) == text
    assert filled(f"{verbatim(text)}{verbatim(text)}") == text * 2
    assert "{{{" not in f"{verbatim(text)}{{{{ $value }}}}".replace('{{"{{"}}', "").replace('{{"{"}}', "")
    alert = Alert("A", "up", {}, verbatim(text), f"{verbatim(text)} {{{{ $labels.x }}}}")
    assert alert.filled({"x": "y"}, 1.0) == {"summary": text, "description": f"{text} y"}


@given(TEXTS)
def test_a_title_holds_no_variable_and_looks_as_it_was_written(text: str) -> None:
    assert not VARIABLE.search(plain(text))
    assert plain(text).replace("\u2060", "") == text.replace("\u2060", "")


@given(TEXTS)
def test_text_in_markdown_is_shown_as_it_was_written(text: str) -> None:
    words = " ".join(text.replace("\0", "\ufffd").split())
    for written, expected in (
        (f"- **x** ({markdown(text)})", f"x ({words})"),
        (f"word {markdown(text)} word", f"word {words} word"),
    ):
        assert not VARIABLE.search(written)
        assert not AUTOLINK.search(written)
        html = RENDER(written)
        assert not re.search(r"<(?!/?(?:p|ul|li|strong)>)", html)
        assert shown(html) == " ".join(expected.split())


@given(TEXTS)
def test_a_summary_is_paragraphs_of_words(text: str) -> None:
    written = paragraphs(text)

    assert not VARIABLE.search(written)
    assert not AUTOLINK.search(written)
    html = RENDER(written)
    assert not re.search(r"<(?!/?p>)", html)
    assert shown(html) == " ".join(text.replace("\0", "\ufffd").split())


def test_ordinary_words_are_left_as_they_are() -> None:
    ordinary = 'Sales (EMEA), 09:00-17:00: at least 60 % of leads - see § 3.2; 24/7! "It\'s" {a} ok?'

    assert [escape(ordinary) for escape in (verbatim, plain, markdown, paragraphs)] == [ordinary] * 4
    assert paragraphs("One.\nTwo.\n\nThree.\n") == "One.\nTwo.\n\nThree."


def quoted(text: str) -> str:
    return json.dumps(text)


def hostile(text: str, webhook: str = "http://127.0.0.1:9/hook") -> Agreement:
    """The same text wherever an agreement takes one, with windows that promtool is soon through with."""
    it = quoted(text)
    return parse_agreement(
        f"""
agreement: hostile
version: {quoted(text[:64])}
effective_from: 2026-01-01
type: internal
title: {it}
summary: {it}
parties:
  marketing: {{name: {it}, goals: [{it}], needs: [{it}], contacts: [{{name: {it}, role: {it}, webhook: "{webhook}"}}]}}
  sales: {{name: {it}, contacts: [{{name: {quoted(f"Sue {text}")}, webhook: "{webhook}", reports_to: {it}}}]}}
calendar: {{time_zone: Europe/Berlin, weekly_hours: {{mon: [["09:00", "17:00"]]}}}}
calendars: {{nights: {{time_zone: UTC, weekly_hours: {{mon: [["00:00", "24:00"]]}}}}}}
teams: {{{it}: {{calendar: nights, contacts: [{{name: {it}, webhook: "{webhook}"}}]}}}}
reps: [{{id: {it}, name: {it}, role: {it}, team: {it}}}]
notify: {{breaches: [team, {it}], always: [breaches]}}
legal: [{it}]
minimum_quality: {{role: {it}, region: [{it}, x]}}
segments: [{{id: one, when: {{role: {it}}}}}]
obligations:
  - {{id: touch, kind: speed, title: {it}, provider: sales, recipient: marketing, deadline: {{within: 1h, clock: wall}},
     target: {{average: 30m, share: 90%}}, intervals: [week]}}
  - {{id: tries, kind: depth, title: {it}, provider: sales, recipient: marketing, attempts: 2, closed_leads: counted,
     deadline: {{within: 2h, clock: wall}}, target: {{average: 2, share: 90%}}, intervals: [day]}}
  - {{id: leads, kind: volume, title: {it}, provider: marketing, recipient: sales, goal: 10}}
  - {{id: lists, kind: deliverable, title: {it}, provider: sales, recipient: marketing, by: {it}, to: [{it}, x],
     due: {{weekdays: [mon], at: "12:00"}}}}
  - {{id: cards, kind: deliverable, title: {it}, provider: sales, recipient: marketing, to: {{{it}: 2, x: 1}},
     due: {{weekdays: [mon], at: "12:00"}}}}
remedies: [{{obligation: touch, owner: {it}, within: 1d, action: {it}}}]
"""
    )


@pytest.mark.tools
@pytest.mark.parametrize("text", [" ".join(HOSTILE), "{{", "{{{", "{{ $value }}"])
def test_prometheus_own_tools_show_the_words_of_an_agreement_and_fill_in_nothing(
    text: str,
    settings: Settings,
    write: Callable[[Mapping[str, str]], Path],
    run: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    """The generated tests say what every annotation has to be; the words are looked for beside, in what they say."""
    files = generate([hostile(text)], settings)
    folder = write(files)
    rules = sorted((folder / "prometheus" / "rules").iterdir())
    expected = YAML(typ="safe").load(files["prometheus/tests/hostile.yaml"])["tests"]
    firing = [alert for test in expected for one in test["alert_rule_test"] for alert in one["exp_alerts"]]

    checked = run("promtool", "check", "rules", *rules)
    tested = run("promtool", "test", "rules", folder / "prometheus" / "tests" / "hostile.yaml")
    accepted = run("amtool", "check-config", folder / "alertmanager" / "alertmanager.yaml")

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert len(firing) >= 8
    assert all(f"({text})" in alert["exp_annotations"]["summary"] for alert in firing)
    assert any(text in alert["exp_annotations"]["description"] for alert in firing)


@pytest.mark.parametrize("text", HOSTILE)
def test_boards_hold_no_variable_link_or_picture_that_an_agreement_names(text: str, settings: Settings) -> None:
    tame, wild = (generate([hostile(words)], settings) for words in ("Words", text))

    for name in ("grafana/hostile.json", "grafana/leadsla.json"):
        ours, theirs = json.loads(tame[name]), json.loads(wild[name])
        assert [variables(panel) for panel in ours["panels"]] == [variables(panel) for panel in theirs["panels"]]
        assert ours["templating"] == theirs["templating"]
        for before, after in zip(ours["panels"], theirs["panels"], strict=True):
            for tame_words, wild_words in zip(written(before), written(after), strict=True):
                assert tags(RENDER(tame_words)) == tags(RENDER(wild_words))
                assert len(AUTOLINK.findall(tame_words)) == len(AUTOLINK.findall(wild_words))


def written(panel: Mapping[str, Any]) -> tuple[str, str]:
    """What is rendered as Markdown."""
    return panel.get("description", ""), panel.get("options", {}).get("content", "")


def variables(panel: Mapping[str, Any]) -> list[object]:
    return [VARIABLE.findall(text) for text in (panel.get("title", ""), *written(panel))]


def tags(html: str) -> list[str]:
    """Paragraphs are left out: a summary may have several."""
    return [tag for tag in re.findall(r"<[^>]*>", html) if tag not in {"<p>", "</p>"}]


@pytest.mark.tools
def test_the_words_of_an_agreement_arrive_at_the_webhook_as_they_were_written(
    start_prometheus: StartPrometheus,
    start_alertmanager: StartAlertmanager,
    webhook: Webhook,
    settings: Settings,
    write: Callable[[Mapping[str, str]], Path],
) -> None:
    """Through a real Prometheus, which fills in templates, and a real Alertmanager, which does so too."""
    text = "{{ $value }} {{ .CommonLabels }} ${x} {{{"
    agreement = hostile(text, webhook.url)
    folder = write(generate([agreement], settings))
    alerts = start_alertmanager(folder / "alertmanager" / "alertmanager.yaml")
    rules = YAML(typ="safe").load((folder / "prometheus/rules/hostile.yaml").read_text())["groups"][0]["rules"]
    fires = [
        {**rule, "expr": "vector(7)", "for": "0s"}
        for rule in rules
        if rule.get("labels", {}).get("obligation") == "lists"
    ]
    with (folder / "now.yaml").open("w") as file:
        YAML().dump({"groups": [{"name": "now", "rules": fires}]}, file)
    (folder / "prometheus.yaml").write_text(
        f"""
global: {{evaluation_interval: 500ms}}
rule_files: [now.yaml]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ["{alerts.address}"]}}]}}]}}
"""
    )
    start_prometheus(folder / "prometheus.yaml")

    body = webhook.wait_for(lambda body: body["status"] == "firing")

    said = body["alerts"][0]["annotations"]
    assert said["summary"] == f"A delivery is due: 7 not confirmed ({text})"
    assert f"by {text}, to {text} and x" in said["description"]
    assert said["description"].endswith(f"{text} owes it to {text}, until a confirmation names the day it was due.")


@pytest.mark.parametrize("url", ["http://x.example/{{ .Receiver }}", "http:// x", "javascript:alert(1)", "x.example"])
def test_no_address_of_the_operators_is_a_template_either(url: str, company_x: Agreement) -> None:
    with pytest.raises(UnusableAddressError, match="is no web address"):
        operators([url])
    with pytest.raises(UnusableAddressError, match="is no e-mail address"):
        operators([], ["{{ .Receiver }}@x.example"])
    with pytest.raises(UnusableAddressError, match="is no web address"):
        Settings(TODAY, watchdog_webhook=url)
    with pytest.raises(UnusableAddressError, match="is no e-mail address"):
        Settings(TODAY, smtp=Smtp("mail.example:25", "{{ .Receiver }}@x.example"))
    assert "{{" not in alertmanager([company_x], Settings(TODAY, runbook_url="http://x.example/{{ x }}"))
    rules = generate([company_x], Settings(TODAY, runbook_url="http://x.example/{{ x }}"))[
        "prometheus/rules/leadsla.yaml"
    ]
    assert 'http://x.example/{{"{{"}} x }}#leadsladown' in rules
