"""Gateway API objects that were written earlier, by us or by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.problems import Problem
from converter.read.chunks import NotTextError, decode, split
from converter.read.documents import MAX_BYTES
from converter.read.files import files, read_bytes
from converter.read.located import FaultError, load

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIST_DEPTH = 4


def objects(path: str) -> Iterator[dict[str, Any] | Problem]:
    """Every object of every manifest that the path stands for, whatever its kind; faults are problems."""
    for entry in files(path):
        if isinstance(entry, Problem):
            yield entry
            continue
        data = read_bytes(entry.name, MAX_BYTES)
        yield from [data] if isinstance(data, Problem) else _of_file(entry.name, data)


def _of_file(name: str, data: bytes) -> Iterator[dict[str, Any] | Problem]:
    try:
        chunks = list(split(decode(data)))
    except NotTextError as error:
        yield Problem(name, error.line, "not-text", "The file is not UTF-8 text.", "Save it as UTF-8.")
        return
    for chunk in chunks:
        try:
            value, _ = load(chunk.text, chunk.line)
        except FaultError as fault:
            message = f"The YAML cannot be read from column {fault.column} on."
            yield Problem(name, fault.line, "invalid-yaml", message, "Look at this line and the one above it.")
        else:
            yield from _items(value, 0)


def _items(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if not isinstance(value, dict):
        return
    kind, metadata = value.get("kind"), value.get("metadata")
    if isinstance(kind, str) and kind.endswith("List") and isinstance(value.get("items"), list) and depth < _LIST_DEPTH:
        for item in value["items"]:
            yield from _items(item, depth + 1)
    elif isinstance(kind, str) and isinstance(metadata, dict) and isinstance(metadata.get("name"), str):
        yield value
