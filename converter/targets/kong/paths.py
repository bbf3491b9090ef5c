"""Redirects, rewrites, and the headers that a rewrite is told together with."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from converter.gateway.regex import is_re2
from converter.routing import MatchKind, Rewrite
from converter.targets.carry import Part
from converter.targets.kong.access import closing
from converter.targets.kong.kinds import CONFIG, plugin
from converter.targets.kong.sides import REDIRECT_STATUS
from converter.targets.rewrites import CAPTURE, Captures, Prefix, read_rewrite, with_known_captures
from converter.targets.standard import headers, redirects
from converter.targets.standard.parts import FILTER, notes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from converter.gateway.drafts import Extension
    from converter.routing import HostHeader, Location, Redirect, RequestHeaders, SslRedirect
    from converter.targets.carry import Target

_TO_HTTPS = (301, 302, 307, 308)
_TRANSFORMER = "request-transformer"
_unsayable = closing(redirects.redirect)


def ssl_redirect(behaviour: SslRedirect, _: Location, target: Target) -> Part:
    """Kong answers plain http for a route that takes nothing but https; :mod:`converter.targets.kong.sides`."""
    known = behaviour.status in _TO_HTTPS
    code = "ssl-redirect" if behaviour.strips_slash else "ssl-redirect.exact"
    place = f"metadata.annotations[{REDIRECT_STATUS}]"
    told = notes(target, code if known else "ssl-redirect.status", behaviour.origins, place)
    return Part(annotations=((REDIRECT_STATUS, str(behaviour.status if known else 308)),), notes=told, answers=True)


def redirect(behaviour: Redirect, location: Location, target: Target) -> Part:
    """A whole address by the plugin for redirects; what takes a part of it from the request, by a line of Lua."""
    address = f"{behaviour.host}{behaviour.path}{behaviour.query}"
    if not redirects.is_sayable(behaviour) or not address.isprintable():
        return _unsayable(replace(behaviour, host="$"), location, target)
    code = "redirect.exact" if behaviour.kind == "redirect" else behaviour.kind
    told = target.table.rows[code].notes(behaviour.origins, CONFIG)
    if behaviour.scheme in ("http", "https") and behaviour.host and _is_whole(behaviour):
        config = {"status_code": behaviour.status, "location": _address(behaviour)}
        kept = {} if behaviour.path else {"keep_incoming_path": True}
        return _answering(plugin("redirect", {**config, **kept}, told))
    lines = [f"kong.response.exit({behaviour.status}, nil, {{Location = {_lua(behaviour)}}})"]
    return _answering(plugin("pre-function", {"access": lines}, told))


def _answering(extension: Extension) -> Part:
    return Part(extensions=(extension,), answers=True)


def _is_whole(behaviour: Redirect) -> bool:
    """The plugin takes path and query of the request together, or neither."""
    return not behaviour.keeps_query if behaviour.path else behaviour.keeps_query and not behaviour.query


def _address(behaviour: Redirect) -> str:
    port = f":{behaviour.port}" if behaviour.port else ""
    query = f"?{behaviour.query}" if behaviour.query else ""
    return f"{behaviour.scheme}://{behaviour.host}{port}{behaviour.path}{query}"


def _lua(behaviour: Redirect) -> str:
    """The address as an expression; text is quoted as Lua takes it, since nothing in it is a control character."""
    parts = [] if behaviour.relative else list(_origin(behaviour))
    parts.append(_quoted(behaviour.path) if behaviour.path else "kong.request.get_path()")
    if behaviour.query:
        parts.append(_quoted(f"?{behaviour.query}"))
    elif behaviour.keeps_query:
        parts.append('(kong.request.get_raw_query() ~= "" and "?" .. kong.request.get_raw_query() or "")')
    return " .. ".join(parts)


def _origin(behaviour: Redirect) -> Sequence[str]:
    scheme = _quoted(f"{behaviour.scheme}://") if behaviour.scheme else 'kong.request.get_scheme() .. "://"'
    port = f":{behaviour.port}" if behaviour.port else ""
    return scheme, _quoted(f"{behaviour.host}{port}") if behaviour.host else "kong.request.get_host()"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def rewrite(behaviour: Rewrite, location: Location, target: Target) -> Part:
    """What the pattern of the path captured is known to the plugin, which replaces the whole path.

    Kong: ``request-transformer``, ``config.replace.uri``.
    """
    if not _by_captures(behaviour, location):
        return redirects.rewrite(behaviour, location, target)
    known = with_known_captures(behaviour.pattern, behaviour.target)
    uri = CAPTURE.sub(r"$(uri_captures[\1])", known)
    told = notes(target, "rewrite.regex", behaviour.origins, CONFIG)
    return Part(extensions=(plugin(_TRANSFORMER, {"replace": {"uri": uri}}, told),))


def _by_captures(behaviour: Rewrite, location: Location) -> bool:
    match = location.match
    same = match.kind is MatchKind.REGEX and match.value == behaviour.pattern != "/"
    reading = read_rewrite(behaviour.pattern, behaviour.target)
    return same and isinstance(reading, Captures | Prefix) and is_re2(behaviour.pattern)


def request_headers(behaviour: RequestHeaders, location: Location, target: Target) -> Part:
    part = headers.request_headers(behaviour, location, target)
    if not part.filters or not _transformed(location):
        return part
    body = part.filters[0]["requestHeaderModifier"]
    values = [f"{header['name']}:{header['value']}" for header in body.get("set", [])]
    return _told_together(part, values, body.get("remove", []))


def host_header(behaviour: HostHeader, location: Location, target: Target) -> Part:
    part = headers.host_header(behaviour, location, target)
    if not part.filters or not _transformed(location):
        return part
    return _told_together(part, [f"host:{behaviour.host}"], [])


def _transformed(location: Location) -> bool:
    """Whether the plugin that a filter of the Gateway API becomes is there already, told by us."""
    return any(isinstance(each, Rewrite) and _by_captures(each, location) for each in location.behaviours)


def _told_together(part: Part, values: Sequence[str], removed: Sequence[str]) -> Part:
    """A header that is there is replaced, and one that is not is added."""
    config: dict[str, Mapping[str, Any]] = {}
    if values:
        config |= {"replace": {"headers": list(values)}, "add": {"headers": list(values)}}
    if removed:
        config["remove"] = {"headers": list(removed)}
    told = tuple(replace(note, path=CONFIG) if note.path == FILTER else note for note in part.notes)
    return Part(extensions=(plugin(_TRANSFORMER, config, told),))
