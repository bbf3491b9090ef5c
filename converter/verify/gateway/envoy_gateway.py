"""The policies of Envoy Gateway in words, as :mod:`converter.verify.source.policies` puts them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.verify.words import cors_of, count, network, rate, seconds, size, tries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from converter.verify.facts import Value

_DAY = 86400
_UNITS = {
    "Second": 1,
    "Minute": 60,
    "Hour": 3600,
    "Day": _DAY,
    "Week": 7 * _DAY,
    "Month": 30 * _DAY,
    "Year": 365 * _DAY,
}
_ALGORITHMS = {"RoundRobin": "round_robin", "LeastRequest": "ewma"}


def named(reference: Mapping[str, Any], home: str) -> str:
    namespace = reference.get("namespace", home)
    name = f"{reference['name']}:{reference['port']}" if "port" in reference else reference["name"]
    return f"{namespace}/{name}" if namespace else name


def _rate_limit(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    rules = (value.get("local") or value.get("global") or {}).get("rules", [])
    limits = [entry["limit"] for entry in rules]
    yield "rate limit", {rate(limit["requests"], _UNITS[limit["unit"]]): "no burst" for limit in limits}


def _authorization(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    lists: dict[str, list[str]] = {}
    for rule in value.get("rules", []):
        word = "allowed" if rule["action"] == "Allow" else "denied"
        lists.setdefault(word, []).extend(map(network, rule.get("principal", {}).get("clientCIDRs", [])))
        yield from expression(rule.get("cel", ""))
    if found := {word: ", ".join(lists[word]) for word in ("allowed", "denied") if lists.get(word)}:
        yield "addresses", found


def expression(cel: str) -> Iterator[tuple[str, Value]]:
    header = re.match(r"'([^']+)' in request\.headers", cel)
    if header:
        yield f"blocked {header[1]}", ", ".join(re.findall(r'"((?:[^"\\]|\\.)*)"', cel))
    subject = re.search(r'subject_peer_certificate\.matches\("CN=((?:[^"\\]|\\.)*)"\)', cel)
    if subject:
        yield "client certificate", {"subject": subject[1].replace("\\\\", "\\")}


def _basic_auth(value: Mapping[str, Any], home: str) -> Iterator[tuple[str, Value]]:
    yield "basic auth", f"users in {named(value['users'], home)}"


def _external_auth(value: Mapping[str, Any], home: str) -> Iterator[tuple[str, Value]]:
    http = value.get("http", {})
    path = http.get("pathOverride", "")
    services = ", ".join(named(each, home) for each in http.get("backendRefs", []))
    yield "external auth", {"asks": f"{services}{'' if path == '/' else path}"}


def _cors(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    yield (
        "CORS",
        cors_of(
            origins=value.get("allowOrigins", []),
            methods=value.get("allowMethods", []),
            headers=value.get("allowHeaders", []),
            exposed=value.get("exposeHeaders", []),
            credentials=value.get("allowCredentials") is True,
            max_age=int(float(seconds(str(value.get("maxAge", "5s"))).removesuffix(" s"))),
        ),
    )


def _override(value: list[Mapping[str, Any]], _: str) -> Iterator[tuple[str, Value]]:
    for each in value:
        headers = each.get("response", {}).get("header", {}).get("set", [])
        for header in headers:
            if header["name"] == "Location":
                yield "external auth", {"sign-in": header["value"].replace("%%", "%")}


def _buffer(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    yield "body limit", size(count(str(value["limit"])))


def _timeout(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    if text := value.get("http", {}).get("streamIdleTimeout"):
        yield "idle timeout", seconds(text)
    if text := value.get("tcp", {}).get("connectTimeout"):
        yield "proxy-connect-timeout", seconds(text).removesuffix(" s")


def _retry(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    on = value.get("retryOn", {})
    words = [*on.get("triggers", []), *map(str, on.get("httpStatusCodes", []))]
    yield "retries", tries(value.get("numRetries", 2) + 1, words)


def _balancer(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    hashed = value.get("consistentHash", {})
    cookie = hashed.get("cookie")
    if cookie and "attributes" in cookie:
        yield "session cookie", session_cookie(cookie)
    elif hashed:
        yield "upstream-hash-by", _hashed(hashed)
    else:
        yield "load-balance", _ALGORITHMS.get(value["type"], value["type"])


def session_cookie(cookie: Mapping[str, Any]) -> dict[str, str]:
    """A time of 0 is as long as the browser runs."""
    lifetime = seconds(cookie.get("ttl", "0s"))
    return {"name": cookie["name"], **({"lifetime": lifetime} if lifetime != "0 s" else {})}


def _hashed(value: Mapping[str, Any]) -> str:
    if value["type"] == "SourceIP":
        return "$binary_remote_addr"
    if value["type"] == "Headers":
        return ", ".join(f"$http_{each['name'].replace('-', '_')}" for each in value.get("headers", []))
    if value["type"] == "Cookie":
        return f"$cookie_{value.get('cookie', {}).get('name', '')}"
    return ", ".join(f"$arg_{each['name']}" for each in value.get("queryParams", []))


def _client_tls(value: Mapping[str, Any], home: str) -> Iterator[tuple[str, Value]]:
    validation = value.get("clientValidation")
    if validation and validation.get("mode", "RequireAndVerify") == "RequireAndVerify":
        names = ", ".join(named(each, home) for each in validation.get("caCertificateRefs", []))
        yield "client certificate", {"authorities": names}
    elif validation:
        yield "client certificate", "asked for, not demanded"
    if ciphers := value.get("ciphers"):
        yield "ssl-ciphers", ":".join(ciphers)


def untold(_: object, __: str) -> Iterator[tuple[str, Value]]:
    """What the controller was told for everything: the ledger speaks of it."""
    yield from ()


WORDS: Mapping[tuple[str, str], Callable[[Any, str], Iterator[tuple[str, Value]]]] = {
    ("BackendTrafficPolicy", "rateLimit"): _rate_limit,
    ("BackendTrafficPolicy", "requestBuffer"): _buffer,
    ("BackendTrafficPolicy", "timeout"): _timeout,
    ("BackendTrafficPolicy", "retry"): _retry,
    ("BackendTrafficPolicy", "loadBalancer"): _balancer,
    ("BackendTrafficPolicy", "responseOverride"): _override,
    ("SecurityPolicy", "authorization"): _authorization,
    ("SecurityPolicy", "basicAuth"): _basic_auth,
    ("SecurityPolicy", "cors"): _cors,
    ("SecurityPolicy", "extAuth"): _external_auth,
    ("ClientTrafficPolicy", "tls"): _client_tls,
    ("ClientTrafficPolicy", "clientIPDetection"): untold,
    ("ClientTrafficPolicy", "proxyProtocol"): untold,
    ("BackendTrafficPolicy", "compressor"): untold,
}
"""By kind and field: the facts, from the value and the namespace of the policy."""
