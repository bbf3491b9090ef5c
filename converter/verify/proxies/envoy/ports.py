"""What is open at the ports of Gateways: listeners that share a port, and the host names that are told apart there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.verify.proxies.envoy.attachment import attached, names, narrowest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from converter.verify.gateway.listeners import Listener
    from converter.verify.gateway.namespaces import Namespaces
    from converter.verify.gateway.routes import Route


@dataclass(frozen=True, slots=True)
class Port:
    """Its listeners are all of one family, with different host names."""

    number: int
    listeners: tuple[Listener, ...]
    routes: Mapping[str, Sequence[Route]]
    """Those that each listener serves, by its host name; the oldest first."""

    @property
    def protocols(self) -> frozenset[str]:
        return frozenset(listener.protocol for listener in self.listeners)

    @property
    def most_copies(self) -> int:
        """How many copies a request may have here."""
        rules = (rule for routes in self.routes.values() for route in routes for rule in route.rules)
        return max(
            (sum(each["type"] == "RequestMirror" for each in rule.get("filters", ())) for rule in rules), default=0
        )

    def domains(self) -> Mapping[str, Listener]:
        """Every host name that a listener or a route of it has, and whose it is alone."""
        served = (
            name for each in self.listeners for route in self.routes[each.hostname] for name in names(route, each)
        )
        found = {
            name: narrowest(self.listeners, name) for name in (*(each.hostname for each in self.listeners), *served)
        }
        return {name: owner for name, owner in sorted(found.items()) if owner}

    def serving(self, name: str, owner: Listener) -> list[Route]:
        """The routes for a host name. Those of a wider name do not stand in for them, as with Envoy Gateway."""
        return [route for route in self.routes[owner.hostname] if name in names(route, owner)]


def ports_of(listeners: Sequence[Listener], routes: Sequence[Route], namespaces: Namespaces) -> list[Port]:
    """Of two listeners for the same host, which several Gateways may have, the first counts."""
    found: dict[int, dict[str, Listener]] = {}
    for listener in listeners:
        known = found.setdefault(listener.port, {})
        if listener.protocol in _FAMILIES and all(_family(listener) == _family(each) for each in known.values()):
            known.setdefault(listener.hostname, listener)
    aged = sorted(routes, key=lambda route: (route.created, route.namespace, route.name))
    return [
        Port(number, tuple(known.values()), {name: attached(aged, each, namespaces) for name, each in known.items()})
        for number, known in sorted(found.items())
        if known
    ]


_FAMILIES = {"HTTP": "http", "HTTPS": "tls", "TLS": "tls", "TCP": "tcp"}


def _family(listener: Listener) -> str:
    return _FAMILIES[listener.protocol]
