"""The policies of Istio: whom an ``AuthorizationPolicy`` refuses, and what a ``DestinationRule`` says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.verify.gateway.texts import is_within
from converter.verify.messages import Answer
from converter.verify.words import seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from converter.verify.facts import Value
    from converter.verify.messages import Request

AUTHORIZATION = "AuthorizationPolicy"
DESTINATION = "DestinationRule"
_ALGORITHMS = {"ROUND_ROBIN": "round_robin", "LEAST_REQUEST": "ewma"}
_LISTS = {"notRemoteIpBlocks": "allowed", "remoteIpBlocks": "denied"}
_KNOWN = frozenset({"from", "to", "hosts", "notHosts", "paths", "notPaths", *_LISTS})
"""Parts of a rule."""
Rule = dict[str, Any]


def policy_at(policy: Mapping[str, Any], host: str, path: str) -> Mapping[str, Any]:
    """What an ``AuthorizationPolicy`` says of requests to a host and a path, with its action as the field.

    Other kinds are as they were.
    """
    if policy["kind"] != AUTHORIZATION:
        return policy
    spec = policy.get("spec") or {}
    provider = str((spec.get("provider") or {}).get("name", ""))
    rules = [{**rule, "provider": provider} for rule in _rules_at(spec, host, path)]
    return {**policy, "spec": {spec.get("action", "ALLOW"): rules} if rules else {}}


def denied(rules: Sequence[Rule], request: Request) -> Answer | None:
    """Istio: action ``DENY``."""
    return Answer(403) if any(_is_from(rule, request.client) for rule in rules) else None


def asked(rules: Sequence[Rule], request: Request) -> Answer | None:
    """Istio: action ``CUSTOM``, whose provider lets in whoever shows what it asks for."""
    concerned = any(_is_from(rule, request.client) for rule in rules)
    return Answer(401) if concerned and not request.identified else None


def _denying(rules: Sequence[Rule], _: str) -> Iterator[tuple[str, Value]]:
    for rule in rules:
        found = [(word, source[name]) for source in _sources(rule) for name, word in _LISTS.items() if name in source]
        if found:
            yield "addresses", {word: ", ".join(blocks) for word, blocks in found}


def _asking(rules: Sequence[Rule], _: str) -> Iterator[tuple[str, Value]]:
    for rule in rules:
        yield "external auth", {"asks": rule["provider"]}


def service_of(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Namespace and name of the Service that a ``DestinationRule`` is about."""
    name, _, rest = str((entry.get("spec") or {}).get("host", "")).partition(".")
    namespace = entry["metadata"].get("namespace", "")
    return (namespace if not namespace and rest.startswith("default.") else rest.partition(".")[0] or namespace), name


def _rules_at(spec: Mapping[str, Any], host: str, path: str) -> Iterator[Rule]:
    """Rules with conditions that we do not write are passed over."""
    for rule in spec.get("rules") or []:
        operations = [each.get("operation") or {} for each in rule.get("to") or [{}]]
        conditions = {*rule, *(key for each in (*operations, *_sources(rule)) for key in each)}
        if conditions <= _KNOWN and any(_is_to(operation, host, path) for operation in operations):
            yield rule


def _is_to(operation: Mapping[str, Any], host: str, path: str) -> bool:
    hosts, paths = operation.get("hosts"), operation.get("paths")
    asked = (hosts is None or _is_listed(hosts, host.lower())) and (paths is None or _is_listed(paths, path))
    spared = _is_listed(operation.get("notHosts") or [], host.lower()) or _is_listed(
        operation.get("notPaths") or [], path
    )
    return asked and not spared


def _is_listed(patterns: list[str], text: str) -> bool:
    return any(_fits(pattern, text) for pattern in patterns)


def _fits(pattern: str, text: str) -> bool:
    """Istio: a ``*`` at one end of the pattern."""
    if pattern.startswith("*"):
        return text.endswith(pattern[1:])
    return text.startswith(pattern[:-1]) if pattern.endswith("*") else text == pattern


def _sources(rule: Rule) -> list[Mapping[str, Any]]:
    return [each.get("source") or {} for each in rule.get("from") or []]


def _is_from(rule: Rule, client: str) -> bool:
    sources = _sources(rule)
    return not sources or any(_is_source(source, client) for source in sources)


def _is_source(source: Mapping[str, Any], client: str) -> bool:
    def listed(name: str) -> bool:
        return any(is_within(client, block) for block in source[name])

    inside = "remoteIpBlocks" not in source or listed("remoteIpBlocks")
    return inside and ("notRemoteIpBlocks" not in source or not listed("notRemoteIpBlocks"))


def _traffic(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    balancer = value.get("loadBalancer") or {}
    hashed = balancer.get("consistentHash") or {}
    cookie = hashed.get("httpCookie") or {}
    if "path" in cookie:
        lifetime = seconds(cookie.get("ttl", "0s"))
        yield "session cookie", {"name": cookie["name"], **({"lifetime": lifetime} if lifetime != "0 s" else {})}
    elif hashed:
        yield "upstream-hash-by", _hashed(hashed)
    if "simple" in balancer:
        yield "load-balance", _ALGORITHMS.get(balancer["simple"], balancer["simple"])
    if text := ((value.get("connectionPool") or {}).get("tcp") or {}).get("connectTimeout"):
        yield "proxy-connect-timeout", seconds(text).removesuffix(" s")
    if (value.get("tls") or {}).get("mode") in ("SIMPLE", "MUTUAL"):
        yield "backend protocol", "https"


def _hashed(value: Mapping[str, Any]) -> str:
    if value.get("useSourceIp"):
        return "$binary_remote_addr"
    if "httpHeaderName" in value:
        return f"$http_{value['httpHeaderName'].replace('-', '_')}"
    if "httpQueryParameterName" in value:
        return f"$arg_{value['httpQueryParameterName']}"
    return f"$cookie_{(value.get('httpCookie') or {}).get('name', '')}"


def _nothing(_: Any, __: str) -> Iterator[tuple[str, Value]]:
    """It names what the object is about."""
    yield from ()


WORDS: Mapping[tuple[str, str], Callable[[Any, str], Iterator[tuple[str, Value]]]] = {
    (AUTHORIZATION, "DENY"): _denying,
    (AUTHORIZATION, "CUSTOM"): _asking,
    (DESTINATION, "host"): _nothing,
    (DESTINATION, "trafficPolicy"): _traffic,
}
"""By kind and field: the facts, from the value and the namespace of the policy."""
