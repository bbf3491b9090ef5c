"""Paths at the edges of a match: those that it takes, and those that it nearly takes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from converter.routing import MatchKind
from converter.verify.samples import WORD, as_sent, bare_pattern, samples
from converter.verify.source.hosts import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from converter.routing import Match

Variant = tuple[str, str]
"""A path as it is sent, and what is special about it."""
_MOST_SAMPLES = 4


def usual(match: Match) -> Iterator[Variant]:
    """What clients ask for: the path, the path with or without a slash at its end, and what is below it."""
    if match.kind is MatchKind.REGEX:
        yield from ((as_sent(path), f"a path that {match.value} takes") for path in _samples(match))
        return
    path = match.value
    yield as_sent(path), "the path itself"
    if twin := _twin(path):
        yield as_sent(twin), f"{path} {'without its slash' if path.endswith('/') else 'with a slash'} at the end"
    yield as_sent(f"{path.rstrip('/')}/{WORD}"), f"below {path}"


def unusual(match: Match) -> Iterator[Variant]:
    """What nearly is the path, and what is the path in other letters."""
    first = next(iter(_samples(match)), "") if match.kind is MatchKind.REGEX else match.value
    if match.kind is MatchKind.REGEX:
        yield from ((as_sent(path), f"nearly a path that {match.value} takes") for path in _misses(match))
    bare = first.rstrip("/")
    if not bare:
        return
    yield as_sent(f"{bare}x"), f"beside {first}, with the same beginning"
    if (other := _other_case(bare)) != bare:
        yield as_sent(other), f"{first} in other letters"
    if encoded := _encoded(bare):
        yield encoded, f"{first} with a letter encoded"
    yield f"{as_sent(bare)}%2F{WORD}", f"below {first}, with the slash encoded"
    yield f"{as_sent(bare)}//{WORD}", f"below {first}, with two slashes"
    yield f"{as_sent(bare)}/../{WORD}", f"out of {first} by two dots"


def _samples(match: Match) -> tuple[str, ...]:
    return samples(match)[:_MOST_SAMPLES]


def _twin(path: str) -> str:
    return path.rstrip("/") if path.endswith("/") else f"{path}/"


def _other_case(path: str) -> str:
    return path.upper() if path.upper() != path else path.lower()


def _encoded(path: str) -> str:
    """The last letter or digit as ``%XX``; empty when there is none."""
    index = next((i for i in range(len(path) - 1, -1, -1) if path[i].isascii() and path[i].isalnum()), None)
    if index is None:
        return ""
    return f"{as_sent(path[:index])}%{ord(path[index]):02X}{as_sent(path[index + 1 :])}"


def _misses(match: Match) -> Iterator[str]:
    """A sample with one thing changed, so that the pattern takes it no more."""
    pattern = compiled(bare_pattern(match.value))
    if pattern is None:
        return
    for changed in (_prolonged, _shortened):
        found = (path for sample in _samples(match) for path in changed(sample) if not pattern.match(path))
        yield from islice(found, 1)


def _prolonged(path: str) -> Iterator[str]:
    """From the end to the start, since a pattern is open at its end."""
    yield from (f"{path[:length]}x" for length in range(len(path), 0, -1))
    yield f"/x{path}"


def _shortened(path: str) -> Iterator[str]:
    yield from (path[:length] for length in range(len(path) - 1, 0, -1))
