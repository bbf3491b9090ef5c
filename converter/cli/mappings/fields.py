"""A value in the file that knows its line and the keys that lead to it, and so can say what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.ingress.fields import text_of
from converter.read.located import Map, Seq

if TYPE_CHECKING:
    from collections.abc import Iterable

Fault = tuple[int, str]
"""A line, and what is wrong there."""
_MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    """The keys that lead to it, with colons between them."""
    value: Any
    written: str
    """A scalar as it stands in the file."""
    line: int
    faults: list[Fault]
    """Of the whole file; every field of it adds its own."""

    def tell(self, message: str) -> None:
        self.faults.append((self.line, f"{self.name}: {message}" if self.name else message))

    def fields(self, wanted: str) -> dict[str, Field]:
        """What a mapping holds; ``wanted`` says what it should be where it is none."""
        if not isinstance(self.value, Map):
            self.tell(wanted)
            return {}
        return {key: self._below(key, key, self.value, self.value.at[key][0]) for key in self.value}

    def items(self) -> list[Field]:
        """What a list holds; a value of its own is a list of one."""
        if not isinstance(self.value, Seq):
            return [self]
        places = enumerate(self.value.at)
        return [
            Field(self.name, self.value[at], str(self.value.raw.get(at, self.value[at])), line, self.faults)
            for at, (line, _) in places
        ]

    def text(self, wanted: str = "write one text.") -> str:
        """A text; empty where it is told to be none."""
        if isinstance(self.value, (bool, int, float)):
            self.tell("it is a text; write it in quotes.")
            return ""
        return self.scalar(wanted)

    def scalar(self, wanted: str) -> str:
        """A text, or a number or a truth as it is written; empty where it is told to be none."""
        if self.value is None or isinstance(self.value, (Map, Seq)) or not self.written.strip():
            self.tell(wanted)
            return ""
        return self.written.strip()

    def word(self, known: Iterable[str]) -> str:
        """One of some words; empty where it is told to be none of them."""
        words = tuple(known)
        found = self.text(f"write one of {listed(words)}.")
        if found and found not in words:
            self.tell(f"{found} is not known; {hint(found, words)}")
            return ""
        return found

    def only(self, known: Iterable[str]) -> dict[str, Field]:
        """The fields of a mapping that may have these keys; others are told."""
        words = tuple(known)
        found = self.fields(f"write a mapping with {listed(words)}.")
        for key in found.keys() - set(words):
            found[key].parent_tells(key, words)
        return {key: each for key, each in found.items() if key in words}

    def parent_tells(self, key: str, known: tuple[str, ...]) -> None:
        """That the key of this field should not be there."""
        name = self.name.removesuffix(key).removesuffix(": ")
        self.faults.append((self.line, f"{name + ': ' if name else ''}there is no key {key}; {hint(key, known)}"))

    def _below(self, key: str, name: str, parent: Map, line: int) -> Field:
        name = f"{self.name}: {name}" if self.name else name
        return Field(name, parent[key], text_of(parent, key), line, self.faults)


def hint(word: str, known: Iterable[str]) -> str:
    """The second half of a sentence: what was probably meant, or what there is."""
    import difflib

    words = tuple(known)
    near = difflib.get_close_matches(word.lower().replace("_", "-"), words, n=1, cutoff=0.7)
    return f"did you mean {near[0]}?" if near else f"there are {listed(words)}."


def listed(words: tuple[str, ...]) -> str:
    shown = ", ".join(words[:_MOST_SHOWN])
    return f"{shown} and {len(words) - _MOST_SHOWN} more" if len(words) > _MOST_SHOWN else shown
