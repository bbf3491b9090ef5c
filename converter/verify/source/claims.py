"""What a client says about itself and is believed: ConfigMap ``use-forwarded-headers``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from converter.routing import RoutingTable
    from converter.verify.messages import Request

_PORTS = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class Claims:
    """Who asks for what, as far as it is believed; without trust it is what the connection shows."""

    client: str
    scheme: str
    host: str
    port: str


def claims_of(table: RoutingTable, request: Request) -> Claims:
    """Whoever sends these headers is believed, if anybody is (``lua_ingress.lua``)."""
    port = str(request.port or _PORTS[request.scheme])
    if not table.trusts_forwarded:
        return Claims(request.client, request.scheme, request.host, port)
    return Claims(
        _first(request, "X-Forwarded-For") or request.client,
        request.header("X-Forwarded-Proto") or request.scheme,
        _first(request, "X-Forwarded-Host") or request.host,
        request.header("X-Forwarded-Port") or port,
    )


def _first(request: Request, name: str) -> str:
    return (request.header(name) or "").split(",")[0].strip()
