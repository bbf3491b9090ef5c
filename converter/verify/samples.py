"""Paths that a match takes, for a person to read: the same ones on every run.

Libraries that make texts of a regular expression draw them by chance; a reviewer wants ``/api/below``.
"""

from __future__ import annotations

import importlib
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from converter.routing.table import MatchKind
from converter.verify.source.hosts import compiled
from converter.verify.source.paths import encoded, normalised

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from converter.routing.table import Match

WORD = "below"
"""Stands for whatever a client may write."""
_LETTERS = "a1A/-_.~:,;=@!$&'()*+ "
_MOST_CHOICES = 12
_MOST_TEXTS = 2_000
_UNLIMITED = len(WORD)
_NOTHING = frozenset({"AT", "ASSERT_NOT"})
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_CATEGORIES = {
    "CATEGORY_DIGIT": str.isdigit,
    "CATEGORY_WORD": lambda char: char.isalnum() or char == "_",
    "CATEGORY_SPACE": str.isspace,
}


def samples(match: Match) -> tuple[str, ...]:
    """Paths that the match takes, as nginx sees them, the most telling one first; none when no guess matches."""
    if match.kind is MatchKind.EXACT:
        return (match.value,)
    if match.kind is MatchKind.PREFIX:
        return (f"{match.value.rstrip('/')}/{WORD}", match.value)
    return tuple(dict.fromkeys(islice(_matched(bare_pattern(match.value)), _MOST_CHOICES)))


def bare_pattern(pattern: str) -> str:
    """Without the flag that our own routes carry: letter case does not count anyway."""
    return pattern.removeprefix("(?i)")


def texts(pattern: str) -> tuple[str, ...]:
    """Texts that a pattern takes as a whole; none when no guess matches."""
    expression = compiled(pattern)
    if expression is None:
        return ()
    found = (text for text in islice(_texts(_parsed(pattern)), _MOST_TEXTS) if expression.fullmatch(text))
    return tuple(islice(found, _MOST_CHOICES))


def _parsed(pattern: str) -> Any:
    # The parser of the standard library has no public name; it is the same module from 3.11 to 3.14.
    return importlib.import_module("re._parser").parse(pattern)


def as_sent(path: str) -> str:
    """As a client writes the path."""
    return encoded(path)


def _matched(pattern: str) -> Iterator[str]:
    expression = compiled(pattern)
    if expression is None:
        return
    for text in dict.fromkeys(islice(_texts(_parsed(pattern)), _MOST_TEXTS)):
        # A pattern is anchored at its start only, so it may take what is below as well.
        for path in (text, f"{text.rstrip('/')}/{WORD}"):
            if path.startswith("/") and normalised(as_sent(path)) == path and expression.match(path):
                yield path


def _texts(items: Sequence[Any]) -> Iterator[str]:
    """Every combination of what the items may be; most of them match, unless anchors and lookaheads say no."""
    return map("".join, product(*(_choices(str(code), value) for code, value in items)))


def _choices(code: str, value: Any) -> list[str]:
    """A few texts for one item of a parsed pattern, the longer ones first."""
    if code == "LITERAL":
        return [chr(value)]
    if code in _NOTHING:
        return [""]
    if code in _REPEATS:
        return _repeated(*value)
    if code == "BRANCH":
        return _some(text for branch in value[1] for text in islice(_texts(branch), _MOST_CHOICES))
    if code in ("SUBPATTERN", "ATOMIC_GROUP"):
        return _some(_texts(value[-1] if code == "SUBPATTERN" else value))
    if code == "ASSERT":
        # What is looked for may be what the rest brings, or what it leaves open.
        return _some([*_texts(value[-1]), ""])
    # Most who write a dot mean a dot.
    letters = f".{_LETTERS}" if code == "ANY" else _LETTERS
    return _some(char for char in letters if _takes(code, value, char)) or [""]


def _repeated(least: int, most: int, items: Sequence[Any]) -> list[str]:
    found = [text * max(least, 1) for text in _some(_texts(items))]
    if len(items) == 1 and least <= _UNLIMITED <= most:
        code, value = items[0]
        if all(_takes(str(code), value, char) for char in WORD):
            found.insert(0, WORD)
    return _some([*found, *([""] if least == 0 else [])])


def _some(texts: Any) -> list[str]:
    return list(islice(dict.fromkeys(texts), _MOST_CHOICES))


def _takes(code: str, value: Any, char: str) -> bool:
    """Whether an item that stands for one character stands for this one."""
    if code == "ANY":
        return True
    if code in ("LITERAL", "NOT_LITERAL"):
        return (chr(value) == char) is (code == "LITERAL")
    if code == "RANGE":
        return bool(value[0] <= ord(char) <= value[1])
    if code == "CATEGORY":
        word = str(value)
        return bool(_CATEGORIES[word.replace("_NOT_", "_")](char)) is ("_NOT_" not in word)
    if code != "IN":
        return False
    negated = bool(value) and str(value[0][0]) == "NEGATE"
    return any(_takes(str(each), inner, char) for each, inner in value[negated:]) is not negated
