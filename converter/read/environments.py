"""Which parts of the input belong together.

An Ingress that several kustomizations build, each in its own way, stands in several environments, such as staging and
production. Everything else is one.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from converter.problems import Problem
from converter.read.chunks import of_a_conversion
from converter.read.kustomize import build
from converter.read.model import Environment, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from converter.read.chunks import Wanted
    from converter.read.documents import Document
    from converter.read.kustomizations import Tree
    from converter.read.kustomize import Built


def build_all(trees: Sequence[Tree], command: Sequence[str], wanted: Wanted = of_a_conversion) -> tuple[Built, ...]:
    """Build them, several at a time: each is a process of its own."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor() as pool:
        return tuple(pool.map(lambda tree: build(tree, command, wanted), trees))


def environments(plain: Reading, builds: Sequence[Built]) -> tuple[Environment, ...]:
    """What stands in files as it is, with the builds that belong to no environment; then each environment by name."""
    groups = dict(_by_name([each for each in builds if not each.failed]))
    failures = [problem for each in builds if each.failed for problem in each.problems]
    common = _reading(groups.pop("", ()))
    base = Reading(
        (*plain.documents, *common.documents),
        (*plain.problems, *failures, *common.problems),
        plain.files + common.files,
    )
    found = [Environment(name, _in_environment(name, _reading(group), base)) for name, group in groups.items()]
    alone = not found or base.problems or any(map(_is_converted, base.documents))
    return (Environment("", base), *found) if alone else tuple(found)


def _by_name(builds: Sequence[Built]) -> Mapping[str, Sequence[Built]]:
    """The builds of each environment. Its name is that of the folder, or the whole path where that is not enough.

    The name is empty for builds that share no Ingress with another.
    """
    shared = _shared(builds)
    named: dict[str, list[Built]] = defaultdict(list)
    for each in builds:
        folder = os.path.basename(os.path.abspath(each.tree.top.folder))
        named["" if shared.isdisjoint(_ingresses(each)) else folder].append(each)
    found: dict[str, Sequence[Built]] = {}
    for name, group in named.items():
        found.update(_by_path(group) if _shared(group) else {name: group})
    return dict(sorted(found.items()))


def _by_path(builds: Sequence[Built]) -> Mapping[str, Sequence[Built]]:
    folders = [os.path.abspath(each.tree.top.folder) for each in builds]
    above = os.path.commonpath(folders)
    paths = (os.path.relpath(folder, above).replace(os.sep, "/") for folder in folders)
    return {path: [each] for path, each in zip(paths, builds, strict=True)}


def _shared(builds: Iterable[Built]) -> set[tuple[str, int]]:
    """The Ingresses that several of them are built from."""
    counts = Counter(place for each in builds for place in _ingresses(each))
    return {place for place, count in counts.items() if count > 1}


def _ingresses(built: Built) -> set[tuple[str, int]]:
    """Where the Ingresses stand that it was built from; those from nowhere in the repository are nobody else's."""
    return {(each.file, each.line) for each in built.documents if _is_converted(each) and each.line}


def _is_converted(document: Document) -> bool:
    """Other kinds only tell about Ingresses, and may tell every environment."""
    return document.value.get("kind") == "Ingress"


def _reading(builds: Iterable[Built]) -> Reading:
    documents = [document for each in builds for document in each.documents]
    problems = [problem for each in builds for problem in (*each.problems, *_patched(each))]
    return Reading(tuple(documents), tuple(problems), sum(len(each.tree.files) for each in builds))


def _in_environment(name: str, own: Reading, base: Reading) -> Reading:
    """With what the documents of no environment tell, unless it has its own word."""
    known = {_identity(document) for document in own.documents}
    told = (each for each in base.documents if not _is_converted(each) and _identity(each) not in known)
    documents = [replace(document, environment=name) for document in (*own.documents, *told)]
    return replace(own, documents=tuple(documents))


def _identity(document: Document) -> tuple[str, str, str]:
    metadata = document.value.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    return str(document.value.get("kind")), str(metadata.get("namespace") or ""), str(metadata.get("name") or "")


def _patched(built: Built) -> Iterator[Problem]:
    """A note for each patch on an Ingress: kustomize applied it, and nothing applies it to what comes out."""
    for patch in built.tree.patches:
        which = f"the Ingress {patch.name}" if patch.name else "Ingresses"
        yield Problem(
            patch.file,
            patch.line,
            "patched-ingress",
            f"This patch changes {which}; {built.tree.top.file} was converted as built, with the patch.",
            "Nothing to do now; convert again when the patch changes.",
            "note",
        )
