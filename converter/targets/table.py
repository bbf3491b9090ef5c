"""A target's table: what becomes of each behaviour, and how well."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from converter.gateway.drafts import Note
from converter.ledger import Settlement, Verdict
from converter.tables import TableError, load_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.ledger import Origin

BASE = "standard"
_COLUMNS = frozenset({"verdict", "message", "advice"})


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    verdict: Verdict
    message: str
    advice: str

    def note(self, origin: Origin, path: str = "") -> Note:
        return Note(origin, self.verdict, self.code, self.message, self.advice, path)

    def notes(self, origins: Iterable[Origin], path: str = "") -> tuple[Note, ...]:
        return tuple(self.note(origin, path) for origin in origins)

    def settle(self, origin: Origin) -> Settlement:
        return Settlement(origin, self.verdict, self.code, self.message, self.advice)


@dataclass(frozen=True, slots=True)
class TargetTable:
    name: str
    title: str
    version: str
    controller_name: str
    placeholder: bool
    """The controller name stands for one that the user has to choose."""
    gateway_class: str
    """Empty: the class is named after the Ingress class."""
    regex_before: str
    regex_after: str
    rows: Mapping[str, Row]
    defaults: Mapping[str, Row]
    settings: Mapping[str, Row]
    """By the name of a setting, or by its topic."""

    def default(self, origin: Origin, variant: str = "") -> Settlement:
        """What becomes of a default; a ``variant`` counts where the default has a row for it."""
        row = self.defaults.get(f"{origin.key}.{variant}") or self.defaults[origin.key]
        return row.settle(origin)


@cache
def target_table(name: str) -> TargetTable:
    """The table of a target, with the rows of ``standard`` where it has none of its own.

    Raises:

        TableError: A row has an unknown column, or a verdict that does not exist.
    """
    table = load_table(f"targets/{name}")
    base = target_table(BASE) if name != BASE else None
    return TargetTable(
        name=table["target"],
        title=table["title"],
        version=table["version"],
        controller_name=table["controllerName"],
        placeholder=table["placeholder"],
        gateway_class=table["gatewayClass"],
        regex_before=table["regex"]["before"],
        regex_after=table["regex"]["after"],
        rows={**(base.rows if base else {}), **_rows(name, table["behaviours"])},
        defaults={**(base.defaults if base else {}), **_rows(name, table["defaults"])},
        settings={**(base.settings if base else {}), **_rows(name, table.get("settings", {}))},
    )


def _rows(table: str, rows: Mapping[str, Mapping[str, str]]) -> dict[str, Row]:
    return {code: _row(table, code, row) for code, row in rows.items()}


def _row(table: str, code: str, row: Mapping[str, str]) -> Row:
    if unknown := set(row) - _COLUMNS:
        raise TableError(f"targets/{table}.yaml", code, f"unknown column {min(unknown)}", sorted(_COLUMNS))
    if row.get("verdict") not in [str(verdict) for verdict in Verdict]:
        raise TableError(f"targets/{table}.yaml", code, f"unknown verdict {row.get('verdict')}", [*Verdict])
    return Row(code, Verdict(row["verdict"]), row["message"].strip(), row.get("advice", "").strip())
