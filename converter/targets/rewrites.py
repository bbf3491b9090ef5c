"""What a rewrite with captures means in the words of the Gateway API.

nginx replaces the whole path, so only what a capture brings along survives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from converter.gateway.paths import legal_path
from converter.gateway.regex import groups, is_literal

CAPTURE = re.compile(r"\$([1-9])")

_TAILS = (
    ("(/|$)(.*)", 2, True),
    ("($|/)(.*)", 2, True),
    ("(?:/|$)(.*)", 1, True),
    ("(?:$|/)(.*)", 1, True),
    ("(/|$)(.*)$", 2, True),
    ("/(.*)", 1, False),
    ("/(.*)$", 1, False),
    ("/(.+)", 1, False),
    ("/?(.*)", 1, False),
    ("(/?)(.*)", 2, False),
    ("/*(.*)", 1, False),
    ("(.*)", 1, False),
)
"""How a pattern ends after its literal prefix, the capture with the rest of the path, and whether the tail holds to
whole path elements."""


@dataclass(frozen=True, slots=True)
class Full:
    """Every path becomes this one."""

    path: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Every path stays as it is."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """A literal prefix is replaced, the rest stays."""

    prefix: str
    replacement: str
    exact: bool
    """Apart from letter case nothing differs; else the edges of the prefix do."""


@dataclass(frozen=True, slots=True)
class Captures:
    """Only a regular expression can say it."""


@dataclass(frozen=True, slots=True)
class NoPath:
    """The target is another address, or holds variables of nginx."""


Reading = Full | Identity | Prefix | Captures | NoPath


def read_rewrite(pattern: str, target: str) -> Reading:
    """Recognise the idioms that a replaced path or prefix can say."""
    target = with_known_captures(pattern, target)
    if not target.startswith("/") or "$" in CAPTURE.sub("", target):
        return NoPath()
    if not CAPTURE.search(target):
        return Full(target)
    for tail, capture, elements in _TAILS:
        head = pattern.removesuffix(tail)
        lead = target.removesuffix(f"${capture}")
        if head == pattern or lead == target or "$" in lead or not is_literal(head.replace(".", "")):
            continue
        reading = _prefix(head, tail, lead, elements=elements)
        if reading:
            return reading
    return Captures()


def with_known_captures(pattern: str, target: str) -> str:
    """The target without captures that the pattern does not have: to nginx they are empty."""
    count = groups(pattern)
    return CAPTURE.sub(lambda match: match[0] if int(match[1]) <= count else "", target)


def _prefix(head: str, tail: str, lead: str, *, elements: bool) -> Reading | None:
    if tail.startswith("(.") and head.endswith("/"):
        head, tail = head[:-1], "/" + tail
    if not lead.endswith("/") or not (tail.startswith(("/", "(/", "($", "(?:"))):
        return None
    replacement = lead if lead == "/" else lead.rstrip("/")
    if not head:
        return Identity() if lead == "/" else Prefix("/", replacement, exact=True)
    prefix = legal_path(head)
    if prefix is None:
        return None
    return Prefix(prefix, replacement, exact=elements and lead == "/" and "." not in head)
