"""Which annotations of an Ingress have effect, and what becomes of the others."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.annotations import Settings
from converter.controllers.ingress_nginx.house import House, speak
from converter.controllers.ingress_nginx.selection import CLASS_ANNOTATION
from converter.ledger import Settlement, Verdict
from converter.routing import Neighbour
from converter.tables import controller_table, neighbours
from converter.validity import parse_bool, valid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from converter.controllers.ingress_nginx.configuration import Configuration
    from converter.controllers.ingress_nginx.house import Spoken
    from converter.ingress.model import Ingress
    from converter.ledger import Origin
    from converter.tables import AnnotationRow, ControllerTable, NeighbourRow, RemovedRow

_RISKS = ("low", "medium", "high", "critical")
_UNSAFE = re.compile(
    r"(?i)alias\s.*;|root\s.*;|/etc/(?:passwd|shadow|group|nginx|ingress-controller)|/var/run/secrets|_by_lua"
)


def read_settings(
    ingress: Ingress, configuration: Configuration, house: House | None = None, *, strict_source: bool
) -> Settings:
    """Tell the annotations with effect from the inert ones.

    With ``strict_source`` an annotation that ingress-nginx never read is inert although its intent is plain.
    """
    table = controller_table("ingress-nginx")
    reader = _Reader(table, ingress, configuration, strict_source)
    spoken = speak(house or House(), ingress, table, reader.prefix)
    for key, origin in ingress.annotations.items():
        reader.read(key, origin, elsewhere=key in spoken.keys)
    reader.hear(spoken)
    return reader.settings()


@dataclass
class _Reader:
    table: ControllerTable
    ingress: Ingress
    configuration: Configuration
    strict_source: bool
    values: dict[str, Origin] = field(default_factory=dict)
    neighbours: list[Neighbour] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    ignored_groups: dict[str, Origin] = field(default_factory=dict)
    dropping: dict[str, Origin] = field(default_factory=dict)
    refusals: dict[str, Origin] = field(default_factory=dict)

    def read(self, key: str, origin: Origin, *, elsewhere: bool) -> None:
        """Read an annotation, unless ``elsewhere`` says what it means."""
        if any(word in origin.value for word in self.configuration.blocked_words):
            self.dropping[key] = origin
        if key == CLASS_ANNOTATION or elsewhere:
            return
        prefix = self.prefix
        if key.startswith(prefix):
            self._own(key.removeprefix(prefix), origin)
        else:
            self._foreign(key, origin)

    def hear(self, spoken: Spoken) -> None:
        """Read what annotations of the user's own mean."""
        for origin in spoken.meant:
            self._own(origin.key.removeprefix(self.prefix), origin)
        self.neighbours.extend(spoken.neighbours)
        self.settlements.extend(spoken.settlements)
        self.refusals |= {origin.key: origin for origin in spoken.refusals}

    @property
    def prefix(self) -> str:
        """``--annotations-prefix`` takes the place of the usual one."""
        return f"{self.configuration.argument('--annotations-prefix')}/"

    def settings(self) -> Settings:
        self._drop_ignored_groups()
        self._drop_what_needs_more()
        dropped = next(iter(self.dropping.values()), None) or _unsafe_field(self.ingress)
        return Settings(
            self.ingress.source,
            self.values,
            tuple(self.neighbours),
            tuple(self.settlements),
            dropped,
            self.refusals,
            self.configuration,
        )

    def _drop_ignored_groups(self) -> None:
        for name, origin in list(self.values.items()):
            row = self.table.annotations.get(name)
            culprit = self.ignored_groups.get(row.group) if row else None
            if culprit:
                del self.values[name]
                self._inert(
                    origin, "annotation.group-ignored", f"{culprit.told.key} is invalid, so its group is not read."
                )

    def _drop_what_needs_more(self) -> None:
        """What another annotation has to switch on; within one group it is not even read before."""
        so_far = Settings(self.ingress.source, {**self.values}, (), (), None, {}, self.configuration)
        for row in self.table.annotations.values():
            if row.needs is None or _is_met(row.needs, so_far):
                continue
            sources = (self.values, self.refusals, self.dropping if self._in_one_group(row) else {})
            found = [source.pop(row.name) for source in sources if row.name in source]
            for origin in dict.fromkeys(found):
                self._inert(origin, "annotation.without-effect", f"It has effect only with {_told(row.needs)}.")

    def _in_one_group(self, row: AnnotationRow) -> bool:
        other = self.table.annotations[(row.needs or "").partition("=")[0]]
        return other.group == row.group

    def _own(self, name: str, origin: Origin) -> None:
        if row := self.table.annotations.get(name):
            self._active(row, origin)
        elif alias := self.table.aliases.get(name):
            self._alias(alias.of, origin)
        elif removed := self.table.removed.get(name):
            self._removed(removed, origin)
        elif (invented := self.table.invented.get(name)) and invented.becomes and not self.strict_source:
            self.values[name] = origin
        else:
            self._unknown(name, origin)

    def _active(self, row: AnnotationRow, origin: Origin) -> None:
        version = self.configuration.version
        if not origin.value.strip():
            self._inert(origin, "annotation.empty", "An empty value counts as not set.")
        elif version < _version(row.since):
            self._inert(origin, "annotation.too-new", f"ingress-nginx reads it from {row.since} on, this one is older.")
        elif _RISKS.index(row.risk) > _RISKS.index(self.configuration.risk_level):
            self.dropping[row.name] = origin
        elif row.type == "snippet" and not self.configuration.allows_snippets:
            self._inert(origin, "snippets.not-allowed", "allow-snippet-annotations is off, so it is taken away.")
        elif not valid(row, origin.value, strictly=self.configuration.validates_annotations):
            self._invalid(row, origin)
        elif self._is_default(row, origin.value):
            self._inert(origin, "annotation.default", "The value is ingress-nginx's default.")
        else:
            self.values[row.name] = origin

    def _is_default(self, row: AnnotationRow, value: str) -> bool:
        """Whether setting the value changes nothing; a default that an unknown ConfigMap can move is none."""
        default = row.default
        if row.configmap:
            option = self.configuration.origin(row.configmap)
            default = (option.value if option else default) if self.configuration.known else None
        if default is None:
            return False
        if row.type == "bool":
            return parse_bool(value) == parse_bool(default)
        return value.strip() == default

    def _alias(self, name: str, origin: Origin) -> None:
        if self.ingress.annotations.get(self.prefix + name):
            self._inert(origin, "annotation.overridden", f"{name} is set as well, and wins.")
        else:
            self._active(self.table.annotations[name], origin)

    def _removed(self, row: RemovedRow, origin: Origin) -> None:
        advice = f"Its replacement is {row.replacement}." if row.replacement else ""
        if self.configuration.version < _version(row.removed):
            message = f"Not carried over: {row.effect}"
            advice = advice or "Find out whether the application needs it, and configure it on the Gateway by hand."
            settled = Settlement(origin, Verdict.UNTRANSLATED, "annotation.old", message, advice)
            self.settlements.append(settled)
        else:
            self._inert(origin, "annotation.removed", f"ingress-nginx dropped it in {row.removed}.", advice)

    def _invalid(self, row: AnnotationRow, origin: Origin) -> None:
        if row.invalid == "drop-ingress":
            self.dropping[row.name] = origin
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


def _version(text: str) -> tuple[int, int, int]:
    major, minor, patch, *_ = (*(int(part) for part in re.findall(r"\d+", text)), 0, 0)
    return major, minor, patch


def _is_met(needs: str, settings: Settings) -> bool:
    """``NAME`` that is on in any way, or ``NAME=VALUE,VALUE``."""
    name, _, words = needs.partition("=")
    value = settings.in_force(name).value
    if words:
        return value.upper() in words.upper().split(",")
    return value not in ("", "0", "off") and parse_bool(value) is not False


def _told(needs: str) -> str:
    name, _, words = needs.partition("=")
    return f"{name}: {' or '.join(words.split(','))}" if words else name


def _unsafe_field(ingress: Ingress) -> Origin | None:
    """A host or path that looks like an attempt to break out of nginx's configuration (``inspector.DeepInspect``)."""
    return next(_unsafe_fields(ingress), None)


def _unsafe_fields(ingress: Ingress) -> Iterator[Origin]:
    for rule in ingress.rules:
        if _UNSAFE.search(rule.host):
            yield rule.origin
        yield from (path.origin for path in rule.paths if _UNSAFE.search(path.path))
