"""Rules become HTTPRoutes: equal rules merge, and a route that grew too large is split."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from converter.gateway.names import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.gateway.drafts import Extension, Note, PathMatch, RequestMatch, RuleDraft
    from converter.gateway.releases import Release


RuleMatch = tuple["PathMatch", "RequestMatch"]
"""A path, and what else a request has to be like."""


@dataclass(frozen=True, slots=True)
class MergedRule:
    """Rule drafts that differ in their match alone."""

    draft: RuleDraft
    matches: tuple[RuleMatch, ...]
    notes: tuple[Note, ...]


def merge_rules(drafts: Sequence[RuleDraft], release: Release, *, ordered: bool) -> list[MergedRule]:
    """Put paths that are treated alike into one rule; where order counts, only neighbours."""
    limit = release.limit("rule-matches")
    merged: list[MergedRule] = []
    open_rules: dict[str, int] = {}
    for draft in drafts:
        key = _treatment(draft)
        index = open_rules.get(key)
        if index is None or (ordered and index != len(merged) - 1) or len(merged[index].matches) >= limit:
            merged.append(MergedRule(draft, ((draft.match, draft.condition),), _placed(draft.notes, 0)))
            if not _replaces_prefix(draft):
                open_rules[key] = len(merged) - 1
            continue
        rule = merged[index]
        notes = (*rule.notes, *_placed(draft.notes, len(rule.matches)))
        merged[index] = MergedRule(rule.draft, (*rule.matches, (draft.match, draft.condition)), notes)
    return merged


def _treatment(draft: RuleDraft) -> str:
    same = (draft.owner, draft.backends, draft.filters, draft.fields, draft.to_https, draft.word)
    return repr((same, _specs(draft.extensions), [policy.spec for policy in draft.service_policies]))


def _specs(extensions: Iterable[Extension]) -> list[tuple[object, ...]]:
    return [(extension.kind, extension.spec, extension.companions) for extension in extensions]


def _placed(notes: Iterable[Note], index: int) -> tuple[Note, ...]:
    return tuple(replace(note, path=f"matches[{index}]") if note.path == "matches" else note for note in notes)


def _replaces_prefix(draft: RuleDraft) -> bool:
    """ReplacePrefixMatch allows only one match in its rule (CEL rule of ``spec.rules[]``)."""
    return any(f.get("urlRewrite", {}).get("path", {}).get("type") == "ReplacePrefixMatch" for f in draft.filters)


def split_rules(rules: Sequence[MergedRule], release: Release) -> list[list[MergedRule]]:
    """Parts that each fit into one route: so many rules, so many matches; and one policy where rules have no names."""
    most_rules, most_matches = release.limit("route-rules"), release.limit("route-matches")
    parts: list[list[MergedRule]] = []
    for rule in rules:
        last = parts[-1] if parts else []
        matches = sum(len(other.matches) for other in last)
        fits = len(last) < most_rules and matches + len(rule.matches) <= most_matches
        if last and fits and (release.has("policy-for-a-rule") or _policies(last[0]) == _policies(rule)):
            last.append(rule)
        else:
            parts.append([rule])
    return parts


def _policies(rule: MergedRule) -> list[tuple[object, ...]]:
    return _specs(extension for extension in rule.draft.extensions if extension.how == "policy")


def rule_names(rules: Sequence[MergedRule], release: Release) -> list[str]:
    """A name for each rule after its first path, distinct within the route; empty for a release without names."""
    if not release.has("rule-name"):
        return ["" for _ in rules]
    wanted = [_wanted_name(rule) for rule in rules]
    used: dict[str, int] = {}
    names = []
    for name in wanted:
        used[name] = used.get(name, 0) + 1
        names.append(name if used[name] == 1 else f"{name}-{used[name]}")
    return names if len(set(names)) == len(names) else [f"rule-{index + 1}" for index in range(len(rules))]


def _wanted_name(rule: MergedRule) -> str:
    if rule.draft.to_https:
        return "to-https"
    path = _path_slug(rule.matches[0][0].value)
    return f"{path}-{rule.draft.word}" if rule.draft.word else path


def _path_slug(path: str) -> str:
    """Operators of a pattern, the anchor and what a target adds to it say nothing to a reader."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"\(\?i[:)]", "", path).lower())
    return shorten("-".join(words), 48) if words else "root"
