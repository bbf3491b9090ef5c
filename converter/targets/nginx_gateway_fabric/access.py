"""Who gets through, in nginx's own words: lists of addresses, an authentication service, and any one of several."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from converter.gateway.drafts import BackendRef, PathMatch, RuleDraft
from converter.gateway.paths import ASKED_WITHIN
from converter.ingress.names import is_host
from converter.nginx.writing import quoted
from converter.routing import AccessList as Addresses
from converter.routing import AnyOf, RequestHeaders
from converter.targets import envoy
from converter.targets.carry import Part
from converter.targets.nginx_gateway_fabric.lines import unknown
from converter.targets.nginx_gateway_fabric.said import or_else
from converter.targets.nginx_gateway_fabric.snippets import line, offered, said
from converter.targets.nginx_gateway_fabric.table import generated
from converter.targets.standard import access as standard
from converter.targets.standard.access import guard
from converter.targets.standard.parts import HEADER_NAME, auth_service, notes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.gateway.drafts import Note
    from converter.routing import AccessList, ExternalAuth, Location
    from converter.targets.carry import Target
    from converter.targets.standard.parts import ClusterAddress

_SAME = {"escaped_request_uri": "request_uri", "pass_access_scheme": "scheme", "best_http_host": "http_host"}
"""Variables of ingress-nginx in the address of a sign-in, and what comes next to them."""
_THEIRS = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_ASKED_WITH = (
    ("Content-Length", ""),
    ("X-Original-URL", "$scheme://$http_host$request_uri"),
    ("X-Original-Method", "$request_method"),
    ("X-Sent-From", "nginx-ingress-controller"),
    ("X-Auth-Request-Redirect", "$request_uri"),
)
"""What ingress-nginx tells an authentication service besides; NGINX Gateway Fabric sets the rest."""


def access_list(behaviour: AccessList, location: Location, target: Target) -> Part:
    """nginx takes the first line that fits; what is denied is denied whatever is allowed."""
    closed = guard(behaviour, location, target)
    allow, deny = envoy.networks(behaviour.allow), envoy.networks(behaviour.deny)
    lists = [each for each in location.behaviours if isinstance(each, Addresses | AnyOf)]
    if allow is None or deny is None or len(lists) > 1:
        return closed
    lines = [line("deny", each) for each in deny] + [line("allow", each) for each in allow]
    return or_else([*lines, *(["deny all;"] if allow else [])], "access.snippet", behaviour, target, closed)


def any_of(behaviour: AnyOf, location: Location, target: Target) -> Part:
    """nginx: ``satisfy any``; the same access rules have to be there, each in its own words."""
    otherwise, allowed = standard.any_of(behaviour, location, target), replace(target, snippets=True)
    parts = [allowed.carry(each, location) for each in behaviour.guards]
    if len(parts) < 2 or not all(part.extensions for part in parts):
        return otherwise
    if not target.snippets:
        return offered(otherwise, target)
    own = {origin for each in behaviour.guards for origin in each.origins}
    satisfy = [origin for origin in behaviour.origins if origin not in own]
    return Part(
        filters=tuple(entry for part in parts for entry in part.filters),
        extensions=(
            said(["satisfy any;"], notes(target, "access.any-of", satisfy)),
            *(extension for part in parts for extension in part.extensions),
        ),
        notes=tuple(note for part in parts for note in part.notes),
        further=tuple(rule for part in parts for rule in part.further),
    )


def external_auth(behaviour: ExternalAuth, location: Location, target: Target) -> Part:
    """nginx asks a location of the same server, which leads to the service, as ingress-nginx has it.

    That location is a rule of its own: nginx would look a name up when it starts, and refuse everything without an
    answer, where a rule that names a Service follows its endpoints.
    """
    closed = guard(behaviour, location, target)
    service = auth_service(behaviour)
    signin = _signin(behaviour.signin)
    lines = _asking(behaviour, location, signin)
    if service is None or not _is_sayable(service, target) or None in lines or unknown(signin):
        return closed
    if not target.snippets:
        return offered(closed, target)
    asked = _asked_rule(behaviour, service, location)
    written = [f"auth_request {asked.match.value};", *(each for each in lines if each is not None)]
    told = (*_told(behaviour, target), *notes(target, "auth.external-extra", behaviour.extras))
    return Part(extensions=(said(written, told),), further=(asked,))


def _is_sayable(service: ClusterAddress, target: Target) -> bool:
    plain = service.scheme == "http" and "$" not in service.path and quoted(service.path) is not None
    return plain and target.release.has("path-rewrite")


def _asking(behaviour: ExternalAuth, location: Location, signin: str) -> list[str | None]:
    """Cookies of the service go to the client, some of its headers to the backend, and who is refused to sign in."""
    taken = {*generated()["request-headers"], *_set_already(location)}
    names = list(dict.fromkeys(behaviour.response_headers))
    if any(not HEADER_NAME.match(name) or name.lower() in taken for name in names):
        return [None]
    lines = [
        line("auth_request_set", "$auth_cookie", "$upstream_http_set_cookie"),
        line("add_header", "Set-Cookie", "$auth_cookie"),
    ]
    for index, name in enumerate(names):
        variable = f"$auth_header_{index}"
        header = re.sub(r"[^a-z0-9]", "_", name.lower())
        lines.append(line("auth_request_set", variable, f"$upstream_http_{header}"))
        lines.append(line("proxy_set_header", name, variable))
    return [*lines, line("error_page", "401", "=302", signin)] if signin else lines


def _set_already(location: Location) -> Iterable[str]:
    for each in location.behaviours:
        if isinstance(each, RequestHeaders):
            yield from (name.lower() for name, _ in each.values)


def _signin(address: str) -> str:
    """``buildAuthSignURL``: back to where the request was, unless the address says already where to."""
    if not address:
        return ""
    fields = parse_qs(urlsplit(address).query, keep_blank_values=True)
    if not any(fields.get("rd", ())):
        address += f"{'&' if fields else '?'}rd=$scheme://$http_host$request_uri"
    if address.startswith("/"):
        address = f"$scheme://$http_host{address}"
    return _THEIRS.sub(lambda found: f"${_SAME.get(found[1] or found[2], found[1] or found[2])}", address)


def _asked_rule(behaviour: ExternalAuth, service: ClusterAddress, location: Location) -> RuleDraft:
    """Nobody else gets there: to nginx it is ``internal``."""
    path, _, query = service.path.partition("?")
    lines = [
        "internal;",
        *([line("set", "$args", query)] if query else []),
        *([line("proxy_method", behaviour.method)] if behaviour.method != "GET" else []),
        "proxy_pass_request_body off;",
        *(line("proxy_set_header", name, value) for name, value in _ASKED_WITH),
    ]
    body: dict[str, Any] = {"path": {"type": "ReplaceFullPath", "replaceFullPath": path or "/"}}
    name = urlsplit(behaviour.url).hostname or ""
    if is_host(name) and "$" not in name:
        body = {"hostname": name, **body}
    text = [each for each in lines if each is not None]
    # Two rules for one path would be matched by njs, so each Ingress has its own.
    key = repr((location.owner.namespace, location.owner.name, service, body, text))
    place = f"{ASKED_WITHIN}{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    return RuleDraft(
        PathMatch("Exact", place),
        location.owner,
        (BackendRef(service.namespace, service.service, service.port),),
        ({"type": "URLRewrite", "urlRewrite": body},),
        extensions=(said(text),),
        word="auth",
    )


def _told(behaviour: ExternalAuth, target: Target) -> Iterable[Note]:
    rows = target.table.rows
    for origin in behaviour.origins:
        signin = "signin" in origin.key and behaviour.signin
        yield rows["auth.snippet-signin" if signin else "auth.snippet"].note(origin)
