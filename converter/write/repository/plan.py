"""What a run would do to a repository, before anything is done."""

from __future__ import annotations

import os
import posixpath
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from converter.problems import Problem
from converter.read.files import KUSTOMIZATIONS
from converter.read.kustomizations import find_trees, listers
from converter.read.kustomize import kustomize_command, run_kustomize
from converter.write.repository.draft import Draft
from converter.write.repository.keeping import with_what_is_needed
from converter.write.repository.listing import NotEditableError, with_entry, without_entry, without_item
from converter.write.repository.model import Outcome, Plan, identity
from converter.write.repository.placement import SHARED, homes, is_within
from converter.write.repository.placing import common_style, entry_for, put_home, release, take_out
from converter.write.repository.present import objects_in, present, signed
from converter.write.repository.rebuild import misplaced_problem, spoiled, spoiled_problem
from converter.write.repository.removal import Candidate, Place, candidates, groups, patches_of, sort_out
from converter.write.repository.streams import without_documents
from converter.write.repository.style import style_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.read.kustomizations import Patch, Tree
    from converter.write.repository.model import Conflict, Home, Identity, Json, Kept, Wishes
    from converter.write.repository.present import Present

ConvertWithout = Callable[[frozenset[Place]], Sequence[Outcome]]
Group = tuple[Candidate, ...]

_NEW_KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n"


def plan(outcomes: Sequence[Outcome], wishes: Wishes, convert_without: ConvertWithout) -> Plan:
    """The changes that put everything at home; a function of the conversion and of what is on the disk.

    ``convert_without`` converts once more without some Ingresses. Objects whose place kustomize would spoil go to each
    environment, and are told where that does not help either.
    """
    built = {document.built for outcome in outcomes for document in outcome.documents if document.built}
    trees = {tree.top.file: tree for tree in find_trees(built)[0]}
    listed_by = listers(wishes.paths, trees.values())
    names = signed([wishes.infrastructure, *wishes.paths])
    drafted = _Planner(outcomes, wishes, trees, listed_by, names)
    drafted.run()
    if lost := drafted.spoiled():
        apart = frozenset(home.source for home in drafted.homes if any(top in lost for top in home.tops))
        drafted = _Planner(outcomes, wishes, trees, listed_by, names, apart)
        drafted.run()
        drafted.give_up(drafted.spoiled())
    drafted.find_misplaced()
    if wishes.remove:
        drafted.remove(convert_without)
    return drafted.plan()


@dataclass
class _Planner:
    outcomes: Sequence[Outcome]
    wishes: Wishes
    trees: Mapping[str, Tree]
    listed_by: Mapping[str, tuple[str, ...]]
    """The kustomizations that list a file, by its real path."""
    names: tuple[str, ...]
    """Of the files that an earlier run may have written."""
    apart: frozenset[str] = frozenset()
    draft: Draft = field(default_factory=Draft)
    conflicts: list[Conflict] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    gone: Sequence[Candidate] = ()
    kept: Sequence[Kept] = ()
    stale: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        wishes = self.wishes
        self.present = present(self.names, self.draft)
        self.homes = homes(self.outcomes, self.trees, self.listed_by, wishes, self.apart)

    def run(self) -> None:
        """Put everything at home, and list it."""
        made = {os.path.realpath(home.path) for home in self.homes}
        stay: list[Json] = []
        for old in self.present:
            if os.path.realpath(old.path) in made:
                continue
            if old.written.state == "ours" and old.identities <= self._made_instead_of(old.path) and old.objects:
                self._take_out(old)
                continue
            stay.extend(old.objects)
            if old.written.state == "ours" and any(each["kind"] not in SHARED for each in old.objects):
                self.stale.append(old.path)
        before = {identity(each): each for old in self.present for each in old.objects}
        self.homes = tuple(_with_what_is_needed(home, before, stay) for home in self.homes)
        common = common_style(self.draft, sorted({home.source for home in self.homes if not home.folder}))
        for home in self.homes:
            # A shared file stays as it is written, whatever Ingresses come and go.
            model = self.draft.text(home.path if home.folder else home.source)
            style = style_of(model) if model else common
            if conflict := put_home(self.draft, home, style, self.wishes.on_conflict):
                self.conflicts.append(conflict)
            elif home.lister:
                self._list(home.lister, entry_for(home.path, home.lister), entry_for(home.source, home.lister))
        self._list_shared()

    def _made_instead_of(self, path: str) -> frozenset[Identity]:
        """What is made in other files for the same folder of shared objects, or the same build."""
        folder = posixpath.dirname(path)
        tops = [file for file, tree in self.trees.items() if os.path.normpath(tree.top.folder) == folder]
        inside = os.path.normpath(self.wishes.infrastructure)
        return frozenset(
            identity(each)
            for home in self.homes
            if (home.folder == folder if path.startswith(f"{inside}/") else not tops or tops[0] in home.tops)
            for each in home.objects
        )

    def _take_out(self, old: Present) -> None:
        """Its objects have moved to another file."""
        take_out(self.draft, old.path)
        if self.draft.text(old.path) is None:
            self._unlist(old.path)

    def _unlist(self, path: str) -> None:
        for lister in self.listed_by.get(os.path.realpath(path), ()):
            self._drop(lister, entry_for(path, lister))

    def _drop(self, lister: str, entry: str) -> None:
        self._edit(lister, lambda text: without_entry(text, entry), entry)

    def _list(self, lister: str, entry: str, after: str) -> None:
        self._edit(lister, lambda text: with_entry(text, entry, after), entry)

    def _edit(self, file: str, change: Callable[[str], str], about: str) -> None:
        text = self.draft.text(file) or _NEW_KUSTOMIZATION
        try:
            self.draft.put(file, change(text))
        except NotEditableError:
            message = f"The resources of this kustomization are written in a way that cannot be changed for {about}."
            self.problems.append(Problem(file, 0, "kustomization-not-edited", message, "Change its list by hand."))

    def _list_shared(self) -> None:
        """Shared objects are listed where there is a kustomization, and where others are built from one."""
        for home in self.homes:
            if home.folder:
                own = [posixpath.join(home.folder, name) for name in KUSTOMIZATIONS]
                file = next((name for name in own if self.draft.text(name) is not None), "")
                if file or self._is_built(home):
                    self._list(file or own[0], entry_for(home.path, file or own[0]), "")

    def _is_built(self, home: Home) -> bool:
        return any(d.built and d.file == home.source for outcome in self.outcomes for d in outcome.documents)

    def spoiled(self) -> Mapping[str, tuple[str, tuple[Identity, ...]]]:
        """The kustomizations that would not give what stands in the draft."""
        changes = self.draft.changes()
        kept = {conflict.path for conflict in self.conflicts}
        wanted: dict[str, list[Json]] = defaultdict(list)
        for home in self.homes:
            for top in home.tops if home.path not in kept else ():
                wanted[top].extend(home.objects)
        return spoiled([self.trees[top] for top in sorted(wanted)], changes, wanted) if changes else {}

    def find_misplaced(self) -> None:
        """Shared objects that a kustomization takes in, and changes."""
        wanted: dict[str, list[Json]] = defaultdict(list)
        for home in self.homes:
            for top in self._takers(home.folder) if home.folder else ():
                wanted[top].extend(home.objects)
        trees = [self.trees[top] for top in sorted(wanted)]
        for top, (failure, identities) in sorted(spoiled(trees, self.draft.changes(), wanted).items()):
            self.problems.append(misplaced_problem(top, failure, identities))

    def _takers(self, folder: str) -> list[str]:
        real = os.path.realpath(folder)
        return [
            top
            for top, tree in self.trees.items()
            if any(os.path.realpath(member.folder) == real for member in tree.members[1:])
        ]

    def give_up(self, lost: Mapping[str, tuple[str, tuple[Identity, ...]]]) -> None:
        """Take the files that kustomize would spoil off its lists again, and say so."""
        for top, (failure, identities) in sorted(lost.items()):
            for home in self.homes:
                hit = failure or not set(identities).isdisjoint(map(identity, home.objects))
                if hit and home.lister and top in home.tops:
                    self._drop(home.lister, entry_for(home.path, home.lister))
            self.problems.append(spoiled_problem(top, failure, identities))

    def remove(self, convert_without: ConvertWithout) -> None:
        """Take out the Ingresses that are settled, as long as nothing changes for what stays."""
        pending = {change.path for change in self.draft.changes()} | {each.path for each in self.conflicts}
        found = candidates(self.outcomes, self.homes)
        ready, kept = sort_out(found, self._obstacles(found), self.draft, pending, self.trees.values())
        safe = self._safe(groups(ready), [], convert_without)
        self.gone = [each for group in safe for each in group]
        places = {each.place for each in self.gone}
        told = "without it something else would come of those that stay; it goes when they do"
        self.kept = [*kept, *(each.kept(told) for each in ready if each.place not in places)]
        before = dict(self.draft.after)
        self._take_out_ingresses(self.gone)
        if self.gone and (lost := self._bereft(self.gone)):
            self.draft.after = before
            told = f"{os.path.normpath(min(lost))} would not build the rest without it; take it out by hand"
            self.kept = [*self.kept, *(each.kept(told) for each in self.gone)]
            self.gone = []

    def _obstacles(self, found: Sequence[Candidate]) -> Mapping[Place, str]:
        """Why some Ingresses are not ours to take out, whatever became of them."""
        reasons = {}
        for each in found:
            document = each.document
            unbuilt = () if document.built else self.listed_by.get(os.path.realpath(document.file), ())
            if not is_within(document.file, self.wishes.paths):
                reasons[each.place] = "it is outside of what was named"
            elif unbuilt:
                reasons[each.place] = f"{os.path.normpath(unbuilt[0])} lists it and was not built"
        return reasons

    def _bereft(self, gone: Sequence[Candidate]) -> Mapping[str, tuple[str, tuple[Identity, ...]]]:
        """The kustomizations that would not build what they build now, but for the Ingresses."""
        names = {name for each in gone for name in each.identities}
        wanted = {}
        for top, tree in self.trees.items():
            text, _ = run_kustomize(tree.top.folder, kustomize_command())
            wanted[top] = [each for each in objects_in(text) if identity(each) not in names]
        return spoiled([self.trees[top] for top in sorted(wanted)], self.draft.changes(), wanted)

    def _safe(
        self, found: Sequence[Group], accepted: Sequence[Group], convert_without: ConvertWithout
    ) -> Sequence[Group]:
        """As many groups as can go; halving finds the few that cannot without trying each."""
        if not found or self._changes_nothing([*accepted, *found], convert_without):
            return [*accepted, *found]
        if len(found) == 1:
            return accepted
        half = len(found) // 2
        return self._safe(found[half:], self._safe(found[:half], accepted, convert_without), convert_without)

    def _changes_nothing(self, found: Sequence[Group], convert_without: ConvertWithout) -> bool:
        """Whether a run without these Ingresses would leave every file as it is."""
        gone = [each for group in found for each in group]
        later = replace(self, draft=self.draft.copy(), conflicts=[], problems=[], stale=[])
        later._take_out_ingresses(gone)
        before = dict(later.draft.after)
        outcomes = convert_without(frozenset(each.place for each in gone))
        run = replace(later, outcomes=outcomes, draft=later.draft.copy(), conflicts=[])
        run.run()
        conflicts = {each.path for each in run.conflicts} - {each.path for each in self.conflicts}
        return not conflicts and all(before.get(p, run.draft.before[p]) == text for p, text in run.draft.after.items())

    def _take_out_ingresses(self, gone: Sequence[Candidate]) -> None:
        by_file: dict[str, set[int]] = defaultdict(set)
        for each in gone:
            by_file[each.document.file].add(each.document.index)
        for path in sorted({home for each in gone for home in each.homes}):
            release(self.draft, path)
        for file, indexes in sorted(by_file.items()):
            rest = without_documents(self.draft.text(file) or "", indexes)
            self.draft.put(file, rest or None)
            if not rest:
                self._unlist(file)
        for patch in patches_of(gone, tuple(self.trees.values())):
            self._drop_patch(patch)

    def _drop_patch(self, patch: Patch) -> None:
        """A patch goes with its file, which other kustomizations may list too."""
        self._edit(patch.kustomization, lambda text: without_item(text, patch.field, patch.index), patch.file)
        if patch.file != patch.kustomization:
            self.draft.put(patch.file, None)

    def plan(self) -> Plan:
        return Plan(
            self.draft.changes(),
            tuple(self.conflicts),
            tuple(self.problems),
            tuple(sorted(f"{os.path.normpath(each.document.file)}:{each.document.line}" for each in self.gone)),
            tuple(sorted(self.kept, key=lambda each: (each.file, each.line))),
            tuple(self.stale),
            tuple(self._unlisted()),
        )

    def _unlisted(self) -> Iterable[str]:
        folders = {home.folder for home in self.homes if home.folder and self._is_built(home)}
        taken = {os.path.realpath(member.folder) for tree in self.trees.values() for member in tree.members}
        return sorted(folder for folder in folders if os.path.realpath(folder) not in taken)


def _with_what_is_needed(home: Home, before: Mapping[Identity, Json], kept: Sequence[Json]) -> Home:
    if not home.folder:
        return home
    objects = tuple(with_what_is_needed(each, before.get(identity(each)), kept) for each in home.objects)
    return replace(home, objects=objects)
