"""The ways into a cluster: hosts, matches of paths and conditions on headers, each with requests that take it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from converter.routing import Match, MatchKind, Split
from converter.verify.gateway.routes import KINDS
from converter.verify.samples import as_sent, samples, texts
from converter.verify.source.hosts import find_location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from converter.routing import Location, RoutingTable, VirtualHost
    from converter.verify.messages import Headers

UNLISTED = "undeclared.invalid"
"""A name that nobody declares (RFC 2606), for the host that takes all of them."""
_ROOT = Match(MatchKind.PREFIX, "/")
_KINDS = {"Exact": MatchKind.EXACT, "PathPrefix": MatchKind.PREFIX, "RegularExpression": MatchKind.REGEX}
_MOST_SAMPLES = 3


Standing = Literal["", "new", "gone"]
"""Whether both sides have a way of their own, or only the later or the earlier one."""


@dataclass(frozen=True, slots=True)
class Way:
    host: str
    """As it is declared; empty for the host that takes every other."""
    match: Match
    condition: str = ""
    """What the request says besides its address, for people; ``headers`` say it."""
    headers: Headers = ()
    method: str = "GET"
    targets: tuple[str, ...] = ()
    """Paths as they are sent, the most telling first; none when no guess takes this way."""
    standing: Standing = ""

    @property
    def asked(self) -> str:
        """A host name that a client may ask for."""
        return f"any{self.host[1:]}" if self.host.startswith("*.") else self.host or UNLISTED

    @property
    def identity(self) -> tuple[str, Match, str]:
        return self.host, self.match, self.condition


def ways_of_table(table: RoutingTable) -> Iterator[Way]:
    """Every location of every host under each of its names, and the requests that a canary takes out of it."""
    for host in table.hosts:
        for name in host.names:
            if name.startswith("~"):
                yield Way(name, _ROOT)
            elif not host.locations:
                yield Way(name, _ROOT, targets=("/",))
            else:
                yield from _ways_of_host(host, name)


def _ways_of_host(host: VirtualHost, name: str) -> Iterator[Way]:
    for match, location in {location.match: location for location in reversed(host.locations)}.items():
        found = (path for path in samples(match) if _takes(host, location, path))
        targets = tuple(as_sent(path) for path in found)[:_MOST_SAMPLES]
        yield Way(name, match, targets=targets)
        for condition, headers in _conditions(location):
            yield Way(name, match, condition, headers, targets=targets[:1])


def _takes(host: VirtualHost, location: Location, path: str) -> bool:
    found = find_location(host, path)
    return found is not None and found.match == location.match


def _conditions(location: Location) -> Iterator[tuple[str, Headers]]:
    for split in location.behaviours:
        if isinstance(split, Split):
            for name, value in _deciding(split):
                yield f"{name}: {value}", ((name, value),)


def _deciding(split: Split) -> Iterator[tuple[str, str]]:
    if split.header and split.header_value:
        yield split.header, split.header_value
    elif split.header and split.header_pattern:
        yield from ((split.header, text) for text in texts(split.header_pattern)[:1])
    elif split.header:
        yield from ((split.header, value) for value in ("always", "never"))
    if split.cookie:
        yield from (("Cookie", f"{split.cookie}={value}") for value in ("always", "never"))


def ways_of_objects(objects: Iterable[Mapping[str, Any]]) -> Iterator[Way]:
    """Every match of every rule of the routes, under each of their host names."""
    for entry in objects:
        if entry["kind"] not in KINDS:
            continue
        spec = entry.get("spec") or {}
        for name in spec.get("hostnames") or [""]:
            for rule in spec.get("rules") or [{}]:
                for match in rule.get("matches") or [{}]:
                    yield _way(name, match, grpc=entry["kind"] == "GRPCRoute")


def _way(name: str, match: Mapping[str, Any], *, grpc: bool) -> Way:
    conditions = list(_said(match.get("headers", [])))
    condition = ", ".join(f"{key}: {value}" for key, value in conditions)
    if grpc:
        called = match.get("method", {})
        path = Match(MatchKind.PREFIX, f"/{called.get('service', '')}/{called.get('method', '')}".rstrip("/") or "/")
        return Way(name, path, condition, tuple(conditions), "POST", tuple(map(as_sent, samples(path)[:1])))
    written = match.get("path", {})
    path = Match(_KINDS[written.get("type", "PathPrefix")], written.get("value", "/"))
    asked = [f"{each['name']}={value}" for each in match.get("queryParams", []) for value in _values(each)]
    query = f"?{'&'.join(asked)}" if asked else ""
    words = [match["method"]] if "method" in match else []
    found = tuple(f"{as_sent(target)}{query}" for target in samples(path)[:_MOST_SAMPLES])
    shown = ", ".join([*words, *([condition] if condition else []), *([query] if query else [])])
    return Way(name, path, shown, tuple(conditions), match.get("method", "GET"), found)


def _said(entries: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        yield from ((entry["name"], value) for value in _values(entry))


def _values(entry: Mapping[str, Any]) -> Sequence[str]:
    """The value, or one text that the pattern takes."""
    return texts(entry["value"])[:1] if entry.get("type") == "RegularExpression" else (entry["value"],)


def of_both(before: Iterable[Way], after: Iterable[Way]) -> list[Way]:
    """The ways of both sides, each once; those of one side alone say so."""
    old, new = ({way.identity: way for way in ways} for ways in (before, after))
    gone = (replace(way, standing="gone") for key, way in old.items() if key not in new)
    return [*(way if key in old else replace(way, standing="new") for key, way in new.items()), *gone]
