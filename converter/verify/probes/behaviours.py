"""Requests that show what a location or a rule does besides sending them on: who is let in, who comes from where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from converter import routing
from converter.verify.probes.model import Probe
from converter.verify.samples import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from converter.routing import Location
    from converter.verify.messages import Request

ELSEWHERE = "https://elsewhere.invalid"
"""An origin that nobody allows unless everybody may come."""
_OUTSIDE = "192.0.2.1"
_LARGEST_BODY = 32 << 20
"""More is too much to send for one answer."""


def of_location(location: Location, request: Request) -> Iterator[Probe]:
    """``request`` is one that the location takes, of a client who is let in."""
    for behaviour in location.behaviours:
        yield from _PROBES.get(type(behaviour), _none)(behaviour, request)


def with_header(request: Request, name: str, value: str) -> Request:
    return replace(request, headers=(*request.headers, (name, value)))


def of_origins(origins: tuple[str, ...], request: Request) -> Iterator[Probe]:
    """Pages of an allowed origin and of another one: what they ask beforehand, and then."""
    if origins:
        allowed = origins[0].replace("://*.", "://any.").replace("*", "https://any.invalid")
        if "://*." in origins[0]:
            deep = origins[0].replace("://*.", "://any.other.")
            yield Probe(with_header(request, "Origin", deep), f"of a page from {deep}")
        yield from _asked_by(allowed, request)
    yield from _asked_by(ELSEWHERE, request)
    yield Probe(replace(request, method="OPTIONS"), "OPTIONS of no page")


def _asked_by(origin: str, request: Request) -> Iterator[Probe]:
    preflight = with_header(replace(request, method="OPTIONS"), "Origin", origin)
    yield Probe(with_header(preflight, "Access-Control-Request-Method", "GET"), f"what a page from {origin} asks first")
    yield Probe(with_header(request, "Origin", origin), f"of a page from {origin}")


def _none(_: Any, __: Request) -> Iterator[Probe]:
    return iter(())


def _cors(rule: routing.Cors, request: Request) -> Iterator[Probe]:
    return of_origins(rule.allow_origins, request)


def _query(_: Any, request: Request) -> Iterator[Probe]:
    if not request.query:
        yield Probe(replace(request, target=f"{request.target}?a=1&b=%2F"), "with a query")
        yield Probe(replace(request, target=f"{request.target}?a=/"), "with a query that ends in a slash")


def _split(rule: routing.Split, request: Request) -> Iterator[Probe]:
    if rule.header:
        patterned = texts(rule.header_pattern)[:1] if rule.header_pattern else ()
        for value in (*filter(None, [rule.header_value]), *patterned, "always", "never", "other"):
            yield Probe(with_header(request, rule.header, value), f"canary header {rule.header}: {value}")
    if rule.cookie:
        for value in ("always", "never", "other"):
            yield Probe(
                with_header(request, "Cookie", f"{rule.cookie}={value}"), f"canary cookie {rule.cookie}={value}"
            )
    if rule.header and rule.cookie:
        both = with_header(with_header(request, rule.header, "never"), "Cookie", f"{rule.cookie}=always")
        yield Probe(both, "canary header and cookie that disagree")


def _affinity(rule: routing.Affinity, request: Request) -> Iterator[Probe]:
    yield Probe(with_header(request, "Cookie", f"{rule.cookie}=known"), f"of a client with a cookie {rule.cookie}")


def _body(rule: routing.BodyLimit, request: Request) -> Iterator[Probe]:
    if 0 < rule.size <= _LARGEST_BODY:
        for size, what in ((rule.size, "as large as allowed"), (rule.size + 1, "larger than allowed")):
            yield Probe(replace(request, method="POST", body=size), f"a body {what}")


def _blocked(rule: routing.BlockList, request: Request) -> Iterator[Probe]:
    for pattern in rule.patterns:
        bare = pattern.removeprefix("~").removeprefix("*")
        for value in texts(bare)[:1] if pattern.startswith("~") else (pattern,):
            yield Probe(with_header(request, rule.header, value), f"{rule.header}: {value}, which is blocked")
    yield Probe(with_header(request, rule.header, "somebody"), f"{rule.header}: somebody, which is not blocked")


def _conditional(rule: routing.Conditional, request: Request) -> Iterator[Probe]:
    """Requests that meet the condition, and some that do not."""
    condition = rule.condition
    values = texts(condition.value)[:1] if condition.pattern else (condition.value or "something",)
    for value in (*values, "other"):
        if condition.subject == "header":
            yield Probe(with_header(request, condition.name, value), f"{condition.name}: {value}")
        elif condition.subject == "query":
            yield Probe(
                replace(request, target=f"{request.path}?{condition.name}={value}"), f"?{condition.name}={value}"
            )
        elif condition.subject == "method" and value.isupper():
            yield Probe(replace(request, method=value), value)


def _guard(_: Any, request: Request) -> Iterator[Probe]:
    yield Probe(replace(request, identified=False), "of a client who shows nothing")


def _addresses(_: routing.AccessList, request: Request) -> Iterator[Probe]:
    yield Probe(replace(request, client=_OUTSIDE), f"of a client at {_OUTSIDE}")


def _any_of(rule: routing.AnyOf, request: Request) -> Iterator[Probe]:
    yield from _guard(rule, request)
    for guard in rule.guards:
        if isinstance(guard, routing.AccessList):
            outside = replace(request, client=_OUTSIDE)
            yield Probe(outside, f"of a client at {_OUTSIDE} with a password")
            yield Probe(replace(outside, identified=False), f"of a client at {_OUTSIDE} who shows nothing")


_PROBES: Mapping[type, Callable[[Any, Request], Iterator[Probe]]] = {
    routing.Conditional: _conditional,
    routing.Cors: _cors,
    routing.Redirect: _query,
    routing.SslRedirect: _query,
    routing.Rewrite: _query,
    routing.Split: _split,
    routing.Affinity: _affinity,
    routing.BodyLimit: _body,
    routing.BlockList: _blocked,
    routing.Password: _guard,
    routing.ExternalAuth: _guard,
    routing.ClientCertificate: _guard,
    routing.AccessList: _addresses,
    routing.AnyOf: _any_of,
}
