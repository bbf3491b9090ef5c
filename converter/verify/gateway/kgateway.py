"""The policies of kgateway in words, as :mod:`converter.verify.source.policies` puts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.verify.gateway.envoy_gateway import expression, named, session_cookie, untold
from converter.verify.words import cipher, count, seconds, size, tries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from converter.verify.facts import Value

_ALGORITHMS = {"roundRobin": "round_robin", "leastRequest": "ewma"}


def _acl(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    lists: dict[str, list[str]] = {"allow": [], "deny": []}
    for rule in value.get("rules", []):
        lists[rule["action"]].extend(rule["cidrs"])
    words = {"allow": "allowed", "deny": "denied"}
    yield "addresses", {words[action]: ", ".join(found) for action, found in lists.items() if found}


def _rbac(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    for each in value["policy"]["matchExpressions"]:
        yield from expression(each)


def _basic_auth(value: Mapping[str, Any], home: str) -> Iterator[tuple[str, Value]]:
    if "disable" not in value:
        yield "basic auth", f"users in {named(value['secretRef'], home) if 'secretRef' in value else 'the policy'}"


def _external_auth(value: Mapping[str, Any], home: str) -> Iterator[tuple[str, Value]]:
    if "extensionRef" in value:
        yield "external auth", {"asks": named(value["extensionRef"], home)}


def _buffer(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    if "maxRequestSize" in value:
        yield "body limit", size(count(str(value["maxRequestSize"])))


def _timeouts(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    if text := value.get("streamIdle"):
        yield "idle timeout", seconds(text)


def _retry(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    words = [*value.get("retryOn", []), *map(str, value.get("statusCodes", []))]
    yield "retries", tries(value.get("attempts", 1) + 1, words)


def _rewrite(_: Mapping[str, Any], __: str) -> Iterator[tuple[str, Value]]:
    """It shows in the answer."""
    yield from ()


def _connect(value: str, _: str) -> Iterator[tuple[str, Value]]:
    yield "proxy-connect-timeout", seconds(value).removesuffix(" s")


def _balancer(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    for policy in value.get("ringHash", {}).get("hashPolicies", []):
        if "ttl" in policy.get("cookie", {}):
            yield "session cookie", session_cookie(policy["cookie"])
        else:
            yield "upstream-hash-by", _hashed(policy)
    for word, name in _ALGORITHMS.items():
        if word in value:
            yield "load-balance", name


def _hashed(policy: Mapping[str, Any]) -> str:
    if "sourceIP" in policy:
        return "$binary_remote_addr"
    if policy.get("header") == {"name": ":path"}:
        return "$request_uri"
    if "header" in policy:
        return f"$http_{policy['header']['name'].replace('-', '_')}"
    return f"$cookie_{policy.get('cookie', {}).get('name', '')}"


def _tls(_: Mapping[str, Any], __: str) -> Iterator[tuple[str, Value]]:
    yield "backend protocol", "https"


def _ciphers(value: str, _: str) -> Iterator[tuple[str, Value]]:
    yield "ssl-ciphers", ":".join(map(cipher, value.split(",")))


OPTIONS: Mapping[str, Callable[[str, str], Iterator[tuple[str, Value]]]] = {
    "kgateway.dev/cipher-suites": _ciphers,
    "kgateway.dev/min-tls-version": untold,
    "kgateway.dev/max-tls-version": untold,
    "kgateway.dev/alpn-protocols": untold,
}
"""The facts that options of TLS of a listener state."""
WORDS: Mapping[tuple[str, str], Callable[[Any, str], Iterator[tuple[str, Value]]]] = {
    ("TrafficPolicy", "acl"): _acl,
    ("TrafficPolicy", "rbac"): _rbac,
    ("TrafficPolicy", "basicAuth"): _basic_auth,
    ("TrafficPolicy", "extAuth"): _external_auth,
    ("TrafficPolicy", "buffer"): _buffer,
    ("TrafficPolicy", "timeouts"): _timeouts,
    ("TrafficPolicy", "retry"): _retry,
    ("TrafficPolicy", "urlRewrite"): _rewrite,
    ("TrafficPolicy", "compression"): untold,
    ("ListenerPolicy", "default"): untold,
    ("BackendConfigPolicy", "connectTimeout"): _connect,
    ("BackendConfigPolicy", "loadBalancer"): _balancer,
    ("BackendConfigPolicy", "tls"): _tls,
}
"""By kind and field: the facts, from the value and the namespace of the policy."""
