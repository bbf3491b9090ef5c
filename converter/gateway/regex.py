"""PCRE on the one side, RE2 on the other: what both understand, and how an anchored prefix is written."""

from __future__ import annotations

import re

_META = frozenset(r".^$*+?{}[]|()")
_NOT_RE2 = re.compile(
    r"\(\?(?:[=!>#&|(R0-9]|<[=!]|P[=>])"  # lookaround, atomic groups, conditions, recursion, named references
    r"|\\[1-9gkKGXRQEzZ]"  # back references and PCRE's own escapes
    r"|[*+?}]\+"  # possessive quantifiers
)


def is_re2(pattern: str) -> bool:
    """Whether RE2 takes the pattern; RE2 itself is not asked, so this errs on the side of no."""
    if _NOT_RE2.search(_without_escaped_backslashes(pattern)):
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _without_escaped_backslashes(pattern: str) -> str:
    return pattern.replace("\\\\", "")


def groups(pattern: str) -> int:
    """How many capture groups the pattern has; as many as can be named when it is no pattern of ours."""
    try:
        return re.compile(pattern).groups
    except re.error:
        return 9


def is_literal(pattern: str) -> bool:
    """Whether the pattern has no operator at all."""
    return not any(char in _META or char == "\\" for char in pattern)


def literal_head(pattern: str) -> str:
    """The text that every match begins with."""
    for index, char in enumerate(pattern):
        if char in _META or char == "\\":
            quantified = char in "*?{" and index > 0
            return pattern[: index - 1] if quantified else pattern[:index]
    return pattern


def prefix_pattern(before: str, pattern: str, after: str) -> str:
    """``pattern``, anchored at the start only, for an engine that matches the whole path.

    An anchor before ``a|b`` holds for the first branch only, so the others may begin anywhere.
    """
    first, *others = split_choices(pattern)
    if others:
        choices = "|".join([f"(?:{first})", *(f"(?:.*(?:{other}))" for other in others)])
        return f"{before}(?:{choices}){after}"
    return f"{before}{pattern}{after}"


def path_pattern(before: str, pattern: str, after: str) -> str | None:
    """As :func:`prefix_pattern`; where ``before`` brings the slash that every path begins with, the pattern loses it.

    ``None`` for a pattern that has no slash to lose.
    """
    if not before.startswith("/"):
        return prefix_pattern(before, pattern, after)
    branches = [_without_slash(branch) for branch in split_choices(pattern)]
    first, *others = branches
    if None in branches:
        return None
    if others:
        return f"{before}{'|'.join([f'(?:{first})', *(f'(?:(?:.*/)?{other})' for other in others)])}{after}"
    return f"{before}{first}{after}"


def _without_slash(pattern: str) -> str | None:
    return None if not pattern.startswith("/") or pattern[1:2] in ("?", "*", "+", "{") else pattern[1:]


def split_choices(pattern: str) -> list[str]:
    """The branches between the ``|`` that stand outside every group; one branch when there is none."""
    branches, start, depth, index, in_class = [], 0, 0, 0, False
    while index < len(pattern):
        char = pattern[index]
        if char == "\\":
            index += 1
        elif in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "|" and depth == 0:
            branches.append(pattern[start:index])
            start = index + 1
        index += 1
    return [*branches, pattern[start:]]
