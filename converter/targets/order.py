"""The order of rules: where several may take one path, and nobody says which of them comes first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from converter.gateway.regex import literal_head

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.gateway.drafts import PathMatch, RuleDraft
    from converter.targets.table import TargetTable


def marked(rules: Sequence[RuleDraft], table: TargetTable) -> Iterable[RuleDraft]:
    """The rules, with a note on those whose precedence the Gateway API leaves open."""
    row = table.rows["path.regex-order"]
    doubtful = {id(rule) for rule in _doubtful(rules, table.regex_before)}
    for rule in rules:
        if id(rule) in doubtful:
            origins = {note.origin: None for note in rule.notes if note.origin.key == "spec.rules.http.paths"}
            yield replace(rule, notes=(*rule.notes, *row.notes(origins, "matches")))
        else:
            yield rule


def needs_order(rules: Iterable[RuleDraft]) -> bool:
    return any(rule.match.type == "RegularExpression" or rule.branch for rule in rules)


def _doubtful(rules: Sequence[RuleDraft], before: str) -> Iterable[RuleDraft]:
    """Patterns and prefixes that may overlap, and patterns of which a longer one comes later.

    Implementations try longer patterns first, as ingress-nginx does, and prefixes after patterns or by length.
    """
    patterns = [rule for rule in rules if rule.match.type == "RegularExpression"]
    prefixes = [rule for rule in rules if rule.match.type == "PathPrefix" and rule.match.value != "/"]
    for index, one in enumerate(patterns):
        later = [rule for rule in patterns[index + 1 :] if len(rule.match.value) > len(one.match.value)]
        for other in (*prefixes, *later):
            if _may_overlap(_head(one.match, before), _head(other.match, before)):
                yield from (one, other)


def _may_overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _head(match: PathMatch, before: str) -> str:
    """The text that every path which matches begins with."""
    if match.type != "RegularExpression":
        return match.value.lower()
    slash = "/" if before.startswith("/") else ""
    return f"{slash}{literal_head(match.value.removeprefix(before))}".lower()
