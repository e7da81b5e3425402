"""A real Kafka that lets in only whom it knows, over TLS; in the clear it answers to the tests alone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from confluent_kafka.admin import (  # type: ignore[attr-defined]  # documented there
    AclBinding,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from tests.real_parts.certificates import Authority
from tests.real_parts.kafka_by_java import KafkaByJava
from tests.real_parts.loopback import HOST

TOPICS, PUBLISH, WORKER = "topics", "publish", "worker"
EXPLAIN, STATUS, OVERDUE = "explain", "status", "overdue"
"""Users who may do what docs/security.md says they need, and nothing else."""
PASSWORD: Final = "correct-Horse/battery"  # noqa: S105 - of a broker that lives for the tests
STRANGER: Final = "stranger"
"""A user whose password is right and who may do nothing."""

_SCRAM: Final = ("SCRAM-SHA-256", "SCRAM-SHA-512")
_USERS: Final = (TOPICS, PUBLISH, WORKER, EXPLAIN, STATUS, OVERDUE, STRANGER)
_ANY: Final = "User:ANONYMOUS"
_DOCUMENT: Final = Path(__file__).parents[2] / "docs/security.md"
_SECONDS: Final = 60.0


class SecureKafka(KafkaByJava):
    """A broker with a listener for each way to be let in, beside the plain one, by which tests look on.

    `LOGIN` is TLS and a password, `CERTIFICATE` is TLS with a certificate of the client's own, `BARE` is a password
    and no TLS. The bearer of `own_certificate` is the user `WORKER`.
    """

    def __init__(self, folder: Path) -> None:
        self.authority: Final = Authority(folder / "authority", "the tests' authority")
        self.own_certificate: Final = self.authority.sign(WORKER)
        server = self.authority.sign("broker", HOST)
        users = " ".join(f'user_{name}="{PASSWORD}"' for name in _USERS)
        login = {
            f"listener.name.{name}.{mechanism.lower()}.sasl.jaas.config": module
            for name in ("login", "bare")
            for mechanism, module in (
                *((scram, "org.apache.kafka.common.security.scram.ScramLoginModule required;") for scram in _SCRAM),
                ("plain", f"org.apache.kafka.common.security.plain.PlainLoginModule required {users};"),
            )
        }
        super().__init__(
            folder,
            {"LOGIN": "SASL_SSL", "CERTIFICATE": "SSL", "BARE": "SASL_PLAINTEXT"},
            {
                "ssl.keystore.type": "PEM",
                "ssl.keystore.location": str(server),
                "ssl.truststore.type": "PEM",
                "ssl.truststore.location": str(self.authority.certificate),
                "listener.name.certificate.ssl.client.auth": "required",
                "ssl.principal.mapping.rules": "RULE:^CN=(.*?)$/$1/",
                "sasl.enabled.mechanisms": ",".join((*_SCRAM, "PLAIN")),
                "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users": _ANY,
                **login,
            },
            [f"--add-scram={mechanism}=[name={name},password={PASSWORD}]" for mechanism in _SCRAM for name in _USERS],
        )

        with self.admin() as admin:
            for future in admin.create_acls(list(_rights())).values():
                future.result(_SECONDS)


def _rights() -> Iterator[AclBinding]:
    """The rows of the document's table as rules of the broker."""
    for row in _DOCUMENT.read_text().splitlines():
        user, operations, kind, names = ([cell.strip() for cell in row.split("|")[1:-1]] + [""] * 4)[:4]
        if user in _USERS:
            for operation in operations.split(", "):
                for name in re.findall("`(.+?)`", names):
                    yield AclBinding(
                        ResourceType[kind.upper()],
                        name,
                        ResourcePatternType.LITERAL,
                        f"User:{user}",
                        "*",
                        AclOperation[re.sub("(?<=[a-z])(?=[A-Z])", "_", operation).upper()],
                        AclPermissionType.ALLOW,
                    )
