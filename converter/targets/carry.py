"""How one behaviour is carried: a part of a rule, with its notes.

A target is a table of carriers, one for each kind of behaviour; another target replaces single entries of it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from converter.gateway.drafts import (
        BackendObject,
        BackendRef,
        Extension,
        GatewayParameters,
        HeaderMatch,
        HostDraft,
        ListenerOptions,
        ListenerPolicy,
        Note,
        PathMatch,
        RequestMatch,
        RuleDraft,
        ServicePolicy,
    )
    from converter.gateway.releases import Release
    from converter.ledger import Origin, Source
    from converter.routing import Location, RoutingTable, Setting
    from converter.targets.table import TargetTable


Through = Callable[["BackendRef"], "BackendObject"]


@dataclass(frozen=True, slots=True)
class Variant:
    """A further condition, and whether what meets it goes to the other Service."""

    word: str
    header: HeaderMatch
    away: bool
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """What is done with the requests that meet a condition, in place of or besides what the rule does."""

    word: str
    """What it is for, as part of the rule's name."""
    matches: tuple[RequestMatch, ...]
    """Any of them."""
    negated: bool
    """It is done with the other requests."""
    parts: tuple[Part, ...]
    notes: tuple[Note, ...]
    guards: bool = False
    """It keeps somebody out, which comes after all that redirects or answers whoever asks."""

    @property
    def answers(self) -> bool:
        return any(part.answers for part in self.parts)


@dataclass(frozen=True, slots=True)
class Part:
    """What one behaviour adds to a rule."""

    filters: tuple[Mapping[str, Any], ...] = ()
    extensions: tuple[Extension, ...] = ()
    notes: tuple[Note, ...] = ()
    match: PathMatch | None = None
    """Replaces the match of the location, when the behaviour is carried by another form of it."""
    answers: bool = False
    """The rule answers by itself and has no backend."""
    path_code: str = ""
    """The row for the path, where the behaviour decides what becomes of it."""
    fields: tuple[tuple[str, Any], ...] = ()
    """Further fields of the rule, such as ``timeouts``."""
    variants: tuple[Variant, ...] = ()
    """Rules for the same path that come before it, each for some requests."""
    shares: tuple[int, int] | None = None
    """How many requests stay with the Service, and how many go to the one of the variants."""
    service_policies: tuple[ServicePolicy, ...] = ()
    branches: tuple[Branch, ...] = ()
    """Rules for the same path, each for some requests; the first that a request meets counts."""
    listener_policies: tuple[ListenerPolicy, ...] = ()
    """For the https listeners of the host; of a controller as a whole, for all listeners."""
    listener_options: tuple[ListenerOptions, ...] = ()
    """For the https listeners of the host."""
    gateway_parameters: tuple[GatewayParameters, ...] = ()
    """Of a controller as a whole, for all its Gateways."""
    further: tuple[RuleDraft, ...] = ()
    """Rules of the host that the behaviour needs besides, for paths that nobody asks for from outside."""
    through: Through | None = None
    """Makes the object through which the rule reaches its Services."""
    annotations: tuple[tuple[str, str], ...] = ()
    """Of the route."""


LostAccess = Literal["omit", "emit"]
Owners = Callable[["Source"], Hashable]
"""Tells Ingresses apart that have Gateways of their own."""
HostCarrier = Callable[["HostDraft", Owners], "HostDraft"]
"""The last word on a host, once all its rules are known."""
Carrier = Callable[[Any, "Location", "Target"], Part]
ByAddress = Callable[[Sequence[str]], "Extension"]
"""Tells the implementation that a rule takes only clients in some networks."""
GatewayCarrier = Callable[["RoutingTable", "Target"], Part]
"""What a controller was told for everything that it serves, as far as its Gateways can say it."""


def no_gateway_settings(table: RoutingTable, target: Target) -> Part:
    """The Gateway API has no word for any of it."""
    return Part(notes=target.table.rows["trusted-headers"].notes(table.trusts_forwarded))


def as_it_is(host: HostDraft, _: Owners) -> HostDraft:
    return host


@dataclass(frozen=True, slots=True)
class Target:
    table: TargetTable
    release: Release
    carriers: Mapping[type, Carrier]
    lost_access: LostAccess = "omit"
    """What becomes of paths whose access rule cannot be said: they answer 500, or everybody gets through."""

    snippets: bool = False
    """Whether objects may hold what people wrote in nginx's own language, where a target takes any."""
    client_certificates: bool = False
    """Whether the Gateway of the host may ask all its clients for certificates, because all its hosts do; of the
    controller as a whole, whether that goes for every host that asks."""
    https_everywhere: bool = False
    """Whether hosts that did not ask for TLS are served over https as well, with a default certificate."""
    gateway: GatewayCarrier = no_gateway_settings
    host: HostCarrier = as_it_is
    everywhere: tuple[Setting, ...] = ()
    """Options of the controller that hold for every location without a setting of its own."""
    told: frozenset[Origin] = frozenset()
    """What its Gateways say already, so that no location has to."""
    by_address: ByAddress | None = None
    """``None``: no rule can be told, so no carrier may make one that has to be."""

    def carry(self, behaviour: object, location: Location) -> Part:
        return self.carriers[type(behaviour)](behaviour, location, self)
