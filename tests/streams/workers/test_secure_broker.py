"""The whole way to brokers that let in only whom they know, and what is said to whom they do not."""

import gzip
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import TopicPartition

from sla_rules.names import BREACHES_TOPIC
from streams.kafka.topics import changelog_of
from streams.settings import Settings
from tests.events import Crm
from tests.real_parts.absent import absent
from tests.real_parts.certificates import Authority, encrypted_key
from tests.real_parts.commands import leadsla
from tests.real_parts.kafka import NoKafkaError
from tests.real_parts.records import reading
from tests.real_parts.secure_kafka import (
    EXPLAIN,
    OVERDUE,
    PASSWORD,
    PUBLISH,
    STATUS,
    STRANGER,
    TOPICS,
    WORKER,
    SecureKafka,
)
from tests.real_parts.service import PARTITIONS, Worker, last_values
from tests.streams.agreements import EXAMPLE, quick_agreement

pytestmark = pytest.mark.kafka

PROJECT = EXAMPLE.parents[1]
LEADS = 20


@pytest.fixture(scope="session")
def secure_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureKafka]:
    """A broker that lets in users with a password or a certificate, shared by the session."""
    try:
        broker = SecureKafka(tmp_path_factory.mktemp("secure-kafka"))
    except NoKafkaError as reason:
        absent(str(reason), "LEADSLA_REQUIRE_KAFKA")
    yield broker
    broker.close()


@pytest.fixture
def no_topics(secure_kafka: SecureKafka) -> SecureKafka:
    """The same without the service's topics and what was committed of them."""
    with secure_kafka.admin() as admin:
        secure_kafka.delete_topics(name for name in admin.list_topics(timeout=60).topics if name[0] != "_")
    return secure_kafka


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    return file


def login(kafka: SecureKafka, user: str, **settings: str) -> dict[str, str]:
    """The settings of a user who is let in, and what is to be different."""
    right = {
        "broker": kafka.addresses["LOGIN"],
        "security_protocol": "SASL_SSL",
        "ssl_ca_file": str(kafka.authority.certificate),
        "sasl_username": user,
        "sasl_password": PASSWORD,
    }
    return {f"LEADSLA_{name.upper()}": value for name, value in {**right, **settings}.items() if value}


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that a command ended with, after what it may have logged of its start."""
    said = done.stderr.splitlines()
    assert [line for line in said if not line.startswith("leadsla ") and "starting" not in line] == []
    assert len([line for line in said if line.startswith("leadsla ")]) == 1, done.stderr
    return said[-1]


def hand_offs(folder: Path) -> Path:
    """A file of events: leads handed off and left alone."""
    crm = Crm()
    file = folder / "events.jsonl.gz"
    events = [crm.handed_off(f"L-{n}").value or b"" for n in range(LEADS)]
    file.write_bytes(gzip.compress(b"\n".join(events)))
    return file


async def the_whole_way(kafka: SecureKafka, folder: Path, of: dict[str, dict[str, str]]) -> str:
    """Create topics, publish, fold, tell and commit; what was printed and logged on the way."""
    created = leadsla("topics", "create", "--partitions", str(PARTITIONS), **of[TOPICS])
    assert created.returncode == 0, created.stderr
    checked = leadsla("topics", "check", **of[TOPICS])
    assert checked.returncode == 0, checked.stderr
    published = leadsla("publish", str(hand_offs(folder)), **of[PUBLISH])
    assert published.returncode == 0, published.stderr

    agreement = quick_agreement(folder, within="1s")
    settings = {name: value for name, value in of[WORKER].items() if name != "LEADSLA_BROKER"}
    with Worker(of[WORKER]["LEADSLA_BROKER"], agreement, folder, **settings) as worker:
        worker.wait_for("leadsla_breaches_total", LEADS)
        worker.wait_for("leadsla_events_total", LEADS, result="accepted")
    told = await last_values(kafka.bootstrap, BREACHES_TOPIC)
    assert {json.loads(one)["subject"] for one in told.values()} == {f"L-{n}" for n in range(LEADS)}
    assert len(await last_values(kafka.bootstrap, changelog_of(Settings()))) == LEADS

    async with reading(kafka.bootstrap, group=Settings().group) as member:
        committed = [await member.committed(TopicPartition("handed-off", n)) for n in range(PARTITIONS)]
    assert sum(offset or 0 for offset in committed) == LEADS
    return (folder / "worker.log").read_text() + created.stdout + created.stderr + published.stdout + published.stderr


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"])
async def test_a_login_over_tls_carries_the_whole_way(
    no_topics: SecureKafka, mechanism: str, tmp_path: Path, password_file: Path
) -> None:
    given = {"sasl_mechanism": mechanism, "sasl_password": "", "sasl_password_file": str(password_file)}
    of = {user: login(no_topics, user, **given) for user in (TOPICS, PUBLISH, WORKER)}

    await the_whole_way(no_topics, tmp_path, of)
    explained = leadsla("explain", "L-1", str(tmp_path / "company-x.yaml"), **login(no_topics, EXPLAIN, **given))

    stands = leadsla("status", str(tmp_path / "company-x.yaml"), **login(no_topics, STATUS, **given))

    overdue = leadsla("overdue", "--json", **login(no_topics, OVERDUE, **given))

    assert {one["lead"] for one in json.loads(overdue.stdout)["clocks"]} >= {"L-1"}, overdue.stderr
    assert stands.returncode in {0, 1}, stands.stderr
    assert explained.returncode == 0, explained.stderr
    assert explained.stdout.startswith("lead L-1 as of ")


def test_who_may_publish_and_no_more_publishes_by_hand_and_hears_what_cannot_be_seen(
    no_topics: SecureKafka, tmp_path: Path
) -> None:
    created = leadsla("topics", "create", "--partitions", str(PARTITIONS), **login(no_topics, TOPICS))
    agreement = str(quick_agreement(tmp_path))
    called = ("attempt", "L-1", "--channel", "phone", "--yes", "--agreements", agreement)

    first, found = (leadsla(*called, **login(no_topics, PUBLISH)) for _ in range(2))

    assert (created.returncode, first.returncode, found.returncode) == (0, 0, 0), first.stderr + found.stderr
    assert "whether the same was published just now cannot be seen from here" in found.stdout
    assert "published: contact-attempt/" in found.stdout
    assert "whether the workers have taken it cannot be seen from here" in found.stdout


async def test_a_certificate_of_our_own_carries_the_whole_way(no_topics: SecureKafka, tmp_path: Path) -> None:
    own = no_topics.own_certificate
    certificate = {
        "LEADSLA_BROKER": no_topics.addresses["CERTIFICATE"],
        "LEADSLA_SECURITY_PROTOCOL": "SSL",
        "LEADSLA_SSL_CA_FILE": str(no_topics.authority.certificate),
        "LEADSLA_SSL_CERTIFICATE_FILE": str(own),
        "LEADSLA_SSL_KEY_FILE": str(encrypted_key(own, "of the key")),
        "LEADSLA_SSL_KEY_PASSWORD": "of the key",
    }
    of = {TOPICS: login(no_topics, TOPICS), PUBLISH: login(no_topics, PUBLISH), WORKER: certificate}

    await the_whole_way(no_topics, tmp_path, of)


async def test_a_password_is_in_no_output_at_any_level(no_topics: SecureKafka, tmp_path: Path) -> None:
    given = {"broker": no_topics.addresses["BARE"], "security_protocol": "SASL_PLAINTEXT", "ssl_ca_file": ""}
    chatty = {"sasl_mechanism": "PLAIN", "log_level": "DEBUG"}
    of = {user: login(no_topics, user, **given, **chatty) for user in (TOPICS, PUBLISH, WORKER)}

    output = await the_whole_way(no_topics, tmp_path, of)

    assert "partitions opened" in output
    assert PASSWORD not in output


REFUSALS = {
    "a wrong password": ({"sasl_password": "Xwrong"}, "LEADSLA_SASL_PASSWORD"),
    "an unknown user": ({"sasl_username": "nobody"}, "LEADSLA_SASL_USERNAME"),
    "a wrong password by another mechanism": (
        {"sasl_password": "Xwrong", "sasl_mechanism": "PLAIN"},
        "LEADSLA_SASL_PASSWORD",
    ),
    "the system's authorities": ({"ssl_ca_file": ""}, "LEADSLA_SSL_CA_FILE"),
    "another authority": ({"ssl_ca_file": "other.pem"}, "LEADSLA_SSL_CA_FILE"),
    "a name that the certificate has not": ({"broker": "localhost:LOGIN"}, "LEADSLA_BROKER"),
    "no TLS where it is wanted": (
        {"security_protocol": "SASL_PLAINTEXT", "ssl_ca_file": ""},
        "LEADSLA_SECURITY_PROTOCOL",
    ),
    "nothing where both are wanted": (
        {"security_protocol": "PLAINTEXT", "ssl_ca_file": "", "sasl_username": "", "sasl_password": ""},
        "LEADSLA_SECURITY_PROTOCOL",
    ),
    "no login where one is wanted": (
        {"security_protocol": "SSL", "sasl_username": "", "sasl_password": ""},
        "LEADSLA_SECURITY_PROTOCOL",
    ),
    "TLS where there is none": ({"broker": "BARE"}, "LEADSLA_SECURITY_PROTOCOL"),
    "a login where none is wanted": (
        {"broker": "PLAINTEXT", "security_protocol": "SASL_PLAINTEXT", "ssl_ca_file": ""},
        "LEADSLA_SECURITY_PROTOCOL",
    ),
    "no certificate where one is wanted": (
        {"broker": "CERTIFICATE", "security_protocol": "SSL", "sasl_username": "", "sasl_password": ""},
        "LEADSLA_SSL_CERTIFICATE_FILE",
    ),
    "a certificate that nobody knows": (
        {
            "broker": "CERTIFICATE",
            "security_protocol": "SSL",
            "sasl_username": "",
            "sasl_password": "",
            "ssl_certificate_file": "foreign.pem",
        },
        "LEADSLA_SSL_CERTIFICATE_FILE",
    ),
}


@pytest.fixture(scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Files of an authority that the broker does not know."""
    authority = Authority(tmp_path_factory.mktemp("foreign"), "another authority")
    return {"other.pem": str(authority.certificate), "foreign.pem": str(authority.sign("foreign"))}


def refused(
    kafka: SecureKafka, foreign: dict[str, str], different: dict[str, str], *command: str
) -> subprocess.CompletedProcess[str]:
    host, _, listener = different.get("broker", "LOGIN").rpartition(":")
    address = kafka.addresses[listener]
    broker = f"{host}:{address.rpartition(':')[2]}" if host else address
    found = {name: foreign.get(value, value) for name, value in different.items()}
    return leadsla(*command, **login(kafka, WORKER, **{**found, "broker": broker}))


@pytest.mark.parametrize("case", REFUSALS)
def test_who_is_not_let_in_is_told_why_in_one_line(
    secure_kafka: SecureKafka, foreign: dict[str, str], case: str
) -> None:
    different, named = REFUSALS[case]

    done = refused(secure_kafka, foreign, different, "worker")

    assert done.returncode == 1
    assert named in complaint(done)
    assert "Xwrong" not in done.stderr


@pytest.mark.parametrize(
    "command", [("topics", "create"), ("topics", "check"), ("publish", "-"), ("deadletter", "list")]
)
def test_every_command_tells_why(secure_kafka: SecureKafka, foreign: dict[str, str], command: tuple[str, ...]) -> None:
    done = refused(secure_kafka, foreign, {"sasl_password": "Xwrong"}, *command)

    assert done.returncode != 0
    assert "LEADSLA_SASL_PASSWORD" in complaint(done)


def test_a_user_without_rights_is_told_which_are_missing(no_topics: SecureKafka) -> None:
    assert leadsla("topics", "create", **login(no_topics, TOPICS)).returncode == 0

    worker = leadsla("worker", **login(no_topics, STRANGER))
    create = leadsla("topics", "create", **login(no_topics, STRANGER))

    for done in (worker, create):
        assert done.returncode == 1
        assert "handed-off" in complaint(done)
        assert STRANGER in done.stderr or "Authorization" in done.stderr


def test_a_group_that_is_not_ours_stops_the_worker_with_its_name(no_topics: SecureKafka) -> None:
    settings = login(no_topics, WORKER)
    assert leadsla("topics", "create", **login(no_topics, TOPICS)).returncode == 0
    no_topics.create_topics(["elsewhere-leads-changelog"], PARTITIONS)

    done = leadsla("worker", **{**settings, "LEADSLA_GROUP": "wrong_recipient"})

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "wrong_recipient" in done.stderr.splitlines()[-1]
