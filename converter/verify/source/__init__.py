"""What the source controller answers, from its routing table alone: nginx's phases, one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from converter.routing import BodyLimit, Cors, Redirect, Refusal, SslRedirect
from converter.verify.messages import Answer, Endpoint, Share
from converter.verify.source.access import blocked, denial
from converter.verify.source.backends import mirrors, shares, sticky_cookie
from converter.verify.source.claims import claims_of
from converter.verify.source.hosts import Hosts, find_location
from converter.verify.source.paths import normalised
from converter.verify.source.redirects import https_address, redirect_address
from converter.verify.source.responses import origin_allowed, response_headers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    from converter.routing import Backend, Location, RoutingTable, VirtualHost
    from converter.verify.messages import Request
    from converter.verify.source.claims import Claims

    Kind = TypeVar("Kind")

NOT_FOUND = Answer(404)


class Controller:
    """The source controller with one routing table, ready to answer many requests."""

    def __init__(self, table: RoutingTable) -> None:
        self.table = table
        self.hosts = Hosts(table.hosts)

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
        host = self.hosts.find(request.hostname)
        if host is None or not host.name:
            if normalised(request.path) == "/healthz":
                return Answer(200)
            if host is None:
                return NOT_FOUND
        if host.passthrough and request.scheme == "https":
            return _passed_on(host)
        location = find_location(host, normalised(request.path))
        return NOT_FOUND if location is None else _at(location, request, claims_of(self.table, request))


def answer(table: RoutingTable, request: Request) -> Answer:
    """Predict the answer to one request; for many, make :class:`Controller` once."""
    return Controller(table).answer(request)


def _passed_on(host: VirtualHost) -> Answer:
    root = next((place for place in host.locations if place.match.value == "/" and place.backend), None)
    return _passed_to(root.backend) if root and root.backend else Answer(0)


def _passed_to(backend: Backend) -> Answer:
    return Answer(shares=(Share(Endpoint(backend.namespace, backend.service, backend.port), 1.0),))


def _at(location: Location, request: Request, claims: Claims) -> Answer:
    found = _before_backend(location, request, claims) or _from_backend(location, request, claims)
    set_headers, removed = response_headers(location, request)
    return replace(found, set_headers=set_headers, removed_headers=removed)


def _before_backend(location: Location, request: Request, claims: Claims) -> Answer | None:
    """The size of the body, then nginx's rewrite phase, then its access phase."""
    if blocked(location, request):
        return Answer(403)
    if refusal := _first(location, Refusal):
        return Answer(refusal.status)
    limit = _first(location, BodyLimit)
    if limit and limit.size and request.body > limit.size:
        return Answer(413)
    cors = _first(location, Cors)
    if cors and request.method == "OPTIONS" and origin_allowed(cors, request.header("Origin")):
        return Answer(204)
    if redirect := _first(location, Redirect):
        return Answer(redirect.status, location=redirect_address(redirect, request))
    to_https = _first(location, SslRedirect)
    if to_https and claims.scheme == "http":
        return Answer(to_https.status, location=https_address(to_https, replace(request, host=claims.host)))
    return denial(location, replace(request, client=claims.client))


def _from_backend(location: Location, request: Request, claims: Claims) -> Answer:
    if location.backend is None:
        return NOT_FOUND
    cookie = sticky_cookie(location, request)
    added = (("Set-Cookie", cookie),) if cookie else ()
    return Answer(shares=shares(location, request, claims), mirrors=mirrors(location), added_headers=added)


def _first(location: Location, kind: type[Kind]) -> Kind | None:
    found: Iterable[Kind] = (behaviour for behaviour in location.behaviours if isinstance(behaviour, kind))
    return next(iter(found), None)
