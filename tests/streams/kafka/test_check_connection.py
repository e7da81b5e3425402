"""Why a broker does not let us in is said in one line, with the setting to look at."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import errors

from streams.kafka.check_connection import NotConnectedError, check_connection, reason_of, summary_of
from streams.kafka.embedded_broker import EmbeddedBroker

PLAIN = {"security_protocol": "PLAINTEXT"}
PATIENCE = 5.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def listening(*, hangs_up: bool) -> AsyncIterator[str]:
    """The address of somebody who is no broker: hangs up at once, or says nothing at all."""
    met: list[asyncio.StreamWriter] = []

    async def meet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append(writer)
        if hangs_up:
            writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in met:
            writer.close()
            await writer.wait_closed()


def caused(cause: BaseException) -> BaseException:
    """An error of the client's that wraps what the network said."""
    error: BaseException = errors.KafkaConnectionError("no connection")
    error.__cause__ = cause
    return error


def certificate_error(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError()
    error.verify_code, error.verify_message = code, "as OpenSSL says"
    return error


def alert(reason: str) -> ssl.SSLError:
    error = ssl.SSLError()
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionRefusedError(111, "refused"), "nobody listens there; look at LEADSLA_BROKER"),
        (socket.gaierror(-2, "unknown"), "no such host; look at LEADSLA_BROKER"),
        (TimeoutError(), "no answer; look at LEADSLA_BROKER and LEADSLA_SECURITY_PROTOCOL"),
        (errors.SaslAuthenticationFailed("bad"), "user or password is wrong; look at LEADSLA_SASL_USERNAME"),
        (errors.UnsupportedSaslMechanismError("none"), "no such login; look at LEADSLA_SASL_MECHANISM"),
        (errors.IllegalSaslStateError("none"), "wants no login; look at LEADSLA_SECURITY_PROTOCOL"),
        (certificate_error(62), "certificate is not for this address; look at LEADSLA_BROKER"),
        (certificate_error(20), "certificate is not trusted; look at LEADSLA_SSL_CA_FILE"),
        (alert("TLSV13_ALERT_CERTIFICATE_REQUIRED"), "wants a certificate that it trusts"),
        (alert("WRONG_VERSION_NUMBER"), "no TLS on this port; look at LEADSLA_SECURITY_PROTOCOL"),
        (EOFError(), "breaks off when spoken to in SASL_SSL; look at LEADSLA_SECURITY_PROTOCOL"),
    ],
)
def test_the_first_cause_is_named_with_the_setting_to_look_at(error: BaseException, said: str) -> None:
    assert said in reason_of(error, "SASL_SSL")
    assert said in reason_of(caused(error), "SASL_SSL")


def test_what_came_first_counts_whatever_it_led_to() -> None:
    gave_up = TimeoutError()
    gave_up.__context__ = socket.gaierror(-2, "unknown")

    assert reason_of(caused(gave_up), "SSL").startswith("no such host")


def test_a_line_break_in_what_was_said_breaks_no_line() -> None:
    assert reason_of(TimeoutError("one\n  two"), "SSL").endswith("(one two)")


def test_what_all_brokers_say_is_said_once_and_else_each_is_named() -> None:
    assert summary_of({"a:1": "no answer", "b:2": "no answer"}) == "no answer"
    assert summary_of({"a:1": "no answer", "b:2": "no host"}) == "a:1: no answer; b:2: no host"


async def test_one_broker_of_several_that_lets_us_in_is_enough(embedded_broker: EmbeddedBroker) -> None:
    await check_connection([f"127.0.0.1:{free_port()}", embedded_broker.bootstrap], PATIENCE, PLAIN)


async def test_whoever_hangs_up_is_told_apart_from_nobody() -> None:
    async with listening(hangs_up=True) as rude:
        nobody = f"127.0.0.1:{free_port()}"
        with pytest.raises(NotConnectedError) as refused:
            await check_connection([rude, nobody], PATIENCE, PLAIN)

    assert f"{rude}: the broker breaks off when spoken to in PLAINTEXT" in str(refused.value)
    assert f"{nobody}: nobody listens there" in str(refused.value)


async def test_whoever_says_nothing_is_given_up_on() -> None:
    async with listening(hangs_up=False) as silent:
        with pytest.raises(NotConnectedError, match="no answer"):
            await check_connection([silent], 0.2, PLAIN)
