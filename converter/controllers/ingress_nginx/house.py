"""Annotations of the user's own: what a fork, a platform or a webhook makes of them in the words of ingress-nginx.

Each becomes the annotations that it stands for, which know what was written in their place. From then on nobody has to
know of it, and the ledger names what a person wrote.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from converter.controllers.ingress_nginx.selection import CLASS_ANNOTATION
from converter.ledger import Settlement, Verdict
from converter.routing import Neighbour
from converter.validity import valid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from converter.ingress.model import Ingress
    from converter.ledger import Origin
    from converter.tables import ControllerTable

VALUE = "{value}"
"""Stands for what is written, in the form of a value and in what it sets."""
_CLOSED = "access.closed"
"""What the annotations that keep somebody out become where a target cannot say them."""
_READ_AS_ABSENT = ("default", "ignore-group")
"""What ingress-nginx does with a value that it does not take, if it goes on as if nothing was there."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What values of one form set."""

    form: str
    """The value itself, or with a part that may be anything: ``{value}s``."""
    sets: Mapping[str, str]
    """By the names of ingress-nginx's annotations without prefix, aliases resolved."""

    def read(self, value: str) -> str | None:
        """The part that may be anything; ``None`` for a value of another form."""
        before, mark, after = self.form.partition(VALUE)
        if not mark:
            return "" if value == before else None
        fits = value.startswith(before) and value.endswith(after) and len(value) >= len(before) + len(after)
        return value[len(before) : len(value) - len(after)] if fits else None


@dataclass(frozen=True, slots=True)
class Means:
    """It sets what annotations of ingress-nginx set."""

    meanings: tuple[Meaning, ...]
    """Of several that fit a value the first counts, and one without an open part before all others."""
    file: str
    """The mappings that say so, without folders."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Nothing is left to do, or something that only a person can do."""

    verdict: Verdict
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """Another program reads it, and finds it on the new object."""

    place: Literal["gateway", "route"]
    as_key: str | None = None
    advice: str = ""


Row = Means | Settled | Carried


@dataclass(frozen=True, slots=True)
class House:
    """What the user's mappings say about annotations."""

    prefixes: Mapping[str, str] = field(default_factory=dict)
    """With a slash at their end, and the file that names each: what is below means what ingress-nginx's own do."""
    rows: Mapping[str, Row] = field(default_factory=dict)
    """By key, or by a prefix that ends in ``/*``."""

    def find(self, key: str) -> Row | None:
        """A key of its own comes before everything below a prefix."""
        return self.rows.get(key) or self.rows.get("".join(key.partition("/")[:2]) + "*")


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the annotations of one Ingress mean."""

    keys: frozenset[str] = frozenset()
    """Those that the mappings say something about."""
    meant: tuple[Origin, ...] = ()
    """Annotations of ingress-nginx; each knows what was written."""
    neighbours: tuple[Neighbour, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    refusals: tuple[Origin, ...] = ()
    """Those that may have kept somebody out, nobody knows whom: nobody gets through."""


def speak(house: House, ingress: Ingress, table: ControllerTable, prefix: str) -> Spoken:
    """Say the house's annotations in the words of ingress-nginx, which has ``prefix`` in front of its own.

    Of two that mean the same, the first counts: ingress-nginx's own, then one below a prefix of the house, then that
    whose row stands first.
    """
    if not (house.prefixes or house.rows):
        return Spoken()
    speaker = _Speaker(house, ingress, table, prefix)
    for key, origin in _in_order(house, ingress, table, prefix):
        speaker.say(key, origin)
    return Spoken(
        frozenset(speaker.keys),
        tuple(speaker.meant.values()),
        tuple(speaker.neighbours),
        tuple(speaker.settlements),
        tuple(speaker.refusals),
    )


def _in_order(house: House, ingress: Ingress, table: ControllerTable, prefix: str) -> Iterator[tuple[str, Origin]]:
    """What the house says something about, what counts most first."""
    places = {key: number for number, key in enumerate((*house.prefixes, *house.rows))}

    def place(key: str) -> int | None:
        below = "".join(key.partition("/")[:2])
        known = (key, f"{below}*", *([below] if below != prefix else []))
        return next((places[each] for each in known if each in places), None)

    for key in sorted(
        (key for key in ingress.annotations if key != CLASS_ANNOTATION and place(key) is not None),
        key=lambda key: (place(key), key.rpartition("/")[2] in table.aliases, key),
    ):
        yield key, ingress.annotations[key]


class _Speaker:
    def __init__(self, house: House, ingress: Ingress, table: ControllerTable, prefix: str) -> None:
        self.house, self.ingress, self.table, self.prefix = house, ingress, table, prefix
        self.keys: set[str] = set()
        self.meant: dict[str, Origin] = {}
        self.neighbours: list[Neighbour] = []
        self.settlements: list[Settlement] = []
        self.refusals: list[Origin] = []
        self.own = {
            self._real(key.removeprefix(prefix)): origin
            for key, origin in ingress.annotations.items()
            if key.startswith(prefix) and origin.value.strip() and not house.find(key)
        }

    def _real(self, name: str) -> str:
        """An alias is its annotation."""
        alias = self.table.aliases.get(name)
        return alias.of if alias else name

    def say(self, key: str, origin: Origin) -> None:
        self.keys.add(key)
        row = self.house.find(key)
        if isinstance(row, Means):
            self._means(row, origin)
        elif isinstance(row, Settled):
            self._settle(origin, row.verdict, f"house.{row.verdict}", row.message, row.advice)
        elif row:
            carried = (row.place, row.as_key or key, origin.value, origin, row.advice)
            self.neighbours.append(Neighbour(self.ingress.source, *carried))
        else:
            self._below_prefix(key, origin)

    def _means(self, row: Means, origin: Origin) -> None:
        value = origin.value.strip()
        for meaning in sorted(row.meanings, key=lambda each: VALUE in each.form):
            part = meaning.read(value)
            if part is not None:
                self._set(row, {name: text.replace(VALUE, part) for name, text in meaning.sets.items()}, origin)
                return
        known = ", ".join(meaning.form for meaning in row.meanings)
        self._unsaid(row, origin, f"{row.file} says what the values {known} mean, and nothing about this one.")

    def _set(self, row: Means, sets: Mapping[str, str], origin: Origin) -> None:
        if not sets:
            self._settle(origin, Verdict.INERT, "house.nothing", "This value sets nothing.", "")
        for name, value in sets.items():
            known = self.table.annotations[name]
            if known.invalid in _READ_AS_ABSENT and not valid(known, value):
                message = f"{row.file} makes {name}: {value} of it, which ingress-nginx does not take."
                self._unsaid(row, origin, message)
            else:
                self._mean(name, value, origin)

    def _unsaid(self, row: Means, origin: Origin, message: str) -> None:
        """The platform knew what the value means; nobody else does."""
        names = [name for meaning in row.meanings for name in meaning.sets]
        if any(_CLOSED in self.table.annotations[name].becomes for name in names):
            self.refusals.append(origin)
            message = f"{message} It may keep somebody out, so the paths answer 500 to everybody."
        self._settle(origin, Verdict.UNTRANSLATED, "house.value", message, f"Add the value to {row.file}.")

    def _below_prefix(self, key: str, origin: Origin) -> None:
        prefix, slash, name = key.partition("/")
        invented = self.table.invented.get(name)
        known = (self.table.annotations, self.table.aliases, self.table.removed)
        if any(name in rows for rows in known) or (invented and invented.becomes):
            self._mean(self._real(name), origin.value, origin)
            return
        near = invented.intent if invented else self.table.suggestion(name)
        file = self.house.prefixes[prefix + slash]
        message = f"{file} says that {prefix} means {self.prefix[:-1]}, where no version of ingress-nginx knows {name}."
        advice = f"If {near} was meant, write that; else say" if near else "Say"
        advice = f"{advice} in a row of {file} what it does."
        self._settle(origin, Verdict.UNTRANSLATED, "house.unknown", message, advice)

    def _mean(self, name: str, value: str, origin: Origin) -> None:
        """Let the annotation stand for one of ingress-nginx, unless that is written or said already."""
        if not value.strip():
            self._settle(origin, Verdict.INERT, "annotation.empty", "An empty value counts as not set.", "")
        elif winner := self.own.get(name) or self.meant.get(name):
            message = f"{winner.told.key} sets {name} as well, and wins."
            self._settle(origin, Verdict.INERT, "annotation.overridden", message, "")
        else:
            self.meant[name] = replace(origin, key=self.prefix + name, value=value, written=origin)

    def _settle(self, origin: Origin, verdict: Verdict, code: str, message: str, advice: str) -> None:
        self.settlements.append(Settlement(origin, verdict, code, message, advice))
