"""Objects that people wrote or edited, with the place where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Identity = tuple[str, str, str]
"""Kind, namespace and name."""


@dataclass(frozen=True, slots=True)
class Written:
    content: Mapping[str, Any]
    file: str
    line: int

    @property
    def identity(self) -> Identity:
        return identity_of(self.content)

    @property
    def address(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    def line_of(self, part: Mapping[str, Any]) -> int:
        """The line of a part of the object, or that of the object."""
        return int(getattr(part, "line", 0)) or self.line


def identity_of(entry: Mapping[str, Any]) -> Identity:
    metadata = entry["metadata"]
    return entry["kind"], metadata.get("namespace", ""), metadata["name"]


def name_of(identity: Identity) -> str:
    """``HTTPRoute shop/web``."""
    kind, namespace, name = identity
    return f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"
