"""Who serves a request on either side, and where that is written: what a person has to open to mend a difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.routing import MatchKind
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
        objects: Iterable[Mapping[str, Any]],
        written: Mapping[Identity, Written],
    ) -> None:
        """``own`` are those of a conversion."""
        self._controller, self._doors, self._own, self._written = controller, doors, own, written
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
        taker = self._doors.taker(request)
        if taker:
            return self._rule(taker, answer)
        listener = self._doors.listener(request)
        if listener is None:
            holders = [entry for entry in self._holders if _may_listen(entry, request)] or self._holders
            what = f"no listener{_of_all(map(self._named, holders))} takes {request.scheme} for it"
            return Place(f"{what}, which {self._routes_of(request)} would need")
        kind, namespace, name = listener.owner
        if listener.protocol == "TLS":
            passed = self._named_by((kind, namespace, name))
            return Place(f"listener {listener.name} of {passed}, which passes connections on")
        return Place(f"no rule of {self._routes_of(request)} takes it")

    def _rule(self, taker: Taker, answer: Answer) -> Place:
        route, rule = taker.route, taker.rule
        index = next(position for position, each in enumerate(route.rules) if each is rule)
        identity = (route.kind, route.namespace, route.name)
        shown = f" ({rule['name']})" if rule.get("name") else ""
        what = (
            f"{name_of(identity)}, rule {index}{shown}, {_match(taker.match)}{_barred(rule, route.namespace, answer)}"
        )
        found = self._written.get(identity)
        part = taker.match if hasattr(taker.match, "line") else rule
        return Place(what, found.file, found.line_of(part)) if found else Place(what)

    def _routes_of(self, request: Request) -> str:
        """Those for the host; if there is none, the one that a conversion would let serve the request."""
        found = [entry for entry in self._routes if _is_for(entry, request.hostname)]
        if found:
            return _listed(map(self._named, found))
        taker = self._own.taker(request)
        if taker is None:
            return "any route"
        return f"{self._named_by((taker.route.kind, taker.route.namespace, taker.route.name))} (as a conversion has it)"

    def _named(self, entry: Mapping[str, Any]) -> str:
        return self._named_by(identity_of(entry))

    def _named_by(self, identity: Identity) -> str:
        found = self._written.get(identity)
        return f"{name_of(identity)} ({found.address})" if found else name_of(identity)


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
    away = {each["namespace"] for each in rule["backendRefs"] if each.get("namespace", home) != home}
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
