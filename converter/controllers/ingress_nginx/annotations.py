"""Which annotations of an Ingress have effect, and what becomes of the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.selection import CLASS_ANNOTATION
from converter.ledger import Settlement, Verdict
from converter.routing import Neighbour
from converter.tables import controller_table, neighbours
from converter.validity import parse_bool, parse_int, valid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.ingress.model import Ingress
    from converter.ledger import Origin
    from converter.tables import AnnotationRow, ControllerTable, NeighbourRow


@dataclass(frozen=True, slots=True)
class Settings:
    """The annotations of one Ingress that have effect, by their name without prefix."""

    values: Mapping[str, Origin]
    neighbours: tuple[Neighbour, ...]
    settlements: tuple[Settlement, ...]
    dropped: Origin | None
    """The annotation whose value makes ingress-nginx skip the whole Ingress."""
    refusals: Mapping[str, Origin]
    """The annotations whose values make ingress-nginx refuse every request."""

    def get(self, name: str) -> Origin | None:
        return self.values.get(name)

    def text(self, name: str) -> str:
        """The value, or the empty string."""
        origin = self.values.get(name)
        return origin.value if origin else ""

    def flag(self, name: str) -> bool | None:
        """``None`` when the annotation is not set."""
        origin = self.values.get(name)
        return parse_bool(origin.value) if origin else None

    def number(self, name: str) -> int | None:
        """``None`` when the annotation is not set, or is no number although its validator let it pass."""
        origin = self.values.get(name)
        return parse_int(origin.value) if origin else None


def read_settings(ingress: Ingress, *, strict_source: bool) -> Settings:
    """Tell the annotations with effect from the inert ones.

    With ``strict_source`` an annotation that ingress-nginx never read is inert although its intent is plain.
    """
    reader = _Reader(controller_table("ingress-nginx"), ingress, strict_source)
    for key, origin in ingress.annotations.items():
        reader.read(key, origin)
    return reader.settings()


@dataclass
class _Reader:
    table: ControllerTable
    ingress: Ingress
    strict_source: bool
    values: dict[str, Origin] = field(default_factory=dict)
    neighbours: list[Neighbour] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    ignored_groups: dict[str, Origin] = field(default_factory=dict)
    dropped: Origin | None = None
    refusals: dict[str, Origin] = field(default_factory=dict)

    def read(self, key: str, origin: Origin) -> None:
        if key == CLASS_ANNOTATION:
            return
        if key.startswith(self.table.prefix):
            self._own(key.removeprefix(self.table.prefix), origin)
        else:
            self._foreign(key, origin)

    def settings(self) -> Settings:
        for name, origin in list(self.values.items()):
            row = self.table.annotations.get(name)
            culprit = self.ignored_groups.get(row.group) if row else None
            if culprit:
                del self.values[name]
                self._inert(origin, "annotation.group-ignored", f"{culprit.key} is invalid, so its group is not read.")
        return Settings(self.values, tuple(self.neighbours), tuple(self.settlements), self.dropped, self.refusals)

    def _own(self, name: str, origin: Origin) -> None:
        if row := self.table.annotations.get(name):
            self._active(row, origin)
        elif alias := self.table.aliases.get(name):
            self._alias(alias.of, origin)
        elif removed := self.table.removed.get(name):
            advice = f"Its replacement is {removed.replacement}." if removed.replacement else ""
            self._inert(origin, "annotation.removed", f"ingress-nginx dropped it in {removed.removed}.", advice)
        elif (invented := self.table.invented.get(name)) and invented.becomes and not self.strict_source:
            self.values[name] = origin
        else:
            self._unknown(name, origin)

    def _active(self, row: AnnotationRow, origin: Origin) -> None:
        if not origin.value.strip():
            self._inert(origin, "annotation.empty", "An empty value counts as not set.")
        elif not valid(row, origin.value):
            self._invalid(row, origin)
        elif _is_default(row, origin.value):
            self._inert(origin, "annotation.default", "The value is ingress-nginx's default.")
        else:
            self.values[row.name] = origin

    def _alias(self, name: str, origin: Origin) -> None:
        if self.ingress.annotations.get(self.table.prefix + name):
            self._inert(origin, "annotation.overridden", f"{name} is set as well, and wins.")
        else:
            self._active(self.table.annotations[name], origin)

    def _invalid(self, row: AnnotationRow, origin: Origin) -> None:
        if row.invalid == "drop-ingress":
            self.dropped = self.dropped or origin
        elif row.invalid == "ignore-group":
            self.ignored_groups[row.group] = origin
            self._inert(
                origin, "annotation.invalid", "The value is invalid, so ingress-nginx ignores it and its group."
            )
        elif row.invalid in ("deny-location", "deny-server"):
            self.refusals[row.name] = origin
        else:
            self._inert(origin, "annotation.invalid", "The value is invalid, so ingress-nginx uses its default.")

    def _unknown(self, name: str, origin: Origin) -> None:
        invented = self.table.invented.get(name)
        near = invented.intent if invented else self.table.suggestion(name)
        advice = f"If {near} was meant: it had no effect until now, so decide whether it should." if near else ""
        self._inert(origin, "annotation.unknown", "ingress-nginx has never read an annotation of this name.", advice)

    def _foreign(self, key: str, origin: Origin) -> None:
        row = neighbours().find(key)
        if row is None:
            message = "ingress-nginx does not read it."
            self._inert(origin, "annotation.foreign", message, "If another program reads it here, see to it there.")
        elif row.goes_to == "none":
            self._without_place(row, origin)
        else:
            place = row.goes_to
            carried = Neighbour(self.ingress.source, place, row.as_key or key, origin.value, origin, row.advice or "")
            self.neighbours.append(carried)

    def _without_place(self, row: NeighbourRow, origin: Origin) -> None:
        """Advice says that it had an effect in its own program, which ends with the Ingress."""
        if row.advice is None:
            self._inert(origin, "annotation.foreign", f"It is for {row.program}, not for ingress-nginx.")
            return
        message = f"{row.program} reads it on an Ingress only: {row.effect[:1].lower()}{row.effect[1:]}"
        self.settlements.append(Settlement(origin, Verdict.UNTRANSLATED, "neighbour.ingress-only", message, row.advice))

    def _inert(self, origin: Origin, code: str, message: str, advice: str = "") -> None:
        self.settlements.append(Settlement(origin, Verdict.INERT, code, message, advice))


def _is_default(row: AnnotationRow, value: str) -> bool:
    """Whether setting the value changes nothing; a default that a ConfigMap can move is never taken for granted."""
    if row.default is None or row.configmap:
        return False
    if row.type == "bool":
        return parse_bool(value) == parse_bool(row.default)
    return value.strip() == row.default
