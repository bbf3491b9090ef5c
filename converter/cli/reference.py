"""The whole reference as one Markdown page: every annotation, other names, removed names, names that never were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.ledger import Verdict
from converter.targets import NAMES
from converter.targets.table import target_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from converter.tables import AnnotationRow, ControllerTable
    from converter.targets.judgements import Judgement

_HEAD = """\
# Annotations

Written from `mappings/` by `ingress-migrate explain --all -o markdown`; edit the tables, not this page.

What becomes of every annotation that ingress-nginx {version} reads. Where several verdicts stand, the value decides;
the sections below say how. A value that has no effect is `inert` everywhere.
"""
INVALID = {
    "default": "it counts as not set",
    "ignore-group": "all annotations of its group count as not set",
    "deny-location": "every path of the Ingress answers 503",
    "deny-server": "the whole host answers 403",
    "drop-ingress": "ingress-nginx does not serve the Ingress at all",
}
SCOPE = {
    "location": "the paths of its own Ingress",
    "server": "the whole host, other Ingresses included",
    "backend": "the Service port, for every Ingress that uses it",
    "stream": "the whole controller",
}


def reference(
    table: ControllerTable, own: Mapping[str, str] | None = None, judgements: tuple[Judgement, ...] = ()
) -> str:
    """An overview, then a section for each annotation; links lead from one to the other.

    ``own`` are annotations of the user's, with a line for each.
    """
    titles = [target_table(name).title for name in NAMES]
    lines = [
        _HEAD.format(version=table.version),
        _row(["annotation", "what it does", *titles]),
        _row(["---"] * (2 + len(titles))),
        *(
            _row([f"[`{name}`](#{name})", row.effect, *_verdicts(row, judgements)])
            for name, row in sorted(table.annotations.items())
        ),
        "",
        "## Other names, removed names, names that never were",
        "",
        *_others(table),
        *(["", "## Annotations of your own", ""] if own else []),
        *(f"- `{name}`: {told}" for name, told in (own or {}).items()),
    ]
    for _, row in sorted(table.annotations.items()):
        lines.extend(("", *_section(row, judgements)))
    return "\n".join(lines) + "\n"


def _verdicts(row: AnnotationRow, judgements: tuple[Judgement, ...]) -> list[str]:
    """One cell for each target, from the best verdict to the worst."""
    cells = []
    for name in NAMES:
        rows = target_table(name, judgements).possible(row.name, row.topic, row.becomes)
        cells.append(", ".join(dict.fromkeys(each.verdict for each in rows)) or Verdict.UNTRANSLATED)
    return cells


def _others(table: ControllerTable) -> Iterator[str]:
    for name, alias in sorted(table.aliases.items()):
        yield f"- `{name}`: another name of `{alias.of}`, since {alias.since}."
    for name, removed in sorted(table.removed.items()):
        yield f"- `{name}`: removed in {removed.removed}. {removed.effect}"
    for name, invented in sorted(table.invented.items()):
        meant = f" Probably meant: {invented.intent.replace('/', ' or ')}." if invented.intent else ""
        yield f"- `{name}`: no version has ever read it.{meant}"


def _section(row: AnnotationRow, judgements: tuple[Judgement, ...]) -> Iterator[str]:
    yield f"## {row.name}"
    yield ""
    yield " ".join(text for text in (row.effect, row.note) if text)
    yield ""
    yield from _facts(row)
    for name in NAMES:
        table = target_table(name, judgements)
        yield ""
        yield f"{table.title}:"
        yield ""
        found = table.possible(row.name, row.topic, row.becomes)
        yield from (f"- {each.verdict}: {each.message} {each.advice}".rstrip() for each in found)
        if not found:
            yield "- untranslated: it is reported, with what it did; configure it on the Gateway by hand."


def _facts(row: AnnotationRow) -> Iterator[str]:
    values = f": {', '.join(f'`{value}`' for value in row.values)}" if row.values else ""
    yield f"- type: {row.type}{values}"
    yield f"- default: {f'`{row.default}`' if row.default else 'not set'}"
    if row.configmap:
        yield f"- option of the ConfigMap: `{row.configmap}`"
    if row.needs:
        yield f"- only with: `{row.needs}`"
    yield f"- holds for: {SCOPE[row.scope]}"
    yield f"- if invalid: {INVALID[row.invalid]}"
    yield f"- since: {row.since}"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
