"""The section ``targets``: another verdict, message or advice for what a target makes of something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.cli.mappings.fields import hint, listed
from converter.ledger import Verdict
from converter.tables import controller_table
from converter.targets import NAMES, OTHERS
from converter.targets.judgements import Judgement
from converter.targets.table import target_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from converter.cli.mappings.fields import Field

COLUMNS = ("verdict", "message", "advice")
_ADVICE = "advice"


def judgements(field: Field, file: str) -> tuple[Judgement, ...]:
    """What is said about the rows of each target."""
    return tuple(
        judged
        for target, rows in field.only((*NAMES, *OTHERS)).items()
        for code, row in rows.fields("write codes of the report, with another verdict below them.").items()
        if (judged := _judgement(row, target, code, file))
    )


def codes(target: str) -> Mapping[str, str]:
    """Everything a row can be about, with what it says today: codes of the report, and annotations without a row."""
    table = target_table(target)
    found = {code: row.message for rows in (table.rows, table.defaults, table.settings) for code, row in rows.items()}
    return found | {name: effect for name, effect in _rowless() if name not in found}


def _rowless() -> Iterator[tuple[str, str]]:
    """Annotations that no target has a row for."""
    rows = controller_table("ingress-nginx").annotations
    yield from ((name, f"Not carried over: {row.effect}") for name, row in rows.items() if not row.becomes)


def _judgement(row: Field, target: str, code: str, file: str) -> Judgement | None:
    known = codes(target)
    if code not in known:
        row.tell(_unknown(code, tuple(known)))
    found = row.only(COLUMNS)
    if not found and isinstance(row.value, dict):
        row.tell(f"it says nothing; write {listed(COLUMNS)}.")
    verdict = found["verdict"].word(Verdict) if "verdict" in found else ""
    message = found["message"].text("write one sentence.") if "message" in found else None
    advice = _text(found[_ADVICE]) if _ADVICE in found else None
    if (
        code in dict(_rowless())
        and target_table(target).find(code) is None
        and not {"verdict", "message"} <= found.keys()
    ):
        row.tell("no target has a row for it yet, so it needs verdict and message.")
    return Judgement(target, code, file, Verdict(verdict) if verdict else None, message, advice) if found else None


def _text(field: Field) -> str:
    """Advice may be empty: then there is none."""
    return "" if field.value == "" else field.text("write one sentence, or '' for none.")


def _unknown(code: str, known: tuple[str, ...]) -> str:
    rows = controller_table("ingress-nginx").annotations
    topic, dot, rest = code.rpartition(".")
    if dot and rest == "untranslated" and any(row.topic == topic for row in rows.values()):
        return "the report says that of annotations without a row; write the name of the annotation."
    if row := rows.get(code):
        return f"the annotation has rows of its own; write one of {listed(row.becomes)}."
    return f"no row has this code; {hint(code, known)}"
