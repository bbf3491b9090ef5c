"""Where everything goes: the routes of one controller, and the listeners that they attach to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from converter.gateway.layer4 import layer_4_plans
from converter.gateway.listeners import Listener
from converter.gateway.names import distinct_slugs, numbered, shorten
from converter.gateway.rendering import RoutePlan
from converter.gateway.routes import merge_rules, split_rules
from converter.gateway.topology import isolated, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from converter.gateway.drafts import ClientCa, HostDraft, PortDraft, RuleDraft, Side, SideDraft
    from converter.gateway.layer4 import Layer4Plan
    from converter.gateway.listeners import Annotations, GatewayId, Key
    from converter.gateway.neighbours import Neighbourhood
    from converter.gateway.releases import Release
    from converter.gateway.topology import Topology
    from converter.ledger import Source

DEFAULT_CERTIFICATE = "default-certificate"


@dataclass(frozen=True, slots=True)
class Layout:
    routes: tuple[tuple[RoutePlan, tuple[Key, ...]], ...]
    """With the listeners that they attach to."""
    layer_4: tuple[Layer4Plan, ...]
    listeners: tuple[Listener, ...]
    authorities: Mapping[GatewayId, tuple[ClientCa, ...]]
    """What the https hosts of a Gateway check the certificates of clients against."""


@dataclass(frozen=True)
class Planner:
    """Lays out the hosts of one controller within what a release and the user allow."""

    hosts: Sequence[HostDraft]
    ports: Sequence[PortDraft]
    release: Release
    topology: Topology
    neighbours: Neighbourhood
    gateway_of: Callable[[Source], GatewayId]

    def layout(self) -> Layout:
        listeners: dict[Key, Listener] = {}
        routes: list[tuple[RoutePlan, tuple[Key, ...]]] = []
        authorities: dict[GatewayId, list[ClientCa]] = defaultdict(list)
        for host, side in ((each, side) for each in self.hosts for side in each.sides):
            for gateway, namespace, rules in self._shares(host, side):
                if host.client_ca and "https" in side.listeners:
                    authorities[gateway].append(host.client_ca)
                wanted = [self._listener(host, p, n, gateway) for p in side.listeners for n in host.names]
                beside = [self._listener(host, p, n, gateway) for p in side.beside for n in host.names]
                for listener in (*wanted, *beside):
                    listeners.setdefault(listener.key, listener)
                keys = tuple(dict.fromkeys(listener.key for listener in wanted))
                routes.extend((plan, keys) for plan in self._plans(host, side, namespace, rules))
        layer_4 = tuple(layer_4_plans(self.hosts, self.ports, self.slugs, self.gateway_of, self._gateway_for))
        listeners.update((plan.listener.key, plan.listener) for plan in layer_4)
        listeners.update((listener.key, listener) for listener in self._shields(listeners.values()))
        asked = {gateway: tuple(found) for gateway, found in authorities.items()}
        return Layout(tuple(routes), layer_4, tuple(listeners.values()), asked)

    @cached_property
    def isolation(self) -> frozenset[str]:
        return isolated(self.hosts)

    @cached_property
    def slugs(self) -> dict[str, str]:
        return distinct_slugs(name for host in self.hosts for name in host.names)

    @cached_property
    def moved(self) -> Mapping[tuple[GatewayId, str], GatewayId]:
        """Hosts that their own Gateway has no room for; ListenerSets make room everywhere."""
        return {} if self.release.form("ListenerSet") else self._spread()

    def _shields(self, others: Iterable[Listener]) -> Iterable[Listener]:
        """A side of a host that only answers 404 keeps its requests from a wider host by a listener without routes."""
        secure = {entry.gateway for entry in others if entry.protocol == "HTTPS"}
        for host in self.hosts:
            served = {listener for side in host.sides for listener in (*side.listeners, *side.beside)}
            gateway = self._gateway_for(host)
            for name in [] if host.passthrough else [name for name in host.names if name in self.isolation]:
                if "http" not in served:
                    yield self._listener(host, "http", name, gateway)
                if "https" not in served and host.certificate and gateway in secure:
                    yield replace(self._listener(host, "https", name, gateway), notes=())

    def _gateway_for(self, host: HostDraft) -> GatewayId:
        home = self.gateway_of(host.owner)
        return self.moved.get((home, host.name), home)

    def _spread(self) -> Mapping[tuple[GatewayId, str], GatewayId]:
        wanted: dict[GatewayId, dict[str, tuple[str, int, str, Annotations]]] = defaultdict(dict)
        for host in self.hosts:
            certificate = host.certificate
            secure = certificate is not None or bool(host.listener_policies or host.listener_options)
            size = len(host.names) * (secure + (host.name in self.isolation)) + (host.passthrough is not None)
            beside = self.neighbours.beside_listeners(certificate.owner) if certificate else ()
            entry = (host.name, size, certificate.namespace if certificate else "", beside)
            for owner in {rule.owner for side in host.sides for rule in side.rules} | {host.owner}:
                wanted[self.gateway_of(owner)][host.name] = entry
        # Plain http of all hosts shares a listener, and so does what has the default certificate.
        taken = {gateway: 1 + bool(self.topology.default_certificate[1]) for gateway in wanted}
        for port in self.ports:
            taken[self.gateway_of(port.owner)] = taken.get(self.gateway_of(port.owner), 0) + 1
        return spread({gateway: hosts.values() for gateway, hosts in wanted.items()}, taken, self.release)

    def _shares(self, host: HostDraft, side: SideDraft) -> Iterable[tuple[GatewayId, str, list[RuleDraft]]]:
        """The rules of one side by Gateway and namespace; where their order counts, they stay in one namespace."""
        shares: dict[tuple[GatewayId, str], list[RuleDraft]] = defaultdict(list)
        at_home = self.topology.sharing == "shared" and host.ordered
        for rule in side.rules:
            gateway = self.gateway_of(rule.owner)
            gateway = self.moved.get((gateway, host.name), gateway)
            shares[gateway, host.owner.namespace if at_home else rule.owner.namespace].append(rule)
        for (gateway, namespace), rules in sorted(shares.items(), key=lambda item: item[0]):
            yield gateway, namespace, rules

    def _listener(self, host: HostDraft, side: Side, name: str, gateway: GatewayId) -> Listener:
        if side == "http":
            own = name if name in self.isolation else ""
            return Listener(gateway, "HTTP", own, f"http-{self.slugs[name]}" if own else "http", 80)
        certificate, default = host.certificate, self.topology.default_certificate
        named = self.release.has("listener-certificate")
        if certificate is None:
            return self._by_default(host, name, gateway)
        missing = default if default[1] else (gateway.namespace, DEFAULT_CERTIFICATE)
        secret = (certificate.namespace, certificate.secret) if certificate.secret else missing
        beside = self.neighbours.beside_listeners(certificate.owner)
        return Listener(
            gateway,
            "HTTPS",
            name,
            f"https-{self.slugs[name]}",
            443,
            secret if named else ("", ""),
            beside,
            certificate.namespace,
            certificate.owner,
            host.listener_notes,
            host.listener_policies,
            host.listener_options,
        )

    def _by_default(self, host: HostDraft, name: str, gateway: GatewayId) -> Listener:
        """Hosts that have nothing but the default certificate share a listener, unless something is for one of them."""
        policies, options = host.listener_policies, host.listener_options
        own = name if policies or options else ""
        label = f"https-{self.slugs[name]}" if own else "https"
        named = self.release.has("listener-certificate")
        secret = self.topology.default_certificate if named else ("", "")
        return Listener(gateway, "HTTPS", own, label, 443, secret, policies=policies, options=options)

    def _plans(self, host: HostDraft, side: SideDraft, namespace: str, rules: list[RuleDraft]) -> Iterable[RoutePlan]:
        """Routes for one share; hostnames and rules are split where one route cannot hold them."""
        parts = split_rules(merge_rules(rules, self.release, ordered=host.ordered), self.release)
        base = shorten("-".join(filter(None, [self.slugs[host.name], _word(side, host)])))
        most = self.release.limit("route-hostnames")
        names = [name for name in host.names if name]
        chunks = [names[i : i + most] for i in range(0, len(names), most)] or [[]]
        owners = frozenset(rule.owner for rule in rules)
        annotations = self.neighbours.on_routes(owners)
        pairs = [(chunk, part) for chunk in chunks for part in parts]
        for index, (chunk, part) in enumerate(pairs):
            name = numbered(base, index, len(pairs))
            notes = host.notes if index == 0 else ()
            said = (*annotations, *part[0].draft.annotations)
            yield RoutePlan(namespace, name, tuple(chunk), tuple(part), notes, said, owners)


def _word(side: SideDraft, host: HostDraft) -> str:
    """What tells the routes of a side from those of the others of the host."""
    if len(host.sides) == 1 or len(side.listeners) > 1:
        return ""
    shared = any(len(other.listeners) > 1 for other in host.sides)
    return side.listeners[0] if shared or side.listeners == ("http",) else ""
