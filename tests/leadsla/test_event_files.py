"""Files of events as people's tools write them: each is read whole, or refused with the cause in words and status 2."""

import gzip
import io
import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from leadsla.event_files.lines import Lines, reading
from leadsla.event_files.opening import EventFileError
from leadsla.main import app
from sla_rules.names import EVENT_TOPICS, REJECTED_TOPIC
from streams.kafka.connection import LARGEST_EVENT
from streams.kafka.embedded_broker import EmbeddedBroker
from tests.events import Crm

AGREEMENT = Path(__file__).parents[1] / "company-x.yaml"


def events(count: int = 3) -> list[bytes]:
    crm = Crm()
    return [crm.handed_off(f"żółw-{number}", after=-900).value or b"" for number in range(count)]


PLAIN = b"\n".join(events()) + b"\n"
TEXT = PLAIN.decode()
PACKED = gzip.compress(PLAIN, mtime=0)

READ = {
    "plain": PLAIN,
    "without a line feed at the end": PLAIN.rstrip(),
    "carriage returns": PLAIN.replace(b"\n", b"\r\n"),
    "blank lines in front": b"\n \r\n" + PLAIN,
    "a byte order mark": b"\xef\xbb\xbf" + PLAIN,
    "UTF-16 with its mark": TEXT.encode("utf-16"),
    "UTF-16, high byte first": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-32": TEXT.encode("utf-32"),
    "packed": PACKED,
    "packed with a name and in several members": b"".join(gzip.compress(line + b"\n") for line in PLAIN.splitlines()),
    "packed with zeros behind it": PACKED + bytes(512),
    "packed UTF-16 with carriage returns": gzip.compress(TEXT.replace("\n", "\r\n").encode("utf-16")),
    "packed with a byte order mark": gzip.compress(b"\xef\xbb\xbf" + PLAIN),
}
TABLE = "looks like CSV; events are JSON, one a line, as `leadsla import` makes them of a table"
REFUSED = {
    "CSV": (b"id,type,subject\n1,lead.created.v1,L-1\n", TABLE),
    "CSV with semicolons and quotes": (b'"id";"type"\n"1";"x"\n', TABLE),
    "CSV with tabs in UTF-16": ("id\ttype\n1\tx\n".encode("utf-16"), TABLE),
    "an array": (
        b"[\n" + b",\n".join(PLAIN.splitlines()) + b"]",
        "looks like a JSON array; events are JSON, one a line, as `jq -c '.[]'` writes them",
    ),
    "an event on several lines": (
        json.dumps(json.loads(PLAIN.splitlines()[0]), indent=2).encode(),
        "an event stands on several lines; write one a line, as `jq -c .` does",
    ),
    "XML": (b"<?xml version='1.0'?>\n<lead/>\n", "looks like XML; events are JSON, one a line"),
    "prose": (b"hello\n", "holds no events; events are JSON, one a line"),
    "carriage returns alone": (
        PLAIN.replace(b"\n", b"\r"),
        "its lines end in a carriage return alone; end them in a line feed",
    ),
    "zeros where the disk was full": (PLAIN + bytes(4_096), "it holds NUL bytes: it was damaged, or is no text"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "it holds NUL bytes: it was damaged, or is no text"),
    "UTF-16 that was cut off": (
        TEXT.encode("utf-16")[:-1],
        "it begins as UTF-16 and goes on as something else, or was cut off",
    ),
    "packed and cut off": (PACKED[:-12], "it ends too early: the packed file was cut off"),
    "packed and cut off in its second member": (
        PACKED + PACKED[:-12],
        "it ends too early: the packed file was cut off",
    ),
    "packed with something behind it": (PACKED + PLAIN, "something that is not packed lies behind what is"),
    "packed and damaged": (PACKED[:40] + b"\xff\xff\xff" + PACKED[43:], "the packed file is damaged"),
    "packed, its sum wrong": (PACKED[:-8] + bytes(4) + PACKED[-4:], "the packed file is damaged"),
    "packed twice": (gzip.compress(PACKED), "it is packed twice; unpack it once"),
    "zip": (b"PK\x03\x04" + bytes(30), "it is packed by zip; unpack it, or pack it by gzip"),
    "zstd": (b"\x28\xb5\x2f\xfd" + bytes(30), "it is packed by zstd; unpack it, or pack it by gzip"),
}


def run(arguments: Sequence[str], stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=stdin, catch_exceptions=False)


@pytest.mark.parametrize("content", READ.values(), ids=READ)
@pytest.mark.parametrize("name", ["e.jsonl", "e.jsonl.GZ", "-"])
def test_every_event_is_read_whatever_the_file_is_called(content: bytes, name: str, tmp_path: Path) -> None:
    file = name if name == "-" else str(tmp_path / name)
    if name != "-":
        Path(file).write_bytes(content)

    found = run(["explain", "żółw-2", str(AGREEMENT), "--events", file, "--json"], content if name == "-" else None)

    assert (found.exit_code, found.stderr) == (0, "")
    assert all_lines(content, tmp_path) == PLAIN.splitlines()


def all_lines(content: bytes, folder: Path) -> list[bytes]:
    (folder / "all").write_bytes(content)
    lines = Lines(LARGEST_EVENT)
    with reading(str(folder / "all")) as source:
        found = [line.text for chunk in iter(source.read, b"") for line in lines.of(chunk)]
    return found + [line.text for line in lines.of(b"")]


@pytest.mark.parametrize(("content", "why"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("name", ["e.jsonl", "e.gz", "-"])
def test_what_cannot_be_read_whole_is_refused_whole_with_the_cause(
    content: bytes, why: str, name: str, tmp_path: Path
) -> None:
    file = name if name == "-" else str(tmp_path / name)
    if name != "-":
        Path(file).write_bytes(content)

    for command in (["replay"], ["explain", "żółw-2"]):
        found = run([*command, str(AGREEMENT), "--events", file, "--json"], content if name == "-" else None)
        assert (found.exit_code, found.stdout, found.stderr) == (2, "", f"leadsla: {file}: {why}\n")


@pytest.mark.parametrize(
    ("name", "why"), [("nothing.jsonl", "there is no such file"), ("folder", "it is a folder, not a file")]
)
def test_a_file_that_is_not_there_is_said_not_to_be(name: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    file = str(tmp_path / name)

    replayed = run(["replay", str(AGREEMENT), "--events", file])
    published = run(["publish", file, "--broker", "localhost:1"])

    assert (replayed.exit_code, replayed.stderr) == (2, f"leadsla: {file}: {why}\n")
    assert (published.exit_code, published.stderr) == (2, f"leadsla publish: {file}: {why}\n")


def test_a_file_is_published_whole_or_not_at_all(embedded_broker: EmbeddedBroker, tmp_path: Path) -> None:
    embedded_broker.create(*EVENT_TOPICS, REJECTED_TOPIC)
    to_broker = ["--broker", embedded_broker.bootstrap, "--wait", "0", "--json"]
    file = tmp_path / "e.jsonl"

    for content in READ.values():
        file.write_bytes(content)
        assert json.loads(run(["publish", str(file), *to_broker]).stdout)["sent"] == 3
        assert json.loads(run(["publish", "-", *to_broker], content).stdout)["sent"] == 3
    for content, why in REFUSED.values():
        file.write_bytes(content)
        for found in (run(["publish", str(file), *to_broker]), run(["publish", "-", *to_broker], content)):
            assert (found.exit_code, found.stdout) == (2, "")
            assert why in found.stderr
        assert "were sent" not in run(["publish", str(file), *to_broker]).stderr


def test_of_a_pipe_that_breaks_it_is_said_how_many_events_were_sent(embedded_broker: EmbeddedBroker) -> None:
    embedded_broker.create(*EVENT_TOPICS, REJECTED_TOPIC)
    many = b"\n".join(events(3_000)) + b"\n"

    found = run(["publish", "-", "--broker", embedded_broker.bootstrap], many + bytes(512_000))

    assert found.exit_code == 2
    assert "it holds NUL bytes" in found.stderr
    assert "events before that were sent, and may be sent again" in found.stderr


def test_an_empty_file_is_no_event_and_no_error(embedded_broker: EmbeddedBroker, tmp_path: Path) -> None:
    embedded_broker.create(*EVENT_TOPICS, REJECTED_TOPIC)
    file = tmp_path / "e.jsonl"
    file.write_bytes(b"")

    published = run(["publish", str(file), "--broker", embedded_broker.bootstrap, "--wait", "0", "--json"])
    replayed = run(["replay", str(AGREEMENT), "--events", str(file)])

    assert (published.exit_code, json.loads(published.stdout)["lines"]) == (0, 0)
    assert replayed.exit_code == 2
    assert replayed.stderr == f"leadsla: no event in {file}: say with --until as of when\n"


@given(st.sampled_from([*READ.values(), *(content for content, _ in REFUSED.values())]), st.integers(1, 50))
def test_a_pipe_is_read_the_same_however_its_bytes_come(content: bytes, size: int) -> None:
    def read(step: int) -> bytes | str:
        readable, writable = os.pipe()

        def write() -> None:
            with os.fdopen(writable, "wb", buffering=0) as pipe:
                for begin in range(0, len(content), step):
                    pipe.write(content[begin : begin + step])

        writer = threading.Thread(target=write)
        writer.start()
        found = io.BytesIO()
        try:
            with reading(f"/dev/fd/{readable}") as source:
                while chunk := source.read():
                    found.write(chunk)
        except EventFileError as wrong:
            return str(wrong)
        finally:
            while os.read(readable, 65_536):
                pass
            writer.join()
            os.close(readable)
        return found.getvalue()

    assert read(size) == read(len(content))


def test_a_line_that_cannot_be_read_for_one_subject_is_named_and_read_for_the_other(tmp_path: Path) -> None:
    desk = (Path(__file__).parents[1] / "scenarios" / "agreements" / "tickets.yaml").read_text(encoding="utf-8")
    named = {"ticket": "closed: [desk.done.v1]", "incident": "attempted: [desk.done.v1]"}
    for subject, part in named.items():
        head, _, rest = desk.replace("agreement: tickets", f"agreement: {subject}s").partition("\nsubject: ticket\n")
        parties = rest[rest.index("parties:") :].replace("    pauses: true\n", "")
        events = f"events: {{handed_off: [desk.opened.v1], connected: [desk.reached.v1], {part}}}"
        (tmp_path / f"{subject}.yaml").write_text(f"{head}\nsubject: {subject}\n{events}\n{parties}", encoding="utf-8")
    crm = Crm()
    told = [crm.handed_off("17", -600).value or b"", crm.event("lead.converted.v1", "17", -300).value or b""]
    lines = [told[0].replace(b"lead.handed_off", b"desk.opened"), told[1].replace(b"lead.converted", b"desk.done")]
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"\n".join(lines))

    shown = CliRunner().invoke(app, ["explain", "17", str(tmp_path), "--events", str(file)], env={"COLUMNS": "200"})

    assert shown.exit_code == 0
    assert "for the subject incident: data.channel is missing" in shown.stderr
    assert "tickets 1, answer, cycle 1: closed" in shown.stdout
    assert "incidents 1, answer, cycle 1: open" in shown.stdout
