"""Who serves a request on either side, and where that is written: what a person has to open to mend a difference."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from converter.routing import MatchKind
from converter.verify.gateway.certificates import barred
from converter.verify.gateway.hostnames import fits
from converter.verify.gateway.listeners import LISTENER_SETS
from converter.verify.gateway.routes import KINDS
from converter.verify.written import Identity, Written, identity_of, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from converter.ledger import Source
    from converter.routing import Location
    from converter.verify.doors import Doors
    from converter.verify.gateway import Taker
    from converter.verify.gateway.listeners import Listener
    from converter.verify.messages import Answer, Request
    from converter.verify.source import Controller

_MOST_NAMES = 2
_MATCHES = {MatchKind.EXACT: "exact path", MatchKind.PREFIX: "path", MatchKind.REGEX: "pattern"}


@dataclass(frozen=True, slots=True)
class Place:
    what: str
    """``Ingress shop/web, path /api``."""
    file: str = ""
    """Empty where it stands in no file."""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.what} ({self.file}:{self.line})" if self.file else self.what


class Places:
    def __init__(
        self,
        controller: Controller,
        doors: Doors,
        own: Doors,
        objects: Sequence[Mapping[str, Any]],
        written: Mapping[Identity, Written],
    ) -> None:
        """``own`` are those of a conversion."""
        self._controller, self._doors, self._own, self._written = controller, doors, own, written
        self._grants: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for entry in objects:
            if entry["kind"] == "ReferenceGrant":
                self._grants[entry["metadata"].get("namespace", "")].append(entry)
        self._routes = [entry for entry in objects if entry["kind"] in KINDS]
        self._holders = [entry for entry in objects if entry["kind"] in ("Gateway", *LISTENER_SETS)]

    def before(self, request: Request) -> Place:
        location = self._controller.location(request)
        if location:
            source = location.origins[0].source if location.origins else location.owner
            return Place(f"{_of(source)}, {_path(location)}", source.file, source.line)
        host = self._controller.hosts.find(request.hostname)
        if host is None or not host.name:
            return Place("no Ingress has this host")
        return Place(f"no path of {_of(host.owner)} takes it", host.owner.file, host.owner.line)

    def after(self, request: Request, answer: Answer) -> Place:
        taker, own = self._doors.taker(request), self._own.taker(request)
        if taker:
            place = self._rule(taker, answer)
            return replace(place, what=f"{place.what}{self._instead(request, taker, own)}")
        listener = self._doors.listener(request)
        if listener is None:
            return Place(f"{self._closed(request)}, which {self._routes_of(request, own)} would need")
        if listener.protocol == "TLS":
            return Place(f"{self._listener(listener)}, which passes connections on")
        return Place(f"no rule of {self._routes_of(request, own)} takes it at {self._listener(listener)}")

    def _closed(self, request: Request) -> str:
        """Why nobody listens."""
        holders = [entry for entry in self._holders if _may_listen(entry, request)] or self._holders
        lacking = [(entry, name, space) for entry in holders for name, space in barred(entry, self._grants).items()]
        for entry, name, space in lacking if request.scheme == "https" else ():
            return f"listener {name} of {self._named(entry)} has no ReferenceGrant for its certificate in {space}"
        return f"no listener{_of_all(map(self._named, holders))} takes {request.scheme} for it"

    def _listener(self, listener: Listener) -> str:
        return f"listener {listener.name} of {self._named_by(listener.owner)}"

    def _instead(self, request: Request, taker: Taker, own: Taker | None) -> str:
        """What serves the request among the objects of a conversion, where that is another route or listener."""
        if own and _route(own) != _route(taker):
            return f", in place of {self._named_by(_route(own))}"
        listener = self._own.listener(request)
        if listener is None or listener.identity == taker.listener.identity:
            return ""
        return f", through {self._listener(taker.listener)} in place of {listener.name}"

    def _rule(self, taker: Taker, answer: Answer) -> Place:
        route, rule = taker.route, taker.rule
        index = next(position for position, each in enumerate(route.rules) if each is rule)
        identity = _route(taker)
        shown = f" ({rule['name']})" if rule.get("name") else ""
        what = (
            f"{name_of(identity)}, rule {index}{shown}, {_match(taker.match)}{_barred(rule, route.namespace, answer)}"
        )
        found = self._written.get(identity)
        part = taker.match if hasattr(taker.match, "line") else rule
        return Place(what, found.file, found.line_of(part)) if found else Place(what)

    def _routes_of(self, request: Request, own: Taker | None) -> str:
        """The route that serves the request in a conversion, if it is there; or else those for the host."""
        if own and _route(own) in self._written:
            return self._named_by(_route(own))
        found = [entry for entry in self._routes if _is_for(entry, request.hostname)]
        if found:
            return _listed(map(self._named, found))
        return f"{name_of(_route(own))} (as a conversion has it)" if own else "any route"

    def _named(self, entry: Mapping[str, Any]) -> str:
        return self._named_by(identity_of(entry))

    def _named_by(self, identity: Identity) -> str:
        found = self._written.get(identity)
        return f"{name_of(identity)} ({found.address})" if found else name_of(identity)


def _route(taker: Taker) -> Identity:
    return taker.route.kind, taker.route.namespace, taker.route.name


def _of(source: Source) -> str:
    return name_of((source.kind, source.namespace, source.name))


def _path(location: Location) -> str:
    words = f"{_MATCHES[location.match.kind]} {location.match.value}"
    return words if location.origins else f"{words}, which the controller adds"


def _match(match: Mapping[str, Any]) -> str:
    """``PathPrefix /api with X-Canary: always``."""
    path = match.get("path", {})
    words = f"{path.get('type', 'PathPrefix')} {path.get('value', '/')}"
    if isinstance(match.get("method"), dict):
        called = match["method"]
        words = f"method {called.get('service', '')}/{called.get('method', '')}"
    asked = [match["method"]] if isinstance(match.get("method"), str) else []
    asked += [f"{each['name']}: {each['value']}" for each in match.get("headers", [])]
    asked += [f"?{each['name']}={each['value']}" for each in match.get("queryParams", [])]
    return f"{words} with {', '.join(asked)}" if asked else words


def _barred(rule: Mapping[str, Any], home: str, answer: Answer) -> str:
    """Why backends that a rule names get nothing, as far as it can be told."""
    nobody = answer.status == 500 or any(share.endpoint is None for share in answer.shares)
    if not nobody or not rule.get("backendRefs"):
        return ""
    asked = [
        entry["externalAuth"]["backendRef"] for entry in rule.get("filters", []) if entry["type"] == "ExternalAuth"
    ]
    away = {each["namespace"] for each in (*rule["backendRefs"], *asked) if each.get("namespace", home) != home}
    if not away:
        return ", whose backend cannot be used"
    return f", which no ReferenceGrant in {' or '.join(sorted(away))} lets use its backend"


def _is_for(entry: Mapping[str, Any], hostname: str) -> bool:
    names = entry["spec"].get("hostnames") or [""]
    return any(fits(name.lower(), hostname) for name in names)


def _may_listen(entry: Mapping[str, Any], request: Request) -> bool:
    """Whether one of its listeners has the host, over whatever scheme."""
    listeners: Sequence[Mapping[str, Any]] = entry["spec"].get("listeners", [])
    return any(fits(each.get("hostname", "").lower(), request.hostname) for each in listeners)


def _of_all(names: Iterator[str]) -> str:
    listed = _listed(names)
    return f" of {listed}" if listed else ""


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    more = len(found) - _MOST_NAMES
    return " or ".join(found[:_MOST_NAMES]) + (f" or {more} more" if more > 0 else "")
