"""What the annotations of one Ingress ask for, in the words of the routing model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.conduct.access import block_lists, client_certificate, exempt_from_auth, guards
from converter.controllers.ingress_nginx.conduct.cors import cors
from converter.controllers.ingress_nginx.conduct.headers import forwarded_prefix, headers
from converter.controllers.ingress_nginx.conduct.hsts import hsts
from converter.controllers.ingress_nginx.conduct.limits import rate_limits
from converter.controllers.ingress_nginx.conduct.proxying import proxying
from converter.controllers.ingress_nginx.conduct.redirects import Https, group_ignored, redirect, to_https
from converter.controllers.ingress_nginx.conduct.snippets import read_snippet
from converter.controllers.ingress_nginx.conduct.upstream import Canary, affinity, canary
from converter.routing import Backend, RequestHeaders, Setting
from converter.tables import controller_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from converter.controllers.ingress_nginx.annotations import Settings
    from converter.controllers.ingress_nginx.conduct.snippets import Snippet
    from converter.ingress.model import Ingress
    from converter.inventory import Inventory, Service
    from converter.ledger import Origin
    from converter.nginx.grammar import Context
    from converter.routing import Affinity, Behaviour, Guard, Redirect
    from converter.tables import Scope

__all__ = ["Conduct", "Https", "conduct_of"]


@dataclass(frozen=True, slots=True)
class Conduct:
    """Settings that hold for all locations of one Ingress, for its hosts, or for its Services."""

    ingress: Ingress
    settings: Settings
    canary: Canary | None
    https: Https
    https_origins: tuple[Origin, ...]
    strips_slash: bool
    redirect: Redirect | None
    rewrite: Origin | None
    regex: Origin | None
    app_root: Origin | None
    www: Origin | None
    aliases: Origin | None
    passthrough: Origin | None
    guards: tuple[Behaviour, ...]
    guards_without_auth: tuple[Behaviour, ...]
    """Of paths that need no authentication."""
    behaviours: tuple[Behaviour, ...]
    """Of every path, whatever it is."""
    with_rewrite: tuple[RequestHeaders, ...]
    """Of paths that are rewritten."""
    host_guard: Guard | None
    """Of all paths of its hosts."""
    host_settings: tuple[Setting, ...]
    host_snippet: Snippet | None
    """Of all paths of its hosts; the oldest Ingress that has one decides."""
    snippets: tuple[Snippet, ...]
    """Of every path."""
    affinity: Affinity | None
    service_settings: tuple[Setting, ...]
    """Of every path to its Services, whichever Ingress it belongs to."""

    @property
    def all_snippets(self) -> tuple[Snippet, ...]:
        return (*self.snippets, *filter(None, [self.host_snippet]))

    def exempts(self, path: str) -> bool:
        """Whether no authentication is asked for on this path."""
        return exempt_from_auth(path, self.settings)


def conduct_of(ingress: Ingress, settings: Settings, inventory: Inventory) -> Conduct:
    """Read everything that ``settings`` ask for; what is known to no reader becomes a plain setting."""
    https, https_origins = to_https(settings)
    named = {name: each for (namespace, name), each in inventory.services.items() if namespace == ingress.namespace}
    app_root = settings.get("app-root")
    return Conduct(
        ingress=ingress,
        settings=settings,
        canary=canary(settings),
        https=https,
        https_origins=https_origins,
        strips_slash=not settings.on("preserve-trailing-slash"),
        redirect=redirect(settings),
        rewrite=settings.get("rewrite-target"),
        regex=_when_true(settings, "use-regex"),
        app_root=app_root if app_root and app_root.value.startswith("/") else None,
        www=_when_true(settings, "from-to-www-redirect") if not group_ignored(settings) else None,
        aliases=settings.get("server-alias"),
        passthrough=_when_true(settings, "ssl-passthrough") if _passes_through(settings) else None,
        guards=tuple(guards(settings, ingress.namespace, exempt=False)),
        guards_without_auth=tuple(guards(settings, ingress.namespace, exempt=True)),
        behaviours=(
            *_behaviours(ingress, settings, inventory),
            *_settings(settings, "location", named),
            *_settings(settings, "stream", named),
        ),
        with_rewrite=tuple(forwarded_prefix(settings)),
        host_guard=client_certificate(settings, ingress.namespace),
        host_settings=tuple(_settings(settings, "server", named)),
        host_snippet=next(_snippets(settings, "server-snippet", "server"), None),
        snippets=tuple(_snippets(settings, "configuration-snippet", "location")),
        affinity=affinity(settings),
        service_settings=tuple(_settings(settings, "backend", named)),
    )


def _when_true(settings: Settings, name: str) -> Origin | None:
    return settings.get(name) if settings.flag(name) else None


def _passes_through(settings: Settings) -> bool:
    """The flag has to allow it; where the flags are not in the input, whoever wrote the annotation had it work."""
    configuration = settings.configuration
    return not configuration.known or configuration.argument("--enable-ssl-passthrough") == "true"


def _snippets(settings: Settings, name: str, context: Context) -> Iterator[Snippet]:
    if whole := settings.get(name):
        yield read_snippet(whole, context)


def _behaviours(ingress: Ingress, settings: Settings, inventory: Inventory) -> Iterable[Behaviour]:
    yield from block_lists(settings)
    if found := cors(settings):
        yield found
    yield from rate_limits(settings)
    yield from headers(settings, inventory.config_map_entries)
    yield from proxying(settings, ingress.namespace)
    yield from hsts(settings)


def _settings(settings: Settings, scope: Scope, services: Mapping[str, Service]) -> Iterable[Setting]:
    """What no reader knows: its row names nothing that it can become; ``services`` are those beside the Ingress."""
    rows = controller_table("ingress-nginx").annotations
    for name, origin in settings.values.items():
        row = rows.get(name)
        if row and row.scope == scope and not row.becomes:
            service = _first_port(services.get(origin.value.strip())) if row.type == "service" else None
            yield Setting(name, row.topic, row.effect, origin.value, (origin,), service)


def _first_port(service: Service | None) -> Backend | None:
    if service is None or not service.ports:
        return None
    return Backend(service.namespace, service.name, service.ports[0].port, external=bool(service.external_name))
