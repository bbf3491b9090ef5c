"""Who gets through: nginx's access phase."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from converter.routing import AccessList, AnyOf, BlockList, ClientCertificate, ExternalAuth, Password
from converter.verify.messages import Answer
from converter.verify.source.variables import expanded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.routing import Location, RoutingTable, VirtualHost
    from converter.verify.messages import Request
    from converter.verify.source.claims import Claims


def client_certificate(host: VirtualHost) -> ClientCertificate | None:
    """That of the whole server, whichever of its locations knows it."""
    behaviours = (each for location in host.locations for each in location.behaviours)
    return next((each for each in behaviours if isinstance(each, ClientCertificate)), None)


def block_lists(table: RoutingTable) -> tuple[BlockList, ...]:
    """Of the controller, and so of every server."""
    behaviours = (each for host in table.hosts for place in host.locations for each in place.behaviours)
    return tuple(dict.fromkeys(each for each in behaviours if isinstance(each, BlockList)))


def refused_by_server(guard: ClientCertificate | None, lists: Iterable[BlockList], request: Request) -> Answer | None:
    """Before any location is looked for, and so without the headers of one.

    A connection that was opened for another name has not asked for the certificate of this one.
    """
    if guard and request.scheme == "https" and request.server_name.lower() not in ("", request.hostname):
        return Answer(421)
    shown = request.identified and request.scheme == "https"
    if guard and guard.demanded and request.scheme == "https" and not shown:
        return Answer(400)
    if any(_blocked(each, request) for each in lists) or (guard and guard.name and not shown):
        return Answer(403)
    return None


def denial(location: Location, request: Request, claims: Claims) -> Answer | None:
    """The answer to a client that does not get through; ``None`` for one that does."""
    for behaviour in location.behaviours:
        if isinstance(behaviour, AccessList | Password | ExternalAuth | AnyOf):
            found = _denied(behaviour, request, claims)
            if found:
                return found
    return None


def _blocked(rule: BlockList, request: Request) -> bool:
    """A map of nginx: whole values, or patterns."""
    value = request.header(rule.header)
    return value is not None and any(_says(pattern, value) for pattern in rule.patterns)


def _says(pattern: str, value: str) -> bool:
    if not pattern.startswith("~"):
        return pattern.lower() == value.lower()
    flags = re.IGNORECASE if pattern.startswith("~*") else 0
    return re.search(pattern.removeprefix("~").removeprefix("*"), value, flags) is not None


def _denied(guard: AccessList | Password | ExternalAuth | AnyOf, request: Request, claims: Claims) -> Answer | None:
    if isinstance(guard, AnyOf):
        denials = [_denied(each, request, claims) for each in guard.guards]
        return None if None in denials else _last(found for found in denials if found)
    if isinstance(guard, AccessList):
        return None if _allowed(guard, request.client) else Answer(403)
    if request.identified:
        return None
    if isinstance(guard, Password):
        return Answer(401, added_headers=(("WWW-Authenticate", f'Basic realm="{guard.realm}"'),))
    return _signin(guard, request, claims)


def _last(denials: Iterable[Answer]) -> Answer:
    """Of several, a request to sign in beats a plain refusal (``satisfy any``); a password is asked for in any case."""
    found = list(denials)
    last = max(found, key=lambda denial: (denial.status == 302, denial.status == 401))
    asked = next((denial.added_headers for denial in found if denial.added_headers), ())
    return replace(last, added_headers=asked)


def _signin(guard: ExternalAuth, request: Request, claims: Claims) -> Answer:
    """``buildAuthSignURL``: back to where the request was, unless the address says already where to."""
    if not guard.signin:
        return Answer(401)
    address, fields = guard.signin, parse_qs(urlsplit(guard.signin).query, keep_blank_values=True)
    if not any(fields.get("rd", ())):
        address += f"{'&' if fields else '?'}rd=$pass_access_scheme://$http_host$escaped_request_uri"
    return Answer(302, location=expanded(address, request, claims))


def _allowed(guard: AccessList, client: str) -> bool:
    """What is denied is denied whatever is allowed; a list of the allowed shuts out all others."""
    if _within(client, guard.deny):
        return False
    return not guard.allow or _within(client, guard.allow)


def _within(client: str, networks: Iterable[str]) -> bool:
    address = ipaddress.ip_address(client)
    return any(address in ipaddress.ip_network(network, strict=False) for network in networks)
