"""How a request gets to an endpoint: which Service, which endpoint, in which protocol, and within which limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from converter.ledger import Origin
    from converter.routing.table import Backend

Protocol = Literal["http", "https", "scheme-of-client", "grpc", "grpcs", "fastcgi"]


@dataclass(frozen=True, slots=True)
class Split:
    """Some requests go to another Service: decided by a header, else by a cookie, else by chance."""

    backend: Backend
    header: str
    """Its name; empty for none. ``always`` and ``never`` decide, unless a value or a pattern is given."""
    header_value: str
    """This value, and no other, sends a request to the other Service."""
    header_pattern: str
    """Values that it matches, anchored nowhere, do the same."""
    cookie: str
    """Its name; ``always`` and ``never`` decide."""
    weight: int
    total: int
    """So many of so many requests."""
    origins: tuple[Origin, ...]
    """The settings."""
    places: tuple[Origin, ...]
    """The paths that name the other Service."""


@dataclass(frozen=True, slots=True)
class Affinity:
    """A client stays with the endpoint it got first, by a cookie."""

    cookie: str
    max_age: int | None
    """Seconds that the cookie lives; without it and ``expires``, as long as the browser runs."""
    expires: int | None
    """The same for old browsers."""
    path: str
    """Of the cookie; empty is that of the location."""
    secure: bool
    """Over plain http as well; over https the cookie always is."""
    origins: tuple[Origin, ...]
    extras: tuple[Origin, ...] = ()
    """Further attributes of the cookie."""

    @property
    def seconds(self) -> int | None:
        return self.max_age if self.max_age is not None else self.expires


@dataclass(frozen=True, slots=True)
class Mirror:
    """A copy of each request goes to another address, and what it answers is dropped."""

    url: str
    """May hold variables of nginx."""
    host: str
    """Of the copy; empty is that of the address."""
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class IdleTimeout:
    """A connection to the backend is cut when so long nothing is read, or nothing can be written."""

    seconds: int
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Retries:
    """A request that failed goes to another endpoint."""

    tries: int
    """With the first; 0 for no limit."""
    conditions: tuple[str, ...]
    """``error``, ``timeout``, ``invalid_header``, or ``http_`` with a status; empty for never."""
    every_method: bool
    """False: only the methods that may be repeated without harm."""
    seconds: int
    """For all tries together; 0 for no limit."""
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """A longer request body is refused with 413."""

    size: int
    """Bytes; 0 for no limit."""
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class BackendProtocol:
    """What is spoken to the backend, where that is not plain http."""

    protocol: Protocol
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class BackendTls:
    """Certificates between the controller and the backend."""

    namespace: str
    secret: str
    """A certificate to show, and under ``ca.crt`` the authorities to verify with."""
    verified: bool
    name: str
    """That the certificate must have; empty for that of the address."""
    origins: tuple[Origin, ...]
    extras: tuple[Origin, ...] = ()
    """Protocols, ciphers and depth."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that changes no route: buffers, logs, a firewall, lines of nginx's own configuration."""

    name: str
    topic: str
    """What it is about, in the words of the controller's table."""
    effect: str
    """What it does, as a sentence."""
    value: str
    origins: tuple[Origin, ...]
    service: Backend | None = None
    """The Service that the value names, with its first port; ``None`` where the input does not have it."""
