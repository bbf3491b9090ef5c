"""What the HTML report's script works on: every text once, entries as rows of numbers.

A repository with thousands of Ingresses repeats the same words tens of thousands of times, and the page has to open
at once all the same. ``web/data.js`` is the other side of this module.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from converter.ledger import Verdict
from converter.report.lines import WrittenObject
from converter.report.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.ledger import Entry, Remark, Result, Source
    from converter.report.model import Report, ReportedPart, SourceText

VERDICTS = (Verdict.UNTRANSLATED, Verdict.APPROXIMATED, Verdict.TRANSLATED, Verdict.BUILTIN, Verdict.INERT)
"""As a reviewer reads them: what needs a decision comes first."""

Identity = tuple[str, str, str, str]

_BEFORE_KEY = re.compile(r" *(?:- +)*")


def page_data(report: Report) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the page needs at once, and the lines of YAML, which it needs when somebody compares."""
    words = _Words()
    cards, objects = _Cards(report.parts, words), _Objects(report.parts, words)
    entries = [_row(entry, words, cards, objects) for entry in report.entries]
    index = {
        "verdicts": [verdict.value for verdict in VERDICTS],
        "controller": report.controller,
        "cards": cards.rows,
        "objects": objects.rows,
        "entries": entries,
        "words": list(words.numbers),
    }
    return index, {"cards": cards.lines, "objects": objects.lines}


def _row(entry: Entry, words: _Words, cards: _Cards, objects: _Objects) -> list[Any]:
    origin, source = entry.origin, entry.origin.source
    card = cards.number(source)
    texts = (origin.type, origin.key, origin.value)
    return [
        card,
        *map(words.number, texts),
        source.line,
        cards.last_line(card, source.line),
        *_told(entry, words),
        [place for result in entry.results for place in objects.places(source.environment, result)],
        [_told(remark, words) for remark in entry.also],
    ]


def _told(told: Entry | Remark, words: _Words) -> list[int]:
    return [VERDICTS.index(told.verdict), *map(words.number, (told.code, told.message, told.advice))]


def _lines(text: str) -> list[str]:
    return [visible(line.expandtabs(4)) for line in text.rstrip("\n").split("\n")]


class _Words:
    """Every text once."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self.numbers.setdefault(visible(text), len(self.numbers))


class _Cards:
    """The objects that came in, in the order of the entries."""

    def __init__(self, parts: Iterable[ReportedPart], words: _Words) -> None:
        self.rows: list[list[int]] = []
        """Environment, kind, namespace, name, file, what built it, and the line that the text begins on."""
        self.lines: list[list[str]] = []
        """The text of each; none of what is no Ingress."""
        self._words = words
        self._numbers: dict[tuple[str, ...], int] = {}
        self._texts = _by_name(parts)

    def number(self, source: Source) -> int:
        identity = (source.environment, source.kind, source.namespace, source.name, source.file)
        number = self._numbers.setdefault(identity, len(self.rows))
        if number == len(self.rows):
            text = self._text(source)
            built, line = (text.built, text.line) if text else ("", source.line)
            self.rows.append([*map(self._words.number, (*identity, built)), line])
            self.lines.append(_lines(text.text) if text else [])
        return number

    def last_line(self, card: int, line: int) -> int:
        """The last line of a key that stands on this line, and of all that stands below it."""
        lines, start = self.lines[card], line - self.rows[card][-1]
        if not 0 <= start < len(lines):
            return line
        column = _column(lines[start])
        last = start
        for number in range(start + 1, len(lines)):
            text = lines[number].lstrip(" ")
            if text and len(lines[number]) - len(text) <= column:
                break
            last = number if text else last
        return line + last - start

    def _text(self, source: Source) -> SourceText | None:
        """The text that begins nearest above; none if two begin there."""
        texts = self._texts.get((source.environment, source.file, source.name), [])
        position = bisect_right(texts, source.line, key=lambda text: text.line) - 1
        if source.kind != "Ingress" or position < 0:
            return None
        found = texts[position]
        unsure = position > 0 and texts[position - 1].line == found.line
        return None if unsure or source.line > found.line + found.text.count("\n") else found


class _Objects:
    """The objects that entries became, in the order of the entries."""

    def __init__(self, parts: Iterable[ReportedPart], words: _Words) -> None:
        self.rows: list[list[int]] = []
        """Environment, kind, namespace and name as words."""
        self.lines: list[list[str]] = []
        self._words = words
        self._written: dict[Identity, tuple[int, WrittenObject]] = {}
        self._contents = {_identity(part.environment, each): each for part in parts for each in part.objects}

    def places(self, environment: str, result: Result) -> Iterable[tuple[int, int, int]]:
        """The number of the object with the first and last line; nothing if no such object was made."""
        identity = (environment, result.kind, result.namespace, result.name)
        if identity in self._contents:
            number, written = self._written.get(identity) or self._write(identity)
            yield (number, *written.span(result.path))

    def _write(self, identity: Identity) -> tuple[int, WrittenObject]:
        written = WrittenObject(self._contents[identity])
        self._written[identity] = len(self.rows), written
        self.rows.append(list(map(self._words.number, identity)))
        self.lines.append(_lines(written.text))
        return self._written[identity]


def _identity(environment: str, content: Mapping[str, Any]) -> Identity:
    metadata = content.get("metadata", {})
    return environment, content["kind"], metadata.get("namespace", ""), metadata.get("name", "")


def _by_name(parts: Iterable[ReportedPart]) -> dict[tuple[str, str, str], list[SourceText]]:
    """By environment, file and name of the Ingress, in the order of their lines; parts may have read the same."""
    found: dict[tuple[str, str, str], dict[SourceText, None]] = defaultdict(dict)
    for part in parts:
        for text in part.sources:
            found[part.environment, text.file, text.name][text] = None
    return {key: sorted(texts, key=lambda text: text.line) for key, texts in found.items()}


def _column(line: str) -> int:
    """Of the key, behind the dashes of a list."""
    match = _BEFORE_KEY.match(line)
    return match.end() if match else 0
