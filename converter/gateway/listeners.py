"""Listeners, and the objects that hold them: Gateways, and ListenerSets where one Gateway is not enough.

cert-manager issues certificates for every listener of an object that carries its annotations, so listeners whose
Ingresses asked for different issuers, or for none, cannot share one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from converter.gateway.names import digest, numbered, shorten, slug
from converter.gateway.policies import merged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.gateway.drafts import ListenerOptions, ListenerPolicy, Note
    from converter.gateway.releases import Release
    from converter.ledger import Source

Annotations = tuple[tuple[str, str], ...]
Group = tuple[str, Annotations]
"""A namespace with the annotations that an object there has to carry."""


@dataclass(frozen=True, slots=True, order=True)
class GatewayId:
    """A Gateway before it has listeners."""

    namespace: str
    name: str


class Key(NamedTuple):
    """The identity of a listener; its name and its place are made later."""

    gateway: GatewayId
    protocol: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Listener:
    gateway: GatewayId
    protocol: str
    """``HTTP``, ``HTTPS``, ``TLS``, ``TCP`` or ``UDP``."""
    host: str
    """Empty: any host."""
    name: str
    port: int
    secret: tuple[str, str] = ("", "")
    """Namespace and name of the certificate's Secret."""
    annotations: Annotations = ()
    namespace: str = ""
    """Where the annotations come from."""
    owner: Source | None = None
    """The Ingress that brought the certificate."""
    notes: tuple[Note, ...] = ()
    policies: tuple[ListenerPolicy, ...] = ()
    options: tuple[ListenerOptions, ...] = ()

    @property
    def tls_options(self) -> dict[str, str]:
        """Those of the host in one, since a host says each thing about its listeners once."""
        found: dict[str, str] = {}
        for each in self.options:
            found = merged(found, each.values)
        return found

    @property
    def key(self) -> Key:
        return Key(self.gateway, self.protocol, self.host, self.port)


@dataclass(frozen=True, slots=True)
class Holder:
    """An object with listeners: a Gateway, or a ListenerSet that belongs to one."""

    kind: str
    namespace: str
    name: str
    gateway: GatewayId
    """The Gateway itself, or the one a ListenerSet belongs to."""
    annotations: Annotations
    listeners: tuple[Listener, ...]

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.kind, self.namespace, self.name

    @property
    def owner(self) -> GatewayId:
        """The Gateway that serves the listeners, by the name that it has in the end."""
        return GatewayId(self.namespace, self.name) if self.kind == "Gateway" else self.gateway


def hold(listeners: Iterable[Listener], release: Release) -> tuple[Holder, ...]:
    """Put listeners into their Gateways, and what does not fit or must stand apart into ListenerSets."""
    by_gateway: dict[GatewayId, list[Listener]] = defaultdict(list)
    for listener in listeners:
        by_gateway[listener.gateway].append(listener)
    holders: list[Holder] = []
    for gateway, members in sorted(by_gateway.items()):
        holders.extend(_hold_one(gateway, members, release.limit("listeners")))
    return tuple(holders)


def _hold_one(gateway: GatewayId, members: Sequence[Listener], limit: int) -> list[Holder]:
    groups = _groups(gateway, members)
    own = own_group(gateway, groups)
    kept = [
        *(listener for listener in members if listener.protocol != "HTTPS"),
        *groups.pop(own, []),
    ]
    if not kept:
        # A Gateway has at least one listener, and ingress-nginx answers plain http everywhere.
        kept.append(Listener(gateway, "HTTP", "", "http", 80))
    if kept[limit:]:
        groups[gateway.namespace, ()] = kept[limit:]
    holders = [Holder("Gateway", gateway.namespace, gateway.name, gateway, own[1], tuple(kept[:limit]))]
    names = group_names(gateway, groups)
    for key, found in sorted(groups.items()):
        chunks = [found[i : i + limit] for i in range(0, len(found), limit)]
        for index, chunk in enumerate(chunks):
            name = numbered(names[key], index, len(chunks))
            holders.append(Holder("ListenerSet", key[0], name, gateway, key[1], tuple(chunk)))
    return holders


def _groups(gateway: GatewayId, members: Iterable[Listener]) -> dict[Group, list[Listener]]:
    """TLS listeners by what has to stand on their object; without annotations the namespace does not matter."""
    groups: dict[Group, list[Listener]] = defaultdict(list)
    for listener in members:
        if listener.protocol == "HTTPS":
            namespace = listener.namespace if listener.annotations else gateway.namespace
            groups[namespace, listener.annotations].append(listener)
    return dict(groups)


def own_group(gateway: GatewayId, groups: Iterable[Group]) -> Group:
    """The group that the Gateway itself holds: the one without annotations, or the only one if it is at home there."""
    found = list(groups)
    if len(found) == 1 and found[0][0] == gateway.namespace:
        return found[0]
    return gateway.namespace, ()


def group_names(gateway: GatewayId, groups: Iterable[Group]) -> dict[Group, str]:
    """A name for the object of each group, after the first annotation's value: as a rule the issuer."""
    wanted = {key: shorten("-".join([gateway.name, slug(key[1][0][1]) if key[1] else "more"])) for key in groups}
    used = Counter((key[0], name) for key, name in wanted.items())
    return {
        key: name if used[key[0], name] == 1 else shorten(f"{name}-{digest(repr(key[1]))}")
        for key, name in wanted.items()
    }


def places(holders: Iterable[Holder]) -> Mapping[Key, Holder]:
    """Where each listener ended up."""
    return {listener.key: holder for holder in holders for listener in holder.listeners}
