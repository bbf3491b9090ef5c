"""Fields of a document, and the lines they stand on; a plain dict, which has no lines, counts as well."""

from __future__ import annotations

from typing import Any


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is a mapping; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def line_of(parent: dict[str, Any], key: str, otherwise: int) -> int:
    """The line of a field, or that of the mapping it is missing from."""
    at: dict[str, tuple[int, int]] = getattr(parent, "at", {})
    return at[key][0] if key in at else getattr(parent, "line", otherwise)


def text_line_of(parent: dict[str, Any], key: str) -> int:
    """The line that a literal block begins on; 0 for any other value."""
    found: dict[str, int] = getattr(parent, "text_at", {})
    return found.get(key, 0)


def line_of_item(items: list[Any], index: int, otherwise: int) -> int:
    at: list[tuple[int, int]] = getattr(items, "at", [])
    return at[index][0] if index < len(at) else otherwise


def text_of(parent: dict[str, Any], key: str) -> str:
    """A value as it is written: what looks like a number or a bool stays the text it was."""
    written: dict[str, str] = getattr(parent, "raw", {})
    return written.get(key, str(parent[key]))
