"""The tables below ``mappings/``: what people edit, checked before anything relies on it.

An installed wheel carries them compiled to JSON, which loads far faster than YAML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from converter.validity import go_regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Scope = Literal["location", "server", "backend", "stream"]
SelfChecked = Literal["bool", "int", "kilobytes", "seconds", "enum", "cidr-list", "service", "common-name", "snippet"]
Patterned = Literal[
    "size", "string", "list", "path", "url", "host", "host-list", "header-list", "regex", "secret", "configmap"
]
Spaces = Literal["removed", "trimmed"]
Risk = Literal["low", "medium", "high", "critical"]
Invalid = Literal["default", "ignore-group", "deny-location", "deny-server", "drop-ingress"]
Place = Literal["gateway", "route", "none"]

_CLOSED: Mapping[str, tuple[str, ...]] = {
    "scope": get_args(Scope),
    "type": get_args(SelfChecked) + get_args(Patterned),
    "spaces": get_args(Spaces),
    "case": ("ignored",),
    "risk": get_args(Risk),
    "invalid": get_args(Invalid),
    "goes-to": get_args(Place),
}
_REQUIRED = ("group", "topic", "scope", "type", "risk", "invalid", "since", "effect")
_OPTIONAL = (
    *("values", "case", "pattern", "linear", "spaces", "default", "configmap", "note"),
    *("becomes", "unused", "needs"),
)
_HEAD = ("controller", "prefix", "version", "source")
_SECTIONS = ("annotations", "aliases", "removed", "invented")
_TABLE_NAME = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*")

Row = TypeVar("Row")


class TableError(Exception):
    """A table does not hold together; the message is for the person who edits it."""

    def __init__(self, file: str, row: str, problem: str, allowed: Iterable[str] = ()) -> None:
        self.file, self.row, self.problem, self.allowed = file, row, problem, tuple(allowed)
        hint = f" Allowed: {', '.join(self.allowed)}." if self.allowed else ""
        super().__init__(": ".join(filter(None, (file, row, problem))) + "." + hint)


@dataclass(frozen=True, slots=True)
class AnnotationRow:
    """One annotation that the controller reads; the head of its table explains each column."""

    name: str
    group: str
    topic: str
    scope: Scope
    type: SelfChecked | Patterned
    values: tuple[str, ...]
    ignores_case: bool
    pattern: str | None
    linear: str | None
    spaces: Spaces | None
    default: str | None
    configmap: str | None
    risk: Risk
    invalid: Invalid
    since: str
    effect: str
    note: str | None
    becomes: tuple[str, ...]
    unused: str | None
    needs: str | None


@dataclass(frozen=True, slots=True)
class AliasRow:
    name: str
    of: str
    since: str
    note: str | None


@dataclass(frozen=True, slots=True)
class RemovedRow:
    name: str
    removed: str
    replacement: str | None
    effect: str


@dataclass(frozen=True, slots=True)
class InventedRow:
    """A name that people write although no version ever read it."""

    name: str
    intent: str | None
    """The annotation that was meant; alternatives are parted by a slash."""
    note: str | None
    becomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ControllerTable:
    controller: str
    prefix: str
    version: str
    source: str
    annotations: Mapping[str, AnnotationRow]
    aliases: Mapping[str, AliasRow]
    removed: Mapping[str, RemovedRow]
    invented: Mapping[str, InventedRow]

    def suggestion(self, name: str) -> str | None:
        """The annotation, or its other name, that a misspelt name most likely means."""
        import difflib

        return next(iter(difflib.get_close_matches(name, [*self.annotations, *self.aliases], n=1, cutoff=0.8)), None)


@dataclass(frozen=True, slots=True)
class NeighbourRow:
    """An annotation that another program reads; the head of the table explains each column."""

    match: str
    program: str
    goes_to: Place
    as_key: str | None
    effect: str
    advice: str | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    rows: Mapping[str, NeighbourRow]

    def find(self, key: str) -> NeighbourRow | None:
        """A key of its own comes before a prefix. Prefixes end at the slash, so no two of them fit one key."""
        return self.rows.get(key) or self.rows.get("".join(key.partition("/")[:2]) + "*")


@cache
def controller_table(name: str) -> ControllerTable:
    """The annotations of one source controller."""
    path = f"controllers/{name}"
    return read_controller(f"{path}.yaml", load_table(path))


@cache
def neighbours() -> Neighbours:
    """The annotations of other programs that are found on Ingresses."""
    return read_neighbours("neighbours.yaml", load_table("neighbours"))


@cache
def load_table(name: str) -> dict[str, Any]:
    """Any table by its path below ``mappings/``, without suffix. Everybody gets the same object: do not change it."""
    if not _TABLE_NAME.fullmatch(name):
        raise TableError(name, "", "is not the name of a table")
    try:
        table = _read(root() / name)
    except (OSError, ValueError) as fault:
        raise TableError(f"{name}.yaml", "", f"cannot be read: {fault}") from fault
    if not isinstance(table, dict):
        raise TableError(f"{name}.yaml", "", "is not a mapping")
    return table


def root() -> Path:
    """Beside the modules in a wheel, beside the package in a checkout."""
    inside = Path(__file__).with_name("mappings")
    return inside if inside.is_dir() else inside.parent.with_name("mappings")


def _read(path: Path) -> Any:
    compiled = path.with_suffix(".json")
    if compiled.is_file():
        import json

        return json.loads(compiled.read_bytes())
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.with_suffix(".yaml").read_bytes(), Loader=loader)  # noqa: S506 - either one is safe
    except yaml.YAMLError as fault:
        raise ValueError(fault) from fault


def read_controller(file: str, table: Mapping[str, Any]) -> ControllerTable:
    """Check a loaded table and give its rows their types; ``file`` is what messages call it."""
    if unknown := [str(name) for name in table if name not in (*_HEAD, *_SECTIONS)]:
        raise TableError(file, "", f"has an unknown section {unknown[0]}", (*_HEAD, *_SECTIONS))
    result = ControllerTable(
        **_cells(file, "", {name: table[name] for name in _HEAD if name in table}, _HEAD),
        annotations=_section(file, table, "annotations", _annotation),
        aliases=_section(file, table, "aliases", _alias),
        removed=_section(file, table, "removed", _removed),
        invented=_section(file, table, "invented", _invented),
    )
    _check_names(file, result)
    return result


def read_neighbours(file: str, table: Mapping[str, Any]) -> Neighbours:
    """Check a loaded table and give its rows their types; ``file`` is what messages call it."""
    raw_rows = table.get("neighbours")
    if not isinstance(raw_rows, list) or len(table) > 1:
        raise TableError(file, "", "must hold the list neighbours and nothing else")
    rows: dict[str, NeighbourRow] = {}
    for number, raw in enumerate(raw_rows, start=1):
        row = _neighbour(file, f"row {number}", raw)
        if row.match in rows:
            raise TableError(file, f"row {number}", f"{row.match} has a row already")
        rows[row.match] = row
    return Neighbours(rows)


def _section(file: str, table: Mapping[str, Any], name: str, build: Callable[[str, str, Any], Row]) -> dict[str, Row]:
    raw_rows = table.get(name, {})
    if not isinstance(raw_rows, dict):
        raise TableError(file, name, "is not a mapping")
    return {key: build(file, key, raw) for key, raw in raw_rows.items()}


def _annotation(file: str, name: str, raw: Any) -> AnnotationRow:
    cells = _cells(file, name, raw, _REQUIRED, _OPTIONAL)
    if (cells["type"] == "enum") != (cells["values"] is not None):
        raise TableError(file, name, "an enum, and nothing else, has values")
    if cells["pattern"] is None and (cells["linear"] or cells["spaces"]):
        raise TableError(file, name, "linear and spaces belong to a pattern")
    values, becomes = tuple(cells.pop("values") or ()), tuple(cells.pop("becomes") or ())
    ignores_case = cells.pop("case") is not None
    return AnnotationRow(name=name, values=values, becomes=becomes, ignores_case=ignores_case, **cells)


def _alias(file: str, name: str, raw: Any) -> AliasRow:
    return AliasRow(name, **_cells(file, name, raw, ("of", "since"), ("note",)))


def _removed(file: str, name: str, raw: Any) -> RemovedRow:
    return RemovedRow(name, **_cells(file, name, raw, ("removed", "effect"), ("replacement",)))


def _invented(file: str, name: str, raw: Any) -> InventedRow:
    cells = _cells(file, name, raw, (), ("intent", "note", "becomes"))
    return InventedRow(name, becomes=tuple(cells.pop("becomes") or ()), **cells)


def _neighbour(file: str, row: str, raw: Any) -> NeighbourRow:
    cells = _cells(file, row, raw, ("match", "program", "goes-to", "effect"), ("as", "advice"))
    if "*" in cells["match"].removesuffix("/*"):
        raise TableError(file, row, f"match is {cells['match']}", ["a key", "a prefix that ends in /*"])
    return NeighbourRow(goes_to=cells.pop("goes-to"), as_key=cells.pop("as"), **cells)


def _cells(file: str, row: str, raw: Any, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """The checked cells of one row; None for every optional column that it leaves out."""
    if not isinstance(raw, dict):
        raise TableError(file, row, "is not a mapping")
    known = (*required, *optional)
    for column, cell in raw.items():
        if column not in known:
            raise TableError(file, row, f"has an unknown column {column}", known)
        _check_cell(file, row, column, cell)
    if missing := [column for column in required if column not in raw]:
        raise TableError(file, row, f"lacks {', '.join(missing)}")
    return {column: raw.get(column) for column in known}


def _check_cell(file: str, row: str, column: str, cell: Any) -> None:
    is_list = column in ("values", "becomes")
    texts = cell if is_list and isinstance(cell, list) else [] if is_list else [cell]
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise TableError(file, row, f"{column} is {cell!r}", ["a list of texts" if is_list else "a text, in quotes"])
    if column in _CLOSED and cell not in _CLOSED[column]:
        raise TableError(file, row, f"{column} is {cell}", _CLOSED[column])
    if column in ("pattern", "linear"):
        try:
            go_regex(cell)
        except re.error as fault:
            raise TableError(file, row, f"{column} does not compile: {fault}") from fault


def _check_names(file: str, table: ControllerTable) -> None:
    """A name means one thing, and what a row refers to exists."""
    seen: set[str] = set()
    for name in chain(table.annotations, table.aliases, table.removed, table.invented):
        if not isinstance(name, str):
            raise TableError(file, str(name), "is not text", ["a text, in quotes"])
        if name in seen:
            raise TableError(file, name, "stands in two sections")
        seen.add(name)
    references = [(row.name, row.of) for row in table.aliases.values()]
    references += [(row.name, row.needs.partition("=")[0]) for row in table.annotations.values() if row.needs]
    references += [(row.name, of) for row in table.invented.values() if row.intent for of in row.intent.split("/")]
    for name, of in references:
        if of not in table.annotations:
            raise TableError(file, name, f"refers to {of}, which has no row")
