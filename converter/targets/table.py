"""A target's table: what becomes of each behaviour, and how well."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from converter.gateway.drafts import Note
from converter.ledger import Settlement, Verdict
from converter.tables import TableError, load_table
from converter.targets import OTHERS
from converter.targets.judgements import judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.ledger import Origin
    from converter.targets.judgements import Judgement

BASE = "standard"
_COLUMNS = frozenset({"verdict", "message", "advice", "differs", "carry", "switch"})
_CARRY_COLUMNS = frozenset({"kind", "apiVersion", "how", "word", "field", "as", "targets", "words", "fits"})
_RANK = {verdict: rank for rank, verdict in enumerate(Verdict)}
_HOW = ("filter", "policy", "service", "listener", "annotation", "tls-option")
_WITHOUT_OBJECT = ("annotation", "tls-option")


@dataclass(frozen=True, slots=True)
class Carry:
    """One field of one object that says the behaviour, so that no code has to."""

    kind: str
    api_version: str
    how: Literal["filter", "policy", "service", "listener", "annotation", "tls-option"]
    """What the object belongs to, as in ``converter/gateway/drafts.py``; annotations and options need none."""
    word: str
    """What the object is for, as part of its name."""
    field: str
    """Dotted, from the object down; of a ``tls-option`` its name."""
    form: str
    """How the value is written; the words are those of ``converter/targets/fields.py``."""
    targets: str
    """The field of a policy that names what it targets."""
    words: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """What the field says for each word that the value may be."""
    fits: str = ""
    """A regular expression for the whole of a text that the field takes; empty for any."""

    @property
    def place(self) -> str:
        """The field, as notes name it."""
        holder = {"annotation": "metadata.annotations", "tls-option": "tls.options"}.get(self.how)
        return f"{holder}[{self.field}]" if holder else self.field


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    verdict: Verdict
    message: str
    advice: str
    differs: tuple[str, ...] = ()
    """Aspects of an answer that may be another because of it, and after a colon the condition for it."""
    carry: Carry | None = None
    switch: str = ""
    """What is off in the implementation by default, and has to be switched on for it."""
    judged: bool = False
    """A user's own mappings have the last word on it."""

    def note(self, origin: Origin, path: str = "", **names: str) -> Note:
        """What it says about an origin; ``names`` take the place of ``{name}`` in message and advice."""
        message, advice = (_filled(text, names) for text in (self.message, self.advice))
        return Note(origin, self.verdict, self.code, message, advice, path)

    def notes(self, origins: Iterable[Origin], path: str = "", **names: str) -> tuple[Note, ...]:
        return tuple(self.note(origin, path, **names) for origin in origins)

    def settle(self, origin: Origin) -> Settlement:
        return Settlement(origin, self.verdict, self.code, self.message, self.advice)


def _filled(text: str, names: Mapping[str, str]) -> str:
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text


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
    source: str
    """Where its facts are documented."""
    gateway_api: str
    """The newest release of the Gateway API that this version serves; empty where nothing says so."""
    setup: str
    """What somebody has to do before it serves any Gateway; empty where nothing is known."""
    experimental: str
    """What is off by default and has to be switched on before it heeds the experimental channel."""
    lacks: Mapping[str, str]
    """Kinds and features of the Gateway API that it ignores or refuses, in the words of ``gateway-api.yaml``, each with
    the first version that does not; empty where there is none."""
    regex_before: str
    regex_after: str
    regex_without: frozenset[str]
    """Characters that no pattern may hold."""
    header_without: frozenset[str]
    """Characters that no exact value of a header match may hold."""
    rows: Mapping[str, Row]
    defaults: Mapping[str, Row]
    settings: Mapping[str, Row]
    """By the name of a setting, or by its topic."""

    def find(self, code: str) -> Row | None:
        """The row of a ledger entry; ``None`` where the controller had the last word."""
        return self.rows.get(code) or self.defaults.get(code) or self.settings.get(code)

    def possible(self, name: str, topic: str, becomes: Iterable[str]) -> list[Row]:
        """What may become of an annotation, the best first.

        One that ``becomes`` nothing else is a setting; the row of its topic is for what has none of its own.
        """
        known = [self.rows[code] for code in becomes if code in self.rows]
        own = [self.settings[word] for word in (name, f"{name}.lost") if word in self.settings]
        shared = [self.settings[topic]] if topic in self.settings else []
        return sorted(known or own or shared, key=lambda row: _RANK[row.verdict])

    def default(self, origin: Origin, variant: str = "") -> Settlement:
        """What becomes of a default; a ``variant`` counts where the default has a row for it."""
        row = self.defaults.get(f"{origin.key}.{variant}") or self.defaults[origin.key]
        return row.settle(origin)


@cache
def target_table(name: str, judgements: tuple[Judgement, ...] = ()) -> TargetTable:
    """The table of a target, with the rows of ``standard`` where it has none of its own, and as the user judges.

    Raises:

        TableError: A row has an unknown column, or a verdict that does not exist.
    """
    if name in OTHERS:
        return judged(_other(name, load_table("targets/others")[name], judgements), judgements)
    table = load_table(f"targets/{name}")
    base = target_table(BASE, judgements) if name != BASE else None
    found = TargetTable(
        name=table["target"],
        title=table["title"],
        version=table["version"],
        controller_name=table["controllerName"],
        placeholder=table["placeholder"],
        gateway_class=table["gatewayClass"],
        **_head(name, table),
        regex_before=table["regex"]["before"],
        regex_after=table["regex"]["after"],
        regex_without=frozenset(table["regex"].get("without", "")),
        header_without=frozenset(table.get("headers", {}).get("without", "")),
        rows=_over(base.rows if base else {}, _rows(name, table["behaviours"])),
        defaults=_over(base.defaults if base else {}, _rows(name, table["defaults"])),
        settings=_over(base.settings if base else {}, _rows(name, table.get("settings", {}))),
    )
    return judged(found, judgements)


def _other(name: str, row: Mapping[str, Any], judgements: tuple[Judgement, ...]) -> TargetTable:
    """The standard table under another head."""
    return replace(
        target_table(BASE, judgements),
        name=name,
        title=row["title"],
        version=row["version"],
        controller_name=row["controllerName"],
        placeholder=False,
        gateway_class=row["gatewayClass"],
        **_head("others", row),
    )


def _head(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a target says about itself as a whole, apart from its names."""
    return {
        "source": row["source"],
        "gateway_api": row["gatewayApi"],
        "setup": row.get("setup", "").strip(),
        "experimental": row.get("experimental", ""),
        "lacks": _lacking(table, row.get("lacks", ())),
    }


def _lacking(table: str, rows: Iterable[str | Mapping[str, str]]) -> Mapping[str, str]:
    """Each with its reason behind it, in a comment."""
    from converter.gateway.releases import known_words

    found = {word: since for row in rows for word, since in ({row: ""} if isinstance(row, str) else row).items()}
    if unknown := set(found) - known_words():
        raise TableError(f"targets/{table}.yaml", "lacks", f"unknown feature {min(unknown)}", sorted(known_words()))
    return found


def _over(base: Mapping[str, Row], own: Mapping[str, Row]) -> dict[str, Row]:
    """A row of its own that still is not the same differs in what the base differs in, unless it says otherwise."""
    found = dict(base)
    for code, row in own.items():
        below = base.get(code)
        inherits = below and not row.differs and row.verdict in (Verdict.APPROXIMATED, Verdict.UNTRANSLATED)
        found[code] = replace(row, differs=below.differs) if below and inherits else row
    return found


def _rows(table: str, rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Row]:
    return {code: _row(table, code, row) for code, row in rows.items()}


def _row(table: str, code: str, row: Mapping[str, Any]) -> Row:
    _check(table, code, row, _COLUMNS)
    if row.get("verdict") not in [str(verdict) for verdict in Verdict]:
        raise TableError(f"targets/{table}.yaml", code, f"unknown verdict {row.get('verdict')}", [*Verdict])
    differs = tuple(row.get("differs", "").split())
    message, advice = row["message"].strip(), row.get("advice", "").strip()
    carry = _carry(table, code, row["carry"]) if "carry" in row else None
    return Row(code, Verdict(row["verdict"]), message, advice, differs, carry, row.get("switch", "").strip())


def _carry(table: str, code: str, row: Mapping[str, Any]) -> Carry:
    _check(table, code, row, _CARRY_COLUMNS)
    how = row["how"]
    if how not in _HOW:
        raise TableError(f"targets/{table}.yaml", code, f"unknown how {how}", _HOW)
    targets, words = row.get("targets", "targetRefs"), row.get("words", {})
    bare = how in _WITHOUT_OBJECT
    kind, api_version, word = ("" if bare else row[column] for column in ("kind", "apiVersion", "word"))
    return Carry(kind, api_version, how, word, row["field"], row["as"], targets, words, row.get("fits", ""))


def _check(table: str, code: str, row: Mapping[str, Any], columns: frozenset[str]) -> None:
    if unknown := set(row) - columns:
        raise TableError(f"targets/{table}.yaml", code, f"unknown column {min(unknown)}", sorted(columns))
