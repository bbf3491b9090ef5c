"""Plugins that do what filters of the Gateway API do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Filter = dict[str, Any]


def cors_filter(config: Mapping[str, Any]) -> dict[str, Any]:
    """Kong: ``cors``, as the body of the filter that says the same."""
    return {
        "allowOrigins": [origin.replace("[^.]+\\.", "*.").replace("\\", "") for origin in config["origins"]],
        "allowMethods": config["methods"],
        "allowHeaders": config.get("headers", []),
        "exposeHeaders": config.get("exposed_headers", []),
        "allowCredentials": config["credentials"],
        "maxAge": config["max_age"],
    }


def transformed(config: Mapping[str, Any], path: str, pattern: str) -> list[Filter]:
    """Kong: ``request-transformer``; the captures are those of the pattern by which the path matched."""
    said = [header.partition(":") for header in config.get("replace", {}).get("headers", [])]
    values = [{"name": name, "value": value} for name, _, value in said if name != "host"]
    body = {"set": values, "remove": config.get("remove", {}).get("headers", [])}
    found: list[Filter] = []
    if any(body.values()):
        found.append({"type": "RequestHeaderModifier", "requestHeaderModifier": body})
    rewrite: dict[str, Any] = {}
    if host := next((value for name, _, value in said if name == "host"), ""):
        rewrite["hostname"] = host
    if uri := config.get("replace", {}).get("uri"):
        rewrite["path"] = {"type": "ReplaceFullPath", "replaceFullPath": _expanded(uri, re.match(pattern, path))}
    return [*found, {"type": "URLRewrite", "urlRewrite": rewrite}] if rewrite else found


def _expanded(uri: str, found: re.Match[str] | None) -> str:
    def group(reference: re.Match[str]) -> str:
        number = int(reference[1])
        return (found[number] or "") if found and number <= found.re.groups else ""

    return re.sub(r"\$\(uri_captures\[(\d)\]\)", group, uri)
