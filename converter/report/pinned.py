"""What is pinned of a conversion: files that say what a reviewer has to know, and nothing that changes by itself.

Messages are left out, because wording may improve, and so are lines, which move with every edit above them. No file
is called ``.yaml``: what applies a whole folder (kubectl, Argo CD, Flux, kpt) must never take one for a manifest.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from converter.report.words import counted, visible
from converter.write import OutputFile, layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from converter.gateway.objects import Json
    from converter.ledger import Entry, Remark
    from converter.problems import Problem

SUFFIX = ".txt"
OBJECTS, VERDICTS, PROBLEMS = "objects/", f"verdicts{SUFFIX}", f"problems{SUFFIX}"
BY_ITSELF = "ingress-nginx"
"""Stands where the Ingress does, for what the controller does although nobody wrote it."""
_STREAM = "<stdin>"
_NOT_IN_A_FOLDER = re.compile(r"[^A-Za-z0-9._-]")


class Outcome(NamedTuple):
    """What became of one environment."""

    environment: str
    """Empty for what belongs to none."""
    objects: Sequence[Json]
    entries: Sequence[Entry]
    problems: Sequence[Problem]


class Verdict(NamedTuple):
    """A line of the verdicts: what was said, without why."""

    file: str
    subject: str
    """``Ingress team-a/web``."""
    key: str
    outcome: str
    """Verdict and code."""

    @property
    def line(self) -> str:
        return ": ".join(part for part in self if part)


def pinned(outcomes: Iterable[Outcome], root: str) -> tuple[OutputFile, ...]:
    """The files, those of an environment in a folder of its name; the names of files are told as seen from ``root``."""
    taken: set[str] = set()
    return tuple(file for outcome in outcomes for file in _files(outcome, _folder(outcome.environment, taken), root))


def verdict_of(line: str) -> Verdict:
    """The line, read back; a file or a key with a colon and a blank in it may be cut at the wrong one."""
    rest, _, outcome = line.rpartition(": ")
    rest, _, key = rest.rpartition(": ")
    file, _, subject = rest.rpartition(": ")
    return Verdict(file, subject, key, outcome)


def _files(outcome: Outcome, folder: str, root: str) -> Iterator[OutputFile]:
    for file in layout({"": outcome.objects}):
        yield OutputFile(f"{folder}{OBJECTS}{file.path.removesuffix('.yaml')}{SUFFIX}", file.text)
    yield OutputFile(folder + VERDICTS, _text(sorted({line for e in outcome.entries for line in _verdicts(e, root)})))
    yield OutputFile(folder + PROBLEMS, _text(sorted(_problem(each, root) for each in outcome.problems)))


def _folder(environment: str, taken: set[str]) -> str:
    """The environment's name as a path, which two of them never share; dots lead nowhere."""
    parts = [_NOT_IN_A_FOLDER.sub("_", part) for part in environment.split("/") if part not in ("", ".")]
    stem = "/".join("_" if part == ".." else part for part in parts)
    candidate, number = stem, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{stem}-{number}"
    taken.add(candidate.casefold())
    return f"{candidate}/" if candidate else ""


def _verdicts(entry: Entry, root: str) -> Iterator[str]:
    origin, source = entry.origin, entry.origin.source
    name = f"{source.namespace}/{source.name}" if source.namespace else source.name
    if origin.type == "default":
        place, subject = "", BY_ITSELF
    else:
        place, subject = seen_from(root, source.file), f"{source.kind} {name}"
    told_of: Iterable[Entry | Remark] = (entry, *entry.also)
    for told in told_of:
        outcome = f"{told.verdict} {told.code}"
        yield visible(Verdict(place, subject, origin.key, outcome).line)


def _problem(problem: Problem, root: str) -> str:
    return visible(f"{seen_from(root, problem.file)}: {problem.severity} {problem.code}")


def seen_from(root: str, file: str) -> str:
    """The file as somebody types it who stands in ``root``, wherever the run took place."""
    return file if file == _STREAM else os.path.relpath(file, root).replace(os.sep, "/")


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def by_environment(files: Mapping[str, str], name: str) -> dict[str, list[str]]:
    """The lines of all files of one name below their header, by the folder of their environment."""
    return {
        path.removesuffix(name): [line for line in text.split("\n")[1:] if line]
        for path, text in files.items()
        if path == name or path.endswith(f"/{name}")
    }


def summary(files: Iterable[OutputFile]) -> str:
    """``5 objects, 14 verdicts and no problems``."""
    counts = dict.fromkeys((OBJECTS, VERDICTS, PROBLEMS), 0)
    for file in files:
        name = file.path.rpartition("/")[2]
        counts[name if name in counts else OBJECTS] += file.text.count("\n") if name in counts else 1
    objects, verdicts, problems = counts.values()
    return (
        f"{counted(objects, 'object')}, {counted(verdicts, 'verdict')} "
        f"and {counted(problems, 'problem') if problems else 'no problems'}"
    )
