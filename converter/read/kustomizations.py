"""What kustomizations list: their files, the kustomizations they stand on, and their patches on Ingresses.

Building them is left to kustomize; this is for knowing which files belong to a build, and where a person finds them.
"""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from converter.ingress.fields import line_of, line_of_item
from converter.read.chunks import NotTextError, decode, split
from converter.read.documents import MAX_BYTES
from converter.read.files import KUSTOMIZATIONS, File, files, read_bytes
from converter.read.located import FaultError, Map, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_RESOURCES = ("resources", "bases", "components")
_REMOTE = ("://", "git@", "github.com", "?ref=")
_KIND = "Ingress"


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch on an Ingress."""

    file: str
    line: int
    name: str
    """Of the Ingress; empty if the patch is for several."""
    kustomization: str = ""
    """The file that lists it."""
    field: str = ""
    index: int = 0
    """Of the entry in the list of that field."""


@dataclass(frozen=True, slots=True)
class Kustomization:
    file: str
    """As a person would type it, like all paths here."""
    component: bool
    """It is no whole, but a part that others take in."""
    files: tuple[str, ...]
    """The manifests that it lists."""
    folders: tuple[str, ...]
    """The kustomizations that it stands on."""
    parts: tuple[str, ...]
    """Files of its patches: no manifests of their own."""
    patches: tuple[Patch, ...]

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.file) or "."


@dataclass(frozen=True, slots=True)
class Tree:
    """A kustomization with all that it stands on; each once, itself first."""

    members: tuple[Kustomization, ...]

    @property
    def top(self) -> Kustomization:
        return self.members[0]

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(file for member in self.members for file in member.files))

    @property
    def patches(self) -> tuple[Patch, ...]:
        return tuple(dict.fromkeys(patch for member in self.members for patch in member.patches))


def find_trees(names: Iterable[str]) -> tuple[tuple[Tree, ...], frozenset[str]]:
    """The trees of the kustomizations that no other stands on, and the real paths of all files that belong to any.

    ``names`` are the files of kustomizations. One that cannot be read belongs to no tree: it would not build.
    """
    known: dict[str, Kustomization | None] = {}
    several = {_real(name): name for name in sorted(set(names), reverse=True)}
    read = [found for name in sorted(several.values()) if (found := _cached(name, known))]
    below = {_real(folder) for each in read for folder in each.folders}
    tops = [each for each in read if _real(each.folder) not in below and not each.component]
    trees = tuple(Tree(tuple(_members(top, known, set()))) for top in tops)
    loose = [each for each in read if each.component]
    members = [*loose, *(member for tree in trees for member in tree.members)]
    taken = {_real(path) for each in members for path in (each.file, *each.files, *each.parts)}
    return trees, frozenset(taken)


def listers(paths: Iterable[str], trees: Iterable[Tree]) -> Mapping[str, tuple[str, ...]]:
    """The kustomizations that list each file, by its real path: those below the paths, and those of the trees."""
    found = {member.file: member for tree in trees for member in tree.members}
    known = set(map(_real, found))
    for path in paths:
        for entry in files(path) if os.path.lexists(path) else ():
            if isinstance(entry, File) and os.path.basename(entry.name) in KUSTOMIZATIONS:
                member = None if _real(entry.name) in known else read_kustomization(entry.name)
                if member:
                    found[entry.name] = member
    by_file: dict[str, tuple[str, ...]] = {}
    for name, member in sorted(found.items()):
        for file in member.files:
            by_file[_real(file)] = (*by_file.get(_real(file), ()), name)
    return by_file


def _members(top: Kustomization, known: dict[str, Kustomization | None], seen: set[str]) -> Iterator[Kustomization]:
    if _real(top.file) in seen:
        return
    seen.add(_real(top.file))
    yield top
    for folder in top.folders:
        for name in KUSTOMIZATIONS:
            file = posixpath.join(folder, name)
            if os.path.isfile(file) and (found := _cached(file, known)):
                yield from _members(found, known, seen)
                break


def _cached(name: str, known: dict[str, Kustomization | None]) -> Kustomization | None:
    key = _real(name)
    if key not in known:
        known[key] = read_kustomization(name)
    return known[key]


def _real(path: str) -> str:
    return os.path.realpath(path)


def read_kustomization(name: str) -> Kustomization | None:
    """What one file lists; ``None`` if it is no kustomization that can be read."""
    value = next(_values(name), None)
    if not isinstance(value, Map):
        return None
    listed = [
        _beside(name, item)
        for key in _RESOURCES
        for item in _texts(value, key)
        if not any(mark in item for mark in _REMOTE)
    ]
    patches = list(_patches(value, name))
    return Kustomization(
        file=name,
        component=value.get("kind") == "Component",
        files=tuple(path for path in listed if not os.path.isdir(path)),
        folders=tuple(path for path in listed if os.path.isdir(path)),
        parts=tuple(dict.fromkeys(file for file, _ in patches if file != name)),
        patches=tuple(patch for _, found in patches for patch in found),
    )


def _beside(name: str, item: str) -> str:
    """A path in a file, as a person would type it who typed the name of that file."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), item))
    return f"./{path}" if name.startswith("./") and not path.startswith((".", "/")) else path


def _texts(value: Map, key: str) -> list[str]:
    found = value.get(key)
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def _values(name: str) -> Iterator[Any]:
    data = read_bytes(name, MAX_BYTES)
    if not isinstance(data, bytes):
        return
    try:
        for chunk in split(decode(data)):
            yield load(chunk.text, chunk.line)[0]
    except (FaultError, NotTextError):
        return


def _patches(value: Map, name: str) -> Iterator[tuple[str, tuple[Patch, ...]]]:
    """Each patch's file, which is that of the kustomization for one that is written there, and what it patches."""
    for key in ("patches", "patchesJson6902", "patchesStrategicMerge"):
        found = value.get(key)
        items: list[Any] = found if isinstance(found, list) else []
        for index, item in enumerate(items):
            line = line_of_item(items, index, value.line)
            path, text, target = _parts(item, key)
            file = _beside(name, path) if path else name
            bodies = list(_values(file)) if path else _bodies(text)
            found_here = _targets(target, bodies, file, 0 if path else line)
            yield file, tuple(replace(patch, kustomization=name, field=key, index=index) for patch in found_here)


def _parts(item: Any, key: str) -> tuple[str, str, Any]:
    """Path, text and target of an entry: one of the first two is empty."""
    if isinstance(item, str):
        inline = "\n" in item or ":" in item
        return ("", item, None) if inline and key == "patchesStrategicMerge" else (item, "", None)
    if not isinstance(item, dict):
        return "", "", None
    path, text = item.get("path"), item.get("patch")
    return path if isinstance(path, str) else "", text if isinstance(text, str) else "", item.get("target")


def _bodies(text: str) -> list[Any]:
    try:
        return [load(chunk.text, chunk.line)[0] for chunk in split(text)]
    except FaultError:
        return []


def _targets(target: Any, bodies: Iterable[Any], file: str, line: int) -> Iterator[Patch]:
    if isinstance(target, dict) and target.get("kind"):
        if target["kind"] == _KIND:
            name = target.get("name")
            yield Patch(file, line or 1, name if isinstance(name, str) else "")
        return
    for body in bodies:
        if isinstance(body, Map) and body.get("kind") == _KIND:
            metadata = body.get("metadata")
            name = metadata.get("name") if isinstance(metadata, dict) and not target else ""
            yield Patch(file, line or line_of(body, "kind", body.line), name if isinstance(name, str) else "")
