"""Filters of rules and backends as Envoy is told them, after ``internal/xds/translator/route.go`` of Envoy Gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.verify.proxies.envoy.matches import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.verify.gateway.listeners import Listener

Json = dict[str, Any]
_USUAL = {"http": 80, "https": 443}
_REDIRECTS = {
    301: "MOVED_PERMANENTLY",
    302: "FOUND",
    303: "SEE_OTHER",
    307: "TEMPORARY_REDIRECT",
    308: "PERMANENT_REDIRECT",
}
_MODIFIERS = {
    "RequestHeaderModifier": ("requestHeaderModifier", "request"),
    "ResponseHeaderModifier": ("responseHeaderModifier", "response"),
}


def headers(filters: Iterable[Mapping[str, Any]]) -> Json:
    """What is put on requests and responses; Envoy takes off before it puts on."""
    found: dict[str, list[Any]] = {}
    for entry in filters:
        if entry["type"] not in _MODIFIERS:
            continue
        field, side = _MODIFIERS[entry["type"]]
        body = entry.get(field, {})
        fresh = [_header(each, "OVERWRITE_IF_EXISTS_OR_ADD") for each in body.get("set", [])]
        more = [_header(each, "APPEND_IF_EXISTS_OR_ADD") for each in body.get("add", [])]
        found.setdefault(f"{side}_headers_to_add", []).extend([*fresh, *more])
        found.setdefault(f"{side}_headers_to_remove", []).extend(body.get("remove", []))
    return {name: values for name, values in found.items() if values}


def _header(entry: Mapping[str, Any], action: str) -> Json:
    """Envoy would take a percent sign for a command; the Gateway API knows none."""
    value = entry["value"].replace("%", "%%")
    option: Json = {"header": {"key": entry["name"], "value": value}, "append_action": action}
    return option if value else {**option, "keep_empty_value": True}


def redirect(body: Mapping[str, Any], prefix: str, listener: Listener) -> Json:
    """``RedirectAction``. The port is always said: left out, as Envoy Gateway does it for 80 and 443, a port that the
    client put into the Host header would stay.
    """
    port = body.get("port") or (_USUAL[body["scheme"]] if "scheme" in body else listener.port)
    action: Json = {"response_code": _REDIRECTS[body.get("statusCode", 302)], "port_redirect": port}
    if "scheme" in body:
        action["scheme_redirect"] = body["scheme"]
    if body.get("hostname"):
        action["host_redirect"] = body["hostname"]
    path = body.get("path", {})
    if path.get("type") == "ReplaceFullPath":
        action["path_redirect"] = path.get("replaceFullPath", "")
    elif path.get("type") == "ReplacePrefixMatch":
        action |= _prefix_replaced(path.get("replacePrefixMatch", ""), prefix)
    return action


def rewrite(body: Mapping[str, Any], prefix: str) -> Json:
    """The part of ``RouteAction`` that changes the host and the path."""
    action: Json = {"host_rewrite_literal": body["hostname"]} if body.get("hostname") else {}
    path = body.get("path", {})
    if path.get("type") == "ReplaceFullPath":
        action |= _substitution("^/.*$", _literal(path.get("replaceFullPath", "")))
    elif path.get("type") == "ReplacePrefixMatch":
        action |= _prefix_replaced(path.get("replacePrefixMatch", ""), prefix)
    return action


def extension_rewrite(spec: Mapping[str, Any]) -> Json:
    """``HTTPRouteFilter.spec.urlRewrite.path.replaceRegexMatch`` of Envoy Gateway."""
    replace = spec.get("urlRewrite", {}).get("path", {}).get("replaceRegexMatch")
    return _substitution(replace["pattern"], replace["substitution"]) if replace else {}


def direct(spec: Mapping[str, Any]) -> Json | None:
    """``HTTPRouteFilter.spec.directResponse`` of Envoy Gateway, as a part of ``Route``; ``None`` without one.

    Percent signs in its headers are commands to Envoy, as they are there.
    """
    response = spec.get("directResponse")
    if response is None:
        return None
    said = response.get("header", {}).get("set", [])
    return {
        "direct_response": {"status": response.get("statusCode", 200)},
        **({"response_headers_to_add": [_formatted(header) for header in said]} if said else {}),
    }


def _formatted(header: Mapping[str, str]) -> Json:
    return {"header": {"key": header["name"], "value": header["value"]}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}


def _prefix_replaced(replacement: str, prefix: str) -> Json:
    """Envoy puts the new prefix before what is left; where one of the two is the root, slashes need looking after.

    Envoy Gateway does not quote the prefix, and leaves ``//`` or no slash at all in some of these cases.
    """
    bare = replacement.rstrip("/")
    if not bare:
        return _substitution(f"^{quoted(prefix)}/*", "/")
    return {"prefix_rewrite": bare if prefix else f"{bare}/"}


def _substitution(pattern: str, substitution: str) -> Json:
    return {"regex_rewrite": {"pattern": {"regex": pattern}, "substitution": substitution}}


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\")
