"""Routes and what they attach to. Gateway API: ``ParentReference``, and the intersection of host names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.verify.gateway.hostnames import fits, intersects, specificity
from converter.verify.gateway.listeners import LISTENER_SETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from converter.verify.gateway.listeners import Listener
    from converter.verify.gateway.namespaces import Namespaces

_KINDS = {
    "HTTP": ("HTTPRoute", "GRPCRoute"),
    "HTTPS": ("HTTPRoute", "GRPCRoute"),
    "TLS": ("TLSRoute",),
    "TCP": ("TCPRoute",),
    "UDP": ("UDPRoute",),
}
KINDS = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")
_ANY_PATH: Mapping[str, Any] = {"path": {"type": "PathPrefix", "value": "/"}}


@dataclass(frozen=True, slots=True)
class Route:
    kind: str
    namespace: str
    name: str
    created: str
    hostnames: tuple[str, ...]
    parents: tuple[Mapping[str, Any], ...]
    rules: tuple[Mapping[str, Any], ...]

    @staticmethod
    def read(entry: Mapping[str, Any]) -> Route:
        metadata, spec = entry["metadata"], entry["spec"]
        default = [{"matches": [_ANY_PATH]}] if entry["kind"] == "HTTPRoute" else []
        return Route(
            entry["kind"],
            metadata.get("namespace", ""),
            metadata["name"],
            str(metadata.get("creationTimestamp", "")),
            tuple(spec.get("hostnames", ())),
            tuple(spec.get("parentRefs", ())),
            tuple(spec.get("rules", default)),
        )

    def best_hostname(self, host: str) -> str | None:
        """The most specific of its host names that fits; ``None`` when none does."""
        if not self.hostnames:
            return ""
        fitting = [name for name in self.hostnames if fits(name, host)]
        return max(fitting, key=specificity, default=None)


def attached(routes: Sequence[Route], listener: Listener, namespaces: Namespaces) -> Iterator[Route]:
    """The routes that a listener serves."""
    kinds = listener.allowed.kinds or _KINDS.get(listener.protocol, ())
    for route in routes:
        if route.kind not in kinds or not listener.allowed.lets_in(route.namespace, namespaces):
            continue
        if route.hostnames and not any(intersects(name, listener.hostname) for name in route.hostnames):
            continue
        if any(_names(parent, route, listener) for parent in route.parents):
            yield route


def _names(parent: Mapping[str, Any], route: Route, listener: Listener) -> bool:
    """A parent without section means every listener of the object, and of that object alone."""
    kind = parent.get("kind", "Gateway")
    owner = ("ListenerSet" if kind in LISTENER_SETS else kind, parent.get("namespace", route.namespace), parent["name"])
    if owner != listener.owner:
        return False
    section, port = parent.get("sectionName", listener.name), parent.get("port", listener.port)
    return (section, port) == (listener.name, listener.port)
