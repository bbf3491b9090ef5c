"""Numbers and texts as a person reads them."""

from __future__ import annotations

import re

_ENDS_IN_ES = ("s", "x", "z", "ch", "sh")
_CONSONANT_Y = re.compile(r"[^aeiou]y\Z")
_GLUE = "\N{NO-BREAK SPACE}"


def counted(number: int, noun: str) -> str:
    """``1 HTTPRoute``, ``2 HTTPRoutes``."""
    return f"{number} {noun if number == 1 else _plural(noun)}"


def in_files(number: int) -> str:
    """Where things were found, after a blank; nothing when they came from elsewhere."""
    return f" in {counted(number, 'file')}" if number else ""


def _plural(noun: str) -> str:
    if _CONSONANT_Y.search(noun):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(_ENDS_IN_ES) else "s")


def glued(text: str) -> str:
    """The text as one word, which is never wrapped."""
    return text.replace(" ", _GLUE)


def unglued(text: str) -> str:
    return text.replace(_GLUE, " ")


def visible(text: str) -> str:
    """The text on one line, with everything spelled out that a terminal would obey or not show."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each == _GLUE else _spelled(each) for each in text)


def _spelled(character: str) -> str:
    return " " if character == "\n" else character.encode("unicode_escape").decode()
