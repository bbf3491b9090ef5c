"""Which lines of an object, as it is written, a field of it takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from converter.read.located import Map, Seq, load
from converter.write import dump

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_STEP = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")

Span = tuple[int, int]
"""First and last line, both counted from 1."""


class WrittenObject:
    """The text of an object, and where its fields stand in it."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.text = dump([content]).removesuffix("\n")
        self._root, _ = load(self.text, 1)

    def span(self, path: str) -> Span:
        """The lines of a field, such as ``spec.rules[0].matches[1]``, or of the nearest part above it that exists."""
        node, found = self._root, (1, self.text.count("\n") + 1)
        for step in _STEP.finditer(path):
            name = step[1] if step[1] is not None else step[2]
            if isinstance(node, Seq) and name.isdecimal() and int(name) < len(node):
                index = int(name)
                found = _until_next(node.at[index][0], (line for line, _ in node.at[index + 1 : index + 2]), found)
                node = node[index]
            elif isinstance(node, Map) and name in node:
                found = _until_next(node.at[name][0], (line for line, _ in node.at.values()), found)
                node = node[name]
            else:
                break
        return found


def _until_next(line: int, siblings: Iterable[int], parent: Span) -> Span:
    return line, min((other - 1 for other in siblings if other > line), default=parent[1])
