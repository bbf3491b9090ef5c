"""Which behaviour a ledger entry is about, in a person's words: ``mappings/behaviours.yaml``, whose head says how."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from converter.controllers.ingress_nginx.config_table import options
from converter.tables import TableError, controller_table, load_table, neighbours

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from converter.ledger import Origin

_FILE = "behaviours.yaml"
_NAMED_BY = ("topics", "annotations", "options", "fields", "defaults", "codes", "programs")
_COLUMNS = ("title", "value", *_NAMED_BY)
_SECTIONS = ("behaviours", "other", "follows", "gone", "nowhere", "closed", "open")
_OTHER = "other"


@dataclass(frozen=True, slots=True)
class Behaviour:
    id: str
    """Stable, for programs."""
    title: str
    rank: int
    """Its place in the table of behaviours."""


@dataclass(frozen=True, slots=True)
class Behaviours:
    rows: Mapping[str, Behaviour]
    named: Mapping[str, Mapping[str, Behaviour]]
    """For each column the behaviour of a name."""
    valued: Mapping[str, tuple[tuple[re.Pattern[str], Behaviour], ...]]
    """Of an annotation whose value decides."""
    follows: frozenset[str]
    gone: frozenset[str]
    nowhere: frozenset[str]
    closed: frozenset[str]
    open: frozenset[str]

    def of(self, code: str, origin: Origin) -> Behaviour | None:
        """The behaviour that an entry with this code tells of; ``None`` where it only follows from another entry."""
        if code in self.follows:
            return None
        found = self.named["codes"].get(code) or self._of_origin(origin) or self._of_code(code)
        return found or self.rows[_OTHER]

    def _of_origin(self, origin: Origin) -> Behaviour | None:
        """Of a part, such as a directive in an annotation, the key is that of the whole and one more word."""
        key = origin.key.partition(" ")[0]
        if origin.type == "default":
            return self.named["defaults"].get(key) or self._of_annotation(key, origin.value)
        if origin.type == "annotation" or "/" in key:
            return self._of_annotation(key, origin.value)
        return self.named["fields"].get(key) or self._of_option(key, origin.value)

    def _of_code(self, code: str) -> Behaviour | None:
        """That of the annotations which can become it, if they are of one behaviour; for names that no table has."""
        rows = controller_table("ingress-nginx").annotations.values()
        found = {self._of_annotation(row.name, "") for row in rows if code in row.becomes}
        return found.pop() if len(found) == 1 else self.named["topics"].get(code.removesuffix(".untranslated"))

    def _of_annotation(self, key: str, value: str) -> Behaviour | None:
        table = controller_table("ingress-nginx")
        name = key.removeprefix(table.prefix)
        if "/" in name:
            return self.named["annotations"].get(key) or self._of_neighbour(key)
        if alias := table.aliases.get(name):
            name = alias.of
        elif invented := table.invented.get(name):
            name = (invented.intent or name).partition("/")[0]
        elif removed := table.removed.get(name):
            name = removed.replacement or name
        for pattern, behaviour in self.valued.get(name, ()):
            if pattern.search(value):
                return behaviour
        row = table.annotations.get(name)
        return self.named["annotations"].get(name) or (self.named["topics"].get(row.topic) if row else None)

    def _of_neighbour(self, key: str) -> Behaviour | None:
        row = neighbours().find(key)
        return self.named["programs"].get(row.program) if row else None

    def _of_option(self, key: str, value: str) -> Behaviour | None:
        """An option of the ConfigMap by the last word of its field, a flag by its name or as an argument."""
        name = key.rpartition(".")[2]
        named = self.named["options"]
        found = named.get(name) or named.get(f"--{name}") or named.get(value.partition("=")[0])
        row = options().get(name)
        return found or (self.named["topics"].get(row.topic) if row else None)


@cache
def behaviours() -> Behaviours:
    """The table as it is below ``mappings/``."""
    return read_behaviours(load_table("behaviours"))


def read_behaviours(table: Mapping[str, Any]) -> Behaviours:
    """Check a loaded table and index it.

    Raises:

        TableError: A section or a column is unknown, or a name stands in two rows.
    """
    if unknown := sorted(set(table) - set(_SECTIONS)):
        raise TableError(_FILE, "", f"has an unknown section {unknown[0]}", _SECTIONS)
    raw = {**table["behaviours"], _OTHER: table["other"]}
    rows = {name: _row(rank, name, cells) for rank, (name, cells) in enumerate(raw.items())}
    named: dict[str, dict[str, Behaviour]] = {column: {} for column in _NAMED_BY}
    valued: dict[str, list[tuple[re.Pattern[str], Behaviour]]] = defaultdict(list)
    for row, column, name in _names(raw):
        if column == "annotations" and "value" in raw[row]:
            valued[name].append((re.compile(raw[row]["value"]), rows[row]))
        elif named[column].setdefault(name, rows[row]) is not rows[row]:
            raise TableError(_FILE, row, f"{name} stands in {named[column][name].id} already")
    sets = {name: frozenset(table[name]) for name in _SECTIONS[2:]}
    return Behaviours(rows, named, {name: tuple(found) for name, found in valued.items()}, **sets)


def _row(rank: int, name: str, cells: Mapping[str, Any]) -> Behaviour:
    if unknown := sorted(set(cells) - set(_COLUMNS)):
        raise TableError(_FILE, name, f"has an unknown column {unknown[0]}", _COLUMNS)
    if not isinstance(cells.get("title"), str):
        raise TableError(_FILE, name, "lacks title")
    return Behaviour(name, cells["title"], rank)


def _names(raw: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Row, column and name of each that is listed."""
    for row, cells in raw.items():
        for column in _NAMED_BY:
            for name in cells.get(column, ()):
                yield row, column, name
