"""Which Service gets a request, and how it sees it: the balancer and ``proxy_pass``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from converter.routing import Affinity, ExternalAuth, HostHeader, Mirror, Password, RequestHeaders, Rewrite, Split
from converter.verify.messages import Endpoint, Forwarded, Share
from converter.verify.source.paths import encoded, normalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.routing import Backend, Location
    from converter.verify.messages import Headers, Request
    from converter.verify.source.claims import Claims

_ANEW = frozenset({"proxy", "x-real-ip", "x-scheme"}) | {
    f"x-forwarded-{word}" for word in ("for", "host", "port", "proto", "scheme")
}
_CAPTURE = re.compile(r"\$([1-9])")


def shares(location: Location, request: Request, claims: Claims) -> tuple[Share, ...]:
    """One backend, or two when chance decides."""
    assert location.backend is not None  # noqa: S101  the caller has looked
    sent = forwarded(location, request, claims)
    main = _endpoint(location.backend)
    split = next((behaviour for behaviour in location.behaviours if isinstance(behaviour, Split)), None)
    if split is None:
        return (Share(main, 1.0, sent),)
    other, part = _endpoint(split.backend), _part(split, request)
    found = [Share(other, part, sent)] if part else []
    if part < 1:
        found.append(Share(main, 1 - part, sent))
    return tuple(sorted(found, key=lambda share: str(share.endpoint)))


def _endpoint(backend: Backend) -> Endpoint:
    return Endpoint(backend.namespace, backend.service, backend.port)


def _part(split: Split, request: Request) -> float:
    """``route_to_alternative_balancer``: how many of such requests go to the other Service."""
    for decided in (_by_header(split, request), _by_cookie(split, request)):
        if decided is not None:
            return float(decided)
    return min(split.weight / split.total, 1.0)


def _by_header(split: Split, request: Request) -> bool | None:
    value = request.header(split.header) if split.header else None
    if value is None:
        return None
    if split.header_value:
        return True if value == split.header_value else None
    if split.header_pattern:
        try:
            return True if re.search(split.header_pattern, value) else None
        except re.error:
            return False
    return {"always": True, "never": False}.get(value)


def _by_cookie(split: Split, request: Request) -> bool | None:
    if not split.cookie:
        return None
    pairs = (pair.strip().partition("=") for pair in (request.header("Cookie") or "").split(";"))
    value = next((value for name, _, value in pairs if name == split.cookie), "")
    return {"always": True, "never": False}.get(value)


def forwarded(location: Location, request: Request, claims: Claims) -> Forwarded:
    """The request as the backend gets it."""
    host, headers = claims.host, [*_passed(request), *_about_the_client(claims)]
    for behaviour in location.behaviours:
        if isinstance(behaviour, HostHeader):
            host = behaviour.host
        elif isinstance(behaviour, RequestHeaders):
            headers = _with(headers, behaviour)
        elif isinstance(behaviour, ExternalAuth):
            told = {name.lower() for name in behaviour.response_headers}
            headers = [pair for pair in headers if pair[0].lower() not in told]
        elif isinstance(behaviour, Password):
            headers = [pair for pair in headers if pair[0].lower() != "authorization"]
    return Forwarded(request.method, host, _target(location, request), tuple(headers))


def _with(headers: Sequence[tuple[str, str]], added: RequestHeaders) -> list[tuple[str, str]]:
    """What is set takes the place of what the client says, and stands beside what is sent of every request anyway."""
    values = {name.lower(): (name, value) for name, value in added.values}
    kept = []
    for name, value in headers:
        _, other = values.get(name.lower(), ("", ""))
        if name.lower() in _ANEW and other:
            del values[name.lower()]
            kept.append((name, f"{value},{other}"))
        elif name.lower() not in values or name.lower() in _ANEW:
            kept.append((name, value))
    return [*kept, *(pair for pair in values.values() if pair[1])]


def _passed(request: Request) -> Headers:
    """Headers with an underscore are dropped, as is ``Proxy``; what says who the client is, is written anew.

    Claims that are not believed are kept under another name.
    """
    kept = [pair for pair in request.headers if "_" not in pair[0] and pair[0].lower() not in _ANEW]
    said = {f"X-Original-Forwarded-{word}": request.header(f"X-Forwarded-{word}") for word in ("For", "Host")}
    return (*kept, *((name, value) for name, value in said.items() if value))


def _about_the_client(claims: Claims) -> Headers:
    return (
        ("X-Real-IP", claims.client),
        ("X-Forwarded-For", claims.client),
        ("X-Forwarded-Host", claims.host),
        ("X-Forwarded-Port", claims.port),
        ("X-Forwarded-Proto", claims.scheme),
        ("X-Forwarded-Scheme", claims.scheme),
        ("X-Scheme", claims.scheme),
    )


def _target(location: Location, request: Request) -> str:
    """As it was sent, unless it is rewritten: then the whole path is replaced, and the query stays."""
    rewrite = next((behaviour for behaviour in location.behaviours if isinstance(behaviour, Rewrite)), None)
    if rewrite is None:
        return request.target
    try:
        flags = re.IGNORECASE if rewrite.any_case else 0
        found = re.search(rewrite.pattern, normalised(request.path), flags)
    except re.error:
        found = None
    if found is None:
        return request.target
    groups = dict(enumerate(found.groups(), start=1))
    path = _CAPTURE.sub(lambda capture: groups.get(int(capture[1])) or "", rewrite.target)
    return encoded(path) + (f"?{request.query}" if request.query else "")


def mirrors(location: Location) -> tuple[str, ...]:
    return tuple(behaviour.url for behaviour in location.behaviours if isinstance(behaviour, Mirror))


def sticky_cookie(location: Location, request: Request) -> str | None:
    """The cookie for a client that has none yet."""
    affinity = next((behaviour for behaviour in location.behaviours if isinstance(behaviour, Affinity)), None)
    if affinity is None or f"{affinity.cookie}=" in (request.header("Cookie") or ""):
        return None
    attributes = [f"Path={affinity.path or location.match.value}"]
    if affinity.expires is not None:
        attributes.append(f"Expires=in {affinity.expires} s")
    if affinity.max_age is not None:
        attributes.append(f"Max-Age={affinity.max_age}")
    attributes += ["Secure"] if affinity.secure or request.scheme == "https" else []
    return "; ".join([f"{affinity.cookie}=...", *attributes, "HttpOnly"])
