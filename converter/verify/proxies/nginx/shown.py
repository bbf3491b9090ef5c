"""What a plain nginx cannot show, or what does not show in one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.routing import (
    AnyOf,
    BackendProtocol,
    BackendTls,
    IdleTimeout,
    Password,
    RateLimit,
    Retries,
    Setting,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from converter.routing import Behaviour, RoutingTable

LEFT_OUT = {
    RateLimit: "rate limits: they show only over time",
    IdleTimeout: "timeouts: no backend here is slow",
    Retries: "retries: no backend here fails",
    BackendTls: "certificates between proxy and backend: Secrets are never read",
    Setting: "settings that change no route, and lines of nginx's own configuration",
}
"""By the kind of behaviour."""
DIGEST = "digest authentication: a module of others does it, so a plain password stands for it"
_PROTOCOLS = {
    "grpc": "gRPC: backends here speak HTTP/1.1",
    "grpcs": "gRPC: backends here speak HTTP/1.1",
    "fastcgi": "FastCGI: backends here speak HTTP/1.1",
    "scheme-of-client": "the protocol of the client to the backend: plain http stands for it",
}
UDP = "UDP ports"
PROXY = "the PROXY protocol on TCP ports"


def left_out(table: RoutingTable) -> tuple[str, ...]:
    """What somebody asked for and a real nginx is not asked about, for a person to read; always in the same order."""
    found = set(_left_out(table))
    order = dict.fromkeys((*LEFT_OUT.values(), DIGEST, *_PROTOCOLS.values(), UDP, PROXY))
    return tuple(each for each in order if each in found)


def _left_out(table: RoutingTable) -> Iterator[str]:
    for host in table.hosts:
        for location in host.locations:
            yield from _of_behaviours(location.behaviours)
    for port in table.ports:
        if port.protocol == "udp":
            yield UDP
        elif port.decodes_proxy or port.encodes_proxy:
            yield PROXY


def _of_behaviours(behaviours: Iterable[Behaviour]) -> Iterator[str]:
    for behaviour in behaviours:
        if type(behaviour) in LEFT_OUT and any(origin.type != "default" for origin in behaviour.origins):
            yield LEFT_OUT[type(behaviour)]
        elif isinstance(behaviour, Password) and behaviour.digest:
            yield DIGEST
        elif isinstance(behaviour, BackendProtocol) and behaviour.protocol in _PROTOCOLS:
            yield _PROTOCOLS[behaviour.protocol]
        elif isinstance(behaviour, AnyOf):
            yield from _of_behaviours(behaviour.guards)
