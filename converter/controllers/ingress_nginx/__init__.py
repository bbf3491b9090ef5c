"""ingress-nginx: the Ingresses of one class become one routing table.

Facts are those of kubernetes/ingress-nginx controller 1.15.1, the last release.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.conduct import conduct_of
from converter.controllers.ingress_nginx.conduct.snippets import everywhere, faults, settlements
from converter.controllers.ingress_nginx.configuration import Configuration
from converter.controllers.ingress_nginx.defaults import controller_defaults, defaults_of
from converter.controllers.ingress_nginx.discovery import Given, configurations
from converter.controllers.ingress_nginx.hosts import virtual_hosts
from converter.controllers.ingress_nginx.house import House
from converter.controllers.ingress_nginx.locations import unknown_ports
from converter.controllers.ingress_nginx.ports import ports_of
from converter.controllers.ingress_nginx.reading import read_settings
from converter.controllers.ingress_nginx.remains import carried_origins, settle_remains
from converter.controllers.ingress_nginx.selection import DEFAULT_CLASS, Served, select
from converter.controllers.ingress_nginx.servers import in_order, merge
from converter.controllers.ingress_nginx.spare import settle_options, spare_options
from converter.ledger import Settlement, Verdict
from converter.problems import Problem
from converter.routing import RoutingTable

if TYPE_CHECKING:
    from converter.controllers.ingress_nginx.annotations import Settings
    from converter.ingress.model import Ingress
    from converter.inventory import Inventory
    from converter.ledger import Origin, Source
    from converter.routing import VirtualHost

NAME = "ingress-nginx"


@dataclass(frozen=True, slots=True)
class Options:
    classes: tuple[str, ...] = ()
    """Classes that ingress-nginx serves whatever their IngressClass says; none means ``nginx``."""
    serve_classless: bool = True
    strict_source: bool = False
    given: Given = field(default_factory=Given)
    configuration: Configuration | None = None
    """Instead of what the input says about the controller."""
    serve_ports: bool = True
    """Its TCP and UDP ports; where its Ingresses are converted in several shares, only one has them."""
    house: House = field(default_factory=House)
    """Annotations of the user's own."""


@dataclass(frozen=True, slots=True)
class Outcome:
    tables: tuple[RoutingTable, ...]
    settlements: tuple[Settlement, ...]
    problems: tuple[Problem, ...]
    opened: tuple[Origin, ...] = ()
    """What the controllers were told: options and ports."""


def routing_tables(inventory: Inventory, options: Options) -> Outcome:
    """What ingress-nginx does with the Ingresses of the inventory: one table for each controller."""
    found_there = configurations(inventory, options.given)
    known = (options.configuration,) if options.configuration else found_there
    if not options.serve_ports:
        known = tuple(replace(each, tcp={}, udp={}) for each in known)
    common = known[0] if len(known) == 1 else Configuration()
    classes = (*options.classes, *(() if len(known) == 1 else map(_ingress_class, known)))
    selection = select(inventory, classes, common, serve_classless=options.serve_classless)
    tables, settlements, problems = [], [*selection.settlements], [*selection.problems]
    for served in selection.served or _ports_alone(common):
        own = next((each for each in known if _ingress_class(each) in served.names), common)
        table, settled, found = _table(served, inventory, own, options)
        tables.append(table)
        settlements.extend(settled)
        problems.extend(found)
    opened = [origin for each in known for origin in each.origins()] if tables else []
    return Outcome(tuple(tables), tuple(settlements), tuple(problems), tuple(opened))


def _ingress_class(configuration: Configuration) -> str:
    return configuration.argument("--ingress-class")


def _ports_alone(configuration: Configuration) -> tuple[Served, ...]:
    """A controller may serve ports without any Ingress."""
    return (Served(DEFAULT_CLASS, (), ()),) if configuration.tcp or configuration.udp else ()


def _table(
    served: Served, inventory: Inventory, configuration: Configuration, options: Options
) -> tuple[RoutingTable, list[Settlement], list[Problem]]:
    settled: list[Settlement] = []
    problems: list[Problem] = []
    kept: list[tuple[Ingress, Settings]] = []
    for ingress in in_order(served.ingresses):
        if ingress.default_backend and configuration.argument("--disable-catch-all") == "true":
            settled.extend(_catch_all(ingress))
            continue
        watched = configuration.argument("--watch-namespace")
        if watched and ingress.namespace != watched:
            settled.extend(_unwatched(ingress, watched))
            continue
        settings = read_settings(ingress, configuration, options.house, strict_source=options.strict_source)
        if settings.dropped:
            problems.append(_dropped(ingress, settings))
            settled.extend(_all_inert(ingress, settings))
            continue
        settled.extend(settings.settlements)
        kept.append((ingress, settings))
    conducts = [conduct_of(ingress, settings, inventory) for ingress, settings in kept]
    merged = merge(conducts)
    common = everywhere(configuration)
    hosts = virtual_hosts(merged, inventory.services, common)
    ports, unread = ports_of(configuration, inventory.services)
    settled.extend(unread)
    declares: dict[Source, list[VirtualHost]] = defaultdict(list)
    for host in hosts:
        declares[host.owner].append(host)
    secured = sum(host.certificate is not None for host in hosts)
    table = RoutingTable(
        controller=NAME,
        name=served.name,
        hosts=hosts,
        defaults=(
            *(origin for ingress, _ in kept[:1] for origin in controller_defaults(ingress)),
            *(origin for ingress, _ in kept for origin in defaults_of(ingress, declares[ingress.source], secured)),
        ),
        classes=served.classes,
        neighbours=tuple(neighbour for _, settings in kept for neighbour in settings.neighbours),
        ports=ports,
        default_certificate=_default_certificate(configuration),
        trusts_forwarded=_when_true(configuration, "use-forwarded-headers"),
    )
    problems.extend(unknown_ports(hosts))
    settled.extend(merged.settlements)
    snippets = [*common.outer, *common.inner]
    snippets.extend(each for conduct in conducts if not conduct.canary for each in conduct.all_snippets)
    problems.extend(faults(snippets))
    settled.extend(settlements(snippets, carried_origins(table)))
    settled.extend(settle_remains(kept, conducts, table, {s.origin.whole or s.origin for s in settled}))
    known = {s.origin.whole or s.origin for s in settled}
    table = replace(table, options=tuple(spare_options(configuration, table, known)))
    settled.extend(settle_options(configuration, table, known))
    return table, settled, problems


def _default_certificate(configuration: Configuration) -> tuple[str, str, tuple[Origin, ...]]:
    """``--default-ssl-certificate NAMESPACE/NAME``."""
    origin = configuration.flags.get("--default-ssl-certificate")
    space, mark, name = (origin.value if origin else "").partition("/")
    return (space, name, (origin,)) if origin and mark else ("", "", ())


def _when_true(configuration: Configuration, name: str) -> tuple[Origin, ...]:
    origin = configuration.origin(name)
    return (origin,) if origin and configuration.flag(name) else ()


def _catch_all(ingress: Ingress) -> list[Settlement]:
    message = "It has a default backend, so ingress-nginx skips the whole Ingress: --disable-catch-all is set."
    return [Settlement(origin, Verdict.INERT, "ingress.catch-all-disabled", message) for origin in ingress.origins()]


def _unwatched(ingress: Ingress, namespace: str) -> list[Settlement]:
    message = f"ingress-nginx was told to look at namespace {namespace} only (--watch-namespace)."
    return [Settlement(o, Verdict.INERT, "namespace.not-watched", message) for o in ingress.origins()]


def _dropped(ingress: Ingress, settings: Settings) -> Problem:
    at = settings.dropped
    assert at is not None  # noqa: S101  the caller has looked
    return Problem(
        at.source.file,
        at.source.line,
        "ingress-dropped",
        f"ingress-nginx does not serve Ingress {ingress.name}: it refuses the value of {at.told.key}; it was left out.",
        "Correct the value if this Ingress is meant to serve traffic.",
    )


def _all_inert(ingress: Ingress, settings: Settings) -> list[Settlement]:
    culprit = settings.dropped.told.key if settings.dropped else ""
    message = f"ingress-nginx skips the whole Ingress because of the value of {culprit}."
    return [Settlement(origin, Verdict.INERT, "ingress.dropped", message) for origin in ingress.origins()]
