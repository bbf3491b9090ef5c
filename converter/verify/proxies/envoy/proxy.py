"""One world that Envoy serves, asked for real."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from converter.verify.live.sender import Address
from converter.verify.messages import Answer, Request
from converter.verify.proxies.echo import IDENTIFIED, PROBE
from converter.verify.proxies.envoy.addresses import CLIENT
from converter.verify.proxies.envoy.guards import IDENTITY
from converter.verify.proxies.observed import endpoint, observed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.verify.live.sender import Sender
    from converter.verify.messages import Endpoint, Headers, Scheme
    from converter.verify.proxies.echo import Echo
    from converter.verify.proxies.envoy.ports import Port

NOISE = frozenset(
    {
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-forwarded-host",
        "x-request-id",
        "x-envoy-internal",
        "x-envoy-original-path",
        "x-envoy-original-host",
        "x-envoy-external-address",
        "x-envoy-upstream-service-time",
        "www-authenticate",
        CLIENT.lower(),
    }
)
"""Headers that Envoy puts on messages by itself, or that are for it."""
_USUAL = {"http": 80, "https": 443}
_PROTOCOLS = {"http": {"HTTP"}, "https": {"HTTPS", "TLS"}}
MOST_SENT = 1 << 14
"""Bytes of a body. Where Envoy answers before it has read all, the answer may be lost."""
_PATIENCE = 0.25
"""Seconds until copies have to be there; usually it is a thousandth of one."""


class Proxy:
    def __init__(self, ports: Sequence[tuple[Port, int]], echo: Echo, senders: Sequence[Sender]) -> None:
        """``ports`` with their numbers on this machine; the second of the ``senders`` shows a certificate."""
        self._ports, self._echo, self._senders = ports, echo, senders
        self._sent = 0

    @property
    def address(self) -> Address:
        """Where the usual ports are; a scheme that nobody serves is missing."""
        speaking: dict[Scheme, tuple[Port, int] | None] = {
            "http": self._reached(Request("", scheme="http")),
            "https": self._reached(Request("", scheme="https")),
        }
        return Address("127.0.0.1", {scheme: found[1] for scheme, found in speaking.items() if found})

    def answer(self, request: Request) -> Answer:
        """What the backends and the client see; nothing at a port that is not open."""
        reached = self._reached(request)
        if reached is None:
            return Answer(0)
        self._sent += 1
        mark = f"{id(self)}-{self._sent}"
        shown = _shown(request)
        extra: Headers = ((PROBE, mark), (CLIENT, request.client), *shown)
        before = len(self._echo.seen)
        sent = replace(request, port=reached[1], body=min(request.body, MOST_SENT))
        reply = self._senders[request.identified].send(sent, extra)
        seen = observed(reply, self._echo.headers, {*NOISE, *(name.lower() for name, _ in shown)})
        return replace(
            seen, location=_address(seen.location, request), mirrors=self._copies(mark, before, seen, reached[0])
        )

    def _reached(self, request: Request) -> tuple[Port, int] | None:
        """The usual port of the scheme, else any that speaks it, unless the request names one."""
        wanted = request.port or _USUAL[request.scheme]
        speaking = [entry for entry in self._ports if entry[0].protocols & _PROTOCOLS[request.scheme]]
        named = [entry for entry in self._ports if entry[0].number == wanted and (request.port or entry in speaking)]
        return next(iter(named or ([] if request.port else speaking)), None)

    def _copies(self, mark: str, before: int, seen: Answer, port: Port) -> tuple[Endpoint, ...]:
        """Which backends got the request besides the one that answered; copies are on their way on their own."""
        answering = {share.endpoint for share in seen.shares}
        deadline = time.monotonic() + (_PATIENCE if answering and port.most_copies else 0)
        while True:
            got = [endpoint(name) for name, probe in self._echo.seen[before:] if probe == mark]
            for each in answering:
                got = [*got[: got.index(each)], *got[got.index(each) + 1 :]] if each in got else got
            if len(got) >= port.most_copies or time.monotonic() >= deadline:
                return tuple(sorted(got))
            time.sleep(0.002)


def _shown(request: Request) -> Headers:
    """What satisfies whoever asks who the client is, besides its certificate."""
    if not request.identified:
        return ()
    own = request.header("Authorization")
    return ((IDENTIFIED, "yes"), *(() if own else (("Authorization", IDENTITY),)))


def _address(location: str, request: Request) -> str:
    """Where a redirect leads. One of Envoy's own names the path alone, others a port even where it is the usual one."""
    if location.startswith("/"):
        return f"{request.scheme}://{request.host}{location}"
    parts = urlsplit(location)
    usual = f":{_USUAL.get(parts.scheme)}"
    return location.replace(parts.netloc, parts.netloc.removesuffix(usual), 1) if parts.netloc else location
