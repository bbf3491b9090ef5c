"""Write the pages that come from the tables: ``python docs/generate.py``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from converter.ledger import Verdict
from converter.tables import controller_table
from converter.targets import NAMES
from converter.targets.table import target_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.tables import ControllerTable

HERE = Path(__file__).parent
HEAD = """\
# Annotations

Written from `mappings/` by `python docs/generate.py`; edit the tables, not this page.

What becomes of every annotation that ingress-nginx {version} reads. Where several verdicts stand, the value decides:
`ingress-migrate explain NAME` tells the difference and what to do. A value that has no effect is `inert` everywhere.
"""


def annotations() -> str:
    """The page about every annotation of the controller."""
    table = controller_table("ingress-nginx")
    titles = [target_table(name).title for name in NAMES]
    lines = [
        HEAD.format(version=table.version),
        _row(["annotation", "what it does", *titles]),
        _row(["---"] * (2 + len(titles))),
        *(_row([f"`{name}`", row.effect, *_verdicts(row.becomes)]) for name, row in sorted(table.annotations.items())),
        "",
        "## Other names, removed names, names that never were",
        "",
        *_others(table),
    ]
    return "\n".join(lines) + "\n"


def _verdicts(becomes: Iterable[str]) -> list[str]:
    """One cell for each target, from the best verdict to the worst."""
    order = list(Verdict)
    cells = []
    for name in NAMES:
        rows = target_table(name).rows
        found = {rows[code].verdict for code in becomes} or {Verdict.UNTRANSLATED}
        cells.append(", ".join(sorted(found, key=order.index)))
    return cells


def _others(table: ControllerTable) -> Iterable[str]:
    for name, alias in sorted(table.aliases.items()):
        yield f"- `{name}`: another name of `{alias.of}`, since {alias.since}."
    for name, removed in sorted(table.removed.items()):
        yield f"- `{name}`: removed in {removed.removed}. {removed.effect}"
    for name, invented in sorted(table.invented.items()):
        meant = f" Probably meant: {invented.intent.replace('/', ' or ')}." if invented.intent else ""
        yield f"- `{name}`: no version has ever read it.{meant}"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    (HERE / "annotations.md").write_text(annotations())
