"""In which ways a conversion is no longer what was pinned: what is new, gone or different, for people to read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from converter import ledger
from converter.report.pinned import OBJECTS, PROBLEMS, SUFFIX, VERDICTS, by_environment, verdict_of
from converter.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_MOST = 8
"""More of a kind are counted, not listed: the diff above has them."""
_RANK = {ledger.Verdict.APPROXIMATED.value: 1, ledger.Verdict.UNTRANSLATED.value: 2}
"""How bad; with the other verdicts nothing is lost."""


def drift(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The lines, for two sets of files as ``pinned`` makes them; none when nothing is different."""
    old, new = _verdicts(before), _verdicts(after)
    return [
        *_ingresses(old, new),
        *_changed(old, new),
        *_objects(before, after),
        *_problems(before, after),
    ]


_Verdicts = dict[tuple[str, str, str, str], list[str]]
"""Outcomes by environment, file, subject and key."""


def _verdicts(files: Mapping[str, str]) -> _Verdicts:
    found: _Verdicts = {}
    for folder, lines in by_environment(files, VERDICTS).items():
        for each in map(verdict_of, lines):
            found.setdefault((folder, each.file, each.subject, each.key), []).append(each.outcome)
    return found


def _ingresses(old: _Verdicts, new: _Verdicts) -> Iterator[str]:
    before, after = _subjects(old), _subjects(new)
    for added, word in ((after - before, "new"), (before - after, "gone")):
        named = [f"{environment}{name.removeprefix('Ingress ')} ({file})" for environment, file, name in sorted(added)]
        yield from _told(named, "Ingress", word)


def _subjects(verdicts: _Verdicts) -> set[tuple[str, str, str]]:
    return {(folder, file, subject) for folder, file, subject, _ in verdicts if subject.startswith("Ingress ")}


def _changed(old: _Verdicts, new: _Verdicts) -> Iterator[str]:
    """Verdicts of what is on both sides; those of an Ingress that came or went are told with it."""
    both = _subjects(old) & _subjects(new)
    changed = sorted(
        (key for key in old.keys() & new.keys() if old[key] != new[key]),
        key=lambda key: (-_worst(new[key]), key),
    )
    worse = [key for key in changed if _worst(new[key]) > _worst(old[key])]
    yield from _told([_step(key, old[key], new[key]) for key in worse], "verdict", "worse")
    rest = [key for key in changed if key not in set(worse)]
    yield from _told([_step(key, old[key], new[key]) for key in rest], "verdict", "different")
    for one, other, word in ((new, old, "new"), (old, new, "gone")):
        keys = [key for key in sorted(one.keys() - other.keys()) if _stays(key, both)]
        yield from _told([f"{_named(key)} {', '.join(one[key])}" for key in keys], "verdict", word)


def _stays(key: tuple[str, str, str, str], subjects: set[tuple[str, str, str]]) -> bool:
    return not key[2].startswith("Ingress ") or key[:3] in subjects


def _worst(outcomes: Sequence[str]) -> int:
    return max(_RANK.get(outcome.partition(" ")[0], 0) for outcome in outcomes)


def _step(key: tuple[str, str, str, str], old: Sequence[str], new: Sequence[str]) -> str:
    return f"{_named(key)} {', '.join(old)} → {', '.join(new)}"


def _named(key: tuple[str, str, str, str]) -> str:
    folder, _, subject, name = key
    return f"{folder}{subject.removeprefix('Ingress ')} {name}"


def _objects(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    old, new = _object_files(before), _object_files(after)
    yield from _told(sorted(new.keys() - old.keys()), "object", "new")
    yield from _told(sorted(old.keys() - new.keys()), "object", "gone")
    yield from _told(sorted(path for path in old.keys() & new.keys() if old[path] != new[path]), "object", "different")


def _object_files(files: Mapping[str, str]) -> dict[str, str]:
    return {
        path.replace(OBJECTS, "", 1).removesuffix(SUFFIX): text
        for path, text in files.items()
        if f"/{OBJECTS}" in f"/{path}"
    }


def _problems(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    old, new = _counts(before), _counts(after)
    yield from _told(sorted((new - old).elements()), "problem", "new")
    yield from _told(sorted((old - new).elements()), "problem", "gone")


def _counts(files: Mapping[str, str]) -> Counter[str]:
    return Counter(folder + line for folder, lines in by_environment(files, PROBLEMS).items() for line in lines)


def _told(named: Sequence[str], noun: str, word: str) -> Iterable[str]:
    if len(named) == 1:
        yield f"1 {noun} is {word}: {named[0]}"
    elif named:
        yield f"{counted(len(named), noun)} are {word}:"
        shown = named if len(named) <= _MOST else [*named[: _MOST - 1], f"and {len(named) - _MOST + 1} more"]
        yield from (f"  {each}" for each in shown)
