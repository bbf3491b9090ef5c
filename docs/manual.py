"""The commands as pages: what ``--help`` says, as Markdown and as a page for man(1)."""

from __future__ import annotations

import inspect
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from converter import __version__
from converter.cli import PROGRAM, group
from converter.cli.sections import sections

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from converter.cli.sections import Records

_HEAD = """\
# Commands

Written from the help of the commands by `python docs/generate.py`; edit the commands, not this page.
"""
_WIDTH = 72
_VERBATIM = "\b\n"
"""How click marks a paragraph that is not to be wrapped."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One command."""

    name: str
    """With those of the groups above, as a person types it."""
    usage: str
    """What follows the name."""
    paragraphs: tuple[str, ...]
    sections: tuple[tuple[str, Records], ...]
    epilog: str


def entries() -> Iterator[Entry]:
    """Every command, depth first; the program itself comes first."""
    yield from _entries(group, click.Context(group, info_name=PROGRAM, **group.context_settings))


def _entries(command: click.Command, ctx: click.Context) -> Iterator[Entry]:
    yield Entry(
        name=ctx.command_path,
        usage=" ".join(command.collect_usage_pieces(ctx)),
        paragraphs=tuple(inspect.cleandoc(command.help or "").split("\n\n")),
        sections=tuple(sections(command, ctx)),
        epilog=command.epilog or "",
    )
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(ctx):
        below = command.get_command(ctx, name)
        if below and not below.hidden:
            yield from _entries(below, click.Context(below, parent=ctx, info_name=name))


def as_markdown(pages: Iterable[Entry]) -> str:
    """One page, with a section for each command."""
    return _HEAD + "".join(f"{line}\n" for page in pages for line in ("", *_markdown(page)))


def _markdown(page: Entry) -> Iterator[str]:
    yield f"## {page.name}"
    yield from ("", "```", f"{page.name} {page.usage}", "```")
    for paragraph in page.paragraphs:
        text = paragraph.removeprefix(_VERBATIM)
        yield from ("", "```", text, "```") if text != paragraph else ("", text)
    for title, records in page.sections:
        yield from ("", f"| {title} | |", "|---|---|")
        yield from (f"| `{names}` | {text} |".replace("\n", " ") for names, text in _cells(records))
    if page.epilog:
        yield from ("", page.epilog)


def _cells(records: Records) -> Iterator[tuple[str, str]]:
    for names, text in records:
        yield names.replace("|", "\\|"), text.replace("|", "\\|").replace("  [", " [").replace("<", "&lt;")


def as_man(pages: Iterable[Entry]) -> str:
    """One page in the man macros."""
    program, *commands = pages
    lines = [
        f'.TH {_roff(PROGRAM.upper())} 1 "" "{PROGRAM} {__version__}" "User Commands"',
        ".SH NAME",
        f"{_roff(PROGRAM)} \\-",
        _prose(_summary(program)),
        ".SH SYNOPSIS",
        *"\n.br\n".join(f".B {_roff(page.name)}\n{_roff(page.usage)}" for page in commands).split("\n"),
        ".SH DESCRIPTION",
        *_description(program),
        ".SH COMMANDS",
        *(line for page in commands for line in (f".SS {_roff(page.name)}", *_description(page))),
    ]
    return "\n".join(lines) + "\n"


def _summary(page: Entry) -> str:
    return page.paragraphs[0].rstrip(".").replace("\n", " ")


def _description(page: Entry) -> Iterator[str]:
    for number, paragraph in enumerate(page.paragraphs):
        if number:
            yield ".PP"
        text = paragraph.removeprefix(_VERBATIM)
        yield from (".nf", _roff(text), ".fi") if text != paragraph else (_prose(text),)
    for title, records in page.sections:
        yield from (".PP", f".I {title}")
        for names, text in records:
            yield from (".TP", f".B {_roff(names)}", _prose(text))
    if page.epilog:
        yield from (".PP", _prose(page.epilog))


def _roff(text: str) -> str:
    """The text as roff shows it: no character is a command, and a dash is one that can be copied."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in escaped.split("\n"))


def _prose(text: str) -> str:
    """The same, in lines that are easy to compare."""
    return _roff(textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False))
