"""Lines of nginx's configuration, with every value quoted: nothing that was read can end its own argument."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Lines:
    """What one idea needs, by the block that it belongs to."""

    http: tuple[str, ...] = ()
    """Maps, which nginx knows for all servers only."""
    server: tuple[str, ...] = ()
    """Locations beside the one in question."""
    location: tuple[str, ...] = ()

    def __add__(self, other: Lines) -> Lines:
        return Lines(self.http + other.http, self.server + other.server, self.location + other.location)


def joined(parts: Iterable[Lines]) -> Lines:
    found = tuple(parts)
    return Lines(
        tuple(line for part in found for line in part.http),
        tuple(line for part in found for line in part.server),
        tuple(line for part in found for line in part.location),
    )


def quoted(value: str) -> str:
    """One argument, byte for byte; where nginx knows variables, those in it are in force."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def text(value: str) -> str:
    """One argument in which nothing is a variable; nginx has no other way to write a dollar."""
    return quoted(value.replace("$", "${literal_dollar}"))


def block(head: str, lines: Iterable[str]) -> tuple[str, ...]:
    return (f"{head} {{", *(f"    {line}" for line in lines), "}")


def mapping(source: str, name: str, pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """``map``: the variable ``name`` has the value of the first pair that fits; both are arguments already."""
    return block(f"map {source} ${name}", (f"{key} {value};" for key, value in pairs))
