"""Which files a path stands for: a file itself, or every manifest below a directory that Git does not ignore."""

from __future__ import annotations

import os
import posixpath
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from converter.problems import Problem
from converter.read.helm.charts import CHART, chart_problem, is_part_of_chart

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pathspec import GitIgnoreSpec

SUFFIXES = (".yaml", ".yml", ".json")
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""Names of files that kustomize looks for, in its order."""
_IGNORE = ".gitignore"
_OWN = ".ingress-migrate"
"""How the names of this program's own files begin."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to read; its name is how a person would type it."""

    name: str
    named: bool


def files(path: str, exclude: Sequence[str] = ()) -> Iterator[File | Problem]:
    """The files that one argument stands for, in a fixed order.

    ``exclude`` are patterns as in ``.gitignore``, for what is below a directory.
    """
    if not os.path.lexists(path):
        yield Problem(path, 0, "no-such-file", "There is no such file or directory.", "Check how it is written.")
    elif os.path.isdir(path):
        top = os.path.realpath(path)
        yield from _Walk(top, _spec(top, exclude)).below(path, path, _rules_above(Path(path)))
    else:
        yield File(path, named=True)


@dataclass(frozen=True, slots=True)
class _Rules:
    """The patterns of one ``.gitignore``; they hold below its folder."""

    folder: str
    spec: GitIgnoreSpec

    def verdict(self, path: str) -> bool | None:
        """Ignored, kept by ``!``, or ``None`` when no pattern says anything."""
        relative = posixpath.relpath(path.rstrip("/"), self.folder) + ("/" if path.endswith("/") else "")
        return self.spec.check_file(relative).include


@dataclass
class _Walk:
    top: str
    exclude: _Rules | None
    seen: set[tuple[int, int]] = field(default_factory=set)

    def below(self, folder: str, shown: str, rules: tuple[_Rules, ...]) -> Iterator[File | Problem]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield _unreadable(shown, error)
            return
        rules = _with_own(rules, folder)
        in_chart = any(entry.name == CHART for entry in entries)
        if in_chart and (problem := chart_problem(folder, shown)):
            yield problem
        for entry in entries:
            name = posixpath.join(shown, entry.name)
            if in_chart and is_part_of_chart(entry.name):
                continue
            if entry.name == ".git" or entry.name.startswith(_OWN) or not self._interesting(entry):
                continue
            if _ignored(os.path.realpath(folder), entry, rules) or self._excluded(os.path.realpath(folder), entry):
                continue
            if entry.is_symlink() and not self._inside(entry.path):
                yield _leads_outside(name)
            elif self._first_time(entry):
                if entry.is_dir():
                    yield from self.below(entry.path, name, rules)
                else:
                    yield File(name, named=False)

    def _interesting(self, entry: os.DirEntry[str]) -> bool:
        return entry.name.endswith(SUFFIXES) or entry.name in KUSTOMIZATIONS or entry.is_dir()

    def _excluded(self, folder: str, entry: os.DirEntry[str]) -> bool:
        """Whatever Git says of it."""
        return self.exclude is not None and _ignored(folder, entry, (self.exclude,))

    def _inside(self, path: str) -> bool:
        target = os.path.realpath(path)
        return target == self.top or target.startswith(self.top.rstrip(os.sep) + os.sep)

    def _first_time(self, entry: os.DirEntry[str]) -> bool:
        """A link to what is below the directory anyway must not be read twice, nor lead in circles."""
        if entry.is_symlink():
            return False
        status = entry.stat()
        key = (status.st_dev, status.st_ino)
        if status.st_nlink > 1 and key in self.seen and not entry.is_dir():
            return False
        self.seen.add(key)
        return True


def _with_own(rules: tuple[_Rules, ...], folder: str) -> tuple[_Rules, ...]:
    spec = _load_rules(Path(folder))
    return (*rules, _Rules(os.path.realpath(folder), spec)) if spec else rules


def _load_rules(folder: Path) -> GitIgnoreSpec | None:
    file = folder / _IGNORE
    try:
        text = file.read_text("utf-8", errors="replace")
    except OSError:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(text.splitlines())


def _spec(top: str, patterns: Sequence[str]) -> _Rules | None:
    if not patterns:
        return None
    from pathspec import GitIgnoreSpec

    return _Rules(top, GitIgnoreSpec.from_lines(patterns))


def _rules_above(folder: Path) -> tuple[_Rules, ...]:
    """Those of the repository that the folder is a part of, from the top down."""
    above: list[_Rules] = []
    current = folder.resolve()
    if (current / ".git").exists():
        return ()
    for parent in current.parents:
        spec = _load_rules(parent)
        if spec:
            above.append(_Rules(str(parent), spec))
        if (parent / ".git").exists():
            return tuple(reversed(above))
    return ()


def _ignored(folder: str, entry: os.DirEntry[str], rules: tuple[_Rules, ...]) -> bool:
    """The last pattern that says anything decides, and the deepest file of patterns speaks last."""
    path = posixpath.join(folder, entry.name) + ("/" if entry.is_dir() else "")
    verdicts = [verdict for rule in rules if (verdict := rule.verdict(path)) is not None]
    return bool(verdicts) and verdicts[-1]


def _leads_outside(name: str) -> Problem:
    message = "The link leads outside the directory, so it was not followed."
    return Problem(name, 0, "link-outside", message, "Name its target as well if it belongs to the migration.", "note")


def _unreadable(name: str, error: OSError) -> Problem:
    reason = (error.strerror or "unknown reason").lower()
    return Problem(name, 0, "unreadable", f"It cannot be read: {reason}.", "Check the permissions.")


def read_bytes(name: str, limit: int) -> bytes | Problem:
    """The content of a file, as far as one byte beyond the limit; a device or a pipe is not waited for."""
    try:
        if not stat.S_ISREG(os.stat(name).st_mode):
            return Problem(name, 0, "unreadable", "It is no regular file.", "Pipe it in with - instead.")
        with open(name, "rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        return _unreadable(name, error)
