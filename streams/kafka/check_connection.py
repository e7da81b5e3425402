"""Does a broker let us in, and if not, why? The clients themselves only say that they could not start."""

import asyncio
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from aiokafka import errors
from aiokafka.conn import collect_hosts, create_conn
from aiokafka.protocol.metadata import MetadataRequest

ANSWER_SECONDS: Final = 10.0
"""A broker that lets us in does so within moments; one that says nothing at all is given up on."""


class NotConnectedError(errors.KafkaConnectionError):  # type: ignore[misc]  # untyped
    """No broker lets us in; the message says of each why, and which setting to look at."""

    def __str__(self) -> str:
        """The message alone."""
        return str(self.args[0])


async def check_connection(brokers: Sequence[str], patience: float, security: dict[str, Any]) -> None:
    """Return once a broker has let us in and has answered a question, each given at most `patience` seconds.

    Raises:
        NotConnectedError: none has.

    """
    refusals: dict[str, str] = {}
    for host, port, _ in collect_hosts(list(brokers), randomize=False):
        try:
            async with asyncio.timeout(min(patience, ANSWER_SECONDS)):
                await _ask(host, port, security)
        except (OSError, EOFError, ValueError, errors.KafkaError) as error:
            refusals[f"{host}:{port}"] = reason_of(error, security["security_protocol"])
        else:
            return
    raise NotConnectedError(summary_of(refusals))


def summary_of(refusals: Mapping[str, str]) -> str:
    """The reasons of brokers by their addresses, in one line: once where all give the same."""
    reasons = set(refusals.values())
    return reasons.pop() if len(reasons) == 1 else "; ".join(f"{name}: {why}" for name, why in refusals.items())


async def _ask(host: str, port: int, security: dict[str, Any]) -> None:
    connection = await create_conn(host, port, **security)
    try:
        # A broker that waits for a login breaks off only now.
        await connection.send(MetadataRequest([]))
    finally:
        connection.close()


def reason_of(error: BaseException, protocol: str) -> str:
    """Why a broker did not let us in when spoken to in a protocol, in one line."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError):
            return _reason_of_tls(cause)
        for kind, sentence in _SENTENCES.items():
            if isinstance(cause, kind):
                return f"{sentence} ({_detail(cause)})"
    return f"the broker breaks off when spoken to in {protocol}; look at LEADSLA_SECURITY_PROTOCOL"


def _reason_of_tls(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in _OTHER_NAME:
            return f"the broker's certificate is not for this address; look at LEADSLA_BROKER ({error.verify_message})"
        return f"the broker's certificate is not trusted; look at LEADSLA_SSL_CA_FILE ({error.verify_message})"
    alert = error.reason or str(error)
    if "CERTIFICATE" in alert or "UNKNOWN_CA" in alert:
        return f"the broker wants a certificate that it trusts; look at LEADSLA_SSL_CERTIFICATE_FILE ({alert})"
    return f"no TLS on this port; look at LEADSLA_SECURITY_PROTOCOL ({alert})"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, the first cause first: the client wraps what the network said."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    return reversed(chain)


def _detail(error: BaseException) -> str:
    """What the error says, without line breaks."""
    text = " ".join(str(part) for part in error.args) if isinstance(error, errors.KafkaError) else str(error)
    return " ".join(text.split()) or type(error).__name__


_OTHER_NAME: Final = (62, 64)
"""OpenSSL's codes for a host name or an address that the certificate does not name."""

_SENTENCES: Final[dict[type[BaseException], str]] = {
    errors.SaslAuthenticationFailed: "user or password is wrong; look at LEADSLA_SASL_USERNAME and LEADSLA_SASL_PASSWORD",
    errors.UnsupportedSaslMechanismError: "the broker has no such login; look at LEADSLA_SASL_MECHANISM",
    errors.IllegalSaslStateError: "the broker wants no login; look at LEADSLA_SECURITY_PROTOCOL",
    ConnectionRefusedError: "nobody listens there; look at LEADSLA_BROKER",
    socket.gaierror: "no such host; look at LEADSLA_BROKER",
    TimeoutError: "no answer; look at LEADSLA_BROKER and LEADSLA_SECURITY_PROTOCOL",
}
