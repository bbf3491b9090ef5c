"""Shared objects go on serving routes whose Ingress is gone.

Once an Ingress has been taken out, a conversion knows nothing of its hosts any more. Its routes stay, and so must the
listeners and the grants that they need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.write.repository.model import Identity, Json, identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

Section = tuple[Identity, str]
"""A listener: what holds it, and its name."""


def with_what_is_needed(new: Json, old: Json | None, kept: Sequence[Json]) -> Json:
    """A shared object as it is to be: with all that the kept objects need of the one that is there."""
    if old is None or not kept:
        return new
    if new["kind"] == "ReferenceGrant":
        return _grant(new, old, {identity(each)[1] for each in kept})
    if new["kind"] in ("Gateway", "ListenerSet", "XListenerSet"):
        return _holder(new, old, sections_of(kept))
    return new


def sections_of(routes: Iterable[Json]) -> frozenset[Section]:
    """The listeners that routes name; without a name all of them, which is the name ``""``."""
    found = set()
    for route in routes:
        own = identity(route)[1]
        for parent in _dicts(_spec(route).get("parentRefs")):
            holder = (
                str(parent.get("kind") or "Gateway"),
                str(parent.get("namespace") or own),
                str(parent.get("name")),
            )
            found.add((holder, str(parent.get("sectionName") or "")))
    return frozenset(found)


def _holder(new: Json, old: Json, needed: AbstractSet[Section]) -> Json:
    holder = identity(new)
    names = {name for at, name in needed if at == holder}
    before = {str(each.get("name")): each for each in _dicts(_spec(old).get("listeners"))}
    wanted = before.keys() if "" in names else names
    listeners = [_as_open(each, before.get(str(each.get("name"))), wanted) for each in _dicts(_spec(new)["listeners"])]
    present = {str(each.get("name")) for each in listeners}
    kept = [each for name, each in before.items() if name in wanted and name not in present]
    metadata = new["metadata"]
    if kept and (annotations := {**_annotations(old), **_annotations(new)}):
        metadata = {**metadata, "annotations": annotations}
    places = {name: number for number, name in enumerate(before)}
    listeners = [*listeners, *kept]
    if kept:
        # A diff should show what is new, and not that something old has moved.
        listeners.sort(key=lambda each: places.get(str(each.get("name")), len(places)))
    return {**new, "metadata": metadata, "spec": {**_spec(new), "listeners": listeners}}


def _as_open(new: Json, old: Json | None, wanted: AbstractSet[str]) -> Json:
    """A listener that kept routes use lets in all namespaces if it did before."""
    if old is None or str(new.get("name")) not in wanted or _openness(old) != "All":
        return new
    return {**new, "allowedRoutes": old["allowedRoutes"]}


def _openness(listener: Json) -> Any:
    allowed = listener.get("allowedRoutes")
    namespaces = allowed.get("namespaces") if isinstance(allowed, dict) else None
    return namespaces.get("from") if isinstance(namespaces, dict) else None


def _grant(new: Json, old: Json, namespaces: AbstractSet[str]) -> Json:
    """Everything that it granted, as long as a kept object stands where it was granted to."""
    if not any(each.get("namespace") in namespaces for each in _dicts(_spec(old).get("from"))):
        return new
    spec = dict(_spec(new))
    for side in ("from", "to"):
        entries = _dicts(spec.get(side))
        spec[side] = [*entries, *(each for each in _dicts(_spec(old).get(side)) if each not in entries)]
    return {**new, "spec": spec}


def _spec(each: Mapping[str, Any]) -> dict[str, Any]:
    found = each.get("spec")
    return found if isinstance(found, dict) else {}


def _annotations(each: Mapping[str, Any]) -> dict[str, Any]:
    found = each["metadata"].get("annotations")
    return found if isinstance(found, dict) else {}


def _dicts(found: Any) -> list[Json]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
