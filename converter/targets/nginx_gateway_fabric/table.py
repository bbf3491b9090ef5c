"""What a SnippetsFilter may hold; the facts are in the table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Any

from converter.tables import load_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FILE = "snippets/nginx-gateway-fabric"


@dataclass(frozen=True, slots=True)
class Group:
    """Directives that may stand in the same places."""

    places: frozenset[str]
    repeats: bool
    """Whether a second line of that name is no error to nginx."""


@dataclass(frozen=True, slots=True)
class Variables:
    known: frozenset[str]
    beginnings: tuple[str, ...]
    of_path: frozenset[str]
    """Of them, those that change with an internal redirect."""
    own: frozenset[str]
    """Those of ingress-nginx alone."""

    def knows(self, name: str) -> bool:
        return name in self.known or name.startswith(self.beginnings) or name.isdigit()


@cache
def groups() -> Mapping[str, Group]:
    """By directive."""
    rows = load_table(_FILE)["directives"].values()
    return {name: Group(frozenset(row["in"]), row.get("repeats") is True) for row in rows for name in row["names"]}


@cache
def forms() -> Mapping[str, re.Pattern[str]]:
    """How the arguments of a directive have to look, with a blank between them."""
    rows = load_table(_FILE)["arguments"].values()
    return {name: re.compile(row["form"]) for row in rows for name in row["names"]}


def fits(directive: str, words: Iterable[str]) -> bool:
    """Whether nginx takes such arguments, as far as the table knows."""
    form = forms().get(directive)
    return form is None or form.fullmatch(" ".join(word.replace(" ", "_") or "_" for word in words)) is not None


@cache
def generated() -> Mapping[str, frozenset[str]]:
    """``directives`` and ``request-headers`` that every location has; headers in small letters."""
    raw: dict[str, list[str]] = load_table(_FILE)["generated"]
    return {kind: frozenset(map(str.lower, names)) for kind, names in raw.items()}


def missing_module(directive: str) -> str:
    """The module that the directive belongs to and the image lacks; empty for none that is known."""
    raw: dict[str, str] = load_table(_FILE)["missing"]
    return next((module for module, pattern in raw.items() if fnmatchcase(directive, pattern)), "")


@cache
def variables() -> Variables:
    table = load_table(_FILE)
    raw: dict[str, Any] = table["variables"]
    return Variables(
        frozenset((*raw["names"], *raw["of-the-gateway"])),
        tuple(raw["beginnings"]),
        frozenset(raw["of-the-path"]),
        frozenset(table["own"]),
    )


@cache
def settings() -> Mapping[str, tuple[str, str]]:
    """The directive, and the unit of its number, by the name of the setting."""
    raw: dict[str, dict[str, str]] = load_table(_FILE)["settings"]
    return {name: (row["directive"], row.get("unit", "")) for name, row in raw.items()}
