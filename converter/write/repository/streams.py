"""Documents of a stream, taken out without touching the others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from converter.read.chunks import split
from converter.read.located import FaultError, Map, load

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""With its end, by the line ends that count for YAML documents."""


def stands_alone(text: str, index: int) -> bool:
    """Whether the document of that number is one Ingress, and not a list with one in it."""
    chunk = next((chunk for chunk in split(text) if chunk.index == index), None)
    if chunk is None or chunk.text.startswith("%"):
        return False
    try:
        value, _ = load(chunk.text, chunk.line)
    except FaultError:
        return False
    return isinstance(value, Map) and value.get("kind") == "Ingress"


def without_documents(text: str, indexes: AbstractSet[int]) -> str:
    """The stream without the documents of these numbers, and the lines that part them from others.

    Comments above a document go with it. Nothing is left of a stream without another document.
    """
    lines = _LINE.findall(text)
    chunks = list(split(text))
    if all(chunk.index in indexes for chunk in chunks):
        return ""
    gone: set[int] = set()
    for chunk in chunks:
        if chunk.index in indexes:
            first = chunk.line - 1
            end = first + _count(chunk.text)
            # An end without a document before it is no YAML that everybody reads.
            gone.update(range(first, end + (end < len(lines) and lines[end].startswith("..."))))
    kept = [line for number, line in enumerate(lines) if number not in gone]
    begins = lines[0].startswith("---") if lines else False
    return "".join(kept if begins or not kept or not kept[0].startswith("---") else kept[1:])


def _count(text: str) -> int:
    return text.count("\n") + (0 if text.endswith("\n") else 1)
