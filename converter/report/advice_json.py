"""Advice for programs; ``advice_schema.json`` beside this module says what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.advice.model import CHANGED, LOST
from converter.report.advice_words import KEPT, conclusion
from converter.report.json_lines import Lines, document, schema_beside

if TYPE_CHECKING:
    from converter.advice import Advice, Assessment, Cell, Use

_VERSION = 1
"""Goes up when a program that reads it has to change."""


def advice_as_json(advice: Advice) -> str:
    """Everything, one target and one behaviour a line; equal advice gives equal text."""
    content = {
        "version": _VERSION,
        "tool": {"name": "ingress-migrate", "version": advice.tool_version},
        "gatewayApi": advice.gateway_api,
        "channel": advice.channel,
        "summary": {"routes": advice.routes, "ingresses": advice.ingresses, "files": advice.files},
        "environments": advice.environments,
        "targets": Lines(_target(advice, target) for target in advice.targets),
        "behaviours": Lines(map(_use, advice.uses)),
    }
    return document(content)


def advice_schema() -> dict[str, Any]:
    """The JSON Schema of the advice."""
    return schema_beside("advice_schema.json")


def _target(advice: Advice, target: Assessment) -> dict[str, Any]:
    return {
        "name": target.name,
        "title": target.title,
        "version": target.version,
        "baseline": target.baseline,
        "written": _counts(advice, target.name, by_default=False),
        "byDefault": _counts(advice, target.name, by_default=True),
        "closedRoutes": target.warned.closed,
        "openRoutes": target.warned.open,
        "setup": target.setup,
        "source": target.source,
        "experimental": target.experimental,
        "serves": target.serves,
        "switches": [{"switch": need.switch, "routes": need.routes} for need in target.needs],
        "conclusion": conclusion(advice, target),
    }


def _counts(advice: Advice, name: str, *, by_default: bool) -> dict[str, int]:
    found = {"kept": KEPT, "approximated": (CHANGED,), "untranslated": (LOST,)}
    return {key: len(advice.having(name, *verdicts, by_default=by_default)) for key, verdicts in found.items()}


def _use(use: Use) -> dict[str, Any]:
    return {
        "behaviour": use.behaviour.id,
        "title": use.behaviour.title,
        "byDefault": use.by_default,
        "routes": use.routes,
        "ingresses": use.ingresses,
        "targets": {name: _cell(use.cells[name]) for name in use.cells},
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {"verdict": cell.verdict.value, "routes": cell.routes, "codes": list(cell.codes)}
