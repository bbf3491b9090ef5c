"""What filters do to a request and its response. Gateway API: ``HTTPRouteFilter``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from converter.verify.gateway.extensions import rewritten
from converter.verify.gateway.hostnames import fits
from converter.verify.messages import Answer, Forwarded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from converter.verify.gateway.extensions import Identity
    from converter.verify.messages import Headers, Request

_USUAL = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Passage:
    """A request on its way through the filters of a rule."""

    request: Request
    prefix: str
    """The path of the match, for the filters that replace it."""
    port: int
    """Of the listener."""
    host: str
    target: str
    headers: Headers
    extensions: tuple[Mapping[Identity, Mapping[str, Any]], str]
    """What is known of extensions, and the namespace of the route, where they are looked up."""
    set_headers: Headers = ()
    added_headers: Headers = ()
    removed_headers: tuple[str, ...] = ()
    mirrors: tuple[Mapping[str, Any], ...] = field(default=())
    answer: Answer | None = None
    """Set once a filter has answered."""

    @property
    def forwarded(self) -> Forwarded:
        return Forwarded(self.request.method, self.host, self.target, self.headers)


def enter(
    request: Request,
    match: Mapping[str, Any],
    port: int,
    extensions: tuple[Mapping[Identity, Mapping[str, Any]], str],
) -> Passage:
    path = match.get("path", {})
    prefix = path.get("value", "/") if path.get("type", "PathPrefix") == "PathPrefix" else ""
    return Passage(request, prefix, port, request.host, request.target, request.headers, extensions)


def run(passage: Passage, filters: Sequence[Mapping[str, Any]]) -> Passage:
    """Apply them as they are listed, until one answers."""
    for entry in filters:
        if passage.answer is None:
            passage = _FILTERS.get(entry["type"], _unknown)(passage, entry)
    return passage


def _extension(passage: Passage, entry: Mapping[str, Any]) -> Passage:
    """An extension of an implementation; what it does is passed over unless it is known."""
    known, namespace = passage.extensions
    reference = entry["extensionRef"]
    found = known.get((reference["kind"], namespace, reference["name"]))
    if found is None:
        return passage
    path, mark, query = passage.target.partition("?")
    return replace(passage, target=f"{rewritten(found, path)}{mark}{query}")


def _unknown(passage: Passage, _: Mapping[str, Any]) -> Passage:
    """A filter of a later release."""
    return passage


def _request_headers(passage: Passage, entry: Mapping[str, Any]) -> Passage:
    body = entry["requestHeaderModifier"]
    headers = list(passage.headers)
    for header in body.get("set", []):
        headers = [*_without(headers, header["name"]), (header["name"], header["value"])]
    for header in body.get("add", []):
        found = next((value for name, value in headers if name.lower() == header["name"].lower()), None)
        value = header["value"] if found is None else f"{found},{header['value']}"
        headers = [*_without(headers, header["name"]), (header["name"], value)]
    for name in body.get("remove", []):
        headers = _without(headers, name)
    return replace(passage, headers=tuple(headers))


def _without(headers: Sequence[tuple[str, str]], name: str) -> list[tuple[str, str]]:
    return [pair for pair in headers if pair[0].lower() != name.lower()]


def _response_headers(passage: Passage, entry: Mapping[str, Any]) -> Passage:
    body = entry["responseHeaderModifier"]
    fresh = tuple((header["name"], header["value"]) for header in body.get("set", []))
    added = tuple((header["name"], header["value"]) for header in body.get("add", []))
    removed = tuple(name.lower() for name in body.get("remove", []))
    return replace(
        passage,
        set_headers=(*passage.set_headers, *fresh),
        added_headers=(*passage.added_headers, *added),
        removed_headers=(*passage.removed_headers, *removed),
    )


def _rewrite(passage: Passage, entry: Mapping[str, Any]) -> Passage:
    body = entry["urlRewrite"]
    path, mark, query = passage.target.partition("?")
    changed = _replaced(path, body.get("path"), passage.prefix)
    return replace(passage, host=body.get("hostname", passage.host), target=f"{changed}{mark}{query}")


def _replaced(path: str, modifier: Mapping[str, Any] | None, prefix: str) -> str:
    """``HTTPPathModifier``: a prefix is replaced by whole elements, and what is left never lacks its slash."""
    if modifier is None:
        return path
    if modifier["type"] == "ReplaceFullPath":
        return str(modifier.get("replaceFullPath", ""))
    rest = path.removeprefix(prefix.rstrip("/"))
    start = str(modifier.get("replacePrefixMatch", ""))
    if rest:
        return f"{start.rstrip('/')}/{rest.removeprefix('/')}"
    return start or "/"


def _redirect(passage: Passage, entry: Mapping[str, Any]) -> Passage:
    """Without a port of its own it is the usual one of a new scheme, else that of the listener."""
    body, request = entry["requestRedirect"], passage.request
    scheme = body.get("scheme", request.scheme)
    port = body.get("port") or (_USUAL[scheme] if "scheme" in body else passage.port)
    path, mark, query = request.target.partition("?")
    host = body.get("hostname") or request.hostname
    shown = "" if port == _USUAL[scheme] else f":{port}"
    location = f"{scheme}://{host}{shown}{_replaced(path, body.get('path'), passage.prefix)}{mark}{query}"
    return replace(passage, answer=Answer(body.get("statusCode", 302), location=location))


def _mirror(passage: Passage, entry: Mapping[str, Any]) -> Passage:
    return replace(passage, mirrors=(*passage.mirrors, entry["requestMirror"]["backendRef"]))


def _external_auth(passage: Passage, _: Mapping[str, Any]) -> Passage:
    """The service refuses whoever does not show what it asks for."""
    return passage if passage.request.identified else replace(passage, answer=Answer(401))


def _cors(passage: Passage, entry: Mapping[str, Any]) -> Passage:
    """A preflight is answered here; any other request of an allowed origin gets headers with its response."""
    body, request = entry["cors"], passage.request
    origin = request.header("Origin")
    if origin is None:
        return passage
    preflight = request.method == "OPTIONS" and request.header("Access-Control-Request-Method") is not None
    allowed = any(_allows(written, origin) for written in body.get("allowOrigins", []))
    if not allowed:
        return replace(passage, answer=Answer(403)) if preflight else passage
    headers = _cors_headers(body, request, origin, preflight=preflight)
    if preflight:
        return replace(passage, answer=Answer(204, set_headers=headers))
    return replace(passage, set_headers=(*passage.set_headers, *headers))


def _allows(written: str, origin: str) -> bool:
    if written == "*":
        return True
    scheme, _, authority = written.partition("://")
    sent_scheme, _, sent = origin.partition("://")
    host, _, port = authority.partition(":")
    sent_host, _, sent_port = sent.partition(":")
    return (scheme, port) == (sent_scheme, sent_port) and (host == "*" or (bool(host) and fits(host, sent_host)))


def _cors_headers(body: Mapping[str, Any], request: Request, origin: str, *, preflight: bool) -> Headers:
    """With credentials nothing is answered by ``*``: browsers would refuse it."""
    credentials = body.get("allowCredentials") is True
    star = "*" in body.get("allowOrigins", []) and not credentials
    found = [("Access-Control-Allow-Origin", "*" if star else origin)]
    if credentials:
        found.append(("Access-Control-Allow-Credentials", "true"))
    if exposed := body.get("exposeHeaders"):
        found.append(("Access-Control-Expose-Headers", _listed(exposed, None, credentials=credentials)))
    if not preflight:
        return tuple(found)
    asked = (("allowMethods", "Access-Control-Request-Method"), ("allowHeaders", "Access-Control-Request-Headers"))
    for key, header in asked:
        if body.get(key):
            value = _listed(body[key], request.header(header), credentials=credentials)
            found.append((header.replace("Request-Method", "Allow-Methods").replace("Request", "Allow"), value))
    return (*found, ("Access-Control-Max-Age", str(body.get("maxAge", 5))))


def _listed(words: Sequence[str], asked: str | None, *, credentials: bool) -> str:
    return asked if credentials and "*" in words and asked else ", ".join(words)


_FILTERS: Mapping[str, Callable[[Passage, Mapping[str, Any]], Passage]] = {
    "RequestHeaderModifier": _request_headers,
    "ResponseHeaderModifier": _response_headers,
    "URLRewrite": _rewrite,
    "RequestRedirect": _redirect,
    "RequestMirror": _mirror,
    "CORS": _cors,
    "ExtensionRef": _extension,
    "ExternalAuth": _external_auth,
}
