"""One match of a rule with all that its filters ask for: ``envoy.config.route.v3.Route``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.verify.gateway.backends import parts
from converter.verify.gateway.guards import cors_filters
from converter.verify.proxies.envoy import cors, filters
from converter.verify.proxies.envoy.guards import asking, guards_of
from converter.verify.proxies.envoy.matches import prefix, route_match

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from converter.verify.gateway.backends import Backends
    from converter.verify.gateway.listeners import Listener
    from converter.verify.gateway.policies import AttachedPolicies
    from converter.verify.gateway.routes import Route
    from converter.verify.proxies.envoy.clusters import Clusters
    from converter.verify.proxies.envoy.guards import Guard
    from converter.verify.proxies.envoy.precedence import Candidate

Json = dict[str, Any]
NOBODY = "nobody"
"""A cluster that is not there, for a share of requests that no backend may get."""
_BROKEN: Json = {"direct_response": {"status": 500}}


@dataclass(frozen=True, slots=True)
class References:
    """What rules may refer to."""

    backends: Backends
    extensions: Mapping[tuple[str, str, str], Mapping[str, Any]]
    """By kind, namespace and name."""
    clusters: Clusters
    refused: frozenset[str]
    """Patterns that RE2 does not take."""
    policies: AttachedPolicies

    def cluster(self, route: Route, reference: Mapping[str, Any]) -> str | None:
        endpoint = self.backends.resolve(route, reference)
        return self.clusters.backend(endpoint) if endpoint else None

    def asked(self, route: Route, reference: Mapping[str, Any]) -> str:
        """An authority, which may be anywhere."""
        name = f"{reference.get('namespace', route.namespace)}/{reference['name']}"
        endpoint = self.backends.resolve(route, reference)
        return self.clusters.authority(str(endpoint) if endpoint else name)

    def extension(self, route: Route, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        """The ``spec`` of what a filter refers to; empty for filters that refer to nothing, and for what is missing."""
        reference = entry.get("extensionRef")
        found = reference and self.extensions.get((reference["kind"], route.namespace, reference["name"]))
        spec: Mapping[str, Any] = (found or {}).get("spec", {})
        return spec


def rendered(candidate: Candidate, listener: Listener, references: References) -> Json:
    backends = [each for each, _ in parts(candidate.rule.get("backendRefs", []))]
    every = _filters(candidate, listener, references)
    found: Json = {"match": route_match(candidate), **filters.headers(every)}
    origins = [cors.policy(entry["cors"]) for entry in every if entry["type"] == "CORS"]
    config: Json = {cors.NAME: origins[-1]} if origins else {}
    config |= {guard.name: guard.config for guard in guards_for(candidate, listener, references)}
    if config:
        found["typed_per_filter_config"] = config
    asked = [entry["externalAuth"] for entry in every if entry["type"] == "ExternalAuth"]
    if not all(_authority(candidate.route, body, references) for body in asked):
        return {**found, **_BROKEN}
    direct = next(filter(None, (_direct(entry, candidate.route, references) for entry in every)), None)
    if direct:
        return {**found, **direct}
    redirects = [entry["requestRedirect"] for entry in every if entry["type"] == "RequestRedirect"]
    if redirects:
        return {**found, "redirect": filters.redirect(redirects[0], prefix(candidate.match), listener)}
    action = _forwarding(candidate, backends, every, references)
    return {**found, **({"route": action} if action else _BROKEN)}


def guards_for(candidate: Candidate, listener: Listener, references: References) -> list[Guard]:
    """What the filters of a rule and the policies for it let nobody past, where a listener leads to it."""
    route = candidate.route
    asked = (
        _authority(route, entry["externalAuth"], references)
        for entry in _filters(candidate, listener, references)
        if entry["type"] == "ExternalAuth"
    )
    policies = references.policies.attached(listener, route, candidate.rule)
    return [*filter(None, asked), *guards_of(policies, lambda reference: references.asked(route, reference))]


def _filters(candidate: Candidate, listener: Listener, references: References) -> list[Mapping[str, Any]]:
    """Those of policies, of the rule, and of its one backend: these can do all that those of the rule can."""
    rule = candidate.rule
    backends = [each for each, _ in parts(rule.get("backendRefs", []))]
    return [
        *cors_filters(references.policies.attached(listener, candidate.route, rule)),
        *rule.get("filters", []),
        *(backends[0].get("filters", []) if len(backends) == 1 else []),
    ]


def _authority(route: Route, body: Mapping[str, Any], references: References) -> Guard | None:
    """``None`` for a service that may not be asked."""
    endpoint = references.backends.resolve(route, body["backendRef"])
    return asking(body, references.clusters.authority(str(endpoint))) if endpoint else None


def _forwarding(
    candidate: Candidate,
    backends: Sequence[Mapping[str, Any]],
    entries: Sequence[Mapping[str, Any]],
    references: References,
) -> Json | None:
    """``RouteAction``; ``None`` where no backend may get the request."""
    clusters = [references.cluster(candidate.route, backend) for backend in backends]
    if not any(clusters):
        return None
    action: Json = {
        "cluster_not_found_response_code": "INTERNAL_SERVER_ERROR",
        "upgrade_configs": [{"upgrade_type": "websocket"}],
    }
    if len(backends) == 1:
        action["cluster"] = clusters[0]
    else:
        weighted = [_weighted(backend, name) for backend, name in zip(backends, clusters, strict=True)]
        action["weighted_clusters"] = {"clusters": weighted}
    for entry in entries:
        action |= _changes(entry, candidate, references)
    if mirrors := _mirrors(candidate.route, entries, references):
        action["request_mirror_policies"] = mirrors
    return action


def _weighted(backend: Mapping[str, Any], cluster: str | None) -> Json:
    """Of its own filters Envoy lets a backend among several have those that change headers."""
    return {
        "name": cluster or NOBODY,
        "weight": backend.get("weight", 1),
        **filters.headers(backend.get("filters", [])),
    }


def _changes(entry: Mapping[str, Any], candidate: Candidate, references: References) -> Json:
    if entry["type"] == "URLRewrite":
        return filters.rewrite(entry["urlRewrite"], prefix(candidate.match))
    return filters.extension_rewrite(references.extension(candidate.route, entry))


def _direct(entry: Mapping[str, Any], route: Route, references: References) -> Json | None:
    return filters.direct(references.extension(route, entry))


def _mirrors(route: Route, entries: Sequence[Mapping[str, Any]], references: References) -> list[Json]:
    bodies = [entry["requestMirror"] for entry in entries if entry["type"] == "RequestMirror"]
    clusters = [references.cluster(route, body["backendRef"]) for body in bodies]
    return [{"cluster": name, **_sampled(body)} for name, body in zip(clusters, bodies, strict=True) if name]


def _sampled(body: Mapping[str, Any]) -> Json:
    if fraction := body.get("fraction"):
        part = fraction["numerator"] / fraction.get("denominator", 100)
    elif "percent" in body:
        part = body["percent"] / 100
    else:
        return {}
    return {"runtime_fraction": {"default_value": {"numerator": round(part * 1_000_000), "denominator": "MILLION"}}}
