"""YAML with positions: mappings and sequences that know where each of their items stands.

Built from libyaml's events without recursion, so that nesting cannot exhaust the stack; PyYAML's own constructor knows
no positions and is slower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from converter.read.scalars import resolve

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH = 64
MAX_ALIASED_NODES = 100_000
_RESOLVED = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float"))
_MERGE = "<<"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Position = tuple[int, int]
"""Line and column, both counted from 1."""


class Map(dict[str, Any]):
    """A mapping with the position of each key, and the text of each scalar that is no string."""

    __slots__ = ("at", "column", "line", "raw", "size", "text_at")

    def __init__(self, line: int, column: int) -> None:
        super().__init__()
        self.line = line
        self.column = column
        self.at: dict[str, Position] = {}
        self.raw: dict[str, str] = {}
        self.text_at: dict[str, int] = {}
        """The line that a literal block begins on: its lines are lines of the file."""
        self.size = 1


class Seq(list[Any]):
    """A sequence with the position of each item, and the text of each scalar that is no string."""

    __slots__ = ("at", "column", "line", "raw", "size")

    def __init__(self, line: int, column: int) -> None:
        super().__init__()
        self.line = line
        self.column = column
        self.at: list[Position] = []
        self.raw: dict[int, str] = {}
        self.size = 1


class FaultError(Exception):
    """The text cannot become a value; ``code`` is that of the problem it makes."""

    def __init__(self, code: str, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.code, self.message, self.line, self.column = code, message, line, column


def load(text: str, first_line: int) -> tuple[Any, list[tuple[str, int]]]:
    """The first document in the text, and the keys that stand twice with the line of the second.

    ``first_line`` is the line of the file that the text begins with.

    Raises:

        FaultError: The text is no YAML, too deep, or holds more through aliases than it could in writing.
    """
    loader = _Loader(text)
    try:
        builder = _Builder(loader.get_event, first_line)
        return builder.build(), builder.duplicates
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        raise FaultError("invalid-yaml", error.problem or "", line + first_line, column + 1) from None
    except yaml.YAMLError as error:
        raise FaultError("invalid-yaml", str(getattr(error, "reason", "")), first_line, 1) from None
    finally:
        loader.dispose()


class _Builder:
    def __init__(self, get_event: Callable[[], Any], first_line: int) -> None:
        self.get_event = get_event
        self.first_line = first_line
        self.anchors: dict[str, Any] = {}
        self.open_anchors: set[int] = set()
        self.aliased = 0
        self.duplicates: list[tuple[str, int]] = []

    def build(self) -> Any:
        """The value of the first document; ``None`` for a text without any."""
        kind = None
        while kind is not DocumentStartEvent:
            kind = type(self.get_event())
            if kind is StreamEndEvent:
                return None
        return self._value(self.get_event())

    def _value(self, event: Any) -> Any:
        """One node with everything below it; the stack is a list, not Python's."""
        stack: list[tuple[Any, str | None]] = []
        current: Any = None
        key: str | None = None
        while True:
            kind = type(event)
            if kind is MappingEndEvent or kind is SequenceEndEvent:
                done = current
                self.open_anchors.discard(id(done))
                if kind is MappingEndEvent and _MERGE in done:
                    _merge(done, done.pop(_MERGE))
                current, key = stack.pop()
                if current is None:
                    return done
                current.size += done.size
                key = None
                event = self.get_event()
                continue
            if type(current) is Map and key is None:
                key = self._key(event, current)
                event = self.get_event()
                continue
            value, raw = self._node(event, len(stack))
            if current is None and not isinstance(value, Map | Seq):
                return value
            if current is not None:
                self._put(current, key, value, raw, event)
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                stack.append((current, key))
                current, key = value, None
            else:
                key = None
            event = self.get_event()

    def _key(self, event: Any, current: Map) -> str:
        mark = event.start_mark
        line = mark.line + self.first_line
        if type(event) is AliasEvent:
            value = self._alias(event)
        elif type(event) is ScalarEvent:
            value = event.value
        else:
            value = None
        if not isinstance(value, str):
            raise FaultError("invalid-yaml", "a key is not a plain text", line, mark.column + 1)
        if value in current and value != _MERGE:
            self.duplicates.append((value, line))
        current.at[value] = (line, mark.column + 1)
        return value

    def _node(self, event: Any, depth: int) -> tuple[Any, str | None]:
        """The value of a scalar or alias, or a new container; and the text of a scalar that is no string."""
        kind = type(event)
        mark = event.start_mark
        if kind is AliasEvent:
            return self._alias(event), None
        value: Any
        raw = None
        if kind is ScalarEvent:
            value = event.value
            if event.implicit[0] or event.tag in _RESOLVED:
                value = resolve(event.value)
                raw = None if value is event.value else event.value
        elif depth >= MAX_DEPTH:
            raise FaultError("too-deep", "", mark.line + self.first_line, mark.column + 1)
        else:
            value = (Map if kind is MappingStartEvent else Seq)(mark.line + self.first_line, mark.column + 1)
            if event.anchor:
                self.open_anchors.add(id(value))
        if event.anchor:
            self.anchors[event.anchor] = value
        return value, raw

    def _alias(self, event: Any) -> Any:
        mark = event.start_mark
        value = self.anchors.get(event.anchor, self)
        if value is self:
            message = f"the alias {event.anchor} has no anchor"
            raise FaultError("invalid-yaml", message, mark.line + self.first_line, mark.column + 1)
        self.aliased += getattr(value, "size", 1)
        if id(value) in self.open_anchors or self.aliased > MAX_ALIASED_NODES:
            raise FaultError("alias-bomb", "", mark.line + self.first_line, mark.column + 1)
        return value

    def _put(self, current: Any, key: str | None, value: Any, raw: str | None, event: Any) -> None:
        current.size += getattr(value, "size", 1) if type(event) is AliasEvent else 1
        if type(current) is Map:
            assert key is not None  # noqa: S101  a value in a mapping follows its key
            current[key] = value
            if getattr(event, "style", "") == "|":
                current.text_at[key] = event.start_mark.line + self.first_line + 1
            if raw is not None:
                current.raw[key] = raw
            else:
                current.raw.pop(key, None)
            return
        mark = event.start_mark
        if raw is not None:
            current.raw[len(current)] = raw
        current.at.append((mark.line + self.first_line, mark.column + 1))
        current.append(value)


def _merge(current: Map, value: Any) -> None:
    """``<<``: what the mapping says itself comes first."""
    for source in value if isinstance(value, Seq) else [value]:
        if isinstance(source, Map):
            for key, entry in source.items():
                current.setdefault(key, entry)
                current.at.setdefault(key, source.at.get(key, (source.line, source.column)))
