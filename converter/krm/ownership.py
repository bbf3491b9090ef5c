"""Which items a function made, and what it does with them: it replaces its own and leaves those of others."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.gateway.objects import Json
    from converter.ledger import Entry

MARK = "ingress-migrate/made-by"
"""The annotation of what a function made; its value is the name of the functionConfig."""
PATH, INDEX = "internal.config.kubernetes.io/path", "internal.config.kubernetes.io/index"
_OLD = {PATH: "config.kubernetes.io/path", INDEX: "config.kubernetes.io/index"}
"""What orchestrators wrote before v1 of the specification, and still do beside it."""
_OF_ORCHESTRATORS = (
    "internal.config.kubernetes.io/",
    "config.kubernetes.io/",
    "config.k8s.io/",
    "kustomize.config.k8s.io/",
)
_SHARED = "shared"

Identity = tuple[str, str, str, str]
"""Group, kind, namespace and name."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens to the items."""

    replaced: Mapping[int, Json | None]
    """New content by position; ``None`` for what is no longer made."""
    added: tuple[Json, ...]
    refused: tuple[Identity, ...]
    """Objects that somebody else has made already."""


def plan(items: Sequence[Any], objects: Iterable[Json], owner: str, sources: Mapping[Identity, Sequence[str]]) -> Plan:
    """Put the objects among the items; those that are there already, and the same, are left as they are."""
    there = {identity(item): index for index, item in enumerate(items) if isinstance(item, dict)}
    replaced: dict[int, Json | None] = {}
    added, refused, made = [], [], set()
    next_index = _next_indices(items)
    for each in objects:
        name = identity(each)
        made.add(name)
        index = there.get(name)
        if index is None:
            path = path_beside(sources.get(name, ()))
            added.append(_with(each, {MARK: owner, **_place(path, next_index)}))
        elif annotations_of(items[index]).get(MARK) != owner:
            refused.append(name)
        elif (new := _with(each, {MARK: owner})) != _bare(items[index]):
            replaced[index] = _with(new, _kept(items[index]))
    for name, index in there.items():
        if name not in made and annotations_of(items[index]).get(MARK) == owner:
            replaced[index] = None
    return Plan(replaced, tuple(added), tuple(refused))


def identity(each: Mapping[str, Any]) -> Identity:
    metadata = each.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    group = str(each.get("apiVersion")).rpartition("/")[0]
    return group, str(each.get("kind")), str(metadata.get("namespace") or ""), str(metadata.get("name"))


def annotations_of(each: Any) -> Mapping[str, Any]:
    metadata = each.get("metadata") if isinstance(each, dict) else None
    found = metadata.get("annotations") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def path_of(each: Any) -> str:
    """The file that an item was read from, as the orchestrator tells it; empty if it does not."""
    return _told(each, PATH)


def index_of(each: Any) -> int:
    """The position of an item in its file."""
    found = _told(each, INDEX)
    return int(found) if found.isdecimal() else 0


def sources_of(objects: Iterable[Json], entries: Iterable[Entry], files: Iterable[str]) -> dict[Identity, list[str]]:
    """The files that each object came from; what nothing in particular became came from all."""
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for entry in entries:
        for result in entry.results:
            found.setdefault((result.kind, result.namespace, result.name), {})[entry.origin.source.file] = None
    every = dict.fromkeys(files)
    return {name: sorted(found.get(name[1:], every)) for name in map(identity, objects)}


def path_beside(files: Sequence[str]) -> str:
    """Where an object from these files goes: beside the only one, or into the folder that they share.

    Empty if no file is known.
    """
    known = [file for file in files if file]
    if not known:
        return ""
    if len(set(known)) == 1:
        return f"{posixpath.splitext(known[0])[0]}.gateway.yaml"
    folders = {posixpath.dirname(file) for file in known}
    # Folders without a common part, and "", which commonpath refuses beside absolute ones.
    return posixpath.join(posixpath.commonpath(folders) if "" not in folders else "", f"{_SHARED}.gateway.yaml")


def _told(each: Any, key: str) -> str:
    found = annotations_of(each)
    return str(found.get(key) or found.get(_OLD[key]) or "")


def _next_indices(items: Iterable[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in items:
        path = path_of(item)
        found[path] = max(found.get(path, 0), index_of(item) + 1)
    return found


def _place(path: str, next_index: dict[str, int]) -> dict[str, str]:
    if not path:
        return {}
    index = next_index.get(path, 0)
    next_index[path] = index + 1
    return {PATH: path, INDEX: str(index), _OLD[PATH]: path, _OLD[INDEX]: str(index)}


def _with(each: Json, more: Mapping[str, Any]) -> Json:
    """The object with further annotations."""
    metadata = {**each["metadata"], "annotations": {**annotations_of(each), **more}}
    return {**each, "metadata": metadata}


def _kept(item: Any) -> dict[str, Any]:
    return {key: value for key, value in annotations_of(item).items() if key.startswith(_OF_ORCHESTRATORS)}


def _bare(item: Json) -> Json:
    """An item without what orchestrators note on it."""
    own = {key: value for key, value in annotations_of(item).items() if not key.startswith(_OF_ORCHESTRATORS)}
    return {**item, "metadata": {**item["metadata"], "annotations": own}}
