"""Servers become virtual hosts: certificates by SNI, and the twin with or without ``www``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.conduct.redirects import redirect_status
from converter.controllers.ingress_nginx.locations import locations_of
from converter.routing import Location, Match, MatchKind, Redirect, VirtualHost

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.controllers.ingress_nginx.conduct.snippets import Everywhere
    from converter.controllers.ingress_nginx.servers import Merge, Server
    from converter.inventory import Service
    from converter.ledger import Origin
    from converter.routing import Certificate


def virtual_hosts(
    merged: Merge, services: Mapping[tuple[str, str], Service], common: Everywhere
) -> tuple[VirtualHost, ...]:
    """All virtual hosts, ordered by name."""
    servers = merged.servers
    hosts = []
    for name, server in sorted(servers.items()):
        certificate = server.certificate or _of_wildcard(name, servers)
        hosts.append(
            VirtualHost(
                name=name,
                owner=server.first.ingress.source,
                locations=locations_of(server, merged.upstreams, services, common, tls=certificate is not None),
                certificate=certificate,
                aliases=server.aliases,
                origins=(*server.origins, *filter(None, [server.alias_origin if server.aliases else None])),
                passthrough=_passthrough(server),
            )
        )
    return tuple(sorted([*hosts, *_www_twins(servers, hosts)], key=lambda host: host.name))


def _passthrough(server: Server) -> tuple[Origin, ...]:
    """ingress-nginx passes on to the Service of ``/``; without one the host is served like any other."""
    root = server.places.get(("/", False)) or server.places.get(("/", True))
    return (server.passthrough,) if server.passthrough and root and root.backend else ()


def _of_wildcard(name: str, servers: Mapping[str, Server]) -> Certificate | None:
    """A certificate counts as configured for ``a.x.y`` when ``*.x.y`` has one (``lua/certificate.lua``)."""
    if not name or name.startswith("*."):
        return None
    parent = servers.get("*." + name.partition(".")[2])
    return parent.certificate if parent else None


def _www_twins(servers: Mapping[str, Server], hosts: Iterable[VirtualHost]) -> Iterable[VirtualHost]:
    """ingress-nginx: ``BuildRedirects``. A twin that some Ingress declares is left alone."""
    for host in hosts:
        origin = servers[host.name].www
        twin = host.name.removeprefix("www.") if host.name.startswith("www.") else f"www.{host.name}"
        if origin is None or twin in servers or host.name.startswith("*."):
            continue
        status = redirect_status(servers[host.name].first.settings.configuration)
        redirect = Redirect(status, (origin,), host=host.name, keeps_query=True, kind="www-redirect")
        location = Location(Match(MatchKind.PREFIX, "/"), host.owner, (), None, (redirect,))
        yield VirtualHost(twin, host.owner, (location,), _for_twin(twin, servers[host.name], host.certificate))


def _for_twin(twin: str, server: Server, certificate: Certificate | None) -> Certificate | None:
    """That of the host; it fits for sure only where the same entry names the twin as well."""
    if certificate is None:
        return None
    entries = server.first.ingress.tls
    named = any(entry.origin in certificate.origins and twin in entry.hosts for entry in entries)
    return replace(certificate, guessed=not named)
