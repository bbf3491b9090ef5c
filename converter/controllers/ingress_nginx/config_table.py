"""The options and flags of ingress-nginx with their defaults; the facts are in the table, where each column is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from converter.tables import TableError, load_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_FILE = "controllers/ingress-nginx-config"
_COLUMNS = ("topic", "default", "effect", "heeded")


@dataclass(frozen=True, slots=True)
class OptionRow:
    name: str
    topic: str
    default: str
    """Empty: nothing, or a matter of the machine."""
    effect: str
    """Empty: it changes nothing that a client or a backend sees."""
    heeded: bool
    """Whether the conversion reads it."""


@cache
def options() -> Mapping[str, OptionRow]:
    """The keys of the ConfigMap."""
    return _rows("options")


@cache
def flags() -> Mapping[str, OptionRow]:
    """The flags of the command line that matter for traffic."""
    return _rows("flags")


def _rows(section: str) -> dict[str, OptionRow]:
    return {name: _row(name, raw) for name, raw in load_table(_FILE)[section].items()}


def _row(name: str, raw: Mapping[str, Any]) -> OptionRow:
    for column, cell in raw.items():
        if column not in _COLUMNS:
            raise TableError(f"{_FILE}.yaml", name, f"has an unknown column {column}", _COLUMNS)
        if not isinstance(cell, str):
            raise TableError(f"{_FILE}.yaml", name, f"{column} is {cell!r}", ["a text, in quotes"])
    return OptionRow(name, raw.get("topic", ""), raw.get("default", ""), raw.get("effect", ""), "heeded" in raw)
