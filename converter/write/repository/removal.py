"""Ingresses that are settled are taken out of their files.

An Ingress goes only together with all that share an object or a file of objects with it: what stays must still make
all of the routes that it makes today.
"""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.ledger import Verdict
from converter.read.chunks import split
from converter.write.repository.model import Kept, identity
from converter.write.repository.streams import stands_alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from converter.ledger import Entry
    from converter.read import Document
    from converter.read.kustomizations import Patch, Tree
    from converter.write.repository.draft import Draft
    from converter.write.repository.model import Home, Identity, Outcome

Place = tuple[str, int, int]
"""File, number of the document, and line: a list has several in one document."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An Ingress, with what became of it everywhere."""

    document: Document
    names: frozenset[str]
    """As the source and the builds call it."""
    identities: frozenset[Identity]
    """As a cluster knows it in each environment."""
    homes: frozenset[str]
    """Files of the objects that it has a part in."""
    lost: tuple[Entry, ...]
    """What a person wrote, and nothing in the result does."""

    @property
    def place(self) -> Place:
        return self.document.file, self.document.index, self.document.line

    def kept(self, reason: str) -> Kept:
        return Kept(os.path.normpath(self.document.file), self.document.line, identity(self.document.value)[2], reason)


def candidates(outcomes: Iterable[Outcome], homes: Sequence[Home]) -> tuple[Candidate, ...]:
    """All Ingresses that stand in files, by place."""
    at: dict[Identity, set[str]] = defaultdict(set)
    for home in homes:
        for each in () if home.folder else home.objects:
            at[identity(each)].add(home.path)
    versions: dict[Place, list[tuple[Document, Sequence[Entry]]]] = defaultdict(list)
    for outcome in outcomes:
        entries = _by_ingress(outcome.entries)
        for document in outcome.documents:
            if document.value.get("kind") == "Ingress" and document.line:
                key = (document.file, identity(document.value)[2])
                versions[document.file, document.index, document.line].append((document, entries.get(key, ())))
    return tuple(_candidate(found, at) for _, found in sorted(versions.items()))


def _by_ingress(entries: Iterable[Entry]) -> Mapping[tuple[str, str], Sequence[Entry]]:
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        source = entry.origin.source
        if source.kind == "Ingress":
            found[source.file, source.name].append(entry)
    return found


def _candidate(versions: Sequence[tuple[Document, Sequence[Entry]]], at: Mapping[Identity, set[str]]) -> Candidate:
    entries = [entry for _, found in versions for entry in found]
    results = ((result.kind, result.namespace, result.name) for entry in entries for result in entry.results)
    return Candidate(
        document=versions[0][0],
        names=frozenset(identity(document.value)[2] for document, _ in versions),
        identities=frozenset(identity(document.value) for document, _ in versions),
        homes=frozenset(path for each in results for path in at.get(each, ())),
        lost=tuple(e for e in entries if e.verdict is Verdict.UNTRANSLATED and e.origin.type != "default"),
    )


def sort_out(
    found: Sequence[Candidate],
    obstacles: Mapping[Place, str],
    draft: Draft,
    pending: Iterable[str],
    trees: Iterable[Tree],
) -> tuple[tuple[Candidate, ...], tuple[Kept, ...]]:
    """Those that can go, and those that stay with the reason. ``pending`` are homes that are not as they should be."""
    waiting, forest = frozenset(pending), tuple(trees)
    reasons: dict[Place, str] = {}
    for each in found:
        if reason := obstacles.get(each.place) or _reason(each, draft, waiting, forest):
            reasons[each.place] = reason
    by_home: dict[str, list[Candidate]] = defaultdict(list)
    for each in found:
        for home in each.homes:
            by_home[home].append(each)
    open_ones = [each for each in found if each.place in reasons]
    while open_ones:
        one = open_ones.pop()
        for home in one.homes:
            for other in by_home[home]:
                if other.place not in reasons:
                    name = identity(one.document.value)[2]
                    reasons[other.place] = f"it shares {home} with the Ingress {name}, which stays"
                    open_ones.append(other)
    gone = tuple(each for each in found if each.place not in reasons)
    return gone, tuple(each.kept(reasons[each.place]) for each in found if each.place in reasons)


def _reason(each: Candidate, draft: Draft, pending: frozenset[str], trees: Sequence[Tree]) -> str:
    if each.lost:
        first = each.lost[0].origin
        more = f" and {len(each.lost) - 1} more" if len(each.lost) > 1 else ""
        return f"{first.key}{more} is not settled ({each.lost[0].code}); deal with it and take it out of the Ingress"
    if not each.homes:
        return "no object was made of it"
    if waiting := sorted(each.homes & pending):
        return f"{waiting[0]} is not current yet; write and apply it first"
    text = draft.text(each.document.file)
    if text is None or each.document.file.endswith(".json") or not stands_alone(text, each.document.index):
        return "it stands in a list; take it out by hand"
    for patch in _on(each, trees):
        if not patch.name:
            return f"{patch.file}:{patch.line} may patch it; take both out by hand"
        if not goes_with_its_file(patch, draft):
            return f"{patch.file}:{patch.line} patches it and more; take both out by hand"
    return ""


def _on(each: Candidate, trees: Iterable[Tree]) -> Iterator[Patch]:
    """The patches that the kustomizations which build it have on it; others may have an Ingress of the same name."""
    real = os.path.realpath(each.document.file)
    for tree in trees:
        if real in map(os.path.realpath, tree.files):
            yield from (patch for patch in tree.patches if not patch.name or patch.name in each.names)


def goes_with_its_file(patch: Patch, draft: Draft) -> bool:
    """Whether nothing else stands in the file of a patch, or it stands in the kustomization itself."""
    if patch.file == patch.kustomization:
        return True
    text = draft.text(patch.file)
    return text is None or len(list(split(text))) == 1


def groups(found: Sequence[Candidate]) -> list[tuple[Candidate, ...]]:
    """Those that have to go together, because they share a file of objects."""
    by_home: dict[str, int] = {}
    numbers: dict[Place, int] = {}
    for number, each in enumerate(found):
        joined = {by_home[home] for home in each.homes if home in by_home}
        numbers[each.place] = number
        for other, old in numbers.items():
            if old in joined:
                numbers[other] = number
        by_home = {home: number if old in joined else old for home, old in by_home.items()}
        by_home.update(dict.fromkeys(each.homes, number))
    together: dict[int, list[Candidate]] = defaultdict(list)
    for each in found:
        together[numbers[each.place]].append(each)
    return [tuple(members) for members in together.values()]


def patches_of(gone: Iterable[Candidate], trees: Sequence[Tree]) -> tuple[Patch, ...]:
    """The patches that have nothing to patch any more; of one kustomization from the last to the first."""
    found = {patch for each in gone for patch in _on(each, trees)}
    return tuple(sorted(found, key=lambda patch: (patch.kustomization, patch.field, patch.index), reverse=True))
