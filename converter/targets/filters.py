"""The filters of a rule: one of a kind, in the order in which they have to run.

Gateway API: a rule takes a modifier of each kind once, and runs its filters as they are listed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from converter.gateway.policies import merged
from converter.targets.standard.parts import FILTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.gateway.drafts import Note
    from converter.targets.carry import Part

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


def joined_filters(parts: Iterable[Part]) -> tuple[tuple[Mapping[str, Any], ...], tuple[Note, ...]]:
    """The filters of all parts, with the notes placed beside the filter that they are about."""
    filters: list[Mapping[str, Any]] = []
    pending: list[tuple[Note, int | None]] = []
    for part in parts:
        mine = None
        for entry in part.filters:
            mine = _add(filters, entry)
        pending.extend((note, mine if note.path == FILTER else None) for note in part.notes)
    ranked = sorted(range(len(filters)), key=lambda index: _rank(filters[index]))
    place = {old: new for new, old in enumerate(ranked)}
    notes = (note if at is None else replace(note, path=f"{FILTER}[{place[at]}]") for note, at in pending)
    return tuple(filters[index] for index in ranked), tuple(notes)


def _add(filters: list[Mapping[str, Any]], entry: Mapping[str, Any]) -> int:
    for index, known in enumerate(filters):
        if known["type"] == entry["type"] and known["type"] not in _REPEATED:
            filters[index] = _one_value_each(merged(known, entry))
            return index
    filters.append(entry)
    return len(filters) - 1


def _one_value_each(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A header is set once; of two values the one that was asked for first stays."""
    found = dict(entry)
    for key, body in entry.items():
        if isinstance(body, dict) and isinstance(body.get("set"), list):
            by_name: dict[str, Any] = {}
            for header in body["set"]:
                by_name.setdefault(header["name"].lower(), header)
            found[key] = {**body, "set": list(by_name.values())}
    return found


def _rank(entry: Mapping[str, Any]) -> int:
    return _ORDER.index(entry["type"]) if entry["type"] in _ORDER else len(_ORDER)
