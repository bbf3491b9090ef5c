"""What the source controller answers, from its routing table alone: nginx's phases, one after the other."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from converter.routing import BodyLimit, Cors, FixedAnswer, Hsts, MatchKind, Redirect, Refusal, SslRedirect
from converter.verify.messages import Answer, Endpoint, Share
from converter.verify.source.access import block_lists, client_certificate, denial, refused_by_server
from converter.verify.source.backends import mirrors, shares, sticky_cookie
from converter.verify.source.claims import claims_of
from converter.verify.source.conditions import under_conditions
from converter.verify.source.hosts import Hosts, find_location
from converter.verify.source.paths import is_refused, normalised
from converter.verify.source.redirects import address_of_server, https_address, is_of_server, redirect_address
from converter.verify.source.responses import origin_allowed, with_headers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeVar

    from converter.routing import Backend, BlockList, ClientCertificate, Location, RoutingTable, VirtualHost
    from converter.verify.messages import Request
    from converter.verify.source.claims import Claims

    Kind = TypeVar("Kind")

NOT_FOUND = Answer(404)
HEALTH = "/healthz"
_USUAL_LIMIT = 1 << 20
"""Bytes of a body: nginx's own, where the controller writes none."""
_CLOSES, _CLOSED = 444, 0


class Controller:
    """The source controller with one routing table, ready to answer many requests."""

    def __init__(self, table: RoutingTable) -> None:
        self.table = table
        self.hosts = Hosts(table.hosts)
        self._passed_on = {host.name: host for host in table.hosts if host.passthrough}

    @cached_property
    def _block_lists(self) -> tuple[BlockList, ...]:
        return block_lists(self.table)

    @cached_property
    def _hsts(self) -> tuple[Hsts, ...]:
        """The same for all hosts, so that of any will do."""
        behaviours = (each for host in self.table.hosts for place in host.locations for each in place.behaviours)
        return tuple(islice((each for each in behaviours if isinstance(each, Hsts)), 1))

    @cached_property
    def _certificates(self) -> Mapping[str, ClientCertificate | None]:
        return {host.name: client_certificate(host) for host in self.table.hosts}

    def location(self, request: Request) -> Location | None:
        """Where a request is served; ``None`` for one that no location takes."""
        host = self.hosts.find(request.hostname)
        return find_location(host, normalised(request.path)) if host else None

    def answer(self, request: Request) -> Answer:
        """Predict the answer to one request.

        What depends on time, on chance or on the state of endpoints is not predicted: limits over time count as not
        reached, retries as not needed.
        """
        for port in self.table.ports:
            if port.protocol == "tcp" and port.number == request.port:
                return _passed_to(port.backend)
        passing = self._passed_on.get(request.server_name or request.hostname)
        if passing and request.scheme == "https":
            return _passed_on(passing)
        if is_refused(request.path):
            return Answer(400)
        host, path = self.hosts.find(request.hostname), normalised(request.path)
        location = find_location(host, path) if host else None
        guard = self._certificates[host.name] if host else None
        if refusal := refused_by_server(guard, self._block_lists, request):
            return refusal
        if (host is None or not host.name) and _is_health_check(host, location, path):
            return Answer(200)
        if location is None:
            return with_headers(NOT_FOUND, self._hsts, request)
        return _at(location, request, claims_of(self.table, request))


def answer(table: RoutingTable, request: Request) -> Answer:
    """Predict the answer to one request; for many, make :class:`Controller` once."""
    return Controller(table).answer(request)


def _passed_on(host: VirtualHost) -> Answer:
    root = next((place for place in host.locations if place.match.value == "/" and place.backend), None)
    return _passed_to(root.backend) if root and root.backend else Answer(0)


def _passed_to(backend: Backend) -> Answer:
    return Answer(shares=(Share(Endpoint(backend.namespace, backend.service, backend.port), 1.0),))


def _is_health_check(host: VirtualHost | None, location: Location | None, path: str) -> bool:
    """A prefix like any other, byte for byte; patterns come before it."""
    if host and any(place.match.kind is MatchKind.REGEX for place in host.locations):
        return False
    match = location.match if location else None
    beaten = match is None or (match.kind is MatchKind.PREFIX and len(match.value) < len(HEALTH))
    return path.startswith(HEALTH) and beaten


def _at(location: Location, request: Request, claims: Claims) -> Answer:
    """nginx's phases: what stands in the server, the size of the body, its rewrite module, access, and the backend.

    Who answers early has only those headers that are set by then.
    """
    location = under_conditions(location, request)
    redirect, limit = _first(location, Redirect), _first(location, BodyLimit)
    if redirect and is_of_server(location):
        return Answer(redirect.status, location=address_of_server(redirect, request, claims))
    most = limit.size if limit else _USUAL_LIMIT
    if most and request.body > most:
        return with_headers(Answer(413), [each for each in location.behaviours if not isinstance(each, Cors)], request)
    if found := _rewritten(location, request, claims):
        return with_headers(found, location.behaviours, request)
    if refused := denial(location, replace(request, client=claims.client), claims):
        signing_in = refused.status == 302
        headers = [each for each in location.behaviours if isinstance(each, Cors) or not signing_in]
        return with_headers(refused, headers, request)
    return with_headers(_from_backend(location, request, claims), location.behaviours, request)


def _rewritten(location: Location, request: Request, claims: Claims) -> Answer | None:
    """nginx's rewrite module in the order of the template, and the controller's Lua after it."""
    if refusal := _first(location, Refusal):
        return Answer(refusal.status)
    cors = _first(location, Cors)
    if cors and request.method == "OPTIONS" and origin_allowed(cors, request.header("Origin")):
        return Answer(204)
    answer = next((b for b in location.behaviours if isinstance(b, Redirect | FixedAnswer)), None)
    if isinstance(answer, Redirect):
        return Answer(answer.status, location=redirect_address(answer, request))
    if answer:
        return Answer(_CLOSED if answer.status == _CLOSES else answer.status)
    to_https = _first(location, SslRedirect)
    if to_https and claims.scheme == "http":
        return Answer(to_https.status, location=https_address(to_https, replace(request, host=claims.host)))
    return None


def _from_backend(location: Location, request: Request, claims: Claims) -> Answer:
    """A copy is held against nginx's own limit, and is made of what gets 404 as well."""
    copies = mirrors(location) if request.body <= _USUAL_LIMIT else ()
    if location.backend is None:
        return replace(NOT_FOUND, mirrors=copies)
    cookie = sticky_cookie(location, request)
    added = (("Set-Cookie", cookie),) if cookie else ()
    return Answer(shares=shares(location, request, claims), mirrors=copies, added_headers=added)


def _first(location: Location, kind: type[Kind]) -> Kind | None:
    found: Iterable[Kind] = (behaviour for behaviour in location.behaviours if isinstance(behaviour, kind))
    return next(iter(found), None)
