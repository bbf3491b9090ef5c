"""What the filter for requests of other origins answers and adds. Gateway API: ``HTTPCORSFilter``.

The API lets a preflight be answered with 200 or 204, and leaves open what a preflight of another origin gets, and
whether ``*`` is said as such: here it is as Envoy does it, which answers both with 200 and names what was asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.verify.gateway.hostnames import fits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.verify.messages import Headers, Request


def is_preflight(request: Request) -> bool:
    """Whether a browser asks before it sends the request that it has in mind."""
    asked = request.header("Origin") and request.header("Access-Control-Request-Method")
    return request.method == "OPTIONS" and bool(asked)


def of_preflight(body: Mapping[str, Any], request: Request) -> Headers:
    """The headers of the answer: what is allowed is said to every origin, but only one that is allowed is named."""
    found = [*(of_response(body, request) or _credentials(body))]
    for key, name, asked in (("allowMethods", "Methods", "Method"), ("allowHeaders", "Headers", "Headers")):
        if words := body.get(key):
            wanted = request.header(f"Access-Control-Request-{asked}") or ""
            found.append((f"Access-Control-Allow-{name}", wanted if words == ["*"] else ", ".join(words)))
    return (*found, ("Access-Control-Max-Age", str(body.get("maxAge", 5))))


def of_response(body: Mapping[str, Any], request: Request) -> Headers:
    """The headers that a response gets, whoever it is of; none for an origin that is not allowed."""
    origin = request.header("Origin") or ""
    if not origin or not any(_allows(written, origin) for written in body.get("allowOrigins", [])):
        return ()
    exposed = body.get("exposeHeaders")
    return (
        ("Access-Control-Allow-Origin", origin),
        *_credentials(body),
        *((("Access-Control-Expose-Headers", ", ".join(exposed)),) if exposed else ()),
    )


def _credentials(body: Mapping[str, Any]) -> Headers:
    return (("Access-Control-Allow-Credentials", "true"),) if body.get("allowCredentials") is True else ()


def _allows(written: str, origin: str) -> bool:
    if written == "*":
        return True
    scheme, _, authority = written.partition("://")
    sent_scheme, _, sent = origin.partition("://")
    host, _, port = authority.partition(":")
    sent_host, _, sent_port = sent.partition(":")
    return (scheme, port) == (sent_scheme, sent_port) and (host == "*" or (bool(host) and fits(host, sent_host)))
