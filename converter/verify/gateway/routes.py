"""Routes and what they attach to. Gateway API: ``ParentReference``, and the intersection of host names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from converter.verify.gateway.hostnames import fits, intersects, patterns_for, specificity
from converter.verify.gateway.listeners import LISTENER_SETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    annotations: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def read(entry: Mapping[str, Any]) -> Route:
        metadata, spec = entry["metadata"], entry["spec"]
        annotations = metadata.get("annotations")
        default = [{"matches": [_ANY_PATH]}] if entry["kind"] == "HTTPRoute" else []
        return Route(
            entry["kind"],
            metadata.get("namespace", ""),
            metadata["name"],
            str(metadata.get("creationTimestamp", "")),
            tuple(name.lower() for name in spec.get("hostnames", ())),
            tuple(spec.get("parentRefs", ())),
            tuple(spec.get("rules", default)),
            annotations if isinstance(annotations, dict) else {},
        )

    def best_hostname(self, host: str) -> str | None:
        """The most specific of its host names that fits; ``None`` when none does."""
        if not self.hostnames:
            return ""
        fitting = [name for name in self.hostnames if fits(name, host)]
        return max(fitting, key=specificity, default=None)


class Routes:
    """Routes by host name, so that a request is not held against all of them."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_hostname: dict[str, list[Route]] = defaultdict(list)
        for route in routes:
            for hostname in dict.fromkeys(route.hostnames or ("",)):
                self._by_hostname[hostname].append(route)

    def of(self, listener: Listener, host: str, namespaces: Namespaces) -> tuple[Route, ...]:
        """The routes that a listener serves and that may take a host; those without names take every one."""
        found = (route for pattern in patterns_for(host) for route in self._by_hostname.get(pattern, ()))
        unique = {(route.kind, route.namespace, route.name): route for route in found}
        return tuple(route for route in unique.values() if _attached(route, listener, namespaces))


def _attached(route: Route, listener: Listener, namespaces: Namespaces) -> bool:
    kinds = listener.allowed.kinds or _KINDS.get(listener.protocol, ())
    if route.kind not in kinds or not listener.allowed.lets_in(route.namespace, namespaces):
        return False
    if route.hostnames and not any(intersects(name, listener.hostname) for name in route.hostnames):
        return False
    return any(_names(parent, route, listener) for parent in route.parents)


def _names(parent: Mapping[str, Any], route: Route, listener: Listener) -> bool:
    """A parent without section means every listener of the object, and of that object alone."""
    kind = parent.get("kind", "Gateway")
    owner = ("ListenerSet" if kind in LISTENER_SETS else kind, parent.get("namespace", route.namespace), parent["name"])
    if owner != listener.owner:
        return False
    section, port = parent.get("sectionName", listener.name), parent.get("port", listener.port)
    return (section, port) == (listener.name, listener.port)
