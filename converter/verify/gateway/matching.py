"""Which rule takes a request. Gateway API: ``HTTPRouteRule.matches``, ``GRPCRouteRule.matches``, their precedence."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from converter.gateway.regex import is_re2
from converter.verify.gateway.aws_load_balancer_controller import admits
from converter.verify.gateway.hostnames import specificity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from converter.verify.gateway.routes import Route
    from converter.verify.messages import Request

Match = tuple["Route", "Mapping[str, Any]", "Mapping[str, Any]"]
"""A route with one of its rules and the match of it that fits."""

_PATH_RANK = {"Exact": 2, "RegularExpression": 1, "PathPrefix": 0}
"""The Gateway API leaves the rank of patterns open; Envoy Gateway puts them between exact paths and prefixes."""


def find(routes: Iterable[Route], request: Request, hostname: str) -> Match | None:
    """The match with the highest precedence of all rules of all routes of a listener, which has that host name."""
    found = [(_rank(*entry), entry[:3]) for entry in _fitting(_nearest(routes, request, hostname), request)]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def accepted(route: Route) -> Route:
    """Without the rules that have a pattern which RE2 does not take, as with Envoy Gateway."""
    return replace(route, rules=tuple(rule for rule in route.rules if all(map(is_re2, _patterns(rule)))))


def _patterns(rule: Mapping[str, Any]) -> Iterator[str]:
    for match in rule.get("matches", []):
        for entry in (match.get("path", {}), *match.get("headers", []), *match.get("queryParams", [])):
            if entry.get("type") == "RegularExpression":
                yield entry.get("value", "/")
        method = match.get("method")
        if isinstance(method, dict) and method.get("type") == "RegularExpression":
            yield from (method[key] for key in ("service", "method") if key in method)


def _nearest(routes: Iterable[Route], request: Request, hostname: str) -> Iterator[Route]:
    """The routes whose host name, within that of the listener, is the most specific one for the host.

    Implementations differ on whether those of a wider name take what they do not; with Envoy Gateway nobody does.
    """
    named = ((route.best_hostname(request.hostname), route) for route in routes)
    found = [(max(name, hostname, key=specificity), route) for name, route in named if name is not None]
    best = max((specificity(name) for name, _ in found), default=None)
    yield from (route for name, route in found if specificity(name) == best)


def _fitting(
    routes: Iterable[Route], request: Request
) -> Iterator[tuple[Route, Mapping[str, Any], Mapping[str, Any], tuple[int, int]]]:
    for route in routes:
        for index, rule in enumerate(route.rules):
            for position, match in enumerate(rule.get("matches") or [{}]):
                if (_fits_grpc if route.kind == "GRPCRoute" else _fits)(match, request):
                    yield route, rule, match, (index, position)


def _rank(route: Route, _: Mapping[str, Any], match: Mapping[str, Any], place: tuple[int, int]) -> tuple[Any, ...]:
    """Smaller is better: path, method, headers, query, then age, name and order."""
    conditions = (
        len(list(_first(match.get("headers", []), str.lower))),
        len(list(_first(match.get("queryParams", [])))),
    )
    criteria = _grpc_rank(match) if route.kind == "GRPCRoute" else _http_rank(match)
    name = f"{route.namespace}/{route.name}"
    return (criteria, tuple(-count for count in conditions), (route.created, name, *place))


def _http_rank(match: Mapping[str, Any]) -> tuple[int, ...]:
    kind, value = _path(match)
    return (-_PATH_RANK[kind], -len(value), -int("method" in match))


def _grpc_rank(match: Mapping[str, Any]) -> tuple[int, ...]:
    method = match.get("method", {})
    return (-len(method.get("service", "")), -len(method.get("method", "")), 0)


def _path(match: Mapping[str, Any]) -> tuple[str, str]:
    path = match.get("path", {})
    return path.get("type", "PathPrefix"), path.get("value", "/")


def _fits(match: Mapping[str, Any], request: Request) -> bool:
    kind, value = _path(match)
    return (
        fits_path(kind, value, request.path)
        and match.get("method", request.method) == request.method
        and admits(match, request)
        and all(
            _fits_value(entry, _header(request, entry["name"])) for entry in _first(match.get("headers", []), str.lower)
        )
        and all(_fits_value(entry, _query(request, entry["name"])) for entry in _first(match.get("queryParams", [])))
    )


def _fits_grpc(match: Mapping[str, Any], request: Request) -> bool:
    """A call is a POST to ``/service/method``."""
    service, _, method = request.path.removeprefix("/").partition("/")
    wanted = match.get("method", {})
    pairs = ((wanted.get("service"), service), (wanted.get("method"), method))
    regex = wanted.get("type") == "RegularExpression"
    named = all(not text or (_matches(text, found) if regex else text == found) for text, found in pairs)
    headers = match.get("headers", [])
    said = all(_fits_value(entry, _header(request, entry["name"])) for entry in _first(headers, str.lower))
    return named and said and admits(match, request)


def fits_path(kind: str, value: str, path: str) -> bool:
    """Prefixes by whole elements; a trailing slash of their value does not count."""
    if kind == "Exact":
        return path == value
    if kind == "RegularExpression":
        return _matches(value, path)
    bare = value.rstrip("/")
    return path == bare or path.startswith(f"{bare}/")


def _first(entries: Iterable[Mapping[str, Any]], same: Callable[[str], str] = str) -> Iterator[Mapping[str, Any]]:
    """Of conditions on one name only the first counts; names of headers are the same however they are written."""
    seen: set[str] = set()
    for entry in entries:
        if same(entry["name"]) not in seen:
            seen.add(same(entry["name"]))
            yield entry


def _header(request: Request, name: str) -> str | None:
    return request.header(name)


def _query(request: Request, name: str) -> str | None:
    return next((value for key, value in parse_qsl(request.query, keep_blank_values=True) if key == name), None)


def _fits_value(entry: Mapping[str, Any], value: str | None) -> bool:
    if value is None:
        return False
    if entry.get("type") == "RegularExpression":
        return _matches(entry["value"], value)
    return bool(entry["value"] == value)


def _matches(pattern: str, text: str) -> bool:
    """The whole text has to match, as with Envoy."""
    return _compiled(pattern).fullmatch(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """RE2 takes no notice of line ends."""
    return re.compile(pattern, re.DOTALL)
