"""Which object goes into which file: beside its source, as near as everybody who builds that source agrees."""

from __future__ import annotations

import os
import posixpath
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from converter.write.layout import stem_of
from converter.write.repository.model import Home, identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from converter.read import Document
    from converter.read.kustomizations import Tree
    from converter.write.repository.model import Identity, Json, Outcome, Wishes

SHARED = frozenset(("GatewayClass", "Gateway", "ListenerSet", "XListenerSet", "ReferenceGrant"))
"""Infrastructure: not of one Ingress."""
_SUFFIX = ".gateway"


def homes(
    outcomes: Sequence[Outcome],
    trees: Mapping[str, Tree],
    listed_by: Mapping[str, tuple[str, ...]],
    wishes: Wishes,
    apart: frozenset[str],
) -> tuple[Home, ...]:
    """The home of every object. ``apart`` are sources whose objects go to each environment although they agree."""
    found = list(_shared(outcomes, wishes.infrastructure))
    taken: set[str] = set()
    builders = _builders(outcomes)
    by_file: dict[str, list[tuple[Outcome, str, tuple[Json, ...]]]] = defaultdict(list)
    for outcome in outcomes:
        for document, objects in _by_source(outcome):
            by_file[document.file].append((outcome, document.built, objects))
    for file, results in sorted(by_file.items()):
        tops = tuple(dict.fromkeys(built for _, built, _ in results))
        agreed = len({repr(objects) for _, _, objects in results}) == 1 and builders[file] <= set(tops)
        above = listed_by.get(os.path.realpath(file), ())
        # Inside of a file that a kustomization lists, the objects are as good as listed.
        unbuilt = not results[0][1] and above and not wishes.list_unbuilt
        home = _beside(file, results[0][2], inside=wishes.inside and not unbuilt)
        if not results[0][1]:
            listed = above and not unbuilt and not home.inside
            found.append(replace(home, lister=above[0] if listed else ""))
        elif agreed and file not in apart and is_within(file, wishes.paths):
            lister = "" if home.inside else _lister(file, trees[tops[0]])
            found.append(replace(home, lister=lister, tops=tops))
        else:
            found.extend(_in_top(file, built, objects, taken) for _, built, objects in results)
    return _merged(found)


def _builders(outcomes: Iterable[Outcome]) -> Mapping[str, set[str]]:
    """The kustomizations that build each file, also those for which nothing is made of it."""
    found: dict[str, set[str]] = defaultdict(set)
    for outcome in outcomes:
        for document in outcome.documents:
            if document.built:
                found[document.file].add(document.built)
    return found


def is_within(file: str, paths: Iterable[str]) -> bool:
    """Whether the file is one of the paths, or below one: nothing else is ours to change."""
    real = os.path.realpath(file)
    return any(os.path.commonpath([real, top]) == top for top in map(os.path.realpath, paths))


def _merged(found: Iterable[Home]) -> tuple[Home, ...]:
    """Of two sources whose names differ only in their suffix, the objects stand in one file."""
    by_path: dict[str, Home] = {}
    for home in found:
        here = by_path.get(home.path)
        by_path[home.path] = replace(here, objects=(*here.objects, *home.objects)) if here else home
    return tuple(by_path.values())


def _shared(outcomes: Iterable[Outcome], infrastructure: str) -> Iterator[Home]:
    for outcome in outcomes:
        at_home = {identity(each) for _, objects in _by_source(outcome) for each in objects}
        folder = posixpath.normpath(posixpath.join(infrastructure, outcome.environment))
        shared = [each for each in outcome.objects if identity(each) not in at_home]
        stems = Counter(map(stem_of, shared))
        source = next((d.file for d in outcome.documents if d.value.get("kind") == "Ingress"), "")
        for each in shared:
            # Gateways of several namespaces may have one name.
            parent = identity(each)[1] if stems[stem_of(each)] > 1 else ""
            yield Home(posixpath.join(folder, parent, f"{stem_of(each)}.yaml"), (each,), source, folder=folder)


def _by_source(outcome: Outcome) -> list[tuple[Document, tuple[Json, ...]]]:
    """The objects of each document, in the order of both.

    One that was made of several documents is with the first of its namespace: an Ingress has a say in routes of other
    namespaces too, where it shares a host with theirs.
    """
    documents = _by_name(outcome.documents)
    first: dict[Identity, Document] = {}
    own: dict[Identity, Document] = {}
    for entry in outcome.entries:
        source = entry.origin.source
        document = _meant(documents.get((source.file, source.kind, source.name), ()), source.namespace)
        if document is not None and document.line:
            for result in entry.results:
                name = (result.kind, result.namespace, result.name)
                first.setdefault(name, document)
                if source.namespace == result.namespace:
                    own.setdefault(name, document)
    homes = first | own
    found: dict[tuple[str, str], tuple[Document, list[Json]]] = {}
    for each in outcome.objects:
        home = homes.get(identity(each))
        # What no environment builds may tell each of them something else.
        common = home is not None and bool(outcome.environment) and not home.built
        if home is not None and not common and each["kind"] not in SHARED:
            found.setdefault((home.file, home.built), (home, []))[1].append(each)
    return [(document, tuple(objects)) for document, objects in found.values()]


def _by_name(documents: Iterable[Document]) -> Mapping[tuple[str, str, str], Sequence[Document]]:
    found: dict[tuple[str, str, str], list[Document]] = defaultdict(list)
    for document in documents:
        kind, _, name = identity(document.value)
        found[document.file, kind, name].append(document)
    return found


def _meant(documents: Sequence[Document], namespace: str) -> Document | None:
    """The one of the namespace, of a document as it stands and what was built from it; it may name none."""
    for wanted in (namespace, ""):
        for document in documents:
            if identity(document.value)[1] == wanted:
                return document
    return documents[0] if documents else None


def name_beside(file: str) -> str:
    """The name of what stands beside a manifest: ``web.yaml`` has ``web.gateway.yaml``."""
    stem, suffix = posixpath.splitext(posixpath.normpath(file))
    return f"{stem}{_SUFFIX}{suffix if suffix == '.yml' else '.yaml'}"


def _beside(file: str, objects: tuple[Json, ...], *, inside: bool) -> Home:
    own = inside and not file.endswith(".json")
    return Home(posixpath.normpath(file) if own else name_beside(file), objects, file)


def _in_top(file: str, built: str, objects: tuple[Json, ...], taken: set[str]) -> Home:
    folder = posixpath.dirname(built)
    name = name_beside(posixpath.basename(file))
    parent = posixpath.dirname(file)
    while posixpath.join(folder, name) in taken:
        name = f"{posixpath.basename(parent) or 'x'}-{name}"
        parent = posixpath.dirname(parent)
    path = posixpath.normpath(posixpath.join(folder, name))
    taken.add(path)
    return Home(path, objects, file, lister=built, tops=(built,))


def _lister(file: str, tree: Tree) -> str:
    real = os.path.realpath(file)
    found = (member.file for member in tree.members if real in map(os.path.realpath, member.files))
    return next(found, tree.top.file)
