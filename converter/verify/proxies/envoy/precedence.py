"""The order in which Envoy has to try matches, since it takes the first that fits.

Gateway API: ``HTTPRouteRule.matches`` and ``GRPCRouteRule.matches``. Envoy Gateway puts patterns between exact paths
and prefixes, longer ones first (``internal/gatewayapi/sort.go``); the API leaves that open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.verify.proxies.envoy.matches import headers_of, patterns, queries_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from converter.verify.gateway.routes import Route

_BY_TYPE = ("Exact", "RegularExpression", "PathPrefix")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One match of a rule of a route."""

    route: Route
    rule: Mapping[str, Any]
    match: Mapping[str, Any]


def in_order(routes: Iterable[Route], refused: frozenset[str]) -> list[Candidate]:
    """The best first; among equals the oldest route, then the first by name, then as they are written.

    Rules with a refused pattern are left out.
    """
    by_age = sorted(routes, key=lambda route: (route.created, f"{route.namespace}/{route.name}"))
    return sorted((each for route in by_age for each in _candidates(route, refused)), key=_rank)


def _candidates(route: Route, refused: frozenset[str]) -> Iterator[Candidate]:
    for rule in route.rules:
        matches = rule.get("matches") or [{}]
        if refused.isdisjoint(pattern for match in matches for pattern in patterns(match)):
            yield from (Candidate(route, rule, match) for match in matches)


def _rank(candidate: Candidate) -> tuple[int, ...]:
    match = candidate.match
    headers = -len(headers_of(match))
    if candidate.route.kind == "GRPCRoute":
        called = match.get("method", {})
        return -len(called.get("service", "")), -len(called.get("method", "")), headers
    path = match.get("path", {})
    return (
        _BY_TYPE.index(path.get("type", "PathPrefix")),
        -len(path.get("value", "/")),
        0 if "method" in match else 1,
        headers,
        -len(queries_of(match)),
    )
