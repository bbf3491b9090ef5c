"""What a run would change, as a patch in the format of Git."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NOTHING = "/dev/null"


def patch(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The lines, without line ends, of a patch that ``git apply`` takes; files by path. None when nothing changes."""
    lines: list[str] = []
    for path in sorted({*before, *after}):
        if before.get(path) != after.get(path):
            lines += _of_file(path, before.get(path), after.get(path))
    return lines


def _of_file(path: str, before: str | None, after: str | None) -> Iterable[str]:
    yield f"diff --git a/{path} b/{path}"
    if before is None:
        yield "new file mode 100644"
    if after is None:
        yield "deleted file mode 100644"
    # With a space in it, a name ends where the tab is.
    end = "\t" if " " in path else ""
    names = (
        _NOTHING if before is None else f"a/{path}{end}",
        _NOTHING if after is None else f"b/{path}{end}",
    )
    head, *body = unified_diff(_lines(before), _lines(after), *names, lineterm="\n")
    yield head.rstrip("\n")
    yield body[0].rstrip("\n")
    for line in body[1:]:
        yield line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _lines(text: str | None) -> list[str]:
    """The lines with their ends, by line feed alone, as Git counts them."""
    if not text:
        return []
    found = [f"{line}\n" for line in text.split("\n")]
    last = found.pop().removesuffix("\n")
    return [*found, last] if last else found
