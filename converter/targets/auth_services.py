"""Who answers at the address of an external authentication, where the controller itself serves that address.

``auth-url: https://$host/oauth2/auth`` goes out to the load balancer and comes back; the Service is right behind it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from converter.routing import BackendProtocol, ExternalAuth, Guard, MatchKind, Redirect, Refusal, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.routing import Backend, Behaviour, Location, VirtualHost

_OWN = frozenset({"$host", "$http_host", "$best_http_host", "$server_name"})
_ALTERS = (BackendProtocol, Guard, Redirect, Refusal, Rewrite)
"""What a request meets there that the Service alone would not do."""


def with_auth_services(hosts: Iterable[VirtualHost]) -> tuple[VirtualHost, ...]:
    """The hosts, whose external authentications know the Service that they ask."""
    found = tuple(hosts)
    by_name = {name: host for host in found for name in host.names}
    return tuple(replace(host, locations=tuple(_known(p, host, by_name) for p in host.locations)) for host in found)


def _known(location: Location, host: VirtualHost, hosts: dict[str, VirtualHost]) -> Location:
    if not any(isinstance(behaviour, ExternalAuth) for behaviour in location.behaviours):
        return location
    return replace(location, behaviours=tuple(_with_service(b, host, hosts) for b in location.behaviours))


def _with_service(behaviour: Behaviour, host: VirtualHost, hosts: dict[str, VirtualHost]) -> Behaviour:
    if not isinstance(behaviour, ExternalAuth):
        return behaviour
    parts = urlsplit(behaviour.url)
    name = parts.netloc.partition(":")[0]
    asked = host if name in _OWN else hosts.get(name.lower())
    return replace(behaviour, service=_behind(asked, parts.path or "/")) if asked and name else behaviour


def _behind(host: VirtualHost, path: str) -> Backend | None:
    """The Service of the location that takes the path, unless the location does more than pass it on."""
    location = _taker(host, path)
    if location is None or any(isinstance(behaviour, _ALTERS) for behaviour in location.behaviours):
        return None
    return location.backend


def _taker(host: VirtualHost, path: str) -> Location | None:
    """nginx: the exact path, else the first pattern, else the longest prefix."""
    fitting = [location for location in host.locations if _takes(location, path)]
    exact = (location for location in fitting if location.match.kind is MatchKind.EXACT)
    patterns = (location for location in fitting if location.match.kind is MatchKind.REGEX)
    longest = max(fitting, key=lambda location: len(location.match.value), default=None)
    return next(exact, None) or next(patterns, None) or longest


def _takes(location: Location, path: str) -> bool:
    kind, value = location.match.kind, location.match.value
    if kind is MatchKind.EXACT:
        return path == value
    if kind is MatchKind.PREFIX:
        return path == value.rstrip("/") or path.startswith(f"{value.rstrip('/')}/")
    try:
        return re.match(value, path, re.IGNORECASE) is not None
    except re.error:
        return False
