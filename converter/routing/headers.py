"""What is said in headers, to the backend and to the client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from converter.ledger import Origin

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RequestHeaders:
    """Headers that the backend gets, in place of what the client says in them."""

    values: Pairs
    """Values are text; nothing in them is a variable. A header with an empty value is taken away."""
    origins: tuple[Origin, ...]
    kind: str = "headers.request"
    """The row of the target's table that says how well they are carried."""


@dataclass(frozen=True, slots=True)
class ResponseHeaders:
    """Headers that the client gets, in place of what the backend says in them."""

    values: Pairs
    origins: tuple[Origin, ...]
    removed: tuple[str, ...] = ()
    added: Pairs = ()
    """These stand beside what the backend says."""
    kind: str = "headers.response"
    """The row of the target's table that says how well they are carried."""


@dataclass(frozen=True, slots=True)
class HostHeader:
    """The backend is asked under this name, whatever the client asked for."""

    host: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Cors:
    """Pages of other origins may use the answers; a preflight is answered without the backend."""

    allow_origins: tuple[str, ...]
    """``*`` for all, and then nothing else; else scheme, host and port, where ``*.`` stands for one label."""
    allow_methods: str
    """As they are sent."""
    allow_headers: str
    """As they are sent."""
    expose_headers: str
    max_age: int
    """Seconds."""
    credentials: bool
    origins: tuple[Origin, ...]
