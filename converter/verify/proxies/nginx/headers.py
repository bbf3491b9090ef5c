"""What is said in headers to the backend and to the client."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from converter.routing import Affinity, Conditional, Cors, HostHeader, Hsts, Password, RequestHeaders, ResponseHeaders
from converter.verify.proxies.echo import IDENTIFIED, PROBE
from converter.verify.proxies.nginx.cors import HEADERS as CORS_HEADERS
from converter.verify.proxies.nginx.site import CLIENT, ESCAPED
from converter.verify.proxies.nginx.words import Lines, joined, mapping, quoted, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from converter.routing import Behaviour, Location, RoutingTable

NAMES_OF_THE_PROBE = tuple(name.lower() for name in (CLIENT, ESCAPED, IDENTIFIED, PROBE))
_HSTS = "Strict-Transport-Security"
_ALWAYS_SENT = (
    ("Upgrade", "$http_upgrade"),
    ("X-Request-ID", "$req_id"),
    ("X-Real-IP", "$remote_addr"),
    ("X-Forwarded-For", "$remote_addr"),
    ("X-Forwarded-Host", "$best_http_host"),
    ("X-Forwarded-Port", "$pass_port"),
    ("X-Forwarded-Proto", "$pass_access_scheme"),
    ("X-Forwarded-Scheme", "$pass_access_scheme"),
    ("X-Scheme", "$pass_access_scheme"),
    ("X-Original-Forwarded-For", "$http_x_forwarded_for"),
    ("X-Original-Forwarded-Host", "$http_x_forwarded_host"),
    ("Proxy", '""'),
    *((name, '""') for name in (CLIENT, ESCAPED, IDENTIFIED)),
)


def request_lines(behaviours: Sequence[Behaviour]) -> tuple[str, ...]:
    """In the order of the template: what an Ingress adds stands beside what is always sent."""
    host, connection, added = "$best_http_host", "$connection_upgrade", []
    for behaviour in behaviours:
        if isinstance(behaviour, HostHeader):
            host = quoted(behaviour.host)
        elif isinstance(behaviour, Password):
            added.append(("Authorization", '""'))
        elif isinstance(behaviour, RequestHeaders):
            for name, value in behaviour.values:
                if name == "Connection":
                    connection = quoted(value)
                else:
                    added.append((quoted(name), quoted(value)))
    pairs = (("Host", host), ("Connection", connection), *_ALWAYS_SENT, *added)
    return tuple(f"proxy_set_header {name} {value};" for name, value in pairs)


def response_lines(location: Location, name: str) -> Lines:
    return joined(_response(behaviour, location, name) for behaviour in location.behaviours)


def _response(behaviour: Behaviour, location: Location, name: str) -> Lines:
    if isinstance(behaviour, Hsts):
        return Lines() if _sets(location, _HSTS) else hsts_lines(behaviour, name)
    if isinstance(behaviour, ResponseHeaders):
        return Lines(location=tuple(_set(behaviour)))
    if isinstance(behaviour, Affinity) and location.backend:
        return _sticky(behaviour, location, name)
    return Lines()


def _sets(location: Location, name: str) -> bool:
    """Whether a snippet does: its module comes after the controller's Lua, so it has the last word."""
    found = (each for each in location.behaviours if isinstance(each, ResponseHeaders))
    return any(name.lower() == key.lower() for each in found for key, _ in each.values)


def hsts_lines(hsts: Hsts, name: str) -> Lines:
    """Over https; over plain http the backend's own stays."""
    told = f"$upstream_http_{_HSTS.lower().replace('-', '_')}"
    pairs = (("https", text(hsts.value)), ("default", told))
    own = (f"proxy_hide_header {_HSTS};", f"add_header {_HSTS} $hsts_{name} always;")
    return Lines(http=mapping("$scheme", f"hsts_{name}", pairs), location=own)


def _set(headers: ResponseHeaders) -> Iterator[str]:
    for name in (*headers.removed, *(name for name, _ in headers.values)):
        yield f"proxy_hide_header {quoted(name)};"
    for name, value in headers.values:
        yield f"add_header {quoted(name)} {text(value)} always;"


def _sticky(affinity: Affinity, location: Location, name: str) -> Lines:
    """The balancer sets it, so it is not there where no backend is asked."""
    key = quoted(f"~(?:^|;) *{re.escape(affinity.cookie)}=")
    path = affinity.path or location.match.value
    cookie = f"{affinity.cookie}=of-the-first-endpoint; Path={path}; HttpOnly"
    return Lines(
        http=(
            *mapping("$http_cookie", f"new_{name}", ((key, '""'), ("default", text(cookie)))),
            *mapping("$upstream_addr", f"cookie_for_{name}", (('""', '""'), ("default", f"$new_{name}"))),
        ),
        location=(f"add_header Set-Cookie $cookie_for_{name} always;",),
    )


def response_names(table: RoutingTable) -> tuple[str, ...]:
    """Headers of responses that the table is about: backends have to send them, so that it shows who has the say."""
    behaviours = [each for host in table.hosts for place in host.locations for each in place.behaviours]
    found = [_HSTS] if any(isinstance(each, Hsts) for each in behaviours) else []
    found += CORS_HEADERS.values() if any(isinstance(each, Cors) for each in behaviours) else []
    inner = [each for b in behaviours if isinstance(b, Conditional) for each in b.then]
    for each in (*behaviours, *inner):
        if isinstance(each, ResponseHeaders):
            found += [*each.removed, *(name for name, _ in each.values)]
    return tuple({name.lower(): name for name in found}.values())
