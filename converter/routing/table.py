"""The routing table: virtual hosts with ordered locations, as the source controller serves them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from converter.ledger import Origin, Source
    from converter.routing.behaviours import Behaviour
    from converter.routing.traffic import Setting


class MatchKind(StrEnum):
    EXACT = "exact"
    """The path, byte for byte."""
    PREFIX = "prefix"
    """The path and everything below it, by whole elements; a trailing slash of the value does not count."""
    REGEX = "regex"
    """A regular expression, anchored at the start only, without regard to case; the first that matches wins."""


@dataclass(frozen=True, slots=True)
class Match:
    kind: MatchKind
    value: str


@dataclass(frozen=True, slots=True)
class Backend:
    namespace: str
    service: str
    port: int | None
    """``None``: a name that no Service in the input explains."""
    external: bool = False
    """The Service is an ExternalName."""
    app_protocol: str = ""
    """What the port of the Service says that it speaks."""


@dataclass(frozen=True, slots=True)
class Location:
    match: Match
    owner: Source
    """The Ingress whose settings hold here."""
    origins: tuple[Origin, ...] = ()
    """The paths that became this location; none for one that the controller adds by itself."""
    backend: Backend | None = None
    """``None``: the controller answers by itself, with 404 unless a behaviour says otherwise."""
    behaviours: tuple[Behaviour, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    namespace: str
    secret: str
    """Empty: the controller's default certificate."""
    owner: Source
    """The Ingress that brought it."""
    origins: tuple[Origin, ...]
    guessed: bool = False
    """The controller chooses by the names in the certificate, which are not in the input."""


@dataclass(frozen=True, slots=True)
class VirtualHost:
    name: str
    """Empty for the host that takes every request to an undeclared host."""
    owner: Source
    """The Ingress that declared the host first."""
    locations: tuple[Location, ...]
    """The exact path wins, then the first pattern that matches, then the longest prefix."""
    certificate: Certificate | None
    """``None``: no Ingress of the host asked for TLS."""
    aliases: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()
    """The ``spec.rules.host`` fields, and the annotations that added aliases."""
    passthrough: tuple[Origin, ...] = ()
    """Not empty: over https the host's connections go to the backend of ``/`` as they are, by their server name."""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An annotation that another program reads, and where it reads it once there is a Gateway."""

    owner: Source
    place: Literal["gateway", "route"]
    key: str
    value: str
    origin: Origin
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Port:
    """A port whose connections or packets go to a Service as they are."""

    protocol: Literal["tcp", "udp"]
    number: int
    backend: Backend
    decodes_proxy: bool
    """The client speaks the PROXY protocol in front."""
    encodes_proxy: bool
    """So does the controller, to the backend."""
    owner: Source
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class RoutingTable:
    """Everything that one controller serves."""

    controller: str
    name: str
    """The Ingress class, which names the Gateway unless an option does."""
    hosts: tuple[VirtualHost, ...]
    defaults: tuple[Origin, ...]
    """What the controller does everywhere although nobody wrote it."""
    classes: tuple[Origin, ...] = ()
    """The fields and annotations that chose this controller."""
    neighbours: tuple[Neighbour, ...] = ()
    ports: tuple[Port, ...] = ()
    default_certificate: tuple[str, str, tuple[Origin, ...]] = ("", "", ())
    """Namespace and name of the Secret for hosts without one that fits, and who said so; empty when nobody did."""
    trusts_forwarded: tuple[Origin, ...] = ()
    """Not empty: what clients say in ``X-Forwarded-*`` is believed."""
    options: tuple[Setting, ...] = ()
    """What else the controller was told for everything that it serves."""
