"""The requests at which the two sides of a migration could differ, each with its reason.

They come from both sides, so that a way that only one of them has is asked for, too. Few and complete rather than many:
what belongs to a host is asked once a host, and what is odd about a path over one scheme.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from converter.routing import BlockList, BodyLimit, Redirect, SslRedirect
from converter.verify.gateway import Gateways
from converter.verify.messages import Request
from converter.verify.probes.behaviours import of_location, with_header
from converter.verify.probes.hosts import beside, covering, hosts_of, written_otherwise
from converter.verify.probes.model import Probe
from converter.verify.probes.paths import unusual, usual
from converter.verify.probes.rules import of_condition, of_rule
from converter.verify.sides import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from converter.routing import Location, RoutingTable
    from converter.verify.messages import Answer, Scheme
    from converter.verify.probes.hosts import Host
    from converter.verify.ways import Way

__all__ = ["Probe", "probes"]

_ONCE_A_HOST = (BodyLimit, BlockList, SslRedirect)
_METHODS = ("HEAD", "POST", "OPTIONS")


def probes(table: RoutingTable, objects: Sequence[Mapping[str, Any]]) -> tuple[Probe, ...]:
    """All of one controller, host by host; each request once, with the first reason for it."""
    survey = _Survey(table, objects)
    found: dict[Request, Probe] = {}
    # Where no Ingress has a host or a path, nothing is served over http on either side.
    for probe in chain(survey.of_ports(), survey.of_hosts() if table.hosts else ()):
        found.setdefault(probe.request, probe)
    return tuple(found.values())


class _Survey:
    def __init__(self, table: RoutingTable, objects: Sequence[Mapping[str, Any]]) -> None:
        self._table = table
        self._source, self._gateways = Source(table), Gateways(objects)
        self._hosts = hosts_of(table, objects)

    def of_hosts(self) -> Iterator[Probe]:
        for host in self._hosts:
            yield from self._of_host(host)
        yield from self._of_all_hosts()

    def of_ports(self) -> Iterator[Probe]:
        for port in self._table.ports:
            if port.protocol == "tcp":
                yield Probe(Request("", port=port.number), f"TCP port {port.number}")

    def _of_all_hosts(self) -> Iterator[Probe]:
        """What is the same for all hosts is asked of the first one."""
        first = next((host for host in self._hosts if host.declared and not host.declared.startswith("*.")), None)
        yield Probe(Request(self._hosts[0].asked, "/healthz"), "the health check of the controller")
        if first is None:
            return
        for name, reason in written_otherwise(first):
            yield self._asked(Request(name, scheme=first.scheme), reason)
        second = next((host for host in self._hosts if host.asked != first.asked and host.scheme == "https"), None)
        if second:
            reused = Request(second.asked, scheme="https", server_name=first.asked)
            yield self._asked(reused, f"over a connection that was opened for {first.asked}")
        for header, value in (("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "forged.invalid")):
            yield Probe(with_header(Request(first.asked), header, value), f"{header}: {value} from the client")

    def _of_host(self, host: Host) -> Iterator[Probe]:
        root = Request(host.asked, scheme=host.scheme)
        for request in (root, replace(root, scheme=_other(host.scheme))):
            yield self._asked(request, "the root")
        for method in _METHODS:
            body = 2 if method == "POST" else 0
            yield self._asked(replace(root, method=method, body=body), f"method {method}")
        known: set[object] = set()
        for way in host.ways:
            yield from self._of_way(host, way, known)
        for name, reason in beside(host, self._table):
            for target in dict.fromkeys(["/", *(way.targets[0] for way in host.ways[:1] if way.targets)]):
                for scheme in (host.scheme, _other(host.scheme)):
                    yield self._asked(Request(name, target, scheme=scheme), reason)
        for other in covering(host, self._hosts):
            own = {way.match for way in host.ways}
            free = [way for way in other.ways if way.targets and way.match not in own][:2]
            whose = other.declared or "all other hosts"
            yield from (self._asked(replace(root, target=way.targets[0]), f"a path of {whose}") for way in free)

    def _of_way(self, host: Host, way: Way, known: set[object]) -> Iterator[Probe]:
        if way.condition or way.method != "GET":
            for target in way.targets[:1]:
                asked = self._let_in(Request(host.asked, target, scheme=host.scheme))
                yield from of_condition(way, asked)
            return
        main = Request(host.asked, scheme=host.scheme)
        for target, reason in usual(way.match):
            for scheme in (host.scheme, _other(host.scheme)):
                yield from self._at(host, replace(main, target=target, scheme=scheme), reason, known)
        for target, reason in unusual(way.match):
            yield self._asked(replace(main, target=target), reason)

    def _at(self, host: Host, request: Request, reason: str, known: set[object]) -> Iterator[Probe]:
        """A request, and what is special about the place where it arrives on either side."""
        asked = self._let_in(request)
        yield Probe(asked, reason)
        location = self._source.controller.location(request)
        if location and (location.match, request.scheme) not in known:
            known.add((location.match, request.scheme))
            yield from of_location(_worth_asking(location, host, request.scheme, known), asked)
        taker = self._gateways.taker(asked)
        if taker and request.scheme == host.scheme and id(taker.rule) not in known:
            known.add(id(taker.rule))
            yield from of_rule(taker.rule, asked)

    def _asked(self, request: Request, reason: str) -> Probe:
        return Probe(self._let_in(request), reason)

    def _let_in(self, request: Request) -> Request:
        """Of a client whom the access rules let in, who shows no more than it takes."""
        admitted = self._source.let_in(request)
        wanted = self._answers(admitted)
        for plainer in (request, replace(request, client=admitted.client)):
            if self._answers(plainer) == wanted:
                return plainer
        return admitted

    def _answers(self, request: Request) -> tuple[Answer, Answer]:
        return self._source.controller.answer(request), self._gateways.answer(request)


def _worth_asking(location: Location, host: Host, scheme: Scheme, known: set[object]) -> Location:
    """With the behaviours that show over this scheme, and were not asked of the host before; ``known`` gets them."""
    kept = []
    for behaviour in location.behaviours:
        wanted = "http" if isinstance(behaviour, SslRedirect) else host.scheme
        if scheme != wanted and not isinstance(behaviour, Redirect):
            continue
        if isinstance(behaviour, _ONCE_A_HOST):
            alike = repr(replace(behaviour, origins=()))
            if alike in known:
                continue
            known.add(alike)
        kept.append(behaviour)
    return replace(location, behaviours=tuple(kept))


def _other(scheme: Scheme) -> Scheme:
    return "http" if scheme == "https" else "https"
