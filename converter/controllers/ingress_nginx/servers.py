"""Ingresses merge into virtual hosts: who declares a host, who owns a location, which certificate is served.

ingress-nginx: ``createServers`` and ``getBackendServers``. Namespaces isolate nothing; the oldest Ingress wins.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.upstreams import Key, Upstream, tie, upstream_key, upstreams_of
from converter.ingress.names import lowered
from converter.ledger import Settlement, Verdict
from converter.routing import Certificate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.controllers.ingress_nginx.conduct import Conduct
    from converter.controllers.ingress_nginx.conduct.snippets import Snippet
    from converter.ingress.model import Backend, Ingress, Path
    from converter.ledger import Origin
    from converter.routing import Guard, Setting


@dataclass(frozen=True, slots=True)
class Place:
    """One location before nginx makes blocks of it; identity is the path with its type."""

    path: str
    exact: bool
    conduct: Conduct | None
    """``None`` for the catch-all that no Ingress claimed."""
    backend: Backend | None
    origin: Origin | None
    """``None`` for the ``/`` that ingress-nginx adds to each host."""
    plain: bool = False
    """The catch-all of a default backend: redirects and rewrites of its Ingress do nothing here."""
    fallback: Origin | None = None
    """The default backend of the Ingress that declared the host, for the added ``/``."""
    namespace: str = ""
    """Of the backend."""

    @property
    def upstream(self) -> Key | None:
        return upstream_key(self.backend, self.namespace) if self.backend and self.backend.service else None


@dataclass
class Server:
    """One virtual host while it is put together."""

    name: str
    first: Conduct
    origins: list[Origin] = field(default_factory=list)
    places: dict[tuple[str, bool], Place] = field(default_factory=dict)
    certificate: Certificate | None = None
    aliases: tuple[str, ...] = ()
    alias_origin: Origin | None = None
    www: Origin | None = None
    guard: Guard | None = None
    """Of every path, whichever Ingress it belongs to."""
    settings: dict[str, Setting] = field(default_factory=dict)
    """Of the whole host, by name; the oldest Ingress that has one decides."""
    passthrough: Origin | None = None
    snippet: Snippet | None = None
    """That of the oldest Ingress that has one."""


def in_order(ingresses: Sequence[Ingress]) -> list[Ingress]:
    """Oldest first; equal times by namespace/name from the larger to the smaller (``sortIngressSlice``).

    Manifests carry no time, so among themselves their order in the input stands for their age.
    """
    dated = sorted((i for i in ingresses if i.created), key=lambda i: f"{i.namespace}/{i.name}", reverse=True)
    return [*sorted(dated, key=lambda i: i.created), *(i for i in ingresses if not i.created)]


@dataclass
class Merge:
    """The servers of one controller, and what lost on the way."""

    servers: dict[str, Server] = field(default_factory=dict)
    upstreams: dict[Key, Upstream] = field(default_factory=dict)
    settlements: list[Settlement] = field(default_factory=list)

    def inert(self, origin: Origin, code: str, message: str, advice: str = "") -> None:
        self.settlements.append(Settlement(origin, Verdict.INERT, code, message, advice))


def merge(conducts: Sequence[Conduct]) -> Merge:
    """Merge Ingresses, given oldest first, into servers; canaries declare no host."""
    result = Merge(upstreams=upstreams_of(conducts))
    main = [conduct for conduct in conducts if not conduct.canary]
    for conduct in main:
        _declare(result, conduct)
    for conduct in main:
        _claim_names(result, conduct)
    for conduct in conducts:
        _claim_paths(result, conduct)
    for conduct in conducts:
        if conduct.canary:
            _tie_canary(result, conduct)
    _drop_known_aliases(result)
    return result


def _declare(result: Merge, conduct: Conduct) -> None:
    ingress, default = conduct.ingress, conduct.ingress.default_backend
    if default and not ingress.rules:
        _catch_all(result, conduct)
    for rule in ingress.rules:
        server = result.servers.get(rule.host)
        if server is None:
            server = result.servers[rule.host] = Server(rule.host, conduct)
            if rule.host:
                backend = default.backend if default and default.backend.service else None
                fallback = default.origin if default and backend else None
                server.places["/", False] = Place(
                    "/", False, conduct, backend, None, fallback=fallback, namespace=ingress.namespace
                )
        server.origins.append(rule.origin)


def _catch_all(result: Merge, conduct: Conduct) -> None:
    default = conduct.ingress.default_backend
    if default is None or default.backend.service is None:
        return
    server = result.servers.setdefault("", Server("", conduct))
    if ("/", False) in server.places:
        message = "An older Ingress already takes the requests to undeclared hosts."
        result.inert(default.origin, "default-backend.overridden", message)
        return
    server.places["/", False] = Place(
        "/", False, conduct, default.backend, default.origin, plain=True, namespace=conduct.ingress.namespace
    )


def _claim_names(result: Merge, conduct: Conduct) -> None:
    for rule in conduct.ingress.rules:
        server = result.servers[rule.host]
        if conduct.aliases and rule.host:
            _claim_aliases(result, server, conduct.aliases)
        if server.certificate is None and rule.host and conduct.ingress.tls:
            server.certificate = _certificate(rule.host, conduct.ingress)
        server.guard = server.guard or conduct.host_guard
        for setting in conduct.host_settings:
            server.settings.setdefault(setting.name, setting)
        server.snippet = server.snippet or conduct.host_snippet
        if rule.host and not rule.host.startswith("*."):
            server.passthrough = server.passthrough or conduct.passthrough


def _claim_aliases(result: Merge, server: Server, origin: Origin) -> None:
    if server.alias_origin and server.alias_origin != origin:
        result.inert(origin, "server-alias.overridden", f"An older Ingress of {server.name} sets the aliases.")
        return
    names = [lowered(name.strip()) for name in origin.value.split(",")]
    server.aliases = tuple(sorted({name for name in names if name and name != server.name}))
    server.alias_origin = origin


def _drop_known_aliases(result: Merge) -> None:
    """A declared host keeps its name; of two hosts with one alias nginx keeps the first."""
    taken = set(result.servers)
    for _, server in sorted(result.servers.items()):
        kept = tuple(name for name in server.aliases if name not in taken)
        if server.alias_origin and server.aliases and not kept:
            result.inert(server.alias_origin, "server-alias.declared", "Every alias is a host of its own already.")
        server.aliases = kept
        taken.update(kept)


def _certificate(host: str, ingress: Ingress) -> Certificate:
    """ingress-nginx: ``extractTLSSecretName``; where it looks into certificates, the hosts of the entry must do."""
    for tls in ingress.tls:
        if host in tls.hosts:
            return Certificate(ingress.namespace, tls.secret, ingress.source, (tls.origin,))
    for tls in ingress.tls:
        if tls.secret and (not tls.hosts or any(_covers(name, host) for name in tls.hosts)):
            return Certificate(ingress.namespace, tls.secret, ingress.source, (tls.origin,), guessed=True)
    return Certificate(
        ingress.namespace, "", ingress.source, tuple(tls.origin for tls in ingress.tls[:1]), guessed=True
    )


def _covers(name: str, host: str) -> bool:
    return name.startswith("*.") and host.partition(".")[2] == name[2:]


def _claim_paths(result: Merge, conduct: Conduct) -> None:
    for rule in conduct.ingress.rules:
        server = result.servers.get(rule.host) or result.servers.get("")
        for path in rule.paths:
            if path.backend.service is None:
                result.inert(
                    path.origin, "backend.resource", "The backend is no Service, so ingress-nginx skips the path."
                )
                continue
            if result.upstreams[upstream_key(path.backend, conduct.ingress.namespace)].is_canary:
                if not conduct.canary:
                    _settle_taken(result, path)
                continue
            if server is None:
                continue
            _claim(result, server, conduct, path)
            if conduct.www and rule.host:
                server.www = server.www or conduct.www


def _settle_taken(result: Merge, path: Path) -> None:
    """ingress-nginx: ``getBackendServers`` skips an upstream that is marked as ``NoServer``."""
    message = "An older canary Ingress uses the same Service port, so ingress-nginx skips this path and answers 404."
    result.inert(path.origin, "path.service-is-canary", message, "Give the canary a Service of its own.")


def _tie_canary(result: Merge, conduct: Conduct) -> None:
    """Each path is looked up on the main Ingresses, by host, path and type."""
    ingress = conduct.ingress
    for rule in ingress.rules:
        server = result.servers.get(rule.host)
        for path in rule.paths:
            if path.backend.service:
                place = server.places.get((path.path, path.path_type == "Exact")) if server else None
                _tie(result, place, upstream_key(path.backend, ingress.namespace), path.origin)
    default = ingress.default_backend
    if default and default.backend.service:
        server = result.servers.get("")
        place = server.places.get(("/", False)) if server else None
        _tie(result, place, upstream_key(default.backend, ingress.namespace), default.origin)


def _tie(result: Merge, place: Place | None, canary: Key, origin: Origin) -> None:
    other = result.upstreams[canary]
    if not other.is_canary:
        return
    main = result.upstreams.get(place.upstream) if place and place.upstream else None
    if main is None:
        message = "No main Ingress serves this host and path with this path type, so the canary gets no request."
        result.inert(origin, "canary.no-main", message)
    elif not tie(main, other, [origin]):
        message = "The main Service has another canary already, and ingress-nginx looks at the first one only."
        result.inert(origin, "canary.second", message)


def _claim(result: Merge, server: Server, conduct: Conduct, path: Path) -> None:
    key = (path.path, path.path_type == "Exact")
    holder = server.places.get(key)
    if holder and (holder.origin or holder.plain):
        owner = holder.conduct.ingress if holder.conduct else conduct.ingress
        where = f"{owner.source.file}:{holder.origin.source.line}" if holder.origin else owner.source.file
        result.inert(
            path.origin,
            "path.overridden",
            f"Ingress {_label(owner)} ({where}) already serves this host and path; the oldest wins.",
            "Check which of the two is meant; the creation times in the cluster decide, not the order of files.",
        )
        return
    if holder and holder.fallback:
        result.inert(holder.fallback, "default-backend.unused", f"A rule of {server.name} takes every other path.")
    server.places[key] = Place(
        path.path, key[1], conduct, path.backend, path.origin, namespace=conduct.ingress.namespace
    )


def _label(ingress: Ingress) -> str:
    return f"{ingress.namespace}/{ingress.name}" if ingress.namespace else ingress.name
