"""Kubernetes objects as YAML that every reader reads alike.

kubectl reads with the rules of go-yaml v2, which belong neither to YAML 1.1 nor to 1.2: to it ``y``, ``1e3`` and
``0o10`` are no strings. So a string goes without quotes only if it looks like nothing else to anybody.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Possessive quantifiers (++, *+) keep the match linear in the length of the text.
_WORDS = r"[A-Za-z_/$^(](?:[!-9;-~]++|:(?=[!-~])| (?=[!\"$-~]))*+"
_DURATION = r"(?:[0-9]{1,9}(?:ms|s|m|h)){1,4}"
_ADDRESS = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?"
_PLAIN = re.compile(rf"{_WORDS}|{_DURATION}|{_ADDRESS}")
_NO_STRINGS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"))

# Neither the line breaks of YAML 1.1 (NEL, LS, PS) nor the byte order mark count as text.
_TEXT = r"\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_ONE_LINE = re.compile(rf"[{_TEXT}]*")
_LITERAL = re.compile(rf"[{_TEXT}]*(?:\n[\t{_TEXT}]*)*")
_ESCAPED = re.compile(rf"[^{_TEXT}]|[\"\\]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_LONGEST_KEY = 1000
"""A reader looks for the colon within 1024 characters."""


def dump(objects: Iterable[Mapping[str, Any]], list_indent: str = "") -> str:
    """A stream of documents in the block style of kubectl; keys stay in the order given.

    ``list_indent`` is how far lists stand from their key; kubectl has none.
    """
    lines: list[str] = []
    for number, each in enumerate(objects):
        if number:
            lines.append("---")
        if each:
            _mapping(each, "", "", lines, list_indent)
        else:
            lines.append("{}")
    return "\n".join((*lines, ""))


def _mapping(mapping: Mapping[str, Any], first: str, indent: str, lines: list[str], step: str) -> None:
    """Add the lines of a mapping; the first of them begins with ``first``, the others with ``indent``."""
    head = first
    for key, value in mapping.items():
        text = _one_line(key)
        if len(text) > _LONGEST_KEY:
            lines.append(f"{head}? {text}")
            head, text = indent, ""
        _value(f"{head}{text}:", value, indent, lines, step)
        head = indent


def _value(head: str, value: Any, indent: str, lines: list[str], step: str) -> None:
    """Add the lines of what stands under a key; a list is indented by a step."""
    if isinstance(value, str):
        lines.append(f"{head} {_string(value, indent)}")
    elif value and isinstance(value, dict):
        lines.append(head)
        _mapping(value, indent + "  ", indent + "  ", lines, step)
    elif value and isinstance(value, (list, tuple)):
        lines.append(head)
        _sequence(value, indent + step, indent + step, lines, step)
    else:
        lines.append(f"{head} {_scalar(value)}")


def _sequence(items: Sequence[Any], first: str, indent: str, lines: list[str], step: str) -> None:
    head = first
    for item in items:
        if isinstance(item, str):
            lines.append(f"{head}- {_string(item, indent)}")
        elif item and isinstance(item, dict):
            _mapping(item, head + "- ", indent + "  ", lines, step)
        elif item and isinstance(item, (list, tuple)):
            _sequence(item, head + "- ", indent + "  ", lines, step)
        else:
            lines.append(f"{head}- {_scalar(item)}")
        head = indent


def _scalar(value: Any) -> str:
    """A value that is no text and has nothing in it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _float(value)
        case dict():
            return "{}"
        case list() | tuple():
            return "[]"
    message = f"{type(value).__name__} has no form in YAML"
    raise TypeError(message)


def _float(value: float) -> str:
    if not math.isfinite(value):
        message = f"Kubernetes has no number {value}"
        raise ValueError(message)
    mantissa, exponent, power = repr(value).partition("e")
    # YAML 1.1 takes a number without a point for a string.
    return mantissa + ("" if "." in mantissa else ".0") + exponent + power


def _string(value: str, indent: str) -> str:
    if "\n" in value and _survives_literally(value):
        style = "|" if value.endswith("\n") else "|-"
        body = value.removesuffix("\n").split("\n")
        return "\n".join((style, *(f"{indent}  {line}" if line else "" for line in body)))
    return _one_line(value)


def _survives_literally(value: str) -> bool:
    """Whether a literal block can hold the text: its first and last line must show where it starts and ends."""
    first, last = value[0], value.removesuffix("\n").rpartition("\n")[2]
    return first not in " \t\n" and last.strip(" \t") != "" and _LITERAL.fullmatch(value) is not None


@lru_cache(maxsize=4096)
def _one_line(value: str) -> str:
    # A placeholder stays in quotes, so that what envsubst puts in its place is still a string.
    if _PLAIN.fullmatch(value) and value.lower() not in _NO_STRINGS and "${" not in value:
        return value
    if "'" not in value and _ONE_LINE.fullmatch(value):
        return f"'{value}'"
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    number = ord(character)
    if 0xD800 <= number <= 0xDFFF:
        # Half of a pair is no character; Go reads it from JSON as U+FFFD as well.
        return "\\uFFFD"
    return _ESCAPES.get(character) or (f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}")
