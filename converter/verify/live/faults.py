"""Why there is no answer, in the words of the field: the same words for the same fault."""

from __future__ import annotations

import errno
import socket
import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

REFUSED = "connection refused"
UNKNOWN_NAME = "the name does not resolve"
UNREACHABLE = "no route to the address"
UNCONNECTED = "no connection in time"
RESET = "connection reset"
CLOSED = "connection closed without an answer"
CLOSED_IN_TLS = "connection closed during the TLS handshake"
NO_CERTIFICATE = "no certificate for this name (TLS alert)"
SLOW_TLS = "TLS handshake not finished in time"
SLOW = "no answer in time"
NO_TLS = "the port does not speak TLS"
NO_HTTP = "the answer is not HTTP"
TOO_LARGE = "the headers of the answer are too large"
EXPIRED = "certificate expired"
OTHER_NAME = "certificate is for other names"
SELF_SIGNED = "certificate is signed by itself"
UNKNOWN_AUTHORITY = "certificate is from an unknown authority"

DEADLY: Mapping[str, int] = {REFUSED: 4, UNREACHABLE: 4, UNCONNECTED: 4, UNKNOWN_NAME: 4, SLOW_TLS: 1, SLOW: 1}
"""How much each says of an address, whatever is asked there: one backend alone may be slow."""
DECLINED = frozenset({REFUSED, RESET, CLOSED, CLOSED_IN_TLS, NO_CERTIFICATE})
"""A proxy may mean it: this is how one says that it serves no such host or port."""

_TRUST = "Name its authority with --ca-file, or leave the check out with --insecure."
ADVICE: Mapping[str, str] = {
    REFUSED: "Nothing listens there; check the port, and that the address is the load balancer's.",
    UNKNOWN_NAME: "Check its spelling, and whether this machine's resolver knows it; an IP address needs none.",
    UNREACHABLE: "Check the address, the route to it and VPNs.",
    UNCONNECTED: "A firewall may drop the packets; check security groups and source ranges of the load balancer.",
    SLOW: "The proxy or its backend is slow or stuck; --timeout waits longer.",
    SLOW_TLS: "--timeout waits longer.",
    NO_TLS: "Check the port, and whether TLS ends in front of this address.",
    NO_HTTP: "Check the port, and whether the address expects the PROXY protocol.",
    EXPIRED: "Renew the certificate; --insecure leaves the check out.",
    OTHER_NAME: "The host gets the default certificate, or a wrong one; --insecure leaves the check out.",
    SELF_SIGNED: _TRUST,
    UNKNOWN_AUTHORITY: _TRUST,
    NO_CERTIFICATE: "No listener serves this name over TLS.",
}

_BY_NUMBER: Mapping[int, str] = {
    errno.ECONNREFUSED: REFUSED,
    errno.ECONNRESET: RESET,
    errno.EPIPE: RESET,
    errno.ENETUNREACH: UNREACHABLE,
    errno.EHOSTUNREACH: UNREACHABLE,
    errno.EADDRNOTAVAIL: UNREACHABLE,
    errno.ETIMEDOUT: UNCONNECTED,
    errno.EMFILE: "too many open files on this machine",
}
# X509_V_ERR_* of OpenSSL's x509_vfy.h.
_BY_VERIFICATION: Mapping[int, str] = {
    9: "certificate is not valid yet",
    10: EXPIRED,
    18: SELF_SIGNED,
    19: UNKNOWN_AUTHORITY,
    20: UNKNOWN_AUTHORITY,
    21: UNKNOWN_AUTHORITY,
    62: OTHER_NAME,
    64: OTHER_NAME,
}
_BY_ALERT: Mapping[str, str] = {
    "TLSV1_UNRECOGNIZED_NAME": NO_CERTIFICATE,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "TLS handshake refused (no cipher or version in common)",
    "TLSV1_ALERT_PROTOCOL_VERSION": "TLS handshake refused (no version in common)",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "a client certificate is demanded",
    "WRONG_VERSION_NUMBER": NO_TLS,
    "RECORD_LAYER_FAILURE": NO_TLS,
    "HTTP_REQUEST": NO_TLS,
    "PACKET_LENGTH_TOO_LONG": NO_TLS,
    "UNEXPECTED_EOF_WHILE_READING": CLOSED_IN_TLS,
}
_UNSENDABLE = frozenset({"LocalProtocolError", "InvalidURL", "ValueError", "UnicodeError"})
_BY_TEXT: Mapping[str, str] = {
    "disconnected without sending": CLOSED,
    "without sending complete message": "connection closed in the middle of the answer",
    "Receive buffer too long": TOO_LARGE,
}


def late(steps: Sequence[str]) -> str:
    """What took too long, by the steps that httpcore traced."""
    last = steps[-1] if steps else "connect_tcp"
    if "connect_tcp.complete" not in " ".join(steps):
        return UNCONNECTED
    return SLOW_TLS if "start_tls" in last and not last.endswith("complete") else SLOW


def in_words(error: BaseException) -> str:
    """What an exception of the network, of TLS or of HTTP means."""
    chain = list(_chain(error))
    for each in chain:
        if found := _known(each):
            return found
    names = {type(each).__name__ for each in chain}
    if "RemoteProtocolError" in names:
        return NO_HTTP
    if "EndOfStream" in names:
        return CLOSED_IN_TLS
    if "BrokenResourceError" in names or "ReadError" in names:
        return RESET
    if names & _UNSENDABLE:
        return f"the request cannot be sent ({error})"
    return str(error) or type(error).__name__


def _known(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _BY_VERIFICATION.get(error.verify_code, f"certificate not trusted ({error.verify_message})")
    if isinstance(error, ssl.SSLError):
        reason = error.reason or "UNEXPECTED_EOF_WHILE_READING"
        return _BY_ALERT.get(reason, f"TLS handshake failed ({reason.lower().replace('_', ' ')})")
    if isinstance(error, socket.gaierror):
        return UNKNOWN_NAME
    if isinstance(error, OSError) and (words := _BY_NUMBER.get(error.errno or 0)):
        return words
    return next((words for text, words in _BY_TEXT.items() if text in str(error)), "")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The exception that was raised first comes last; of several at once the first counts."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        inner = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else None
        error = inner or error.__cause__ or error.__context__
