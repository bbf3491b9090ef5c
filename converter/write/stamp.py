"""How a file says that this program wrote it, and whether somebody has edited it since.

The first line carries a digest of the rest, so nothing has to be remembered between two runs.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

State = Literal["ours", "edited", "done"]

_WRITTEN = "# Written by ingress-migrate; edits are kept and shown. sha256:"
_DONE = "# Written by ingress-migrate; the Ingress is gone, so this is yours now."
_END = "# End of what ingress-migrate wrote."
_HEAD = re.compile(rf"^(?:{re.escape(_WRITTEN)}([0-9a-f]{{16}})|{re.escape(_DONE)})[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_TAIL = re.compile(rf"^{re.escape(_END)}[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Written:
    """What this program wrote, as found in a text."""

    start: int
    """Where its first line begins."""
    end: int
    """Where what is not ours begins again."""
    body: str
    """Without the first line, and with line feeds alone."""
    state: State
    """``edited`` since it was written, or ``done``: no run changes it any more."""


def find(text: str) -> Written | None:
    """The part of a text that this program wrote; a file has one at most."""
    head = _HEAD.search(text)
    if head is None:
        return None
    tail = _TAIL.search(text, head.end())
    body = text[head.end() : tail.start() if tail else len(text)].replace("\r\n", "\n")
    state: State = "done" if head[1] is None else "ours" if head[1] == _digest(body) else "edited"
    return Written(head.start(), tail.end() if tail else len(text), body, state)


def stamped(body: str) -> str:
    """The body below the line that says who wrote it."""
    return f"{_WRITTEN}{_digest(body)}\n{body}"


def released(body: str) -> str:
    """The body below the line that says that no run will change it."""
    return f"{_DONE}\n{body}"


def closed(text: str) -> str:
    """With the line that ends it, for a file that goes on."""
    return f"{text}{_END}\n"


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]
