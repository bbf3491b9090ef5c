"""Where a rule sends requests. Gateway API: ``HTTPBackendRef``, weights and ReferenceGrants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.verify.messages import Endpoint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from converter.verify.gateway.routes import Route

GROUP = "gateway.networking.k8s.io"


@dataclass(frozen=True, slots=True)
class Backends:
    """What references can be resolved."""

    grants: Mapping[str, Sequence[Mapping[str, Any]]]
    """By namespace."""
    services: Collection[tuple[str, str]] | None
    """By namespace and name; ``None``: every one exists."""

    def resolve(self, route: Route, reference: Mapping[str, Any]) -> Endpoint | None:
        """``None`` for what is no Service, does not exist, or may not be referred to: such requests get 500."""
        if reference.get("kind", "Service") != "Service" or reference.get("group", "") != "":
            return None
        namespace, name = reference.get("namespace", route.namespace), reference["name"]
        if namespace != route.namespace and not self._granted(route, namespace, name):
            return None
        if self.services is not None and (namespace, name) not in self.services:
            return None
        return Endpoint(namespace, name, reference.get("port"))

    def _granted(self, route: Route, namespace: str, name: str) -> bool:
        return any(_allows(grant, route, name) for grant in self.grants.get(namespace, ()))


def parts(references: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], float]]:
    """Each reference with its part of the requests; nothing goes to a weight of 0."""
    weights = [reference.get("weight", 1) for reference in references]
    for reference, weight in zip(references, weights, strict=True):
        if weight:
            yield reference, weight / sum(weights)


def _allows(grant: Mapping[str, Any], route: Route, name: str) -> bool:
    sources, targets = grant["spec"].get("from", []), grant["spec"].get("to", [])
    asked = (GROUP, route.kind, route.namespace)
    from_here = any((s.get("group", ""), s["kind"], s["namespace"]) == asked for s in sources)
    to_there = any(t.get("group", "") == "" and t["kind"] == "Service" and t.get("name", name) == name for t in targets)
    return from_here and to_there
