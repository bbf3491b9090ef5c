"""The ConfigMaps ``tcp-services`` and ``udp-services``: ports that go to a Service as they are.

ingress-nginx: ``getStreamServices``. An entry is ``NAMESPACE/SERVICE:PORT[:PROXY][:PROXY]``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from converter.controllers.ingress_nginx.locations import resolve
from converter.ingress.model import Backend as WrittenBackend
from converter.ledger import Settlement, Verdict
from converter.routing import Port

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from converter.controllers.ingress_nginx.configuration import Configuration
    from converter.inventory import Service
    from converter.ledger import Origin

_ENTRY = re.compile(r"(?P<namespace>[^/:]+)/(?P<service>[^/:]+):(?P<port>[^/:]+)(?P<proxy>(?::[^:]*){0,2})\Z")
_RESERVED = frozenset({80, 443, 442, 8181, 10246, 10247, 10254})


def ports_of(
    configuration: Configuration, services: Mapping[tuple[str, str], Service]
) -> tuple[tuple[Port, ...], list[Settlement]]:
    """The ports that are served, and the entries that are not."""
    found: list[Port] = []
    settled: list[Settlement] = []
    for protocol, number, origin in _entries(configuration):
        port = _read(protocol, number, origin, services)
        if port is None:
            message = "ingress-nginx opens no port for it: the entry cannot be read, or the port is taken by itself."
            settled.append(Settlement(origin, Verdict.INERT, "port.unreadable", message))
        else:
            found.append(port)
    return tuple(found), settled


def _entries(configuration: Configuration) -> Iterator[tuple[Literal["tcp", "udp"], int, Origin]]:
    yield from (("tcp", number, origin) for number, origin in sorted(configuration.tcp.items()))
    yield from (("udp", number, origin) for number, origin in sorted(configuration.udp.items()))


def _read(
    protocol: Literal["tcp", "udp"], number: int, origin: Origin, services: Mapping[tuple[str, str], Service]
) -> Port | None:
    entry = _ENTRY.match(origin.value.strip())
    if entry is None or number in _RESERVED or not 0 < number < 1 << 16:
        return None
    written = int(entry["port"]) if entry["port"].isdigit() else entry["port"]
    backend = resolve(WrittenBackend(entry["service"], written), entry["namespace"], services)
    decodes, encodes = (*(word == "PROXY" for word in entry["proxy"].split(":")[1:]), False, False)[:2]
    return Port(protocol, number, backend, decodes, encodes, origin.source, (origin,)) if backend else None
