"""What tells one backend from another, as the user says: a header of the response, or a part of its body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from converter.verify.live.reply import Reply

MOST_BODY = 1 << 16
"""Bytes of a body that are read to look for the mark."""
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")


class MarkerError(ValueError):
    """The text describes no marker; the message says why."""


@dataclass(frozen=True, slots=True)
class Marker:
    place: Literal["header", "body"]
    name: str
    """Of the header."""
    pattern: re.Pattern[str] | None
    """Its first group is the mark, or all that it matches if it has none; ``None`` for the whole header."""

    def read(self, reply: Reply) -> str:
        """The mark of a reply; empty when it has none."""
        text = reply.header(self.name) if self.place == "header" else reply.body.decode("utf-8", "replace")
        if self.pattern is None:
            return text
        found = self.pattern.search(text)
        return (found[1] if found.re.groups else found[0]) or "" if found else ""


def parse_marker(text: str) -> Marker:
    """``header:NAME``, ``header:NAME:REGEX`` or ``body:REGEX``.

    Raises :class:`MarkerError`.
    """
    place, _, rest = text.partition(":")
    if place == "body" and rest:
        return Marker("body", "", _compiled(rest))
    name, _, pattern = rest.partition(":")
    if place != "header" or not _HEADER.match(name):
        raise MarkerError("write it as header:NAME, header:NAME:REGEX or body:REGEX")
    return Marker("header", name, _compiled(pattern) if pattern else None)


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise MarkerError(f"{pattern} is no regular expression: {error}") from None
