"""The layout becomes objects: Gateways, listeners, routes and grants, named, with what the ledger says of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from converter.gateway import objects
from converter.gateway.gateway_policies import gateway_policies
from converter.gateway.grants import Reference, grants
from converter.gateway.holders import ListenerPolicies
from converter.gateway.layer4 import layer_4_object
from converter.gateway.layout import Planner
from converter.gateway.listeners import GatewayId, Key, hold, places
from converter.gateway.names import Names, shorten, slug
from converter.gateway.neighbours import Neighbourhood
from converter.gateway.parameters import parameters_of
from converter.gateway.rendering import RoutePlan, render_route
from converter.gateway.services import service_policies
from converter.gateway.topology import gateway_name, gateway_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.gateway.drafts import GatewayParameters, HostDraft, ListenerPolicy, PortDraft
    from converter.gateway.layer4 import Layer4Plan
    from converter.gateway.listeners import Annotations, Holder
    from converter.gateway.objects import Json
    from converter.gateway.releases import KindForm, Release
    from converter.gateway.topology import Topology
    from converter.ledger import Settlement, Source
    from converter.routing import RoutingTable
    from converter.targets.table import TargetTable

_ORDER = (
    *("GatewayClass", "Gateway", "ListenerSet", "XListenerSet", "ReferenceGrant"),
    *("HTTPRoute", "TLSRoute", "TCPRoute", "UDPRoute"),
)


@dataclass(frozen=True, slots=True)
class Assembled:
    objects: tuple[Json, ...]
    settlements: tuple[Settlement, ...]
    needs_namespace: bool = False
    """Something without a namespace refers into one, and a grant has to name both."""


@dataclass(frozen=True, slots=True)
class TableDraft:
    """What a target wants for one controller."""

    table: RoutingTable
    hosts: Sequence[HostDraft]
    ports: Sequence[PortDraft] = ()
    listener_policies: Sequence[ListenerPolicy] = ()
    """For everything that its Gateways listen for."""
    gateway_parameters: Sequence[GatewayParameters] = ()
    """For each of its Gateways."""


def assemble(
    drafts: Sequence[TableDraft],
    target: TargetTable,
    release: Release,
    topology: Topology,
) -> Assembled:
    """All objects for the hosts of all controllers, in a fixed order."""
    rules = (rule for draft in drafts for host in draft.hosts for side in host.sides for rule in side.rules)
    namespaces = frozenset(rule.owner.namespace for rule in rules)
    found: dict[tuple[int, str, str, str], Json] = {}
    settlements: list[Settlement] = []
    references: set[Reference] = set()
    alone, names = len(drafts) == 1, Names()
    assemblies = [
        _Assembly(
            draft, target, release, topology, gateway_name(topology, draft.table.name, alone=alone), namespaces, names
        )
        for draft in drafts
    ]
    routes = Counter((plan.namespace, plan.name) for assembly in assemblies for plan, _ in assembly.layout.routes)
    for assembly in assemblies:
        assembly.run(routes)
        _add(found, assembly.objects)
        settlements.extend(assembly.settlements)
        references |= assembly.references
    _add(found, grants(references, release))
    needs_namespace = any(not reference.source[1] for reference in references)
    return Assembled(tuple(sorted(found.values(), key=_position)), tuple(settlements), needs_namespace)


def _add(found: dict[tuple[int, str, str, str], Json], entries: Iterable[Json]) -> None:
    """Controllers may share an object, such as a GatewayClass; two of one identity must never hide each other."""
    for entry in entries:
        if found.setdefault(_position(entry), entry) != entry:
            raise ValueError(f"two {entry['kind']} objects are named {entry['metadata']['name']}")


def _position(entry: Json) -> tuple[int, str, str, str]:
    kind = entry["kind"]
    rank = _ORDER.index(kind) if kind in _ORDER else len(_ORDER)
    return rank, kind, entry["metadata"].get("namespace", ""), entry["metadata"]["name"]


@dataclass
class _Assembly:
    """The objects of one controller, while they are put together."""

    draft: TableDraft
    target: TargetTable
    release: Release
    topology: Topology
    name: str
    """Of its Gateways, unless they are named after Ingresses."""
    namespaces: frozenset[str]
    names: Names
    objects: list[Json] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    references: set[Reference] = field(default_factory=set)
    carriers: dict[Source, list[Json]] = field(default_factory=lambda: defaultdict(list))
    gateways: dict[GatewayId, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.table, self.hosts = self.draft.table, self.draft.hosts
        self.neighbours = Neighbourhood(self.table.neighbours, self.gateway_of)
        planner = Planner(self.hosts, self.draft.ports, self.release, self.topology, self.neighbours, self.gateway_of)
        self.layout = planner.layout()

    def run(self, routes: Counter[tuple[str, str]]) -> None:
        """Emit everything; ``routes`` says how many routes of all controllers want a name."""
        holders = [
            replace(h, name=self.names.take(h.kind, h.namespace, h.name, repr((self.name, h.gateway, h.annotations))))
            for h in hold(self.layout.listeners, self.release)
        ]
        where = places(holders)
        self._emit_holders(holders, self.layout.routes, where)
        for plan, keys in self.layout.routes:
            self._emit_route(self._named(plan, keys, routes), keys, where)
        for passed in self.layout.layer_4:
            self._emit_layer_4(passed, where)
        self._emit_service_policies()
        self._emit_listener_policies(holders)
        self._emit_gateway_policies(where)
        rows = self.target.rows
        for host in self.hosts:
            self.settlements.extend(host.homeless)
            if not host.sides and not host.passthrough:
                self.settlements.extend(rows["host.silent"].settle(note.origin) for note in host.notes)
            if not any("https" in side.listeners for side in host.sides):
                self.settlements.extend(rows["tls.silent"].settle(note.origin) for note in host.listener_notes)
        self.settlements.extend(self.neighbours.settle(self.carriers, self.gateways, self.target))

    def form(self, kind: str) -> KindForm:
        form = self.release.form(kind)
        if form is None:
            raise LookupError(f"{kind} in Gateway API {self.release.version} {self.release.channel}")
        return form

    def gateway_of(self, owner: Source) -> GatewayId:
        return gateway_of(owner, self.topology, self.name, self.namespaces)

    def _emit_holders(
        self, holders: Sequence[Holder], plans: Iterable[tuple[RoutePlan, Iterable[Key]]], where: Mapping[Key, Holder]
    ) -> None:
        spaces: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for plan, keys in plans:
            for key in keys:
                spaces[where[key].identity].add(plan.namespace)
        for passed in self.layout.layer_4:
            spaces[where[passed.listener.key].identity].add(passed.namespace)
        taken = {pair for holder in holders for pair in holder.annotations}
        sets: dict[GatewayId, set[str]] = defaultdict(set)
        for holder in holders:
            if holder.kind == "ListenerSet":
                sets[holder.gateway].add(holder.namespace)
        for holder in holders:
            routes_from = "Same" if spaces[holder.identity] <= {holder.namespace} else "All"
            if holder.kind == "Gateway":
                beside = sets[holder.gateway]
                sets_from = ("Same" if beside == {holder.namespace} else "All") if beside else ""
                self._emit_gateway(holder, self.neighbours.on_gateway(holder, taken), routes_from, sets_from)
            else:
                self._emit(objects.listener_set(self.form("ListenerSet"), holder, routes_from), _owners(holder))
            self._settle_listeners(holder)
        self._settle_classes(holders)

    def _emit_gateway(self, holder: Holder, annotations: Annotations, routes_from: str, sets_from: str) -> None:
        class_name = self.topology.gateway_class or self.target.gateway_class or slug(self.table.name)
        controller = self.topology.controller_name or self.target.controller_name
        self.objects.append(objects.gateway_class(self.form("GatewayClass"), class_name, controller))
        named = replace(holder, annotations=annotations)
        further = [("infrastructure", self._parameters(holder)), ("tls", self._client_validation(holder))]
        given = [(field, value) for field, value in further if value]
        gateway = objects.gateway(self.form("Gateway"), named, class_name, routes_from, sets_from, given)
        self.gateways[holder.gateway] = gateway
        self._emit(gateway, _owners(holder))

    def _parameters(self, holder: Holder) -> Json | None:
        if not self.draft.gateway_parameters:
            return None
        reference, found, settled = parameters_of(holder, self.draft.gateway_parameters, self.names)
        self.objects.append(found)
        self.settlements.extend(settled)
        return reference

    def _client_validation(self, holder: Holder) -> Json | None:
        """Every https host of the Gateway asks for the same authority, or none is here."""
        asked = self.layout.authorities.get(holder.gateway, ())
        if not asked:
            return None
        authority = (asked[0].namespace, asked[0].secret)
        notes = dict.fromkeys(note for ca in asked for note in ca.notes)
        self.settlements.extend(note.settle("Gateway", holder.namespace, holder.name, "spec.tls") for note in notes)
        if authority[0] != holder.namespace:
            source = ("Gateway", holder.namespace)
            self.references.add(Reference(source, authority[0], "", "Secret", authority[1]))
        return objects.client_validation(holder.namespace, authority)

    def _emit(self, entry: Json, owners: Iterable[Source]) -> None:
        self.objects.append(entry)
        for owner in owners:
            self.carriers[owner].append(entry)

    def _settle_classes(self, holders: Iterable[Holder]) -> None:
        """A shared Gateway takes the place of the class for every Ingress, any other for its own."""
        gateways = [holder for holder in holders if holder.kind == "Gateway"]
        own: dict[GatewayId, list[Holder]] = defaultdict(list)
        for holder in gateways:
            own[holder.gateway].append(holder)
        for origin in self.table.classes:
            note = self.target.rows["class"].note(origin, "spec.gatewayClassName")
            found = gateways if self.topology.sharing == "shared" else own[self.gateway_of(origin.source)]
            settled = [note.settle("Gateway", holder.namespace, holder.name, "") for holder in found]
            self.settlements.extend(settled or [self.target.rows["class.silent"].settle(origin)])

    def _settle_listeners(self, holder: Holder) -> None:
        kind = self.form(holder.kind).kind
        for index, listener in enumerate(holder.listeners):
            told = dict.fromkeys([*listener.notes, *(note for options in listener.options for note in options.notes)])
            where = f"spec.listeners[{index}]"
            self.settlements.extend(note.settle(kind, holder.namespace, holder.name, where) for note in told)
            if listener.secret[1] and listener.secret[0] != holder.namespace:
                source = (kind, holder.namespace)
                self.references.add(Reference(source, listener.secret[0], "", "Secret", listener.secret[1]))

    def _named(self, plan: RoutePlan, keys: tuple[Key, ...], routes: Counter[tuple[str, str]]) -> RoutePlan:
        """Several Gateways may have a route for a host in one namespace; the Gateway's name tells them apart."""
        shared = routes[plan.namespace, plan.name] > 1
        name = shorten(f"{plan.name}-{keys[0].gateway.name}") if shared else plan.name
        return plan.renamed(self.names.take("HTTPRoute", plan.namespace, name, repr((keys, plan.hostnames, plan.name))))

    def _emit_route(self, plan: RoutePlan, keys: Sequence[Key], where: Mapping[Key, Holder]) -> None:
        parents = []
        for key in keys:
            holder = where[key]
            if key.host and plan.hostnames and key.host not in plan.hostnames:
                continue
            section = next(entry.name for entry in holder.listeners if entry.key == key)
            parents.append(objects.parent_ref(holder, section, self.form(holder.kind), plan.namespace))
        rendered = render_route(plan, parents, self.form("HTTPRoute"), self.release, self.names)
        route, *others = rendered.objects
        self._emit(route, plan.owners)
        self.objects.extend(others)
        self.settlements.extend(rendered.settlements)
        self.references |= rendered.references

    def _emit_layer_4(self, plan: Layer4Plan, where: Mapping[Key, Holder]) -> None:
        form, holder = self.form(plan.kind), where[plan.listener.key]
        name = self.names.take(plan.kind, plan.namespace, plan.name, repr(plan.listener.key))
        parent = objects.parent_ref(holder, plan.listener.name, self.form(holder.kind), plan.namespace)
        route, settled = layer_4_object(plan, form, name, parent)
        self._emit(route, [plan.owner])
        self.settlements.extend(settled)

    def _emit_service_policies(self) -> None:
        wanted = [p for plan, _ in self.layout.routes for rule in plan.rules for p in rule.draft.service_policies]
        row = self.target.rows["service-policy.beaten"]
        made, settled = service_policies(wanted, self.form, self.names, row)
        self.objects.extend(made)
        self.settlements.extend(settled)

    def _emit_listener_policies(self, holders: Iterable[Holder]) -> None:
        row = self.target.rows["listener-policy.beaten"]
        found = ListenerPolicies(self.draft.listener_policies, self.form, self.names, row)
        for holder in holders:
            found.add(holder)
        self.objects.extend(found.objects)
        self.settlements.extend(found.settlements)
        self.references |= found.references

    def _emit_gateway_policies(self, where: Mapping[Key, Holder]) -> None:
        routes = [
            (gateway, plan)
            for plan, keys in self.layout.routes
            for gateway in dict.fromkeys(where[key].owner for key in keys)
        ]
        made, settled = gateway_policies(routes, self.names)
        self.objects.extend(made)
        self.settlements.extend(settled)


def _owners(holder: Holder) -> set[Source]:
    """The Ingresses that brought its certificates."""
    return {listener.owner for listener in holder.listeners if listener.owner}
