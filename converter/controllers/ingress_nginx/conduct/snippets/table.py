"""Directives that no behaviour says: what is lost with them, and what to do; the facts are in the table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from converter.routing import Directive
from converter.tables import TableError, load_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.controllers.ingress_nginx.conduct.snippets.model import Written

_FILE = "controllers/nginx-directives"
_COLUMNS = ("effect", "advice", "guards", "names")
_LUA = "_by_lua"


@dataclass(frozen=True, slots=True)
class LossRow:
    """What is lost with a directive."""

    name: str
    effect: str
    advice: str
    guards: bool
    """It keeps somebody out."""

    @property
    def code(self) -> str:
        return f"snippets.{self.name}"


def loss_of(directive: str) -> LossRow:
    """The row of the group that the directive belongs to; one for all that is in none."""
    found = _by_directive().get(directive)
    if found is None and _LUA in directive:
        return _groups()["code"]
    return found or reason("unknown")


def lost(written: Written, why: str = "") -> Directive:
    """The line as it is, with what is lost without it; the reason is a row of the table, or empty."""
    row, statement = reason(why) if why else loss_of(written.statement.name), written.statement
    return Directive(
        statement.name, written.context, statement.text, row.code, row.effect, row.advice, row.guards, (written.origin,)
    )


@cache
def own_directives() -> Mapping[str, str]:
    """What ingress-nginx writes into each location, and the annotation that sets it."""
    found: dict[str, str] = load_table(_FILE)["own"]
    return found


def reason(name: str) -> LossRow:
    """Why a directive cannot be said that could be said in another form."""
    return _reasons()[name]


@cache
def _reasons() -> Mapping[str, LossRow]:
    return {name: _row(name, raw) for name, raw in load_table(_FILE)["reasons"].items()}


@cache
def _groups() -> Mapping[str, LossRow]:
    return {name: _row(name, raw) for name, raw in load_table(_FILE)["directives"].items()}


@cache
def _by_directive() -> Mapping[str, LossRow]:
    raw = load_table(_FILE)["directives"]
    return {name: row for group, row in _groups().items() for name in raw[group]["names"]}


def _row(name: str, raw: Mapping[str, Any]) -> LossRow:
    for column in raw:
        if column not in _COLUMNS:
            raise TableError(f"{_FILE}.yaml", name, f"has an unknown column {column}", _COLUMNS)
    return LossRow(name, raw["effect"].strip(), raw["advice"].strip(), raw.get("guards") is True)
