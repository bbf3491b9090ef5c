"""How a person writes their files, so that what stands beside them looks alike."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKED = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*---\n")
_LIST = re.compile(r"^( *)[^\s#-][^\n]*:[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*( *)- ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Style:
    line_end: str = "\n"
    list_indent: str = ""
    """How far lists stand from their key."""
    marked: bool = False
    """The first document begins with ``---``."""

    def written(self, text: str) -> str:
        """A text with line feeds, as this style writes it."""
        return text.replace("\n", self.line_end)


def style_of(text: str) -> Style:
    """The style of a manifest."""
    plain = text.replace("\r\n", "\n")
    found = _LIST.search(plain)
    return Style(
        line_end="\r\n" if "\r\n" in text else "\n",
        list_indent="  " if found and len(found[2]) > len(found[1]) else "",
        marked=_MARKED.match(plain) is not None,
    )
