"""What a controller does to a request besides choosing a backend.

Every behaviour knows where it came from: annotations and fields that asked for it, or a default of the controller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from converter.ledger import Origin


@dataclass(frozen=True, slots=True)
class SslRedirect:
    """A request over plain http is sent to the same address over https."""

    status: int
    origins: tuple[Origin, ...]
    strips_slash: bool = True
    """Whether one trailing slash of the address is dropped on the way."""


@dataclass(frozen=True, slots=True)
class PlainHttp:
    """A request over plain http is served although the host has a certificate."""

    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class RegexPath:
    """The path of the location was declared to be a regular expression."""

    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Redirect:
    """A request is answered with another address; what is empty stays as the request has it."""

    status: int
    origins: tuple[Origin, ...]
    scheme: str = ""
    host: str = ""
    port: int = 0
    path: str = ""
    """Replaces the whole path; empty keeps the path of the request."""
    query: str = ""
    keeps_query: bool = False
    """Whether the query of the request is appended."""
    relative: bool = False
    """Without scheme and host in the address, where it has none of its own."""
    kind: str = "redirect"
    """The row of the target's table that says how well it is carried."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The path of the request is replaced before it reaches the backend; the query stays."""

    pattern: str
    """A regular expression without anchors."""
    target: str
    """Replaces the whole path; ``$1`` to ``$9`` are captures of the pattern."""
    origins: tuple[Origin, ...]
    any_case: bool = True
    """False: letter case counts in the pattern, as it does in the path of the location."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """Each client address gets so many requests in so much time."""

    requests: int
    seconds: int
    burst: int
    """Further requests that pass at once before the limit bites."""
    origins: tuple[Origin, ...]
    enforced: bool = True
    """False: asked for in words that the source controller never read."""


@dataclass(frozen=True, slots=True)
class Hsts:
    """Responses over https tell browsers to come back over https."""

    value: str
    origins: tuple[Origin, ...]


class Behaviour(Protocol):
    """What all of them have; each is a frozen dataclass of its own, here or in a module beside this one."""

    @property
    def origins(self) -> tuple[Origin, ...]: ...


def behaviour_origins(behaviour: Behaviour) -> tuple[Origin, ...]:
    """All of them: also those of its refinements, and of what led to it."""
    return (*behaviour.origins, *getattr(behaviour, "extras", ()), *getattr(behaviour, "places", ()))
