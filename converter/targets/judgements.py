"""What a user's own mappings say about the rows of a target: another verdict, message or advice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.ledger import Verdict
    from converter.targets.table import Row, TargetTable


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is ``None`` stays as the row has it; a message of its own takes the place of message and advice."""

    target: str
    code: str
    file: str
    """Without folders, so that a report does not depend on where the program runs."""
    verdict: Verdict | None = None
    message: str | None = None
    advice: str | None = None


def judged(table: TargetTable, judgements: Iterable[Judgement]) -> TargetTable:
    """The table with what is said about it; the objects stay the same, and so does what they differ in."""
    own = {each.code: each for each in judgements if each.target == table.name}
    if not own:
        return table
    return replace(
        table,
        rows=_over(table.rows, own),
        defaults=_over(table.defaults, own),
        settings={**_over(table.settings, own), **_new(table, own)},
    )


def _over(rows: Mapping[str, Row], own: Mapping[str, Judgement]) -> dict[str, Row]:
    return {code: _judged(row, own[code]) if code in own else row for code, row in rows.items()}


def _judged(row: Row, by: Judgement) -> Row:
    verdict = by.verdict or row.verdict
    message = by.message or row.message
    if verdict is not row.verdict:
        message = _signed(message, by)
    advice = by.advice if by.advice is not None else "" if by.message else row.advice
    return replace(row, verdict=verdict, message=message, advice=advice, judged=True)


def _signed(message: str, by: Judgement) -> str:
    return f"{message} The verdict is that of {by.file}."


def _new(table: TargetTable, own: Mapping[str, Judgement]) -> dict[str, Row]:
    """Rows for annotations that the table has none for; they are lost unless somebody says otherwise."""
    from converter.targets.table import Row

    return {
        code: Row(code, by.verdict, _signed(by.message, by), by.advice or "")
        for code, by in own.items()
        if table.find(code) is None and by.verdict and by.message
    }
