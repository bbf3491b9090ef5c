"""Connections that a Gateway passes on without reading them: by server name, or by port alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.gateway import objects
from converter.gateway.listeners import Listener
from converter.gateway.names import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from converter.gateway.drafts import BackendRef, HostDraft, Note, PortDraft
    from converter.gateway.listeners import GatewayId
    from converter.gateway.objects import Json
    from converter.gateway.releases import KindForm
    from converter.ledger import Settlement, Source

HTTPS_PORT = 443


@dataclass(frozen=True, slots=True)
class Layer4Plan:
    """A TLSRoute, TCPRoute or UDPRoute before it has a parent."""

    kind: str
    name: str
    hosts: tuple[str, ...]
    backend: BackendRef
    owner: Source
    notes: tuple[Note, ...]
    listener: Listener

    @property
    def namespace(self) -> str:
        """A route that stands beside its backend needs no grant."""
        return self.backend.namespace


def layer_4_plans(
    hosts: Iterable[HostDraft],
    ports: Sequence[PortDraft],
    slugs: dict[str, str],
    gateway_of: Callable[[Source], GatewayId],
    gateway_for: Callable[[HostDraft], GatewayId],
) -> Iterator[Layer4Plan]:
    """``gateway_of`` says where the objects of an Ingress belong, ``gateway_for`` where there was room for a host."""
    for host in hosts:
        if host.passthrough:
            slug = slugs[host.name]
            listener = Listener(gateway_for(host), "TLS", host.name, f"tls-{slug}", HTTPS_PORT)
            passed = host.passthrough
            yield Layer4Plan("TLSRoute", slug, (host.name,), passed.backend, host.owner, passed.notes, listener)
    for port in ports:
        name = f"{port.protocol.lower()}-{port.number}"
        listener = Listener(gateway_of(port.owner), port.protocol, "", name, port.number)
        route = shorten(f"{port.backend.name}-{name}")
        yield Layer4Plan(f"{port.protocol}Route", route, (), port.backend, port.owner, port.notes, listener)


def layer_4_object(plan: Layer4Plan, form: KindForm, name: str, parent: Json) -> tuple[Json, list[Settlement]]:
    """The route and what it settles."""
    backend = objects.backend_ref(plan.backend, plan.namespace)
    meta = objects.metadata(plan.namespace, name)
    route = objects.layer_4_route(form, meta, [parent], plan.hosts, backend)
    return route, [note.settle(form.kind, plan.namespace, name, "spec.rules[0]") for note in plan.notes]
