"""Which address of a name takes connections: found out once, so that all requests go to the same one."""

from __future__ import annotations

import socket
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from converter.verify.live.faults import UNCONNECTED, UNKNOWN_NAME, in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.verify.live.sender import Address
    from converter.verify.messages import Scheme

_MOST_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Reached:
    address: Address
    """With an IP address."""
    dead: tuple[tuple[Scheme, str], ...]
    """Schemes over which nobody takes a connection, with the reason."""

    @property
    def is_dead(self) -> bool:
        return len(self.dead) == len(self.address.ports)


async def reach(address: Address, timeout: float) -> Reached:
    """The first IP address on which some port takes a connection; the first one of all if none does."""
    found: Reached | None = None
    for each in await _resolved(address):
        reached = Reached(each, await _dead(each, min(timeout, _MOST_PATIENCE)))
        if not reached.is_dead:
            return reached
        found = found or reached
    unknown = tuple((scheme, UNKNOWN_NAME) for scheme in address.ports)
    return found or Reached(address, unknown)


async def _resolved(address: Address) -> Iterable[Address]:
    import asyncio

    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(address.host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return [replace(address, host=str(host)) for host in dict.fromkeys(each[4][0] for each in found)]


async def _dead(address: Address, timeout: float) -> tuple[tuple[Scheme, str], ...]:
    import asyncio

    faults = await asyncio.gather(*(_fault(address.host, port, timeout) for port in address.ports.values()))
    return tuple((scheme, fault) for scheme, fault in zip(address.ports, faults, strict=True) if fault)


async def _fault(host: str, port: int, timeout: float) -> str:
    """Why there is no connection; empty if there is one."""
    import asyncio

    try:
        async with asyncio.timeout(timeout):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        return UNCONNECTED
    except OSError as error:
        return in_words(error)
    writer.close()
    return ""
