"""Which server takes a request, and which of its locations: ``server_name`` and ``location`` of nginx."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from converter.routing import MatchKind

if TYPE_CHECKING:
    from converter.routing import Location, Match, RoutingTable, VirtualHost


def find_host(table: RoutingTable, name: str) -> VirtualHost | None:
    """An exact name or alias, else the first wildcard, which stands for one label; else the host for all others."""
    for host in table.hosts:
        if name and name in host.names:
            return host
    for host in table.hosts:
        if any(_fits(written, name) for written in host.names):
            return host
    return next((host for host in table.hosts if not host.name), None)


def _fits(written: str, name: str) -> bool:
    if written.startswith("~"):
        return _search(written.removeprefix("~^").removeprefix("~"), name)
    return written.startswith("*.") and re.fullmatch(r"[\w-]+" + re.escape(written[1:]), name) is not None


def _search(pattern: str, name: str) -> bool:
    try:
        return re.match(pattern, name) is not None
    except re.error:
        return False


def find_location(host: VirtualHost, path: str) -> Location | None:
    """The exact one, else the longest prefix; where there are patterns, the first that matches."""
    exact = next((place for place in host.locations if _is_exact(place.match, path)), None)
    if exact:
        return exact
    if any(place.match.kind is MatchKind.REGEX for place in host.locations):
        return next((place for place in host.locations if _matches(place.match, path)), None)
    fitting = [place for place in host.locations if _is_below(place.match, path)]
    return max(fitting, key=lambda place: len(place.match.value), default=None)


def _is_exact(match: Match, path: str) -> bool:
    return match.kind is MatchKind.EXACT and match.value == path


def _is_below(match: Match, path: str) -> bool:
    """``/a`` holds for ``/a`` and ``/a/b``; ``/a/`` for itself and what is below it."""
    bare = match.value.rstrip("/")
    if match.kind is not MatchKind.PREFIX:
        return False
    return path.startswith(f"{bare}/") or (path == bare and not match.value.endswith("/"))


def _matches(match: Match, path: str) -> bool:
    pattern = compiled(match.value) if match.kind is MatchKind.REGEX else None
    return pattern is not None and pattern.match(path) is not None


@cache
def compiled(pattern: str) -> re.Pattern[str] | None:
    """As nginx compiles ``~* "^pattern"``: an anchor in front binds the first branch only."""
    try:
        return re.compile(f"^{pattern}" if "|" not in pattern else f"(?:^{pattern})", re.IGNORECASE)
    except re.error:
        return None
