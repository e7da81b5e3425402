import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner, Result

from leadsla.main import app
from tests.events import Crm, Sent

START: Final = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""A Monday, when the working day in Berlin begins."""
COMPANY_X: Final = Path(__file__).parents[1] / "company-x.yaml"


def explained(events: Path, lead: str, *args: str) -> Result:
    return CliRunner().invoke(app, ["explain", lead, str(COMPANY_X), "--events", str(events), *args])


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """One lead called late, one merged into it, and one that nobody called."""
    crm = Crm(START)
    sent = (
        crm.called("L-1", -60),
        crm.handed_off("L-1"),
        crm.called("L-1", 600, actor="automation"),
        crm.called("L-1", 5400.5),
        crm.handed_off("L-2", 60),
        crm.event("lead.merged.v1", "L-2", 120, into="L-1"),
        crm.handed_off("L-[3]", 60),
    )
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\n".join(event.value or b"" for event in sent))
    return path


def test_people_read_why_a_follow_up_was_late(events: Path) -> None:
    shown = explained(events, "L-1")

    assert shown.exit_code == 0
    for line in (
        "lead L-1 as of 2026-03-02T09:30:00.500000Z",
        "company-x 2026-01, first-touch, cycle 1: breached",
        (
            "  Late: followed up at Mon 2026-03-02 10:30:00 CET, 1h30m of working time after the clock started;"
            " the deadline was Mon 2026-03-02 10:00:00 CET, 30m before."
        ),
        "  started Mon 2026-03-02 09:00:00 CET by event /crm/acme e-2",
        "  version 2026-01: in force since 2026-01-01 when the lead was handed off",
        "  owner rep-1 of inside since Mon 2026-03-02 09:00:00 CET",
        "  clock working: hours of the agreement (Europe/Berlin), started Mon 2026-03-02 09:00:00 CET",
        "  deadline Mon 2026-03-02 10:00:00 CET: 1h of",
        "    Mon 2026-03-02 09:00:00 CET to Mon 2026-03-02 10:00:00 CET: 1h",
        "  follow-up Mon 2026-03-02 10:30:00 CET by event /crm/acme e-4: 1h30m of working time, 1h30m by the clock",
        (
            "  attempt Mon 2026-03-02 09:10:00 CET, phone by automation, event /crm/acme e-3: does not count:"
            " made by automation, and only people's attempts count"
        ),
        "  published: resolved (deadline), Mon 2026-03-02 10:00:00 CET",
        "attempt /crm/acme e-1 at 2026-03-02T07:59:00Z belongs to no cycle: it came before the first hand-off",
    ):
        assert line in shown.stdout.splitlines()


SPANISH: Final = (
    "company-x 2026-01, first-touch, ciclo 1: incumplido",
    (
        "  Tarde: se hizo el seguimiento el lun 2/3/2026 10:30:00 CET, 1h 30min de horario laboral desde que empezó a"
        " contar el plazo; el plazo vencía el lun 2/3/2026 10:00:00 CET, 30min antes."
    ),
    "  responsable rep-1 de inside desde el lun 2/3/2026 9:00:00 CET",
    (
        "  intento el lun 2/3/2026 9:10:00 CET, phone de automation, evento /crm/acme e-3: no cuenta:"
        " lo hizo un automatismo, y solo cuentan los intentos de personas"
    ),
)


def test_people_read_it_in_spanish(events: Path) -> None:
    shown = explained(events, "L-1", "--lang", "es").stdout.splitlines()

    assert [line for line in SPANISH if line not in shown] == []


def test_the_environment_says_the_language_unless_the_command_does(
    events: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")

    assert SPANISH[0] in explained(events, "L-1").stdout
    assert "first-touch, cycle 1: breached" in explained(events, "L-1", "--lang", "en").stdout


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "  deadline Tue 2026-03-03 18:00:00 CET: 1 working day until closing, a start after 16:00 counting as the next day's, 16h of"),
        ("es", "  vencimiento el mar 3/3/2026 18:00:00 CET: 1 día laborable hasta el cierre, y lo que llega después de las 16:00 cuenta como del día siguiente, 16h de horario laboral, a saber"),
    ],
)  # fmt: skip
def test_a_deadline_in_working_days_is_said_with_the_open_time_that_it_leaves(
    tmp_path: Path, events: Path, language: str, said: str
) -> None:
    text = COMPANY_X.read_text(encoding="utf-8")
    file = tmp_path / "agreement.yaml"
    in_days = '{within: {working_days: 1, end_of_day: true, cut_off: "16:00"}}'
    file.write_text(text.replace("{within: 1h, clock: working}", in_days), encoding="utf-8")

    shown = CliRunner().invoke(app, ["explain", "L-1", str(file), "--events", str(events), "--lang", language])

    assert said in shown.stdout.splitlines()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "    from Mon 2026-03-02 09:10:00 CET on: hours of the team night (Europe/Berlin)"),
        ("es", "    desde el lun 2/3/2026 9:10:00 CET: horario del equipo night (Europe/Berlin)"),
    ],
)
def test_whose_hours_ran_from_when_on_is_said(tmp_path: Path, language: str, said: str) -> None:
    nights = 'calendars: {nights: {time_zone: Europe/Berlin, weekly_hours: {mon: [["22:00", "06:00"]]}}}'
    file = tmp_path / "agreement.yaml"
    file.write_text(
        f"{nights}\nteams: {{night: {{calendar: nights}}}}\n{COMPANY_X.read_text(encoding='utf-8')}", encoding="utf-8"
    )
    crm = Crm(START)
    told = (crm.handed_off("L-1"), crm.event("lead.reassigned.v1", "L-1", 600, rep_id="nina", team="night"))
    events = tmp_path / "events.jsonl"
    events.write_bytes(b"\n".join(event.value or b"" for event in told))

    shown = CliRunner().invoke(app, ["explain", "L-1", str(file), "--events", str(events), "--lang", language])

    assert said in shown.stdout.splitlines()


def test_a_language_that_nobody_speaks_is_refused(events: Path) -> None:
    found = explained(events, "L-1", "--lang", "xx")

    assert found.exit_code == 2
    assert "'xx' is none of en, es" in found.stderr


def test_a_program_reads_the_same_as_json(events: Path) -> None:
    found = json.loads(explained(events, "L-1", "--json").stdout)

    first = found["verdicts"][0]
    assert (found["lead"], first["status"], first["deadline"]) == ("L-1", "breached", "2026-03-02T09:00:00Z")
    assert first["follow_up"]["event"] == {"source": "/crm/acme", "id": "e-4"}
    assert [event["received_for"] for event in found["events"] if event["received_for"]] == ["L-2", "L-2"]


def test_as_of_an_earlier_instant_it_still_waits(events: Path) -> None:
    found = json.loads(explained(events, "L-1", "--json", "--until", "2026-03-02T08:30:00Z").stdout)

    assert found["verdicts"][0]["verdict"] == {
        "code": "speed-open",
        "about": "lead",
        "awaits": "follow_up",
        "deadline": "2026-03-02T10:00:00+01:00",
        "text": "Waiting for the first follow-up; the deadline is Mon 2026-03-02 10:00:00 CET.",
    }


def test_a_lead_merged_away_says_where_it_went(events: Path) -> None:
    shown = explained(events, "L-2").stdout

    assert "merged into L-1 by event /crm/acme e-6; it counts there, not here" in shown


def test_ids_that_look_like_markup_are_shown_as_they_are(events: Path) -> None:
    assert explained(events, "L-[3]").stdout.startswith("lead L-[3] as of")


def test_what_other_terms_say_stands_below(events: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    text = COMPANY_X.read_text(encoding="utf-8").replace("{within: 1h, clock: working}", "{within: 2h, clock: wall}")
    other.write_text(text, encoding="utf-8")

    shown = explained(events, "L-1", "--also", str(other)).stdout
    found = json.loads(explained(events, "L-1", "--json", "--also", str(other)).stdout)

    assert "By the other terms" in shown
    assert "  clock wall: every hour counts, started Mon 2026-03-02 09:00:00 CET" in shown
    assert (found["verdicts"][0]["status"], found["also"]["verdicts"][0]["status"]) == ("breached", "met")


def test_a_lead_that_no_event_is_about_is_said_to_be_unknown(events: Path) -> None:
    found = explained(events, "L-11")

    assert (found.exit_code, found.stdout) == (1, "")
    assert "nothing was received for lead 'L-11'; did you mean L-1" in found.stderr


def test_a_hand_off_before_the_agreement_began_is_said_to_be_under_none(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(Crm(datetime(2025, 12, 30, 9, tzinfo=UTC)).handed_off("L-1").value or b"")

    shown = explained(path, "L-1", "--until", "2025-12-31T09:00:00Z")
    read = json.loads(explained(path, "L-1", "--json", "--until", "2025-12-31T09:00:00Z").stdout)

    assert "No agreement applies to it" in shown.stdout
    assert "not under company-x (cycle 1): it is in force from 2026-01-01 on" in shown.stdout
    assert [one["cycle"] for one in read["uncovered"]] == [1]


@pytest.mark.parametrize(
    ("language", "known", "unknown"),
    [
        ("en", "ticket T-0 as of", "nothing was received for ticket 'T-99'"),
        ("es", "ticket T-0 a ", "no se ha recibido nada sobre el ticket 'T-99'"),
    ],
)
def test_a_ticket_is_called_a_ticket(language: str, known: str, unknown: str) -> None:
    agreement = Path(__file__).parents[2] / "agreements" / "examples" / "support.yaml"
    events = Path(__file__).parent / "golden" / "support" / "events.jsonl"

    def said(ticket: str) -> Result:
        arguments = ["explain", ticket, str(agreement), "--events", str(events), "--lang", language]
        return CliRunner().invoke(app, arguments)

    assert said("T-0").stdout.startswith(known)
    assert unknown in said("T-99").stderr


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            (
                "  pause Mon 2026-03-02 08:50:00 CET to Mon 2026-03-02 09:10:00 CET, taken out from the start of the clock on",
                (
                    "  attempt Mon 2026-03-02 09:00:00 CET, phone by human, event /crm/acme e-2: counts: it is stamped less than"
                    " a second before the cycle began, by a clock without fractions of a second; up to 1s is taken for its start"
                ),
                (
                    "  attempt Mon 2026-03-02 09:20:00 CET, phone by human, event /crm/acme e-5: does not count: it failed, and"
                    " the outcomes that count are connected, voicemail, no_answer, replied"
                ),
            ),
        ),
        (
            "es",
            (
                (
                    "  pausa del lun 2/3/2026 8:50:00 CET a lun 2/3/2026 9:10:00 CET, descontada desde que empezó a contar el"
                    " plazo"
                ),
                (
                    "  intento el lun 2/3/2026 9:00:00 CET, phone de human, evento /crm/acme e-2: cuenta: su hora, de un reloj"
                    " sin fracciones de segundo, es menos de un segundo anterior al comienzo del ciclo; hasta 1s se toma por el"
                    " comienzo"
                ),
                (
                    "  intento el lun 2/3/2026 9:20:00 CET, phone de human, evento /crm/acme e-5: no cuenta: falló, y los"
                    " resultados que cuentan son connected, voicemail, no_answer, replied"
                ),
            ),
        ),
    ],
)
def test_people_read_what_terms_make_of_a_cycle(tmp_path: Path, language: str, lines: tuple[str, ...]) -> None:
    crm = Crm(START)
    sent = (
        crm.event("lead.paused.v1", "L-1", -600),
        crm.called("L-1", 0),
        crm.handed_off("L-1", 0.412),
        crm.event("lead.resumed.v1", "L-1", 600),
        crm.called("L-1", 1200, outcome="failed"),
    )
    path, pausing = tmp_path / "events.jsonl", tmp_path / "pausing.yaml"
    path.write_bytes(b"\n".join(event.value or b"" for event in sent))
    pausing.write_text(
        COMPANY_X.read_text().replace("    bands: [5m, 1h, 24h]\n", "    bands: [5m, 1h, 24h]\n    pauses: true\n")
    )

    shown = CliRunner().invoke(app, ["explain", "L-1", str(pausing), "--events", str(path), "--lang", language])

    assert [line for line in lines if line not in shown.stdout.splitlines()] == [], shown.stdout


def test_people_read_what_a_ticket_was_until_when_in_their_language(tmp_path: Path) -> None:
    def told(kind: str, after: float, **data: object) -> str:
        time = datetime.fromtimestamp(START.timestamp() + after, UTC).isoformat()
        envelope = {"specversion": "1.0", "id": f"{kind}-{after}", "source": "/desk", "subject": "17", "time": time}
        return json.dumps({**envelope, "type": f"ticket.{kind}.v1", "data": data})

    events = tmp_path / "events.jsonl"
    changes = (
        told("updated", 60 * n, attributes={"priority": name}) for n, name in ((5, "p1"), (9, "other"), (12, "p1"))
    )
    events.write_text("\n".join([told("assigned", 0, attributes={"priority": "p3"}), *changes]), encoding="utf-8")
    support = Path(__file__).parents[2] / "agreements" / "examples" / "support.yaml"

    def lines(language: str) -> list[str]:
        shown = CliRunner().invoke(
            app, ["explain", "17", str(support), "--events", str(events), "--lang", language], env={"COLUMNS": "200"}
        )
        return [line.strip() for line in shown.stdout.splitlines() if line.startswith(("  was ", "  estuvo "))]

    assert lines("en")[:3] == [
        "was p3 until Mon 2026-03-02 00:05:00 PST, then p1",
        "was p1 until Mon 2026-03-02 00:09:00 PST, then outside this agreement",
        "was outside this agreement until Mon 2026-03-02 00:12:00 PST, then p1",
    ]
    assert lines("es")[:3] == [
        "estuvo en p3 hasta el lun 2/3/2026 0:05:00 PST, después en p1",
        "estuvo en p1 hasta el lun 2/3/2026 0:09:00 PST, después fuera de este acuerdo",
        "estuvo fuera de este acuerdo hasta el lun 2/3/2026 0:12:00 PST, después en p1",
    ]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "  published: reassignment due from rep-1 of inside (reassignment-15m), Mon 2026-03-02 09:15:00 CET"),
        ("es", "  publicado: toca reasignar, lo tiene rep-1 de inside (reassignment-15m), lun 2/3/2026 9:15:00 CET"),
    ],
)
def test_people_read_whom_a_reassignment_was_due_from(tmp_path: Path, language: str, line: str) -> None:
    crm = Crm(START)
    events, terms = tmp_path / "events.jsonl", tmp_path / "terms.yaml"
    events.write_bytes(b"\n".join(one.value or b"" for one in (crm.handed_off("L-1"), crm.handed_off("L-2", 1200))))
    text = COMPANY_X.read_text(encoding="utf-8")
    terms.write_text(text.replace("kind: speed", "kind: speed\n    reassign_after: 15m"), encoding="utf-8")

    shown = CliRunner().invoke(
        app, ["explain", "L-1", str(terms), "--events", str(events), "--lang", language], env={"COLUMNS": "200"}
    )

    assert line in shown.stdout.splitlines()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "  by the schedule on Mon 2026-09-07, a closed day"),
        ("es", "  según la programación, el lun 7/9/2026, día cerrado"),
    ],
)
def test_a_delivery_that_labor_day_moved_is_told_with_its_day_by_the_schedule(
    tmp_path: Path, language: str, said: str
) -> None:
    key, time = "dunder-mifflin:shipment", "2026-09-08T15:00:00Z"
    event = {
        "specversion": "1.0",
        "id": "1",
        "source": "/warehouse",
        "type": "deliverable.confirmed.v1",
        "subject": key,
        "time": time,
        "data": {"agreement": "dunder-mifflin", "obligation": "shipment", "due": "2026-09-08", "to": "Address 1"},
    }
    file = tmp_path / "events.jsonl"
    file.write_text(json.dumps(event), encoding="utf-8")
    agreement = COMPANY_X.parents[1] / "agreements" / "examples" / "dunder-mifflin.yaml"

    arguments = ["--events", str(file), "--until", "2026-09-10T00:00:00Z", "--lang", language]
    shown = CliRunner().invoke(app, ["explain", key, str(agreement), *arguments])

    assert shown.exit_code == 0, shown.stderr
    assert said in shown.stdout.splitlines()


def shown_of(tmp_path: Path, text: str, told: Sequence[Sent], *args: str) -> Result:
    """What is explained of L-1 by an agreement, of events."""
    events, terms = tmp_path / "events.jsonl", tmp_path / "terms.yaml"
    events.write_bytes(b"\n".join(one.value or b"" for one in told))
    terms.write_text(text, encoding="utf-8")
    return CliRunner().invoke(app, ["explain", "L-1", str(terms), "--events", str(events), *args])


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            (
                "nearest deadline: Mon 2026-03-02 10:20:00 CET, in 30m of working time, 30m by the clock: company-x 2026-01, first-touch, cycle 1",
                "  used so far: 30m of working time, 50m by the clock; paused for 20m",
                "  left: 30m of working time, 30m by the clock",
                "  ahead: warning (warning-15m), Mon 2026-03-02 10:05:00 CET",
            ),
        ),
        (
            "es",
            (
                "próximo vencimiento: lun 2/3/2026 10:20:00 CET, en 30min de horario laboral, 30min de reloj: company-x 2026-01, first-touch, ciclo 1",
                "  transcurrido hasta ahora: 30min de horario laboral, 50min de reloj; en pausa durante 20min",
                "  queda: 30min de horario laboral, 30min de reloj",
                "  por venir: aviso (warning-15m), lun 2/3/2026 10:05:00 CET",
            ),
        ),
    ],
)
def test_people_read_how_much_time_is_left(tmp_path: Path, language: str, lines: tuple[str, ...]) -> None:
    crm = Crm(START)
    told = (
        crm.handed_off("L-1"),
        crm.event("lead.paused.v1", "L-1", 600),
        crm.event("lead.resumed.v1", "L-1", 1800),
    )
    text = COMPANY_X.read_text(encoding="utf-8").replace("bands: [5m, 1h, 24h]", "pauses: true", 1)
    text = text.replace("{within: 1h, clock: working}", "{within: 1h, clock: working, warnings: [15m]}")

    shown = shown_of(tmp_path, text, told, "--until", "2026-03-02T08:50:00Z", "--lang", language)

    assert [line for line in lines if line not in shown.stdout.splitlines()] == [], shown.stdout


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "  late by now: 9h of working time, 1d1h by the clock"),
        ("es", "  retraso hasta ahora: 9h de horario laboral, 1d 1h de reloj"),
    ],
)
def test_people_read_how_late_it_is_in_working_time_too(tmp_path: Path, language: str, said: str) -> None:
    text = COMPANY_X.read_text(encoding="utf-8")

    shown = shown_of(
        tmp_path, text, [Crm(START).handed_off("L-1")], "--until", "2026-03-03T10:00:00Z", "--lang", language
    )

    assert said in shown.stdout.splitlines()


def test_as_of_before_the_first_event_of_a_lead_people_are_told_when_that_came(events: Path) -> None:
    found = explained(events, "L-2", "--until", "2026-03-02T08:00:30Z")

    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr == (
        "leadsla explain: nothing had been received for lead 'L-2' by 2026-03-02T08:00:30Z;"
        " its first event came at 2026-03-02T08:01:00Z\n"
    )


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "    60 spans from Mon 2026-03-02 09:00:00 CET to Fri 2026-05-29 09:01:00 CEST: 1h",
                "    Mon 2026-03-02 09:00:00 CET to Mon 2026-03-02 09:01:00 CET: 1m",
                "    ... 50 more: 50m",
                "    Fri 2026-05-29 09:00:00 CEST to Fri 2026-05-29 09:01:00 CEST: 1m",
            ],
        ),
        (
            "es",
            [
                "    60 tramos del lun 2/3/2026 9:00:00 CET al vie 29/5/2026 9:01:00 CEST: 1h",
                "    lun 2/3/2026 9:00:00 CET a lun 2/3/2026 9:01:00 CET: 1min",
                "    ... 50 más: 50min",
                "    vie 29/5/2026 9:00:00 CEST a vie 29/5/2026 9:01:00 CEST: 1min",
            ],
        ),
    ],
)
def test_open_hours_in_many_spans_are_summed_up(tmp_path: Path, language: str, lines: list[str]) -> None:
    text = COMPANY_X.read_text(encoding="utf-8")
    a_minute_a_day = re.sub(r'\[\["09:00", "12:30"\], .*\]', '[["09:00", "09:01"]]', text)

    shown = shown_of(tmp_path, a_minute_a_day, [Crm(START).handed_off("L-1")], "--lang", language).stdout.splitlines()

    begin = shown.index(lines[0])
    assert [shown[begin + place] for place in (0, 1, 6, 11)] == lines, "\n".join(shown)


def test_a_remedy_is_explained_under_the_key_of_its_obligation(tmp_path: Path) -> None:
    crm = Crm(START)

    def remedy(owner: str | None, by: str) -> bytes:
        data: dict[str, Any] = {"agreement": "company-x", "obligation": "first-touch", "period": "2026-02", "by": by}
        sent = crm.event("remedy.confirmed.v1", "company-x:first-touch", owner=owner, **data)
        return sent.value or b""

    (tmp_path / "e.jsonl").write_bytes(b"\n".join((remedy("Ana Costa", "Eva"), remedy(None, "Ana"))))
    agreement = Path(__file__).parents[2] / "agreements" / "company-x.yaml"
    asked = ["explain", "company-x:first-touch", str(agreement), "--events", str(tmp_path / "e.jsonl")]

    found, in_spanish = (CliRunner().invoke(app, [*asked, "--lang", lang]) for lang in ("en", "es"))

    assert found.exit_code == 0, found.stderr
    assert "remedy for 2026-02 of Ana Costa, carried out at 2026-03-02T" in found.stdout
    assert "remedy for 2026-02, carried out at" in found.stdout
    assert "nothing was counted" not in found.stdout
    assert "remedio por 2026-02 de Ana Costa, llevado a cabo el" in in_spanish.stdout
