"""What Envoy on this machine does not show of a set of objects, although it may show elsewhere.

What holds over time or needs more than one answer is left out: rate limits, timeouts, retries, sessions. So is what
checks the other end, since backends and certificates are made up, and what objects of other implementations ask for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.verify.gateway.backends import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SHOWN = {
    *("Gateway", "ListenerSet", "XListenerSet", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "ReferenceGrant"),
    *("GatewayClass", "Namespace"),  # these say where others belong
}
_FILTERS = {
    *("RequestHeaderModifier", "ResponseHeaderModifier", "URLRewrite", "RequestRedirect", "RequestMirror"),
    *("CORS", "ExternalAuth", "ExtensionRef"),
}
_RULE_FIELDS = {"name", "matches", "filters", "backendRefs"}
_HEADERS = {"RequestHeaderModifier", "ResponseHeaderModifier"}
_REWRITE = {"urlRewrite": {"path": {"replaceRegexMatch"}}}


def left_out(objects: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Each as ``Kind namespace/name: field``, in the order of the objects."""
    return tuple(dict.fromkeys(f"{_named(entry)}: {field}" for entry in objects for field in _fields(entry)))


def _named(entry: Mapping[str, Any]) -> str:
    metadata = entry["metadata"]
    return (
        f"{entry['kind']} {metadata['namespace']}/{metadata['name']}"
        if metadata.get("namespace")
        else f"{entry['kind']} {metadata['name']}"
    )


def _fields(entry: Mapping[str, Any]) -> Iterator[str]:
    if entry["kind"] == "HTTPRouteFilter":
        yield from _of_extension(entry.get("spec") or {})
    elif entry["kind"] not in _SHOWN:
        yield "spec"
    else:
        for index, rule in enumerate((entry.get("spec") or {}).get("rules", [])):
            yield from (f"spec.rules[{index}].{field}" for field in _of_rule(rule))


def _of_extension(spec: Mapping[str, Any]) -> Iterator[str]:
    """An HTTPRouteFilter of Envoy Gateway, of which the rewrite by a pattern is shown."""
    for field, body in spec.items():
        if field != "urlRewrite":
            yield f"spec.{field}"
        elif "hostname" in body:
            yield "spec.urlRewrite.hostname"


def _of_rule(rule: Mapping[str, Any]) -> Iterator[str]:
    yield from (field for field in rule if field not in _RULE_FIELDS)
    for index, entry in enumerate(rule.get("filters", [])):
        if _is_left_out(entry):
            yield f"filters[{index}]"
    references = rule.get("backendRefs", [])
    if len(list(parts(references))) > 1:
        for index, reference in enumerate(references):
            if any(entry["type"] not in _HEADERS for entry in reference.get("filters", [])):
                yield f"backendRefs[{index}].filters"


def _is_left_out(entry: Mapping[str, Any]) -> bool:
    """A filter of another implementation, or of a later release."""
    foreign = entry["type"] == "ExtensionRef" and entry["extensionRef"]["kind"] != "HTTPRouteFilter"
    return foreign or entry["type"] not in _FILTERS
