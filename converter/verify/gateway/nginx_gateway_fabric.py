"""The policies of NGINX Gateway Fabric in words, as :mod:`converter.verify.source.policies` puts them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.verify.gateway.envoy_gateway import named
from converter.verify.words import rate, size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from converter.verify.facts import Value

_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_SECONDS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_PER = {"s": 1, "m": 60}
_ALGORITHMS = {"round_robin": "round_robin", "random two least_conn": "ewma"}
_CONNECT = 5
"""Seconds that ingress-nginx waits for a connection unless somebody says otherwise, which is no fact."""


def most_bytes(value: Mapping[str, Any]) -> int:
    """The longest body that ``ClientSettingsPolicy.spec.body`` lets pass; 0 for one of any size."""
    text = value["maxSize"]
    number = text.rstrip("kmg")
    return int(number) * _UNITS[text[len(number) :]]


def _seconds(text: str) -> float:
    found = re.match(r"(\d+)(.*)", text)
    return int(found[1]) * _SECONDS[found[2]] if found else 0


def _basic_auth(value: Mapping[str, Any], home: str) -> Iterator[tuple[str, Value]]:
    yield "basic auth", f"users in {named(value['secretRef'], home)}"


def _body(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    if "maxSize" in value and (limit := most_bytes(value)):
        yield "body limit", size(limit)


def _timeout(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    connect = _seconds(value.get("connect", "5s"))
    if connect != _CONNECT:
        yield "proxy-connect-timeout", f"{connect:g}"
    silent = [_seconds(value[word]) for word in ("read", "send") if word in value]
    if silent:
        yield "idle timeout", f"{max(silent):g} s"


def _buffering(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    if value.get("disable") is False:
        yield "proxy-buffering", "on"
    for field, name in (("bufferSize", "proxy-buffer-size"), ("busyBuffersSize", "proxy-busy-buffers-size")):
        if field in value:
            yield name, value[field]


def _rate_limit(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    for rule in value.get("local", {}).get("rules", []):
        requests, _, unit = rule["rate"].partition("r/")
        burst = f"burst {rule['burst']}" if "burst" in rule else "no burst"
        yield "rate limit", {rate(int(requests), _PER.get(unit, 1)): burst}


def _method(value: str, _: str) -> Iterator[tuple[str, Value]]:
    if value in _ALGORITHMS:
        yield "load-balance", _ALGORITHMS[value]


def _hash_key(value: str, _: str) -> Iterator[tuple[str, Value]]:
    yield "upstream-hash-by", value


def _nothing(_: Any, __: str) -> Iterator[tuple[str, Value]]:
    """What the facts do not speak of."""
    yield from ()


WORDS: Mapping[tuple[str, str], Callable[[Any, str], Iterator[tuple[str, Value]]]] = {
    ("AuthenticationFilter", "type"): _nothing,
    ("AuthenticationFilter", "basic"): _basic_auth,
    ("ClientSettingsPolicy", "body"): _body,
    ("ClientSettingsPolicy", "keepAlive"): _nothing,
    ("ProxySettingsPolicy", "timeout"): _timeout,
    ("ProxySettingsPolicy", "buffering"): _buffering,
    ("RateLimitPolicy", "rateLimit"): _rate_limit,
    ("UpstreamSettingsPolicy", "loadBalancingMethod"): _method,
    ("UpstreamSettingsPolicy", "hashMethodKey"): _hash_key,
}
"""By kind and field: the facts, from the value and the namespace of the object."""
