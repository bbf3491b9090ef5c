"""The page about the targets: what each needs, serves and lacks, and what its own rows say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.targets import NAMES, OTHERS
from converter.targets.table import BASE, target_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from converter.targets.table import Row, TargetTable

HEAD = """# Targets

Written from `mappings/targets/` by `python docs/generate.py`; edit the tables, not this page.

What is written for each implementation, and what it needs first. What is not listed for a target is as for `standard`.
`ingress-migrate advise` shows the same for your own Ingresses.

| target | written against | Gateway API | controllerName | GatewayClass |
|---|---|---|---|---|
"""


def as_markdown() -> str:
    tables = [target_table(name) for name in (*NAMES, *OTHERS)]
    return HEAD + "".join(f"{_row(table)}\n" for table in tables) + "".join(map(_section, tables))


def _row(table: TargetTable) -> str:
    version = "" if table.name == BASE else f"{table.title} {table.version}"
    names = (f"[{table.name}](#{table.name})", version, table.gateway_api and f"up to {table.gateway_api}")
    shown = "" if table.placeholder else f"`{table.controller_name}`"
    return _cells(*names, shown, f"`{table.gateway_class}`" if table.gateway_class else "that of the Ingresses")


def _section(table: TargetTable) -> str:
    blocks = [f"## {table.name}", f"{table.title}: <{table.source}>", *_needs(table), *_lacks(table), *_rows(table)]
    return "\n" + "\n\n".join(blocks) + "\n"


def _needs(table: TargetTable) -> Iterator[str]:
    if table.setup:
        yield table.setup
    if table.experimental:
        yield f"For the experimental channel switch on: `{table.experimental}`."
    if switches := sorted({row.switch for row in _own(table) if row.switch}):
        yield f"Off by default, and needed by some rows: {', '.join(f'`{switch}`' for switch in switches)}."


def _lacks(table: TargetTable) -> Iterator[str]:
    if table.lacks:
        words = (f"`{word}`{f' (from {since} on)' if since else ''}" for word, since in table.lacks.items())
        yield f"Fields and kinds of the Gateway API that it ignores or refuses: {', '.join(words)}."


def _rows(table: TargetTable) -> Iterator[str]:
    if own := _own(table):
        lines = [_cells(f"`{row.code}`", row.verdict, row.message, row.advice) for row in own]
        yield "\n".join(["| row | verdict | what becomes of it | advice |", "|---|---|---|---|", *lines])


def _own(table: TargetTable) -> list[Row]:
    """Behaviours, then settings, then what nobody wrote; without what ``standard`` says as well."""
    base = target_table(BASE)
    pairs = ((table.rows, base.rows), (table.settings, base.settings), (table.defaults, base.defaults))
    return [row for rows, below in pairs for code, row in rows.items() if table.name == BASE or row != below.get(code)]


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;').replace('<', '&lt;') for cell in cells)} |"
