"""The file of ``--accept``: differences that people decided on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from converter.problems import Problem
from converter.read.chunks import NotTextError, decode, split
from converter.read.files import read_bytes
from converter.read.located import FaultError, Map, Seq, load
from converter.verify.accepted import Acceptance
from converter.verify.compare import Aspect
from converter.verify.kept import ASPECT as POLICY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_BYTES = 1024 * 1024
_ASPECTS = (*get_args(Aspect), POLICY)
_FIELDS = ("host", "path", "aspect", "reason")
_FORM = "Write a list of entries, each with a reason and some of host, path, aspect."


def acceptances(file: str) -> Iterable[Acceptance | Problem]:
    """Every entry of the file, and every fault in it."""
    data = read_bytes(file, MAX_BYTES)
    if isinstance(data, Problem):
        yield data
        return
    try:
        chunks = list(split(decode(data)))
        content, duplicates = load(chunks[0].text, chunks[0].line) if chunks else (Seq(1, 1), [])
    except NotTextError as error:
        yield Problem(file, error.line, "not-text", "This is not UTF-8 text.", "Save it as UTF-8.")
        return
    except FaultError as fault:
        message = f"This is no YAML: {fault.message or fault.code}."
        yield Problem(file, fault.line, "invalid-yaml", message, "Look at this line and the one above it.")
        return
    yield from (_fault(file, line, f"{key} stands twice.") for key, line in duplicates)
    yield from (_fault(file, chunk.line, "A second document begins here.") for chunk in chunks[1:])
    if not isinstance(content, Seq):
        yield _fault(file, getattr(content, "line", 1), "This is no list.")
        return
    for entry, (line, _) in zip(content, content.at, strict=True):
        yield from _entry(file, entry, line)


def _entry(file: str, entry: Any, line: int) -> Iterator[Acceptance | Problem]:
    if not isinstance(entry, Map):
        yield _fault(file, line, "This is no entry.")
        return
    faults = list(_faults(file, entry, line))
    yield from faults
    if not faults:
        host, path, aspect = entry.get("host", "*"), entry.get("path", "*"), entry.get("aspect", "")
        yield Acceptance(entry["reason"].strip(), host, path, aspect, file, line)


def _faults(file: str, entry: Map, line: int) -> Iterator[Problem]:
    for key, value in entry.items():
        at = entry.at[key][0]
        if key not in _FIELDS:
            yield _fault(file, at, f"There is no field {key}.")
        elif not isinstance(value, str) or not value.strip():
            yield _fault(file, at, f"{key} is no text.")
        elif key == "aspect" and value not in _ASPECTS:
            yield _fault(file, at, f"There is no aspect {value}.", f"Choose one of {', '.join(_ASPECTS)}.")
    if "reason" not in entry:
        yield _fault(file, line, "The entry has no reason.")
    if not entry.keys() & {"host", "path", "aspect"}:
        yield _fault(file, line, "The entry would accept every difference.")


def _fault(file: str, line: int, message: str, advice: str = _FORM) -> Problem:
    return Problem(file, line, "acceptance", message, advice)
