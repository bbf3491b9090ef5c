"""Statements written so that nginx cannot read anything else in them, wherever they came from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from converter.nginx.grammar import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.nginx.grammar import Context, Statement

_PLAIN = re.compile(r"[A-Za-z0-9_$./:=,~^*+|?@%()&!<>\[\]-]+\Z")


def written(statement: Statement, context: Context) -> str | None:
    """The statement; ``None`` where it cannot be said for certain that nginx reads the same in it.

    nginx ends a word in quotes at the same quote alone, so none of these may be in the word, nor a backslash that
    takes the closing one along (``ngx_conf_read_token``). What is written is read again and has to be the same.
    """
    text = "\n".join(_lines(statement) or ())
    if not text:
        return None
    again = parse(text, context)
    return text if isinstance(again, tuple) and [_told(each) for each in again] == [_told(statement)] else None


def quoted(word: str) -> str | None:
    """The word as nginx takes it for one; ``None`` where no quotes make it so."""
    if _PLAIN.match(word):
        return word
    ending = len(word) - len(word.rstrip("\\"))
    if not word.isprintable() or ending % 2:
        return None
    quote = next((each for each in "\"'" if each not in word), None)
    return f"{quote}{word}{quote}" if quote else None


def _lines(statement: Statement) -> list[str] | None:
    words = [quoted(word) for word in statement.args]
    if not statement.name.isidentifier() or None in words:
        return None
    said = " ".join(word for word in words if word is not None)
    if statement.name == "if" and said.startswith(("'", '"')):
        return None
    head = f"if ({said})" if statement.name == "if" else f"{statement.name} {said}".rstrip()
    if not statement.has_block:
        return [f"{head};"]
    inner = _inner(statement.block)
    return None if inner is None else [f"{head} {{", *inner, "}"]


def _inner(block: Iterable[Statement]) -> list[str] | None:
    found: list[str] = []
    for each in block:
        lines = _lines(each)
        if lines is None:
            return None
        found += (f"  {line}" for line in lines)
    return found


def _told(statement: Statement) -> tuple[object, ...]:
    return statement.name, statement.args, statement.has_block, [_told(each) for each in statement.block]
