"""Middlewares and TraefikServices in words, as :mod:`converter.verify.source.policies` puts them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.targets.standard.parts import in_cluster
from converter.verify.gateway.envoy_gateway import named
from converter.verify.words import cors_in_words, rate, seconds, size, tries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from converter.verify.facts import Value

_ALGORITHMS = {"wrr": "round_robin", "leasttime": "ewma"}
_PROTOCOLS = {"https": "https", "h2c": "grpc"}


def cors_filter(value: Mapping[str, Any]) -> dict[str, Any]:
    """``Middleware.spec.headers`` as the filter of the Gateway API that says the same."""
    patterns = (
        re.sub(r"\\(.)", r"\1", p.strip("^$").replace("[^.]+[.]", "*.")) for p in _list(value, "OriginListRegex")
    )
    return {
        "allowOrigins": [*_list(value, "OriginList"), *patterns],
        "allowMethods": _list(value, "Methods"),
        "allowHeaders": _list(value, "Headers"),
        "exposeHeaders": value.get("accessControlExposeHeaders", []),
        "allowCredentials": value.get("accessControlAllowCredentials", False),
        "maxAge": value.get("accessControlMaxAge", 5),
    }


def _list(value: Mapping[str, Any], what: str) -> list[str]:
    found: list[str] = value.get(f"accessControlAllow{what}", [])
    return found


def _headers(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    body = cors_filter(value)
    if body["allowOrigins"]:
        yield "CORS", cors_in_words(body)


def _rate_limit(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    period = str(value.get("period", "1s"))
    window = float(seconds(f"{period}s" if period.isdigit() else period)[:-2])
    yield "rate limit", {rate(value.get("average", 0), int(window)): f"burst {value.get('burst', 1) - 1}"}


def _addresses(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    yield "addresses", {"allowed": ", ".join(value.get("sourceRange", []))}


def _basic_auth(value: Mapping[str, Any], home: str) -> Iterator[tuple[str, Value]]:
    yield "basic auth", f"users in {named({'name': value.get('secret', '')}, home)}"


def _digest_auth(value: Mapping[str, Any], home: str) -> Iterator[tuple[str, Value]]:
    yield "digest auth", f"users in {named({'name': value.get('secret', '')}, home)}"


def _external_auth(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    address = value.get("address", "")
    service = in_cluster(address)
    asked = f"{service.namespace}/{service.service}:{service.port}{service.path}" if service else address
    signin = {"sign-in": value["authSigninURL"]} if "authSigninURL" in value else {}
    yield "external auth", {"asks": asked, **signin}


def _body(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    if limit := value.get("maxRequestBodyBytes"):
        yield "body limit", size(limit)


def _connections(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    yield "limit-connections", str(value.get("amount", 0))


def _retry(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    errors = [] if value.get("disableRetryOnNetworkError") else ["error", "timeout"]
    yield "retries", tries(value.get("attempts", 0), [*errors, *value.get("status", [])])


def _errors(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    yield "custom-http-errors", ",".join(value.get("status", []))
    yield "default-backend", value.get("service", {}).get("name", "")


def _nothing(_: Any, __: str) -> Iterator[tuple[str, Value]]:
    """It shows in the answer, or changes none."""
    yield from ()


def _weighted(value: Mapping[str, Any], home: str) -> Iterator[tuple[str, Value]]:
    for service in value.get("services", []):
        yield from _service(service, home)


def _mirroring(value: Mapping[str, Any], home: str) -> Iterator[tuple[str, Value]]:
    yield from _service(value, home)
    yield "mirror", ", ".join(named(each, home) for each in value.get("mirrors", []))


def _service(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    if cookie := value.get("sticky", {}).get("cookie"):
        lifetime = {"lifetime": f"{cookie['maxAge']} s"} if "maxAge" in cookie else {}
        yield "session cookie", {"name": cookie.get("name", "chosen by the implementation"), **lifetime}
    if value.get("strategy") == "hrw":
        yield "upstream-hash-by", "$binary_remote_addr"
    if value.get("strategy") in _ALGORITHMS:
        yield "load-balance", _ALGORITHMS[value["strategy"]]
    if value.get("scheme") in _PROTOCOLS:
        yield "backend protocol", _PROTOCOLS[value["scheme"]]


def service_behind(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a TraefikService leads to, by name and port; empty for one of several Services, or of another kind."""
    services = [spec["mirroring"]] if "mirroring" in spec else spec.get("weighted", {}).get("services", [])
    return services[0] if len(services) == 1 else {}


WORDS: Mapping[tuple[str, str], Callable[[Any, str], Iterator[tuple[str, Value]]]] = {
    ("Middleware", "headers"): _headers,
    ("Middleware", "rateLimit"): _rate_limit,
    ("Middleware", "inFlightReq"): _connections,
    ("Middleware", "ipAllowList"): _addresses,
    ("Middleware", "basicAuth"): _basic_auth,
    ("Middleware", "digestAuth"): _digest_auth,
    ("Middleware", "forwardAuth"): _external_auth,
    ("Middleware", "buffering"): _body,
    ("Middleware", "retry"): _retry,
    ("Middleware", "errors"): _errors,
    ("Middleware", "compress"): _nothing,
    ("Middleware", "replacePathRegex"): _nothing,
    ("TraefikService", "weighted"): _weighted,
    ("TraefikService", "mirroring"): _mirroring,
}
"""By kind and field: the facts, from the value and the namespace of the object."""
