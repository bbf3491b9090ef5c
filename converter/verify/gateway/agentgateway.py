"""The policies of agentgateway: in words, and what they keep from a backend."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from converter.verify.gateway.envoy_gateway import expression, named, untold
from converter.verify.gateway.texts import is_within, literal
from converter.verify.messages import Answer
from converter.verify.words import count, seconds, size, tries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from converter.verify.facts import Value
    from converter.verify.messages import Request

KIND = "AgentgatewayPolicy"
_CIDR = re.compile(r'cidr\("([^"]+)"\)')
_REPLACED = re.compile(r"""request\.path\.regexReplace\(("(?:[^"\\]|\\.)*"), ("(?:[^"\\]|\\.)*")\)""")
_DENIED = re.compile(r"!\((cidr\(.*)\)\Z")


def lists(written: str) -> dict[str, list[str]]:
    """The networks of an expression about the address of a client."""
    denied = _DENIED.search(written)
    rest = written[: denied.start()] if denied else written
    found = {"allowed": _CIDR.findall(rest), "denied": _CIDR.findall(denied[1]) if denied else []}
    return {word: networks for word, networks in found.items() if networks}


def lets_in(written: str, request: Request, holds: Callable[[str, Request], bool]) -> bool:
    """Whether an expression that is required is true; ``holds`` knows those about headers."""
    if "request.headers" in written:
        return not holds(written, request)
    found = lists(written)
    if any(is_within(request.client, each) for each in found.get("denied", ())):
        return False
    return "allowed" not in found or any(is_within(request.client, each) for each in found["allowed"])


def refused(traffic: Mapping[str, Any], request: Request, holds: Callable[[str, Request], bool]) -> Answer | None:
    """What the policy answers in place of the backend."""
    if "status" in traffic.get("directResponse", {}):
        return Answer(traffic["directResponse"]["status"])
    required = traffic.get("authorization", {}).get("policy", {}).get("matchExpressions", [])
    if not all(lets_in(each, request, holds) for each in required):
        return Answer(403)
    if not request.identified and ("basicAuthentication" in traffic or "extAuth" in traffic):
        redirect = traffic.get("extAuth", {}).get("http", {}).get("redirect")
        return Answer(302, location=_text(redirect, request)) if redirect else Answer(401)
    limit = traffic.get("buffer", {}).get("request", {}).get("maxBytes")
    return Answer(413) if limit and request.body > count(str(limit)) else None


def replacement(spec: Mapping[str, Any]) -> dict[str, str] | None:
    """What the policy puts in place of a path, as pattern and substitution."""
    changed = spec.get("traffic", {}).get("transformation", {}).get("request", {}).get("set", ())
    found = [match for each in changed if each["name"] == ":path" and (match := _REPLACED.match(each["value"]))]
    if not found:
        return None
    pattern, substitution = map(json.loads, found[0].groups())
    return {"pattern": pattern, "substitution": substitution}


def _text(written: str, request: Request) -> str:
    known = {"request.host": request.host, "request.scheme": request.scheme, "request.path": request.path}
    return "".join(known[word] if word in known else literal(word) for word in written.split(" + "))


def _traffic(value: Mapping[str, Any], home: str) -> Iterator[tuple[str, Value]]:
    for field, words in _TRAFFIC.items():
        if field in value:
            yield from words(value[field], home)


def _authorization(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    for each in value["policy"]["matchExpressions"]:
        yield from expression(each.removeprefix("!("))
        if found := lists(each):
            yield "addresses", {word: ", ".join(networks) for word, networks in found.items()}


def _basic_auth(value: Mapping[str, Any], home: str) -> Iterator[tuple[str, Value]]:
    yield "basic auth", f"users in {named(value['secretRef'], home) if 'secretRef' in value else 'the policy'}"


def _external_auth(value: Mapping[str, Any], home: str) -> Iterator[tuple[str, Value]]:
    http = value.get("http", {})
    path = literal(http.get("path", '"/"'))
    asked = named(value["backendRef"], home) if "backendRef" in value else ""
    signin = {"sign-in": http["redirect"]} if "redirect" in http else {}
    yield "external auth", {"asks": f"{asked}{'' if path == '/' else path}", **signin}


def _retry(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    yield "retries", tries(value.get("attempts", 1) + 1, map(str, value.get("codes", ())))


def _buffer(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    if limit := value.get("request", {}).get("maxBytes"):
        yield "body limit", size(count(str(limit)))


def _backend(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    if "tls" in value:
        yield "backend protocol", "https"
    if text := value.get("tcp", {}).get("connectTimeout"):
        yield "proxy-connect-timeout", seconds(text).removesuffix(" s")


_TRAFFIC: Mapping[str, Callable[[Any, str], Iterator[tuple[str, Value]]]] = {
    "authorization": _authorization,
    "basicAuthentication": _basic_auth,
    "extAuth": _external_auth,
    "retry": _retry,
    "buffer": _buffer,
}
WORDS: Mapping[tuple[str, str], Callable[[Any, str], Iterator[tuple[str, Value]]]] = {
    (KIND, "traffic"): _traffic,
    (KIND, "backend"): _backend,
    (KIND, "frontend"): untold,
}
"""By kind and field: the facts, from the value and the namespace of the policy."""
