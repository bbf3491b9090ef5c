"""Which host names to ask for: those that either side declares, those just beside them, and one that nobody does."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from converter.routing import Match, MatchKind
from converter.verify.gateway.listeners import LISTENER_SETS
from converter.verify.samples import texts
from converter.verify.ways import UNLISTED, Way, ways_of_objects, ways_of_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from converter.routing import RoutingTable
    from converter.verify.messages import Scheme

_LISTENERS = ("Gateway", *LISTENER_SETS)
_ROOT = Match(MatchKind.PREFIX, "/")


@dataclass(frozen=True, slots=True)
class Host:
    declared: str
    """As it is declared; empty for the one that takes every other."""
    asked: str
    """A name that a client may ask for."""
    scheme: Scheme
    """Over which most of it is served."""
    ways: tuple[Way, ...]
    """Of both sides, each once."""


def hosts_of(table: RoutingTable, objects: Sequence[Mapping[str, Any]]) -> tuple[Host, ...]:
    """All that either side declares, ordered by name."""
    by_host: dict[str, dict[tuple[object, ...], Way]] = defaultdict(dict)
    for way in chain(ways_of_table(table), ways_of_objects(objects)):
        by_host[way.host].setdefault(way.identity, way)
    for name in _of_listeners(objects):
        by_host.setdefault(name, {})
    by_host.setdefault("", {})
    secured = {name for host in table.hosts if host.certificate and not host.passthrough for name in host.names}
    found = []
    for declared in sorted(by_host):
        if asked := _asked(declared):
            scheme: Scheme = "https" if declared in secured else "http"
            found.append(Host(declared, asked, scheme, tuple(by_host[declared].values())))
    return tuple(found)


def _of_listeners(objects: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for entry in objects:
        if entry["kind"] in _LISTENERS:
            yield from (listener.get("hostname", "").lower() for listener in entry["spec"].get("listeners", []))


def _asked(declared: str) -> str:
    """Empty when no name comes to mind that the declaration takes."""
    if declared.startswith("~"):
        return next((text for text in texts(declared.removeprefix("~").removeprefix("^")) if _is_name(text)), "")
    return Way(declared, _ROOT).asked


def _is_name(text: str) -> bool:
    return bool(text) and all(char.isalnum() or char in "-." for char in text)


def beside(host: Host, table: RoutingTable) -> Iterator[tuple[str, str]]:
    """Names that are nearly the host's, each with what it is."""
    if not host.declared.startswith("*."):
        return
    apex = host.declared.removeprefix("*.")
    yield f"any.other.{apex}", f"two labels under {host.declared}"
    if apex not in {name for each in table.hosts for name in each.names}:
        yield apex, f"no label under {host.declared}"


def written_otherwise(host: Host) -> Iterator[tuple[str, str]]:
    """The same host as a client may write it."""
    yield host.asked.upper(), "the host in capitals"
    yield f"{host.asked}:{443 if host.scheme == 'https' else 80}", "the host with its port"


def covering(host: Host, hosts: Sequence[Host]) -> Iterator[Host]:
    """Those that would take requests for the host if it were not declared by itself."""
    for other in hosts:
        wide = other.declared in ("", f"*.{host.asked.partition('.')[2]}")
        if wide and other.declared != host.declared and host.asked != UNLISTED:
            yield other
