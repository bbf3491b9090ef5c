"""Which server takes a request, and which of its locations: ``server_name`` and ``location`` of nginx.

A wildcard stands for one label.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from converter.routing import MatchKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.routing import Location, Match, VirtualHost

_LABEL = re.compile(r"[\w-]+")


class Hosts:
    """The hosts of a table by their names, so that a request is not held against all of them."""

    def __init__(self, hosts: Sequence[VirtualHost]) -> None:
        self._exact: dict[str, VirtualHost] = {}
        self._wildcards: dict[str, tuple[int, VirtualHost]] = {}
        self._patterns: list[tuple[int, str, VirtualHost]] = []
        for index, host in enumerate(hosts):
            for name in host.names:
                if name.startswith("*."):
                    self._wildcards.setdefault(name, (index, host))
                elif name.startswith("~"):
                    self._patterns.append((index, name, host))
                self._exact.setdefault(name.lower(), host)

    def find(self, name: str) -> VirtualHost | None:
        """An exact name or alias, else the first wildcard or pattern; else the host for all others.

        A dot at the end says nothing.
        """
        name = name.removesuffix(".")
        if name and name in self._exact:
            return self._exact[name]
        label, dot, rest = name.partition(".")
        fitting = [(index, host) for index, pattern, host in self._patterns if _search(pattern, name)]
        if dot and _LABEL.fullmatch(label) and f"*.{rest}" in self._wildcards:
            fitting.append(self._wildcards[f"*.{rest}"])
        return min(fitting, key=lambda pair: pair[0])[1] if fitting else self._exact.get("")

    def is_deep(self, name: str) -> bool:
        """Whether some wildcard stands more than one label above the name."""
        parts = name.split(".")
        return any(f"*.{'.'.join(parts[index:])}" in self._wildcards for index in range(2, len(parts)))


def _search(pattern: str, name: str) -> bool:
    try:
        return re.match(pattern.removeprefix("~^").removeprefix("~"), name) is not None
    except re.error:
        return False


def find_location(host: VirtualHost, path: str) -> Location | None:
    """The exact one, else the first pattern that matches, else the longest prefix."""
    exact = next((place for place in host.locations if _is_exact(place.match, path)), None)
    if exact:
        return exact
    pattern = next((place for place in host.locations if _matches(place.match, path)), None)
    if pattern:
        return pattern
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
