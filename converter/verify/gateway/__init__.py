"""What a Gateway answers, from the objects alone, as the Gateway API says it.

What the API leaves to implementations is taken as Envoy does it; each such place says so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from converter.verify.gateway.aws_load_balancer_controller import configured
from converter.verify.gateway.backends import THROUGH, Backends, parts
from converter.verify.gateway.certificates import with_certificates
from converter.verify.gateway.entering import entered
from converter.verify.gateway.extensions import extensions_of, rewritten_by
from converter.verify.gateway.filters import enter, run
from converter.verify.gateway.guards import cors_filters, denial
from converter.verify.gateway.hostnames import specificity
from converter.verify.gateway.istio import policy_at
from converter.verify.gateway.kong.answers import sends_to_https, sent_to_https
from converter.verify.gateway.listeners import Listener, Listeners, listeners_of
from converter.verify.gateway.matching import accepted, find
from converter.verify.gateway.policies import AttachedPolicies
from converter.verify.gateway.routes import KINDS, Route, Routes
from converter.verify.messages import Answer, Share

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from converter.verify.gateway.filters import Passage
    from converter.verify.messages import Request

NOT_FOUND = Answer(404)
REFUSED = Answer(0)
MISDIRECTED = Answer(421)
NO_BACKEND = Answer(500)


@dataclass(frozen=True, slots=True)
class Taker:
    """Where a request is served."""

    listener: Listener
    route: Route
    rule: Mapping[str, Any]
    match: Mapping[str, Any]


class Gateways:
    """The objects of one cluster, ready to answer many requests."""

    def __init__(
        self, objects: Sequence[Mapping[str, Any]], services: Collection[tuple[str, str]] | None = None
    ) -> None:
        """``services`` are those that exist, by namespace and name; ``None`` for all of them."""
        labels = {
            entry["metadata"]["name"]: entry["metadata"].get("labels", {})
            for entry in objects
            if entry["kind"] == "Namespace"
        }
        grants: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for entry in objects:
            if entry["kind"] == "ReferenceGrant":
                grants[entry["metadata"].get("namespace", "")].append(entry)
        self._labels = labels
        self._listeners: dict[tuple[str, str] | None, Listeners] = _by_gateway(
            listeners_of(with_certificates(objects, grants), labels)
        )
        self._extensions = extensions_of(objects)
        found = (configured(Route.read(entry), self._extensions) for entry in objects if entry["kind"] in KINDS)
        routes = [accepted(route) for route in found]
        self._routes = Routes(routes)
        self._sends_to_https = any(map(sends_to_https, routes))
        through = {(entry["kind"], *_named(entry)): entry for entry in objects if entry["kind"] in THROUGH}
        self._backends = Backends(grants, services, through)
        self._policies = AttachedPolicies(objects)

    def answer(self, request: Request, gateway: tuple[str, str] | None = None) -> Answer:
        """Predict the answer; ``gateway`` is the one that the request arrives at, by namespace and name."""
        here = self._listeners.get(gateway) or Listeners(())
        passed = here.on_port(request.port)
        if passed:
            return self._by_port(passed)
        reached = self._reached(here, request)
        if reached == REFUSED:
            return REFUSED
        if isinstance(reached, Listener) and reached.protocol == "TLS":
            return self._by_name(reached, (request.server_name or request.hostname).lower())
        taken = entered(request)
        if isinstance(taken, Answer):
            return taken
        return reached if isinstance(reached, Answer) else self._by_listener(reached, taken)

    def taker(self, request: Request) -> Taker | None:
        """Who takes a request over http or https; ``None`` where nobody does, or a connection is passed on."""
        listener, taken = self.listener(request), entered(request)
        if listener is None or listener.protocol == "TLS" or isinstance(taken, Answer):
            return None
        found = find(self._routes.of(listener, request.hostname, self._labels), taken, listener.hostname)
        return Taker(listener, *found) if found else None

    def listener(self, request: Request) -> Listener | None:
        """Where a request over http or https arrives; ``None`` where it is refused before any route is looked at."""
        found = self._reached(self._listeners.get(None) or Listeners(()), request)
        return None if isinstance(found, Answer) else found

    def _reached(self, here: Listeners, request: Request) -> Listener | Answer:
        """The listener; over TLS the name in the handshake chooses it, and the Host header has to agree with it."""
        if request.scheme == "http":
            return here.choose(request, request.hostname) or (NOT_FOUND if here.is_open(request) else REFUSED)
        listener = here.choose(request, (request.server_name or request.hostname).lower())
        if listener is None:
            return REFUSED
        if listener.protocol == "TLS":
            return listener
        if listener.certificates and not request.identified:
            return REFUSED
        named = here.choose(request, request.hostname)
        if named is None:
            return NOT_FOUND
        return listener if named == listener else MISDIRECTED

    def _by_name(self, listener: Listener, name: str) -> Answer:
        """A TLSRoute has one rule; the most specific name wins."""
        routes = self._routes.of(listener, name, self._labels)
        fitting = [(best, route) for route in routes if (best := route.best_hostname(name))]
        if not fitting:
            return REFUSED
        route = max(fitting, key=lambda pair: specificity(pair[0]))[1]
        shares = self._shares(route, route.rules[0], None)
        return Answer(shares=shares) if any(share.endpoint for share in shares) else REFUSED

    def _by_port(self, listener: Listener) -> Answer:
        """The oldest TCPRoute takes all connections."""
        found = self._routes.of(listener, "", self._labels)
        routes = sorted(found, key=lambda route: (route.created, route.namespace, route.name))
        shares = self._shares(routes[0], routes[0].rules[0], None) if routes else ()
        return Answer(shares=shares) if any(share.endpoint for share in shares) else REFUSED

    def _by_listener(self, listener: Listener, request: Request) -> Answer:
        routes = self._routes.of(listener, request.hostname, self._labels)
        found = find((*routes, *self._sending_to_https(listener, request)), request, listener.hostname)
        if found is None:
            return NOT_FOUND
        route, rule, match = found
        if sent := sent_to_https(route, request):
            return sent
        policies = self._attached(listener, route, rule, request)
        filters = self._filters(route, rule, cors_filters(policies))
        passage = run(enter(request, match, listener.port, (self._extensions, route.namespace)), filters)
        refused = denial(policies, request)
        # A preflight is answered before anybody is asked.
        if passage.answer and request.method == "OPTIONS":
            refused = None
        passage = replace(passage, target=_rewritten(policies, passage.target))
        barred = not all(self._backends.resolve(route, reference) for reference in _asked(filters))
        if not all(self._backends.may_refer(policy, each) for policy in policies for each in _authorities(policy)):
            # Envoy Gateway refuses the policy, and answers 500 in its place.
            refused = NO_BACKEND
        answer = refused or (NO_BACKEND if barred else passage.answer or self._forward(route, rule, passage))
        copies = (self._backends.resolve(route, reference) for reference in passage.mirrors)
        return replace(
            answer,
            set_headers=tuple(sorted((*answer.set_headers, *passage.set_headers), key=lambda pair: pair[0].lower())),
            added_headers=passage.added_headers,
            removed_headers=tuple(sorted(passage.removed_headers)) if answer.shares else (),
            mirrors=tuple(copy for copy in copies if copy) if answer.shares else (),
        )

    def _attached(
        self, listener: Listener, route: Route, rule: Mapping[str, Any], request: Request
    ) -> Sequence[Mapping[str, Any]]:
        found = self._policies.attached(listener, route, rule)
        return [policy_at(policy, request.host, request.path) for policy in found]

    def _sending_to_https(self, listener: Listener, request: Request) -> Sequence[Route]:
        """Kong: routes that are attached for https alone, and answer plain http."""
        if request.scheme == "https" or not self._sends_to_https:
            return ()
        here = self._listeners.get(listener.gateway) or Listeners(())
        secure = here.choose(replace(request, scheme="https", port=443), request.hostname)
        routes = self._routes.of(secure, request.hostname, self._labels) if secure else ()
        return [route for route in routes if sent_to_https(route, request)]

    def _filters(
        self, route: Route, rule: Mapping[str, Any], further: Sequence[Mapping[str, Any]]
    ) -> list[Mapping[str, Any]]:
        """Those of the rule, and of its backend where it has one; Envoy has CORS for what it forwards alone."""
        references = [reference for reference, _ in parts(rule.get("backendRefs", []))]
        found = [
            *further,
            *rule.get("filters", []),
            *(references[0].get("filters", []) if len(references) == 1 else []),
        ]
        forwards = any(self._backends.resolve(route, reference) for reference in references)
        if forwards and all(entry["type"] != "RequestRedirect" for entry in found):
            return found
        return [entry for entry in found if entry["type"] != "CORS"]

    def _forward(self, route: Route, rule: Mapping[str, Any], passage: Passage) -> Answer:
        shares = self._shares(route, rule, passage)
        return Answer(shares=shares) if any(share.endpoint for share in shares) else NO_BACKEND

    def _shares(self, route: Route, rule: Mapping[str, Any], passage: Passage | None) -> tuple[Share, ...]:
        """Filters of a backend act on the requests that go there."""
        references = list(parts(rule.get("backendRefs", [])))
        found = []
        for reference, part in references:
            own = reference.get("filters", []) if len(references) > 1 else []
            sent = run(passage, own).forwarded if passage else None
            found.append(Share(self._backends.resolve(route, reference), part, sent))
        return tuple(sorted(found, key=lambda share: str(share.endpoint)))


def _asked(filters: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The services that decide who gets in. Gateway API: where one may not be referred to, nobody does."""
    for entry in filters:
        if entry["type"] == "ExternalAuth":
            yield entry["externalAuth"]["backendRef"]


def _authorities(policy: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Envoy Gateway: ``SecurityPolicy.spec.extAuth.http.backendRefs``."""
    if policy["kind"] != "SecurityPolicy":
        return ()
    found: Sequence[Mapping[str, Any]] = policy["spec"].get("extAuth", {}).get("http", {}).get("backendRefs", ())
    return found


def _rewritten(policies: Sequence[Mapping[str, Any]], target: str) -> str:
    path, mark, query = target.partition("?")
    return f"{rewritten_by(policies, path)}{mark}{query}"


def _named(entry: Mapping[str, Any]) -> tuple[str, str]:
    return entry["metadata"].get("namespace", ""), entry["metadata"]["name"]


def _by_gateway(listeners: Sequence[Listener]) -> dict[tuple[str, str] | None, Listeners]:
    """Those of each Gateway, and under ``None`` all of them."""
    found: dict[tuple[str, str] | None, list[Listener]] = {None: list(listeners)}
    for entry in listeners:
        found.setdefault(entry.gateway, []).append(entry)
    return {gateway: Listeners(entries) for gateway, entries in found.items()}


def answer(objects: Sequence[Mapping[str, Any]], request: Request, gateway: tuple[str, str] | None = None) -> Answer:
    """Predict the answer to one request; for many, make :class:`Gateways` once."""
    return Gateways(objects).answer(request, gateway)
