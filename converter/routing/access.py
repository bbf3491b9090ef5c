"""Who gets through: the rules that keep some clients away from a location."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from converter.ledger import Origin
    from converter.routing.table import Backend


@dataclass(frozen=True, slots=True)
class AccessList:
    """Addresses and networks; what is denied is denied whatever is allowed."""

    allow: tuple[str, ...]
    """Empty: every address that is not denied."""
    deny: tuple[str, ...]
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Password:
    """User and password are asked for, and not passed on to the backend."""

    namespace: str
    secret: str
    """Holds the users: an htpasswd file under the key ``auth``, unless there is one key for each user."""
    key_per_user: bool
    realm: str
    digest: bool
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class ExternalAuth:
    """Another service is asked about each request; a status from 200 to 299 lets it pass."""

    url: str
    method: str
    response_headers: tuple[str, ...]
    """What the answer says in them is passed on to the backend, in place of what the client says."""
    signin: str
    """Where a client is sent that has to sign in; empty for nowhere."""
    origins: tuple[Origin, ...]
    extras: tuple[Origin, ...] = ()
    """Refinements of it that only a few implementations know."""
    service: Backend | None = None
    """Who answers at the address, where that is a path which the controller itself serves."""


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """Over https the client shows a certificate."""

    namespace: str
    secret: str
    """Holds the authorities under ``ca.crt``."""
    demanded: bool
    """False: it is looked at when there is one, and keeps nobody out."""
    name: str
    """An expression that its subject has to match; empty for any. Whoever shows none does not match."""
    origins: tuple[Origin, ...]
    extras: tuple[Origin, ...] = ()
    """Refinements of it: depth, an error page, what the backend is told."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One rule that lets a client through is enough."""

    guards: tuple[AccessList | Password | ExternalAuth, ...]
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Every request is refused, because of a value that the controller cannot read."""

    status: int
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class BlockList:
    """Clients that say certain things about themselves are refused; whoever lies gets through, so it guards nothing."""

    header: str
    patterns: tuple[str, ...]
    """Whole values, or regular expressions after ``~``, without regard to case after ``~*``."""
    origins: tuple[Origin, ...]


Guard = AccessList | Password | ExternalAuth | ClientCertificate | AnyOf
