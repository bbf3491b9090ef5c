"""Advice as a page: the same table and sentences as at a terminal, with words in the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.report.advice_words import (
    MARKS,
    TITLES,
    TOTALS,
    conclusion,
    environments,
    heading,
    name_of,
    same_everywhere,
    shown,
    title,
)
from converter.report.markdown import plain, row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from converter.advice import Advice, Use


def advice_as_markdown(advice: Advice, *, whole: bool = False) -> str:
    """GitHub-flavoured Markdown; ``whole`` shows the rows too that are the same on every target."""
    blocks = [f"## What each target keeps\n\n{title(advice)}"]
    if not advice.ingresses:
        return f"{blocks[0]}\n"
    if several := environments(advice):
        blocks.append(plain(several))
    for by_default, name in enumerate(TITLES):
        if uses := advice.of(by_default=bool(by_default)):
            blocks.append(f"### {name}")
            blocks += _section(advice, uses, whole=whole, by_default=bool(by_default))
    for target in advice.targets:
        blocks.append(f"### {target.name}\n\n{heading(target)}. {plain(' '.join(conclusion(advice, target)))}")
    return "\n\n".join(blocks) + "\n"


def _section(advice: Advice, uses: Sequence[Use], *, whole: bool, by_default: bool) -> Iterator[str]:
    rows, rest = shown(uses, whole=whole)
    names = [target.name for target in advice.targets]
    table = [row(["behaviour", "routes", "Ingresses", *names]), row(["---", "--:", "--:", *("---" for _ in names)])]
    table += [row(_cells(use, names)) for use in rows]
    for total, verdicts in TOTALS:
        counts = (str(len(advice.having(name, *verdicts, by_default=by_default))) for name in names)
        table.append(row([f"**{total}**", "", "", *counts]))
    yield "\n".join(table)
    yield from same_everywhere(rest)


def _cells(use: Use, names: Iterable[str]) -> list[str]:
    cells = (_cell(use, name) for name in names)
    return [use.behaviour.title, str(use.routes), str(use.ingresses), *cells]


def _cell(use: Use, target: str) -> str:
    cell, number = use.cells[target], use.partly(target)
    partial = f" on {number} of {use.routes}" if number else ""
    return f"{MARKS[cell.verdict]} {name_of(cell.verdict)}{partial}"
