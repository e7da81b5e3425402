"""How to connect to the brokers: the same for every client that the shell opens, and for Faust's own."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaTimeoutError
from faust import SASLCredentials, SSLCredentials
from faust.types.auth import CredentialsT
from pydantic import SecretStr

from streams.kafka.check_connection import check_connection
from streams.kafka.steady_clients import SteadyConsumer, SteadyProducer, ask_with_pauses
from streams.reading.fetched import read_within
from streams.settings import Settings, SettingsError, refusal

REJECTED_OVERHEAD: Final = 64 * 1024
"""Room for headers beside the original bytes, so that a record as large as allowed can still be dead-lettered."""
LARGEST_EVENT: Final = 1_048_588
"""What Kafka lets a record of a topic be, unless told otherwise; the event topics are told no other."""

_PROBE_TIMEOUT_MS: Final = 5_000
"""An answer that takes longer says little."""

COMMITTED: Final = "read_committed"
"""What a publisher took back by aborting its transaction never happened."""


def bound_reading(settings: Settings) -> None:
    """Let every consumer of this process read in bounded memory, as the settings say."""
    read_within(settings.batch_max_bytes, LARGEST_EVENT, dead_letter=settings.unreadable_batches == "dead_letter")


def new_consumer(settings: Settings, fetched: int = 8 * LARGEST_EVENT) -> SteadyConsumer:
    """A reader without a group: for bulk loading and for asking end offsets.

    It fetches so many bytes of a partition at once, and four times as many of all together.
    """
    bound_reading(settings)
    return SteadyConsumer(
        **_common(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level=COMMITTED,
        max_partition_fetch_bytes=fetched,
        fetch_max_bytes=4 * fetched,
    )


def new_producer(settings: Settings, *, gives_up: bool = False) -> SteadyProducer:
    """A writer that is acknowledged by all replicas in sync, and never writes twice on a retry of its own.

    One that `gives_up` what nobody leads for as long as a request may take is good for nothing after that.
    """
    return SteadyProducer(
        gives_up=gives_up,
        **_common(settings),
        acks="all",
        enable_idempotence=True,
        compression_type="zstd",
        linger_ms=0,
        max_batch_size=256 * 1024,
        max_request_size=LARGEST_EVENT + REJECTED_OVERHEAD,
    )


def new_probe(settings: Settings) -> SteadyProducer:
    """A writer whose records are asked back at once: acknowledged by the leader, which stamps them, and given up soon."""
    options = _common(settings)
    options["request_timeout_ms"] = min(options["request_timeout_ms"], _PROBE_TIMEOUT_MS)
    return SteadyProducer(gives_up=True, **options, acks=1, linger_ms=0)


@asynccontextmanager
async def admin(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    """A client for topics, connected. Whatever else talks to the brokers comes after one: here it shows whether it can.

    Raises:
        NotConnectedError: no broker answers, or none lets us in; the message says why and which setting to look at.
        SettingsError: a file of the settings cannot be used.

    """
    await check_connection(settings.brokers, settings.request_timeout_seconds, security(settings))
    client = _AnyBroker(**_common(settings))
    ask_with_pauses(client._client)  # noqa: SLF001 - it has no other door
    try:
        await client.start()
        yield client
    finally:
        await client.close()


class _AnyBroker(AIOKafkaAdminClient):  # type: ignore[misc]  # untyped
    """Asks one that can be reached, where any broker will do: aiokafka's own takes one by chance, though it be down.

    Asked again, it asks another; and it asks the controller wherever that is by now.
    """

    _turn = 0

    async def _send_request(self, request: object, node_id: int | None = None) -> object:
        if node_id is None:
            brokers = sorted(broker.nodeId for broker in self._client.cluster.brokers())
            self._turn += 1
            for number in range(len(brokers)):
                broker = brokers[(self._turn + number) % len(brokers)]
                if await self._client.ready(broker):
                    node_id = broker
                    break
        return await super()._send_request(request, node_id)

    async def _send_to_controller(self, request: object) -> object:
        try:
            async with asyncio.timeout(self._request_timeout_ms / 1000):
                while True:
                    controller = self._client.cluster.controller
                    if controller is not None and await self._client.ready(controller.nodeId):
                        return await self._client.send(controller.nodeId, request)
                    await self._client.force_metadata_update()
        except TimeoutError:
            message = "no controller of the brokers answers"
            raise KafkaTimeoutError(message) from None


def credentials(settings: Settings) -> CredentialsT | None:
    """The same for the clients that Faust opens."""
    options = security(settings)
    context = options.get("ssl_context")
    if "sasl_mechanism" in options:
        return SASLCredentials(
            username=options["sasl_plain_username"],
            password=options["sasl_plain_password"],
            ssl_context=context,
            mechanism=options["sasl_mechanism"],
        )
    return None if context is None else SSLCredentials(context)


def security(settings: Settings) -> dict[str, Any]:
    """What the settings say about encryption and login, as aiokafka's clients take it.

    Raises:
        SettingsError: a file cannot be used.

    """
    options: dict[str, Any] = {"security_protocol": settings.security_protocol}
    if settings.encrypted:
        options["ssl_context"] = _tls(settings)
    if settings.logs_in:
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.sasl_username
        options["sasl_plain_password"] = _secret("sasl_password", settings.sasl_password, settings.sasl_password_file)
    return options


def _common(settings: Settings) -> dict[str, Any]:
    return {
        "bootstrap_servers": settings.brokers,
        "client_id": settings.group,
        "request_timeout_ms": int(settings.request_timeout_seconds * 1000),
        **security(settings),
    }


def _tls(settings: Settings) -> ssl.SSLContext:
    """TLS 1.2 or later; the broker's certificate and name are always checked."""
    try:
        context = ssl.create_default_context(cafile=settings.ssl_ca_file)
    except (OSError, ssl.SSLError) as wrong:
        raise SettingsError(refusal("ssl_ca_file", f"no certificates in PEM: {wrong}")) from None
    if settings.ssl_certificate_file is not None:
        # A function, since OpenSSL would ask on the terminal for a password that it is not given.
        password = _secret("ssl_key_password", settings.ssl_key_password, settings.ssl_key_password_file)
        try:
            context.load_cert_chain(settings.ssl_certificate_file, settings.ssl_key_file, lambda: password)
        except (OSError, ssl.SSLError) as wrong:
            why = f"no certificate in PEM with its key (LEADSLA_SSL_KEY_FILE, LEADSLA_SSL_KEY_PASSWORD): {wrong}"
            raise SettingsError(refusal("ssl_certificate_file", why)) from None
    return context


def _secret(name: str, value: SecretStr | None, file: Path | None) -> str:
    """A secret from where it is; without the line end that editors put at the end of a file."""
    if value is not None:
        return value.get_secret_value()
    if file is None:
        return ""
    try:
        text = file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) else "it is not text"
        raise SettingsError(refusal(f"{name}_file", f"{file}: {reason}")) from None
    if not text:
        raise SettingsError(refusal(f"{name}_file", f"{file}: it is empty"))
    return text
