"""What to do about something that a controller installs, as a problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.problems import Problem
from converter.read.commands import convert_chart, convert_path

if TYPE_CHECKING:
    from converter.problems import Severity
    from converter.read.documents import Document


@dataclass(frozen=True, slots=True)
class Place:
    """Where the object stands, and how a person calls it."""

    file: str
    line: int
    code: str
    subject: str
    """For example ``The HelmRelease web``."""


def at(document: Document, line: int) -> str:
    """Where something stands, for a person to fetch it; what was built may have been changed on the way."""
    built = f" as built from {document.built}" if document.built else ""
    return f"{document.file}:{line}{built}"


@dataclass(frozen=True, slots=True)
class Kept:
    """Values that are no file of their own yet: what they are, and the file to save them as."""

    what: str
    file: str


@dataclass(frozen=True, slots=True)
class Installation:
    """A chart with its values."""

    chart: str
    """The folder, as typed; or after the chart was fetched."""
    described: str
    """How the object names it."""
    release: str = ""
    namespace: str = ""
    fetch: str = ""
    """The command that fetches it."""
    checkout: str = ""
    """The repository that holds it, if it is not this one."""
    values: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()
    """They count more than ``values``."""
    sets: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    """Steps that no command can say."""
    wish: str = ""
    """Where its values ask for an Ingress."""


def about_chart(place: Place, found: Installation) -> Problem:
    """An error if its values ask for an Ingress."""
    message = f"{place.subject} installs {found.described}, which is not rendered here"
    message += f"; its values ask for an Ingress ({found.wish})." if found.wish else "."
    values = [*found.values, *(each.file for each in found.kept)]
    command = convert_chart(found.chart, values, found.sets, found.release, found.namespace)
    saved = [f"save {each.what} as {each.file}" for each in found.kept]
    before = [*saved, *found.extra]
    run = f"run: {found.fetch} && {command}" if found.fetch else f"run: {command}"
    return _problem(place, message, [*before, run], found.checkout, "error" if found.wish else "note")


def about_path(
    place: Place, path: str, checkout: str, namespace: str, changes: str, before: tuple[str, ...] = ()
) -> Problem:
    """For manifests or a kustomization; ``changes`` are what the object alters in them."""
    what = "the whole repository" if path == "." else path
    message = f"{place.subject} applies {what}{f', changed by its {changes}' if changes else ''}."
    after = ", and look at what its own changes do to an Ingress" if changes else ""
    return _problem(place, message, [*before, f"run: {convert_path(path, namespace)}{after}"], checkout, "note")


def untold(place: Place, message: str, advice: str, wish: str = "") -> Problem:
    """For an object that does not say what it installs."""
    asks = f" Its values ask for an Ingress ({wish})." if wish else ""
    return Problem(place.file, place.line, place.code, message + asks, advice, "error" if wish else "note")


def _problem(place: Place, message: str, steps: list[str], checkout: str, severity: Severity) -> Problem:
    advice = _joined(steps)
    if checkout:
        advice = f"In a checkout of {checkout}, {advice}"
    advice = advice[:1].upper() + advice[1:]
    return Problem(place.file, place.line, place.code, message, advice, severity)


def _joined(steps: list[str]) -> str:
    *before, last = steps
    return f"{', '.join(before)}, then {last}" if before else last
