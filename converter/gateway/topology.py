"""How many Gateways there are, and which Ingress belongs to which."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from converter.gateway.listeners import GatewayId
from converter.gateway.names import numbered, shorten, telling_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.gateway.drafts import HostDraft
    from converter.gateway.listeners import Annotations
    from converter.gateway.releases import Release
    from converter.ledger import Source

Sharing = Literal["shared", "namespace", "ingress"]
COMMON_NAMESPACE = "gateway-system"
"""Where a shared Gateway stands when the Ingresses are of several namespaces and no option says otherwise."""


@dataclass(frozen=True, slots=True)
class Topology:
    sharing: Sharing = "shared"
    name: str = ""
    """Empty: the Ingress class. Where several classes are served, theirs is appended."""
    namespace: str = ""
    """Empty: the namespace of the Ingresses, if they have one in common."""
    gateway_class: str = ""
    """Empty: the target's usual class."""
    controller_name: str = ""
    """Empty: that of the target."""
    default_certificate: tuple[str, str] = ("", "")
    """Namespace and name of the Secret that hosts without a certificate of their own are served with."""


def gateway_name(topology: Topology, ingress_class: str, *, alone: bool) -> str:
    """Of the Gateways of a class; ``alone`` says that there is no other class, which would need another name."""
    if topology.name and not alone:
        return shorten(f"{topology.name}-{telling_slug(ingress_class)}")
    return topology.name or shorten(telling_slug(ingress_class))


def gateway_of(owner: Source, topology: Topology, name: str, namespaces: frozenset[str]) -> GatewayId:
    """The Gateway for what an Ingress says; ``namespaces`` are those of all Ingresses."""
    if topology.sharing == "ingress":
        return GatewayId(owner.namespace, shorten(telling_slug(owner.name)))
    if topology.sharing == "namespace":
        return GatewayId(owner.namespace, name)
    common = next(iter(namespaces)) if len(namespaces) == 1 else COMMON_NAMESPACE
    return GatewayId(topology.namespace or common, name)


def sharing_key(owner: Source, topology: Topology) -> tuple[str, ...]:
    """What Ingresses of one class have in common that share a Gateway."""
    if topology.sharing == "shared":
        return ()
    return (owner.namespace,) if topology.sharing == "namespace" else (owner.namespace, owner.name)


def isolated(hosts: Iterable[HostDraft]) -> frozenset[str]:
    """Hosts that need a listener of their own for plain http.

    ingress-nginx never falls back from a declared host to a wildcard or to the catch-all; on one common listener the
    Gateway API might. Listeners isolate (``GatewayHTTPListenerIsolation``).
    """
    found = list(hosts)
    served = {name for host in found if host.sides for name in host.names}
    declared = {name for host in found for name in host.names}
    return frozenset(name for name in declared if any(wider in served for wider in _wider(name)))


def _wider(name: str) -> Iterable[str]:
    """The catch-all and the wildcards that take a request to this host if nothing else does."""
    labels = name.split(".")
    if name:
        yield ""
    for index in range(1, len(labels)):
        wildcard = ".".join(["*", *labels[index:]])
        if wildcard != name:
            yield wildcard


def spread(
    wanted: Mapping[GatewayId, Iterable[tuple[str, int, str, Annotations]]],
    taken: Mapping[GatewayId, int],
    release: Release,
) -> dict[tuple[GatewayId, str], GatewayId]:
    """Which Gateway serves a host, for a release without ListenerSets: hosts move on once a Gateway is full.

    ``wanted`` names for each Gateway its hosts with their number of listeners, the namespace and the annotations
    of their certificates, and ``taken`` how many listeners belong to no host. A host stays whole, since http and https
    of a name share one address.
    """
    moved: dict[tuple[GatewayId, str], GatewayId] = {}
    for gateway, hosts in wanted.items():
        capacity = release.limit("listeners") - taken[gateway]
        parts: dict[tuple[str, Annotations], list[list[str]]] = defaultdict(lambda: [[]])
        sizes: dict[tuple[str, Annotations], int] = defaultdict(int)
        for host, size, namespace, beside in hosts:
            key = (namespace if beside else gateway.namespace, beside)
            if sizes[key] + size > capacity and parts[key][-1]:
                parts[key].append([])
                sizes[key] = 0
            parts[key][-1].append(host)
            sizes[key] += size
        at_home_first = sorted(parts, key=lambda key: (key[0] != gateway.namespace, key))
        flat = [(key[0], part) for key in at_home_first for part in parts[key]]
        for index, (namespace, part) in enumerate(flat):
            base = _away(gateway, namespace)
            name = base if index == 0 else numbered(base, index, len(flat) + 1)
            moved.update({(gateway, host): GatewayId(namespace, name) for host in part})
    return moved


def _away(gateway: GatewayId, namespace: str) -> str:
    """In another namespace there may be a Gateway of the same name already."""
    return gateway.name if namespace == gateway.namespace else shorten(f"{gateway.name}-from-{gateway.namespace}")
