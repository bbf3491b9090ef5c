"""Client certificates: a Gateway asks all its clients for them, or none.

Gateway API: ``Gateway.spec.tls.frontend`` holds for every https listener of a port.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from converter.routing import ClientCertificate

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from converter.ledger import Source
    from converter.routing import RoutingTable, VirtualHost


def guarded_hosts(
    table: RoutingTable, gateway_of: Callable[[Source], Hashable], *, https_everywhere: bool
) -> frozenset[str]:
    """The hosts whose Gateways serve nothing over https but hosts that ask for the same authority.

    ``gateway_of`` tells the Gateways apart.
    """
    hosts = [host for host in table.hosts if (host.certificate or https_everywhere) and not host.passthrough]
    asked: dict[Hashable, set[tuple[str, str] | None]] = defaultdict(set)
    for host in hosts:
        for gateway in _gateways(host, gateway_of):
            asked[gateway].add(authority(host))
    uniform = {gateway for gateway, found in asked.items() if len(found) == 1 and None not in found}
    return frozenset(host.name for host in hosts if _gateways(host, gateway_of) <= uniform)


def certificate_of(host: VirtualHost) -> ClientCertificate | None:
    """What the host demands; it holds for all its locations."""
    found = (b for place in host.locations for b in place.behaviours if isinstance(b, ClientCertificate))
    return next((behaviour for behaviour in found if behaviour.demanded and not behaviour.name), None)


def authority(host: VirtualHost) -> tuple[str, str] | None:
    found = certificate_of(host)
    return (found.namespace, found.secret) if found else None


def _gateways(host: VirtualHost, gateway_of: Callable[[Source], Hashable]) -> set[Hashable]:
    return {gateway_of(place.owner) for place in host.locations}
