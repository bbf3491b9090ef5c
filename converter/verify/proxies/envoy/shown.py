"""What Envoy on this machine does not show of a set of objects, although it may show elsewhere.

What holds over time or needs more than one answer is left out: rate limits, timeouts, retries, sessions. So is what
checks the other end, since backends and certificates are made up, and what objects of other implementations ask for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.verify.gateway.backends import parts
from converter.verify.proxies.envoy import addresses, overrides

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_SHOWN = {
    *("Gateway", "ListenerSet", "XListenerSet", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "ReferenceGrant"),
    "Backend",
    *("GatewayClass", "Namespace"),  # these say where others belong
}
_FILTERS = {
    *("RequestHeaderModifier", "ResponseHeaderModifier", "URLRewrite", "RequestRedirect", "RequestMirror"),
    *("CORS", "ExternalAuth", "ExtensionRef"),
}
_POLICIES: Mapping[str, frozenset[str]] = {
    "SecurityPolicy": frozenset({"authorization", "extAuth", "basicAuth", "cors"}),
    "BackendTrafficPolicy": frozenset({"requestBuffer", "responseOverride"}),
    "ClientTrafficPolicy": frozenset({"tls"}),
}
"""Fields of policies of Envoy Gateway that are told to Envoy."""
_MORE_THAN_ONE_ANSWER = frozenset(
    {
        *("rateLimit", "loadBalancer", "retry", "circuitBreaker", "timeout", "tcpKeepalive", "healthCheck"),
        *("connection", "compression", "compressor", "telemetry", "clientIPDetection", "dns"),
        *("http2", "useClientProtocol"),
    }
)
"""Fields that no single answer shows: leaving them out changes none."""
_WHOLE: Mapping[str, Callable[[Any], bool]] = {
    "authorization": addresses.is_by_address,
    "responseOverride": overrides.is_shown,
}
"""Whether all that such a field says is told to Envoy."""
_TARGETS = frozenset({"targetRef", "targetRefs", "targetSelectors"})
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
    elif entry["kind"] in _POLICIES:
        yield from (f"spec.{field}" for field in _of_policy(entry))
    elif entry["kind"] not in _SHOWN:
        yield "spec"
    else:
        for index, rule in enumerate((entry.get("spec") or {}).get("rules", [])):
            yield from (f"spec.rules[{index}].{field}" for field in _of_rule(rule))


def answering_fields(entry: Mapping[str, Any]) -> Iterator[str]:
    """What of a policy changes answers, and is left out."""
    if entry["kind"] in _POLICIES:
        yield from (field for field in _of_policy(entry) if field not in _MORE_THAN_ONE_ANSWER)
    elif entry["kind"] not in _SHOWN:
        yield "spec"


def _of_policy(entry: Mapping[str, Any]) -> Iterator[str]:
    shown = _POLICIES[entry["kind"]] | _TARGETS
    for field, value in (entry.get("spec") or {}).items():
        if field not in shown or not _WHOLE.get(field, lambda _: True)(value):
            yield field


def _of_extension(spec: Mapping[str, Any]) -> Iterator[str]:
    """An HTTPRouteFilter of Envoy Gateway, of which answers and the rewrite by a pattern are shown."""
    for field, body in spec.items():
        if field not in ("urlRewrite", "directResponse"):
            yield f"spec.{field}"
        elif "hostname" in body:
            yield "spec.urlRewrite.hostname"


def _of_rule(rule: Mapping[str, Any]) -> Iterator[str]:
    yield from (field for field in rule if field not in _RULE_FIELDS)
    for index, entry in enumerate(rule.get("filters", [])):
        if is_left_out(entry):
            yield f"filters[{index}]"
    references = rule.get("backendRefs", [])
    if len(list(parts(references))) > 1:
        for index, reference in enumerate(references):
            if any(entry["type"] not in _HEADERS for entry in reference.get("filters", [])):
                yield f"backendRefs[{index}].filters"


def is_left_out(entry: Mapping[str, Any]) -> bool:
    """A filter of another implementation, or of a later release."""
    foreign = entry["type"] == "ExtensionRef" and entry["extensionRef"]["kind"] != "HTTPRouteFilter"
    return foreign or entry["type"] not in _FILTERS
