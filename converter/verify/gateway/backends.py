"""Where a rule sends requests. Gateway API: ``HTTPBackendRef``, weights and ReferenceGrants."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from converter.verify.gateway.traefik import service_behind
from converter.verify.messages import Endpoint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from converter.verify.gateway.routes import Route

THROUGH = ("Backend", "TraefikService")
"""Kinds of implementations that lead to a Service."""
GROUP = "gateway.networking.k8s.io"
Identity = tuple[str, str, str]
"""Kind, namespace and name."""
_IN_CLUSTER = re.compile(r"([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.|\Z)")


@dataclass(frozen=True, slots=True)
class Backends:
    """What references can be resolved."""

    grants: Mapping[str, Sequence[Mapping[str, Any]]]
    """By namespace."""
    services: Collection[tuple[str, str]] | None
    """By namespace and name; ``None``: every one exists."""
    through: Mapping[Identity, Mapping[str, Any]] = field(default_factory=dict)
    """Objects of implementations that lead to a backend."""

    def resolve(self, route: Route, reference: Mapping[str, Any]) -> Endpoint | None:
        """``None`` for what is no Service, does not exist, or may not be referred to: such requests get 500."""
        kind = (reference.get("group", ""), reference.get("kind", "Service"))
        namespace, name = reference.get("namespace", route.namespace), reference["name"]
        if namespace != route.namespace and not self._granted(route, kind, namespace, name):
            return None
        if (kind[1], namespace, name) in self.through:
            return _behind(self.through[kind[1], namespace, name])
        if kind != ("", "Service"):
            return None
        if self.services is not None and (namespace, name) not in self.services:
            return None
        return Endpoint(namespace, name, reference.get("port"))

    def may_refer(self, policy: Mapping[str, Any], reference: Mapping[str, Any]) -> bool:
        """Whether a policy of an implementation may name a backend of that namespace."""
        home = policy["metadata"].get("namespace", "")
        namespace = reference.get("namespace", home)
        asked = (policy.get("apiVersion", "").rpartition("/")[0], policy["kind"], home)
        kind = (reference.get("group", ""), reference.get("kind", "Service"))
        grants = self.grants.get(namespace, ())
        return namespace == home or any(_allows(grant, asked, kind, reference["name"]) for grant in grants)

    def _granted(self, route: Route, kind: tuple[str, str], namespace: str, name: str) -> bool:
        asked = (GROUP, route.kind, route.namespace)
        return any(_allows(grant, asked, kind, name) for grant in self.grants.get(namespace, ()))


def _behind(backend: Mapping[str, Any]) -> Endpoint | None:
    """The Service behind it.

    Envoy Gateway: by its name in the cluster, ``Backend.spec.endpoints[].fqdn``. Traefik: ``TraefikService.spec``.
    """
    if backend["kind"] == "TraefikService":
        service = service_behind(backend["spec"])
        home = service.get("namespace", backend["metadata"].get("namespace", ""))
        return Endpoint(home, service["name"], service.get("port")) if service else None
    endpoints = backend["spec"].get("endpoints") or [{}]
    fqdn = endpoints[0].get("fqdn", {})
    found = _IN_CLUSTER.match(fqdn.get("hostname", ""))
    return Endpoint(found[2], found[1], fqdn.get("port")) if found else None


def parts(references: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], float]]:
    """Each reference with its part of the requests; nothing goes to a weight of 0."""
    weights = [reference.get("weight", 1) for reference in references]
    for reference, weight in zip(references, weights, strict=True):
        if weight:
            yield reference, weight / sum(weights)


def _allows(grant: Mapping[str, Any], asked: tuple[str, str, str], kind: tuple[str, str], name: str) -> bool:
    sources, targets = grant["spec"].get("from", []), grant["spec"].get("to", [])
    from_here = any((s.get("group", ""), s["kind"], s["namespace"]) == asked for s in sources)
    to_there = any((t.get("group", ""), t["kind"]) == kind and t.get("name", name) == name for t in targets)
    return from_here and to_there
