"""A request, and what becomes of it on one side; both sides speak these words, so that answers compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scheme = Literal["http", "https"]
Headers = tuple[tuple[str, str], ...]
"""Names with their values. Names are compared without regard to case."""


@dataclass(frozen=True, slots=True)
class Request:
    host: str
    """As sent in the Host header, with a port if one is sent."""
    target: str = "/"
    """Path and query, byte for byte as sent."""
    method: str = "GET"
    scheme: Scheme = "http"
    headers: Headers = ()
    client: str = "203.0.113.7"
    """The address that the connection comes from."""
    body: int = 0
    """Length of the body in bytes."""
    port: int = 0
    """Where it arrives; 0 is the usual port of the scheme."""
    server_name: str = ""
    """The name in the TLS handshake; empty is that of ``host``."""
    identified: bool = False
    """Whoever asks for a password, a token or a certificate is satisfied with what the client shows."""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    @property
    def hostname(self) -> str:
        """The host without its port, in small letters."""
        return self.host.rpartition(":")[0].lower() if self.host.rpartition(":")[2].isdigit() else self.host.lower()

    def header(self, name: str) -> str | None:
        """The first value of a header; ``None`` when it is not sent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True, order=True)
class Endpoint:
    """A port of a Service."""

    namespace: str
    service: str
    port: int | None
    """``None``: a name that nobody explained."""

    def __str__(self) -> str:
        return f"{self.namespace}/{self.service}:{self.port}" if self.namespace else f"{self.service}:{self.port}"


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The request as a backend gets it, with the headers of the client and those that the proxy was told to set."""

    method: str
    host: str
    target: str
    headers: Headers


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the requests, from above 0 to 1, and who answers it; ``None`` is nobody, so it gets status 500."""

    endpoint: Endpoint | None
    part: float
    forwarded: Forwarded | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Either the proxy answers with a status, or the backends do."""

    status: int | None = None
    """``None``: that of the backend. 0: the connection is refused."""
    shares: tuple[Share, ...] = ()
    """Ordered by endpoint; the parts add up to 1. Empty when the proxy answers."""
    location: str = ""
    """Where a redirect leads, an absolute address."""
    set_headers: Headers = ()
    """What the proxy puts on the response, whatever a backend says, ordered by name in small letters."""
    added_headers: Headers = ()
    """What it appends to what a backend says."""
    removed_headers: tuple[str, ...] = ()
    """What it takes off the response, in small letters."""
    mirrors: tuple[Endpoint | str, ...] = ()
    """Who else gets a copy: a Service, or an address."""
