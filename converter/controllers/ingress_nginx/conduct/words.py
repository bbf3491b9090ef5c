"""How values are written: lists, references and sizes."""

from __future__ import annotations

import re

_SIZE = re.compile(r"(\d+)([kKmMgG]?)\Z")
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def listed(text: str) -> tuple[str, ...]:
    """The elements of a list with commas, without blanks around them; empty ones do not count."""
    return tuple(part for part in (part.strip() for part in text.split(",")) if part)


def reference(text: str, namespace: str) -> tuple[str, str]:
    """``NAME`` or ``NAMESPACE/NAME`` as namespace and name."""
    space, _, name = text.strip().rpartition("/")
    return space or namespace, name


def size(text: str) -> int | None:
    """Bytes as nginx reads them, in binary units; ``None`` for what it does not read."""
    found = _SIZE.match(text.strip())
    return int(found[1]) * _UNITS[found[2].lower()] if found else None
