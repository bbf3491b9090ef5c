"""The lines that each Ingress stands on, cut out of its file so that nothing else is shown with it.

The items of a list share their text, and a Secret may be one of them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml
from yaml.events import MappingEndEvent, MappingStartEvent

from converter.report.model import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.read import Document
    from converter.read.located import Position

_NO_CONTENT = re.compile(r"%.*|(?:---)?\s*(?:#.*)?")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def source_texts(documents: Iterable[Document]) -> tuple[SourceText, ...]:
    """One text for each Ingress that stands in a file."""
    texts = (_text(document) for document in documents if document.text and document.line)
    # A file may be named twice.
    return tuple(dict.fromkeys(text for text in texts if text))


def _text(document: Document) -> SourceText | None:
    name = str(document.value["metadata"].get("name")) if isinstance(document.value.get("metadata"), dict) else ""
    if _is_whole(document):
        return SourceText(document.file, document.text_line, document.text, name, document.built)
    start = (document.line - document.text_line, document.column - 1)
    end = _ends(document.text).get(start)
    cut = _cut(document.text, start, end) if end else ""
    return SourceText(document.file, document.line, cut, name, document.built) if cut else None


def _is_whole(document: Document) -> bool:
    """Whether only comments and marks of YAML stand above the object, so that it is no item of a list."""
    above = document.text.split("\n", document.line - document.text_line)[:-1]
    return document.column == 1 and all(_NO_CONTENT.fullmatch(line) for line in above)


@lru_cache(maxsize=1)
def _ends(text: str) -> Mapping[Position, Position]:
    """Where each mapping ends, by where it begins: line and column, both counted from 0."""
    found: dict[Position, Position] = {}
    open_: list[Position] = []
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, MappingStartEvent):
                open_.append(_position(event.start_mark))
            elif isinstance(event, MappingEndEvent):
                found[open_.pop()] = _position(event.end_mark)
    except yaml.YAMLError:
        # JSON may be indented by tabs, which YAML refuses.
        return {}
    return found


def _position(mark: Any) -> Position:
    return mark.line, mark.column


@lru_cache(maxsize=1)
def _lines(text: str) -> list[str]:
    return text.split("\n")


def _cut(text: str, start: Position, end: Position) -> str:
    """From the object's own column on; a block ends where something else begins, or is indented less."""
    (first, margin), (last, column) = start, end
    lines = _lines(text)[first : last + 1]
    if len(lines) > last - first:
        lines[-1] = lines[-1][:column]
    lines[0] = " " * margin + lines[0][margin:]
    found = []
    for line in lines:
        if line[:margin].strip():
            break
        found.append(line[margin:])
    return "\n".join(found).rstrip()
