"""nginx's own language, as crossplane tells its words apart: a text becomes statements, or a fault with its line."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Context = Literal["http", "server", "location"]
_INSIDE: dict[Context, tuple[str, ...]] = {
    "http": ("http",),
    "server": ("http", "server"),
    "location": ("http", "location"),
}
_PLAIN = re.compile(r"[^\s;{}\"'#]+")
_DEEPEST = 8
"""No real block lies deeper."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A directive with its arguments, without the quotes around them."""

    name: str
    args: tuple[str, ...]
    line: int
    """Counted from 1, in the text."""
    text: str
    """The statement again, with its semicolon or its block."""
    block: tuple[Statement, ...] = ()
    has_block: bool = False
    """Which may be empty."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why nginx would refuse the text."""

    line: int
    message: str


def parse(text: str, context: Context) -> tuple[Statement, ...] | Fault:
    """The statements of a text that is put into such a block of nginx's configuration.

    Nothing is included and nothing is run.
    """
    try:
        return _Parser(text).statements(context)
    except _FaultError as error:
        return Fault(error.line, error.message)


class _FaultError(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


class _Parser:
    """crossplane's own parser reads files only, and goes on after the end of an open quote."""

    def __init__(self, text: str) -> None:
        from crossplane.lexer import _lex_file_object

        # The closing brace is that of the block around: whoever swallows it left something open.
        text = text.replace("\r\n", "\n").rstrip("\n")
        self.tokens: Iterator[tuple[str, int, bool]] = iter(_lex_file_object(io.StringIO(f"{text}\n}}")))
        self.last = text.count("\n") + 1
        self.closed = self.last
        """The line of the last brace that closed a block."""

    def statements(self, context: Context) -> tuple[Statement, ...]:
        from crossplane.errors import NgxParserBaseException

        try:
            found = self._block(_INSIDE[context], 0)
            if next(self.tokens, None):
                raise _FaultError(self.closed, 'a "}" closes the block that the snippet stands in')
        except NgxParserBaseException as error:
            raise _FaultError(min(error.lineno or self.last, self.last), str(error.strerror)) from None
        return found

    def _block(self, context: tuple[str, ...], depth: int) -> tuple[Statement, ...]:
        if depth > _DEEPEST:
            raise _FaultError(self.last, "its blocks lie too deep in each other")
        found: list[Statement] = []
        for word, line, quoted in self.tokens:
            if word == "}" and not quoted:
                self.closed = min(line, self.last)
                return tuple(found)
            if not word.startswith("#") or quoted:
                found.append(self._statement(word, line, context, depth, quoted=quoted))
        raise _FaultError(self.last, "a quote or a block is left open at its end")

    def _statement(self, name: str, line: int, context: tuple[str, ...], depth: int, *, quoted: bool) -> Statement:
        from crossplane.analyzer import analyze, enter_block_ctx

        if name in ("{", ";") and not quoted:
            raise _FaultError(min(line, self.last), f'unexpected "{name}"')
        args, end = self._arguments(name, line)
        known: dict[str, Any] = {"directive": name, "line": min(line, self.last), "args": args}
        if name == "if":
            known["args"] = args = _without_parentheses(args)
        analyze(fname=None, stmt=known, term=end, ctx=context)
        if end == "}":
            raise _FaultError(min(line, self.last), f'directive "{name}" is not terminated by ";"')
        block = self._block(enter_block_ctx(known, context), depth + 1) if end == "{" else ()
        text = _written(name, args, block, has_block=end == "{")
        return Statement(name, tuple(args), known["line"], text, block, end == "{")

    def _arguments(self, name: str, line: int) -> tuple[list[str], str]:
        found: list[str] = []
        for word, _, quoted in self.tokens:
            if word in ("{", "}", ";") and not quoted:
                return found, word
            if not word.startswith("#") or quoted:
                found.append(word)
        raise _FaultError(min(line, self.last), f'directive "{name}" is not terminated by ";"')


def _without_parentheses(args: list[str]) -> list[str]:
    if not args or not args[0].startswith("(") or not args[-1].endswith(")"):
        return args
    first, *rest = args
    if not rest:
        return [first[1:-1]] if first[1:-1] else []
    found = [first[1:], *rest[:-1], rest[-1][:-1]]
    return found[0 if found[0] else 1 : None if found[-1] else -1]


def _written(name: str, args: list[str], block: tuple[Statement, ...], *, has_block: bool) -> str:
    if name.endswith("_by_lua_block") and args:
        return " ".join([name, *args[:-1], f"{{{args[-1]}}}"])
    words = " ".join(map(_quoted, args))
    head = f"if ({words})" if name == "if" else f"{name} {words}".rstrip()
    if not has_block:
        return f"{head};"
    inner = "\n".join(f"  {line}" for each in block for line in each.text.splitlines())
    return f"{head} {{\n{inner}\n}}" if inner else f"{head} {{}}"


def _quoted(word: str) -> str:
    """With quotes where nginx would take it for something else."""
    if _PLAIN.fullmatch(word):
        return word
    return f"'{word}'" if "'" not in word else '"' + word.replace('"', '\\"') + '"'
