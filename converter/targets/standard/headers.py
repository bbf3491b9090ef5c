"""Header modifiers, the Host header, and cross-origin rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.ingress.names import is_host
from converter.targets.carry import Part
from converter.targets.standard.parts import FILTER, HEADER_NAME, METHODS, MOST_HEADERS, notes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.routing import Cors, HostHeader, Hsts, Location, RequestHeaders, ResponseHeaders
    from converter.routing.headers import Pairs
    from converter.targets.carry import Target

_ORIGIN = re.compile(r"\*|https?://(?:(?:\*\.)?(?:[a-zA-Z0-9-]+\.)*[a-zA-Z0-9-]+)(?::[0-9]{1,5})?\Z")
_MOST_ORIGINS = 64
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer"})
_MAX_AGE = 2**31 - 1


def hsts(behaviour: Hsts, _: Location, target: Target) -> Part:
    if not target.release.has("response-headers"):
        return Part(notes=target.table.rows["hsts.lost"].notes(behaviour.origins))
    header = {"name": "Strict-Transport-Security", "value": behaviour.value}
    modifier = {"type": "ResponseHeaderModifier", "responseHeaderModifier": {"set": [header]}}
    return Part(filters=(modifier,), notes=target.table.rows["hsts"].notes(behaviour.origins, FILTER))


def host_header(behaviour: HostHeader, _: Location, target: Target) -> Part:
    if not is_host(behaviour.host) or behaviour.host.startswith("*."):
        return Part(notes=notes(target, "headers.host-lost", behaviour.origins))
    if not target.release.has("host-rewrite"):
        return Part(notes=notes(target, "headers.host-kept", behaviour.origins))
    rewrite = {"type": "URLRewrite", "urlRewrite": {"hostname": behaviour.host}}
    return Part(filters=(rewrite,), notes=notes(target, "headers.host", behaviour.origins, FILTER))


def request_headers(behaviour: RequestHeaders, _: Location, target: Target) -> Part:
    """Gateway API: the values of a header modifier are text, so variables cannot be said."""
    if not behaviour.values:
        return Part(notes=notes(target, "headers.unknown", behaviour.origins))
    if not target.release.has("request-headers"):
        return Part(notes=notes(target, "headers.request-lost", behaviour.origins))
    if any(name.lower() in _HOP_BY_HOP for name, _ in behaviour.values):
        return Part(notes=notes(target, "headers.connection", behaviour.origins))
    if any("$" in value for _, value in behaviour.values) or not _sayable(behaviour.values):
        return Part(notes=notes(target, "headers.unsayable", behaviour.origins))
    body = _modifier(behaviour.values, (name for name, value in behaviour.values if not value))
    modifier = {"type": "RequestHeaderModifier", "requestHeaderModifier": body}
    return Part(filters=(modifier,), notes=notes(target, behaviour.kind, behaviour.origins, FILTER))


def response_headers(behaviour: ResponseHeaders, _: Location, target: Target) -> Part:
    """Gateway API: a modifier sets no empty value, so a header without one is taken away."""
    if not behaviour.values and not behaviour.removed and not behaviour.added:
        return Part(notes=notes(target, "headers.unknown", behaviour.origins))
    if not target.release.has("response-headers"):
        return Part(notes=notes(target, "headers.response-lost", behaviour.origins))
    removed = dict.fromkeys((*(name for name, value in behaviour.values if not value), *behaviour.removed))
    if not _sayable(behaviour.values) or not _sayable(behaviour.added) or not _are_names(removed):
        return Part(notes=notes(target, "headers.unsayable", behaviour.origins))
    modifier = {
        "type": "ResponseHeaderModifier",
        "responseHeaderModifier": _modifier(behaviour.values, removed, behaviour.added),
    }
    return Part(filters=(modifier,), notes=notes(target, behaviour.kind, behaviour.origins, FILTER))


def _modifier(values: Pairs, removed: Iterable[str], added: Pairs = ()) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if kept := [{"name": name, "value": value} for name, value in values if value]:
        found["set"] = kept
    if beside := [{"name": name, "value": value} for name, value in added]:
        found["add"] = beside
    if gone := list(removed):
        found["remove"] = gone
    return found


def _are_names(names: Iterable[str]) -> bool:
    found = list(names)
    return len(found) <= MOST_HEADERS and all(HEADER_NAME.match(name) for name in found)


def _sayable(values: Pairs) -> bool:
    names = {name.lower() for name, _ in values}
    legal = all(HEADER_NAME.match(name) and len(value) <= 4096 for name, value in values)
    return legal and len(names) == len(values) <= MOST_HEADERS


def cors(behaviour: Cors, _: Location, target: Target) -> Part:
    """Gateway API: ``HTTPCORSFilter``. It echoes ``*`` with credentials, which opens what browsers refuse."""
    legal = tuple(origin for origin in behaviour.allow_origins if _ORIGIN.match(origin))
    if not target.release.has("cors") or not legal or len(legal) > _MOST_ORIGINS:
        return Part(notes=notes(target, "cors.lost", behaviour.origins))
    everyone = legal == ("*",)
    body: dict[str, Any] = {"allowOrigins": list(legal)}
    if behaviour.credentials and not everyone:
        body["allowCredentials"] = True
    body["allowMethods"] = [word for word in _words(behaviour.allow_methods, str.upper) if word in METHODS] or ["GET"]
    if allowed := [name for name in _words(behaviour.allow_headers) if HEADER_NAME.match(name)]:
        body["allowHeaders"] = allowed[:64]
    if exposed := [name for name in _words(behaviour.expose_headers) if HEADER_NAME.match(name)]:
        body["exposeHeaders"] = exposed[:64]
    body["maxAge"] = min(max(behaviour.max_age, 1), _MAX_AGE)
    return Part(
        filters=({"type": "CORS", "cors": body},),
        notes=notes(target, _cors_code(behaviour, legal, everyone=everyone), behaviour.origins, FILTER),
    )


def _cors_code(behaviour: Cors, legal: tuple[str, ...], *, everyone: bool) -> str:
    if legal != behaviour.allow_origins:
        return "cors.origins-lost"
    if any("*." in origin for origin in legal):
        return "cors.wildcard"
    return "cors.everyone" if everyone and behaviour.credentials else "cors"


def _words(text: str, fold: Any = str) -> list[str]:
    """The elements of a list, each once whatever its case."""
    found: dict[str, str] = {}
    for part in text.split(","):
        if word := fold(part.strip()):
            found.setdefault(word.lower(), word)
    return list(found.values())
