"""Who gets through: nginx's access phase."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from converter.routing import AccessList, AnyOf, BlockList, ClientCertificate, ExternalAuth, Guard, Password
from converter.verify.messages import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.routing import Location
    from converter.verify.messages import Request


def denial(location: Location, request: Request) -> Answer | None:
    """The answer to a client that does not get through; ``None`` for one that does."""
    for behaviour in location.behaviours:
        if isinstance(behaviour, Guard) and (found := _denied(behaviour, request)):
            return found
    return None


def blocked(location: Location, request: Request) -> bool:
    """A map of nginx: whole values, or patterns."""
    for behaviour in location.behaviours:
        value = request.header(behaviour.header) if isinstance(behaviour, BlockList) else None
        if isinstance(behaviour, BlockList) and value is not None:
            return any(_says(pattern, value) for pattern in behaviour.patterns)
    return False


def _says(pattern: str, value: str) -> bool:
    if not pattern.startswith("~"):
        return pattern == value
    flags = re.IGNORECASE if pattern.startswith("~*") else 0
    return re.search(pattern.removeprefix("~").removeprefix("*"), value, flags) is not None


def _denied(guard: Guard, request: Request) -> Answer | None:
    if isinstance(guard, AnyOf):
        denials = [_denied(each, request) for each in guard.guards]
        return None if None in denials else _last(found for found in denials if found)
    if isinstance(guard, AccessList):
        return None if _allowed(guard, request.client) else Answer(403)
    if request.identified and not (isinstance(guard, ClientCertificate) and request.scheme == "http"):
        return None
    if isinstance(guard, ClientCertificate):
        if request.scheme == "http":
            return Answer(403) if guard.name else None
        return Answer(400) if guard.demanded else Answer(403) if guard.name else None
    if isinstance(guard, Password):
        return Answer(401, added_headers=(("WWW-Authenticate", f'Basic realm="{guard.realm}"'),))
    return _signin(guard, request)


def _last(denials: Iterable[Answer]) -> Answer:
    """Of several, a request to sign in beats a plain refusal (``satisfy any``)."""
    return max(denials, key=lambda found: (found.status == 302, found.status == 401))


def _signin(guard: ExternalAuth, request: Request) -> Answer:
    if not guard.signin:
        return Answer(401)
    address = guard.signin.replace("$host", request.hostname)
    mark = "&" if "?" in address else "?"
    back = f"{request.scheme}://{request.host}{quote(request.target, safe='')}"
    return Answer(302, location=address if "rd=" in address else f"{address}{mark}rd={back}")


def _allowed(guard: AccessList, client: str) -> bool:
    """What is denied is denied whatever is allowed; a list of the allowed shuts out all others."""
    if _within(client, guard.deny):
        return False
    return not guard.allow or _within(client, guard.allow)


def _within(client: str, networks: Iterable[str]) -> bool:
    address = ipaddress.ip_address(client)
    return any(address in ipaddress.ip_network(network, strict=False) for network in networks)
