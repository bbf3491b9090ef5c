"""What filters do to a request and its response. Gateway API: ``HTTPRouteFilter``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from converter.verify.gateway.cors import is_preflight, of_preflight, of_response
from converter.verify.gateway.extensions import answer_of, filters_of, rewritten
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
    pattern: str
    """The same for a regular expression."""
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
    kind, value = path.get("type", "PathPrefix"), path.get("value", "/")
    prefix = value if kind == "PathPrefix" else ""
    pattern = value if kind == "RegularExpression" else ""
    return Passage(request, prefix, pattern, port, request.host, request.target, request.headers, extensions)


def run(passage: Passage, filters: Sequence[Mapping[str, Any]]) -> Passage:
    """Apply them until one answers.

    The Gateway API leaves their order open. Envoy asks CORS first and an authority second, however they are listed, and
    changes the headers of whatever answers but a preflight.
    """
    for entry in sorted(filters, key=lambda entry: _RANK.get(entry["type"], len(_RANK))):
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
    passage = run(passage, filters_of(found, passage.target, passage.pattern))
    path, mark, query = passage.target.partition("?")
    answer = answer_of(found, passage.request)
    return replace(passage, target=f"{rewritten(found, path)}{mark}{query}", answer=answer)


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
    # A slash at the end of the new prefix counts as little as one at the end of the old.
    start = str(modifier.get("replacePrefixMatch", "")).rstrip("/")
    return f"{start}/{rest.removeprefix('/')}" if rest else start or "/"


def _redirect(passage: Passage, entry: Mapping[str, Any]) -> Passage:
    """Without a port of its own it is the usual one of a new scheme, else that of the listener."""
    body, request = entry["requestRedirect"], passage.request
    scheme = body.get("scheme", request.scheme)
    port = body.get("port") or (_USUAL[scheme] if "scheme" in body else passage.port)
    path, mark, query = request.target.partition("?")
    host = body.get("hostname") or request.hostname
    shown = "" if port == _USUAL[scheme] else f":{port}"
    if "query" in body:
        mark, query = "?" if body["query"] else "", body["query"].replace("#{query}", query)
    location = f"{scheme}://{host}{shown}{_replaced(path, body.get('path'), passage.prefix)}{mark}{query}"
    return replace(passage, answer=Answer(body.get("statusCode", 302), location=location))


def _mirror(passage: Passage, entry: Mapping[str, Any]) -> Passage:
    body = entry["requestMirror"]
    if body.get("percent") == 0 or body.get("fraction", {}).get("numerator") == 0:
        return passage
    return replace(passage, mirrors=(*passage.mirrors, body["backendRef"]))


def _external_auth(passage: Passage, _: Mapping[str, Any]) -> Passage:
    """The service refuses whoever does not show what it asks for."""
    return passage if passage.request.identified else replace(passage, answer=Answer(401))


def _cors(passage: Passage, entry: Mapping[str, Any]) -> Passage:
    """A preflight is answered here; any other request of an allowed origin gets headers with its response."""
    body, request = entry["cors"], passage.request
    if is_preflight(request):
        return replace(passage, answer=Answer(200, set_headers=of_preflight(body, request)))
    return replace(passage, set_headers=(*passage.set_headers, *of_response(body, request)))


_RANK = {"CORS": 0, "ResponseHeaderModifier": 1, "ExternalAuth": 2}
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
