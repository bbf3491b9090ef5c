"""A YAML file that a person writes for this program: one mapping, with every fault told by its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from converter.problems import Problem
from converter.read.chunks import NotTextError, decode, split
from converter.read.files import read_bytes
from converter.read.located import FaultError, Map, load

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_BYTES = 1024 * 1024
_FAULTS = {
    "alias-bomb": "Aliases make the file far larger than it is written, or lead back into themselves.",
    "too-deep": "The file is nested too deeply.",
}


def content_of(file: str, shown: str) -> bytes:
    """What the file holds; ``shown`` is what messages call it.

    Raises:

        click.UsageError: It cannot be read, or is larger than anybody writes one.
    """
    data = read_bytes(file, MAX_BYTES)
    if isinstance(data, Problem):
        raise click.UsageError(f"{shown}: {data.message}")
    if len(data) > MAX_BYTES:
        raise click.UsageError(f"{shown}: It is larger than 1 MB.")
    return data


def mapping_of(data: bytes, wanted: str, tell: Callable[[int, str], None]) -> Map | None:
    """The one mapping in the file; ``None`` when there is none, and ``wanted`` says what it should be."""
    try:
        chunks = list(split(decode(data)))
        content, duplicates = load(chunks[0].text, chunks[0].line) if chunks else (None, [])
    except NotTextError as error:
        tell(error.line, "This is not UTF-8 text.")
        return None
    except FaultError as fault:
        tell(fault.line, _FAULTS.get(fault.code) or f"This is no YAML: {fault.message or fault.code}.")
        return None
    for key, line in duplicates:
        tell(line, f"{key} stands twice; remove one of them.")
    for chunk in chunks[1:]:
        tell(chunk.line, "A second document begins here; the file has only one.")
    if content is not None and not isinstance(content, Map):
        tell(getattr(content, "line", chunks[0].line), wanted)
        return None
    return content
