"""What ``ingress-migrate diff`` compares with: nothing yet, a folder of objects, or an earlier state of the input."""

from __future__ import annotations

import os
from contextlib import chdir
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from converter.cli.conversion import convert_paths
from converter.problems import Problem
from converter.write import OutputRefused, layout
from converter.write.directory import content, present

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.cli.conversion import Converted
    from converter.gateway.objects import Json
    from converter.ledger import Entry
    from converter.read.revision import Revision
    from converter.routing import RoutingTable
    from converter.verify.review import HostReview
    from converter.verify.verdicts import VerdictChange
    from converter.write.repository.model import Plan

Files = dict[str, str]


class RefusedError(click.ClickException):
    """There is nothing to compare with; told in one sentence."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Comparison:
    before: Files
    after: Files
    reviews: tuple[HostReview, ...]
    verdicts: tuple[VerdictChange, ...] = ()
    notes: tuple[str, ...] = ()
    """What the user should know about the earlier state."""
    conflicts: bool = False
    """Somebody edited a file that a run would write."""
    of_runs: bool = False
    """Two results of conversions are compared, so whatever differs is news."""


class _Part(NamedTuple):
    """What a run made of one environment; nothing where it did not have it."""

    objects: list[Json]
    tables: list[RoutingTable]


def with_ingresses(converted: Converted, directory: str | None) -> Comparison:
    """The Ingresses before, the new objects after."""
    before = written(directory) if directory else {}
    return Comparison(before, planned(converted.by_environment, directory), _reviews(converted))


def with_plan(converted: Converted, plan: Plan) -> Comparison:
    """The same, with the files of a repository before and after it is changed in place."""
    paths = {os.path.relpath(change.path).replace(os.sep, "/"): change for change in plan.changes}
    notes = (
        *(f"{each.file}:{each.line}: {each.name} stays: {each.reason}." for each in plan.kept),
        *(f"{each.path}: it was edited since it was written, so it would be kept." for each in plan.conflicts),
        *(f"{path}: no Ingress makes it any more." for path in plan.stale),
        *(f"{folder}: apply it as well; no kustomization takes it in yet." for folder in plan.unlisted),
    )
    return Comparison(
        {path: change.before for path, change in paths.items() if change.before is not None},
        {path: change.after for path, change in paths.items() if change.after is not None},
        _reviews(converted),
        notes=notes,
        conflicts=bool(plan.conflicts),
    )


def _reviews(converted: Converted) -> tuple[HostReview, ...]:
    from converter.verify.review import review

    return tuple(
        replace(each, environment=part.environment)
        for part in converted.parts
        for table in part.conversion.tables
        for each in review(
            table, converted.by_environment[part.environment], part.conversion.entries, part.target.table
        )
    )


def with_earlier(converted: Converted, name: str, paths: tuple[str, ...], options: dict[str, Any]) -> Comparison:
    """``name`` is a folder of objects or, where there is no such folder, a Git ref."""
    if not os.path.isdir(name):
        return _with_revision(converted, name, paths, options)
    both = _is_ref(name, _near(paths, options))
    notes = [f"{name} is a folder, and a Git ref too; the folder was taken."] if both else []
    return _with_folder(converted, name, notes)


def written(directory: str) -> Files:
    """What a run wrote into a directory, by path from here."""
    try:
        found = present(directory)
    except OutputRefused as refusal:
        raise RefusedError(
            f"{refusal.directory} holds {refusal.file}, which ingress-migrate did not write; name another directory."
        ) from None
    except OSError as error:
        raise RefusedError(f"{directory} could not be read: {error.strerror or error}.") from None
    return {_prefix(directory) + path: text for path, text in found.items()}


def planned(environments: Mapping[str, Iterable[Json]], directory: str | None) -> Files:
    """What a run would write."""
    prefix = _prefix(directory) if directory else ""
    return {prefix + file.path: content(file) for file in layout(environments)}


def _prefix(directory: str) -> str:
    return f"{os.path.relpath(directory).replace(os.sep, '/')}/".removeprefix("./")


def _with_folder(converted: Converted, folder: str, notes: Iterable[str]) -> Comparison:
    from converter.read.objects import objects
    from converter.verify.review import compare

    earlier: list[Json] = []
    problems: list[str] = []
    for each in objects(folder):
        if isinstance(each, Problem):
            problems.append(f"{each.file}:{each.line}: {each.message} {each.advice}")
        else:
            earlier.append(each)
    try:
        before = {_prefix(folder) + path: text for path, text in present(folder).items()}
        after = planned(converted.by_environment, folder)
    except (OutputRefused, OSError):
        # Somebody else's files: only what they say counts, not how it is written.
        before, after = planned({"": earlier}, None), planned(converted.by_environment, None)
    try:
        reviews = compare(earlier, converted.objects)
    except (AttributeError, KeyError, TypeError) as error:
        # What an API server would have refused; nobody can say what it answers.
        raise RefusedError(
            f"{folder} holds an object that lacks what the Gateway API demands of it ({error}); correct it first."
        ) from None
    return Comparison(before, after, reviews, notes=(*notes, *problems), of_runs=True)


def _with_revision(converted: Converted, name: str, paths: tuple[str, ...], options: dict[str, Any]) -> Comparison:
    from converter.read.revision import NoRevisionError, revision
    from converter.verify.verdicts import verdict_changes

    if "-" in paths:
        raise RefusedError("Standard input has no earlier state; name files or folders with --against.")
    if options["cluster"]:
        raise RefusedError("A cluster has no earlier state in Git; name a folder of objects with --against.")
    try:
        with revision(name, _near(paths, options)) as found:
            earlier, notes = _converted_there(found, paths, options)
            notes += _regrouped(earlier, converted, found.commit[:12])
    except NoRevisionError as error:
        raise RefusedError(str(error)) from None
    return Comparison(
        planned(earlier.by_environment, None),
        planned(converted.by_environment, None),
        tuple(_environment_by_environment(earlier, converted)),
        verdict_changes(earlier.entries, converted.entries),
        notes=tuple(notes),
        of_runs=True,
    )


def _regrouped(earlier: Converted, later: Converted, commit: str) -> Iterable[str]:
    """Environments come and go with their overlays, which is no change of what others serve."""
    shown = "so its routes are shown as gone and as new"
    for name in _absorbed(earlier, later):
        yield f"{name} was converted by itself in {commit} and is part of everything else now, {shown}."
    for name in _absorbed(later, earlier):
        yield f"{name} is converted by itself now and was part of everything else in {commit}, {shown}."


def _absorbed(one: Converted, other: Converted) -> Iterable[str]:
    """The environments of one run whose Ingresses have none in the other."""
    without = {_identity(each) for each in other.entries if not each.origin.source.environment}
    entries = [each for each in one.entries if each.origin.source.environment]
    return dict.fromkeys(each.origin.source.environment for each in entries if _identity(each) in without)


def _identity(entry: Entry) -> tuple[str, str, str]:
    source = entry.origin.source
    return source.kind, source.namespace, source.name


def _environment_by_environment(earlier: Converted, later: Converted) -> Iterable[HostReview]:
    from converter.verify.review import compare
    from converter.verify.ways import of_both, ways_of_table

    for name in dict.fromkeys(part.environment for part in (*earlier.parts, *later.parts)):
        old, new = _of_environment(earlier, name), _of_environment(later, name)
        ways = of_both(*([way for table in run.tables for way in ways_of_table(table)] for run in (old, new)))
        for review in compare(old.objects, new.objects, ways):
            yield replace(review, environment=name)


def _of_environment(run: Converted, name: str) -> _Part:
    own = [part.conversion for part in run.parts if part.environment == name]
    return _Part([each for one in own for each in one.objects], [each for one in own for each in one.tables])


def _converted_there(found: Revision, paths: tuple[str, ...], options: dict[str, Any]) -> tuple[Converted, list[str]]:
    """The conversion of the same paths at that time; paths that cannot be had as they were are told of."""
    notes, earlier = [], []
    for path in paths:
        here = Path(path).resolve()
        if here != found.top and found.top not in here.parents:
            notes.append(f"{path} is outside the repository, so it was taken as it is now.")
            earlier.append(str(here))
            continue
        relative = os.path.relpath(path) if os.path.isabs(path) else path
        if os.path.lexists(found.folder / relative):
            earlier.append(relative)
        else:
            notes.append(f"{path} did not exist in {found.commit[:12]}.")
        notes.extend(
            f"{inner} is a submodule, and what it held in {found.commit[:12]} was not read."
            for inner in found.submodules
            if here in (found.top / inner, *(found.top / inner).parents) or (found.top / inner) in here.parents
        )
    mappings, lacking = _mappings_there(found, options["mappings"])
    with chdir(found.folder):
        return convert_paths(tuple(earlier), {**options, "mappings": mappings}), [*notes, *lacking]


def _mappings_there(found: Revision, files: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """The mappings as they were; those outside of the repository as they are now."""
    earlier, notes = [], []
    for file in files:
        here = Path(file).resolve()
        relative = os.path.relpath(file)
        if found.top not in here.parents:
            earlier.append(str(here))
        elif os.path.lexists(found.folder / relative):
            earlier.append(relative)
        else:
            notes.append(f"{file} did not exist in {found.commit[:12]}, so its mappings did not hold.")
    return tuple(earlier), notes


def _near(paths: tuple[str, ...], options: dict[str, Any]) -> str:
    """Something in the repository."""
    return paths[0] if paths else options["chart"] or "."


def _is_ref(name: str, near: str) -> bool:
    from converter.read.revision import is_revision

    return is_revision(name, near)
