"""Matches of routes as Envoy is told them: ``envoy.config.route.v3.RouteMatch``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from converter.verify.proxies.envoy.precedence import Candidate

Json = dict[str, Any]
_ANY_ELEMENT = "[^/]+"


def route_match(candidate: Candidate) -> Json:
    match = candidate.match
    grpc = candidate.route.kind == "GRPCRoute"
    path = _called(match.get("method", {})) if grpc else _path(match.get("path", {}))
    headers = [_named(entry) for entry in headers_of(match)]
    if not grpc and "method" in match:
        headers.append({"name": ":method", "string_match": {"exact": match["method"]}})
    queries = [_named(entry) for entry in queries_of(match)]
    return path | ({"headers": headers} if headers else {}) | ({"query_parameters": queries} if queries else {})


def headers_of(match: Mapping[str, Any]) -> Collection[Mapping[str, Any]]:
    """The conditions on headers; of those on one the first counts alone, in whatever case its name is written."""
    return _once((entry["name"].lower(), entry) for entry in match.get("headers", []))


def queries_of(match: Mapping[str, Any]) -> Collection[Mapping[str, Any]]:
    return _once((entry["name"], entry) for entry in match.get("queryParams", []))


def prefix(match: Mapping[str, Any]) -> str:
    """The path that filters may replace, without the slash at its end; empty for the root, and where there is none."""
    path = match.get("path", {})
    return str(path.get("value", "/")).rstrip("/") if path.get("type", "PathPrefix") == "PathPrefix" else ""


def quoted(text: str) -> str:
    """A text as a pattern that RE2 takes; it refuses some of the escapes of Python."""
    return re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", text)


def patterns(match: Mapping[str, Any]) -> Iterator[str]:
    """What somebody wrote for RE2 to compile."""
    for entry in (match.get("path", {}), *match.get("headers", ()), *match.get("queryParams", ())):
        if entry.get("type") == "RegularExpression":
            yield entry["value"]
    method = match.get("method")
    if isinstance(method, dict) and method.get("type") == "RegularExpression":
        yield from (method[key] for key in ("service", "method") if key in method)


def _path(path: Mapping[str, Any]) -> Json:
    kind, value = path.get("type", "PathPrefix"), path.get("value", "/")
    if kind == "Exact":
        return {"path": value}
    if kind == "RegularExpression":
        return {"safe_regex": {"regex": value}}
    bare = value.rstrip("/")
    return {"path_separated_prefix": bare} if bare else {"prefix": "/"}


def _called(method: Mapping[str, Any]) -> Json:
    """A call of gRPC has the path ``/service/method``."""
    service, name = method.get("service", ""), method.get("method", "")
    if not service and not name:
        return {"prefix": "/"}
    if method.get("type") == "RegularExpression":
        return {"safe_regex": {"regex": f"/(?:{service or _ANY_ELEMENT})/(?:{name or _ANY_ELEMENT})"}}
    if not name:
        return {"prefix": f"/{service}/"}
    return {"path": f"/{service}/{name}"} if service else {"safe_regex": {"regex": f"/{_ANY_ELEMENT}/{quoted(name)}"}}


def _named(entry: Mapping[str, Any]) -> Json:
    regex = entry.get("type") == "RegularExpression"
    matcher = {"safe_regex": {"regex": entry["value"]}} if regex else {"exact": entry["value"]}
    return {"name": entry["name"], "string_match": matcher}


def _once(entries: Iterable[tuple[str, Mapping[str, Any]]]) -> Collection[Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for name, entry in entries:
        found.setdefault(name, entry)
    return found.values()
