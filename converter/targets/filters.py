"""The filters of a rule: one of a kind, in the order in which they have to run.

Gateway API: a rule takes a modifier of each kind once, and runs its filters as they are listed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from converter.gateway.policies import merged
from converter.targets.standard.parts import FILTER, MOST_HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.gateway.drafts import Note
    from converter.targets.carry import Part
    from converter.targets.table import Row

_ORDER = (
    "CORS",
    "ExternalAuth",
    "RequestRedirect",
    "RequestHeaderModifier",
    "URLRewrite",
    "RequestMirror",
    "ResponseHeaderModifier",
)
"""A preflight is answered before anybody is asked, and a copy is made of the request as the backend gets it."""
_REPEATED = frozenset({"RequestMirror", "ExtensionRef"})
_MODIFIERS = ("requestHeaderModifier", "responseHeaderModifier")


def joined_filters(parts: Iterable[Part], too_many: Row) -> tuple[tuple[Mapping[str, Any], ...], tuple[Note, ...]]:
    """The filters of all parts, with the notes placed beside the filter that they are about.

    Headers beyond what a modifier holds are left out, and ``too_many`` says so.
    """
    filters: list[Mapping[str, Any]] = []
    pending: list[tuple[Note, int | None]] = []
    for part in parts:
        mine = None
        lost = False
        for entry in part.filters:
            added = _add(filters, entry)
            lost = lost or added is None
            mine = mine if added is None else added
        notes = too_many.notes(dict.fromkeys(note.origin for note in part.notes)) if lost else part.notes
        pending.extend((note, mine if note.path == FILTER else None) for note in notes)
    ranked = sorted(range(len(filters)), key=lambda index: _rank(filters[index]))
    place = {old: new for new, old in enumerate(ranked)}
    notes_placed = (note if at is None else replace(note, path=f"{FILTER}[{place[at]}]") for note, at in pending)
    return tuple(filters[index] for index in ranked), tuple(notes_placed)


def _add(filters: list[Mapping[str, Any]], entry: Mapping[str, Any]) -> int | None:
    """Where the filter stands now; ``None`` when one of its kind is there and cannot hold it as well."""
    for index, known in enumerate(filters):
        if known["type"] == entry["type"] and known["type"] not in _REPEATED:
            both = _one_value_each(known, entry)
            if both is None:
                return None
            filters[index] = both
            return index
    filters.append(entry)
    return len(filters) - 1


def _one_value_each(known: Mapping[str, Any], entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Of two modifiers that set a header the later counts, as of two that take it off."""
    body = next((key for key in _MODIFIERS if key in entry), None)
    if body is None:
        return merged(known, entry)
    found = _joined_modifiers(known[body], entry[body])
    fits = all(len(listed) <= MOST_HEADERS for listed in found.values())
    return {**known, body: {key: listed for key, listed in found.items() if listed}} if fits else None


def _joined_modifiers(first: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, list[Any]]:
    named = {header["name"].lower(): header for header in first.get("set", [])}
    beside = {header["name"].lower(): header for header in first.get("add", [])}
    gone = {name.lower(): name for name in first.get("remove", [])}
    for header in later.get("set", []):
        named[header["name"].lower()] = header
        gone.pop(header["name"].lower(), None)
    for header in later.get("add", []):
        known = beside.get(header["name"].lower())
        value = f"{known['value']}, {header['value']}" if known else header["value"]
        beside[header["name"].lower()] = {**header, "value": value}
    for name in later.get("remove", []):
        named.pop(name.lower(), None)
        gone.setdefault(name.lower(), name)
    return {"set": list(named.values()), "add": list(beside.values()), "remove": list(gone.values())}


def _rank(entry: Mapping[str, Any]) -> int:
    return _ORDER.index(entry["type"]) if entry["type"] in _ORDER else len(_ORDER)
