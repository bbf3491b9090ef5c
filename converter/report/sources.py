"""The lines that each Ingress stands on, cut out of its file so that nothing else is shown with it.

The items of a list share their text, and a Secret may be one of them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from converter.report.model import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.read import Document
    from converter.read.located import Position

Chunk = tuple[str, int]


def source_texts(documents: Iterable[Document]) -> tuple[SourceText, ...]:
    """One text for each Ingress; none for one that shares a line with another object."""
    chunks: dict[Chunk, dict[Position, Document]] = defaultdict(dict)
    for document in documents:
        # A file may be named twice.
        chunks[document.file, document.index][document.line, document.column] = document
    return tuple(text for sharing in chunks.values() for text in _texts(list(sharing.values())))


def _texts(sharing: Sequence[Document]) -> Iterable[SourceText]:
    """``sharing`` stands in one chunk, in the order of its lines."""
    if not any(document.text for document in sharing):
        return
    first = sharing[0]
    if len(sharing) == 1 and str(first.value.get("kind")) == "Ingress" and _begins(first):
        yield SourceText(first.file, first.text_line, first.text)
        return
    lines = next(document for document in sharing if document.text).text.split("\n")
    starts = [document.line for document in sharing]
    for position, document in enumerate(sharing):
        if document.text and starts.count(document.line) == 1:
            after = min((start for start in starts[position + 1 :] if start > document.line), default=None)
            yield _cut(document, lines, after)


def _begins(document: Document) -> bool:
    """Whether the object is the whole document, and not the only item of a list."""
    return document.column == 1


def _cut(document: Document, lines: Sequence[str], after: int | None) -> SourceText:
    """From the object's own column on, up to the next object or to a line that is indented less."""
    margin = document.column - 1
    start = document.line - document.text_line
    found = [lines[start][margin:]]
    for line in lines[start + 1 : None if after is None else after - document.text_line]:
        if line[:margin].strip():
            break
        found.append(line[margin:])
    return SourceText(document.file, document.line, "\n".join(found))
