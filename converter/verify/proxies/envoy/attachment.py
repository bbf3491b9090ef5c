"""Which routes a listener serves under which host names: the control plane's part, which no proxy decides.

Gateway API: ``ParentReference``, ``AllowedRoutes``, ``HTTPRouteSpec.hostnames``. Shared with the half that predicts is
how objects are read and which listeners and references are accepted; nothing of what is done with a request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from converter.verify.gateway.listeners import Listener
    from converter.verify.gateway.namespaces import Namespaces
    from converter.verify.gateway.routes import Route

_KINDS = {
    "HTTP": {"HTTPRoute", "GRPCRoute"},
    "HTTPS": {"HTTPRoute", "GRPCRoute"},
    "TLS": {"TLSRoute"},
    "TCP": {"TCPRoute"},
}


def attached(routes: Iterable[Route], listener: Listener, namespaces: Namespaces) -> list[Route]:
    """Those that name the listener, are let in by it, and share a host name with it."""
    return [
        route
        for route in routes
        if route.kind in (set(listener.allowed.kinds) or _KINDS.get(listener.protocol, set()))
        and listener.allowed.lets_in(route.namespace, namespaces)
        and any(_is_parent(parent, route, listener) for parent in route.parents)
        and (listener.protocol == "TCP" or names(route, listener))
    ]


def _is_parent(parent: Mapping[str, Any], route: Route, listener: Listener) -> bool:
    kind, namespace, name = listener.owner
    return (
        parent.get("kind", "Gateway").removeprefix("X") == kind
        and parent.get("namespace", route.namespace) == namespace
        and parent["name"] == name
        and parent.get("sectionName") in (None, listener.name)
        and parent.get("port") in (None, listener.port)
    )


def names(route: Route, listener: Listener) -> list[str]:
    """The host names that both have in common; the empty one is any host."""
    common = (_common(name, listener.hostname) for name in route.hostnames or ("",))
    return list(dict.fromkeys(name for name in common if name is not None))


def _common(one: str, other: str) -> str | None:
    """Of two names the narrower, if it lies within the wider."""
    if covers(one, other):
        return other
    return one if covers(other, one) else None


def covers(pattern: str, name: str) -> bool:
    """Whether every host of a name, which may be a wildcard itself, is one of the pattern."""
    if pattern.startswith("*."):
        return name == pattern or (name.endswith(pattern[1:]) and name.removeprefix("*") != pattern[1:])
    return pattern in ("", name)


def narrowest(listeners: Iterable[Listener], name: str) -> Listener | None:
    """The one that has a host name for itself: listeners are isolated from each other."""
    fitting = [listener for listener in listeners if covers(listener.hostname, name)]
    return max(fitting, key=lambda each: (each.hostname[:1] not in ("", "*"), len(each.hostname)), default=None)
