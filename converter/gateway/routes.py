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
    """Put paths that are treated alike into one rule; where order counts, none that would overtake another."""
    limit = release.limit("rule-matches")
    merged: list[MergedRule] = []
    open_rules: dict[str, int] = {}
    for draft in drafts:
        key = _treatment(draft)
        index = open_rules.get(key)
        overtaken = () if index is None or not ordered else merged[index + 1 :]
        if index is None or _counts(draft, overtaken) or len(merged[index].matches) >= limit:
            merged.append(MergedRule(draft, ((draft.match, draft.condition),), _placed(draft.notes, 0)))
            if not _replaces_prefix(draft):
                open_rules[key] = len(merged) - 1
            continue
        rule = merged[index]
        notes = (*rule.notes, *_placed(draft.notes, len(rule.matches)))
        merged[index] = MergedRule(rule.draft, (*rule.matches, (draft.match, draft.condition)), notes)
    return merged


def _counts(draft: RuleDraft, overtaken: Iterable[MergedRule]) -> bool:
    """Whether it matters that the draft comes before these: of patterns, and of rules for one path, the first wins."""
    paths = {path for rule in overtaken for path, _ in rule.matches}
    patterns = any(path.type == "RegularExpression" for path in (draft.match, *paths))
    return bool(paths) and (patterns or draft.match in paths)


def _treatment(draft: RuleDraft) -> str:
    same = (draft.owner, draft.backends, draft.filters, draft.fields, draft.to_https, draft.word)
    return repr((same, draft.annotations, _specs(draft.extensions), [policy.spec for policy in draft.service_policies]))


def _specs(extensions: Iterable[Extension]) -> list[tuple[object, ...]]:
    return [(extension.kind, extension.spec, extension.companions) for extension in extensions]


def _placed(notes: Iterable[Note], index: int) -> tuple[Note, ...]:
    return tuple(replace(note, path=f"matches[{index}]") if note.path == "matches" else note for note in notes)


def _replaces_prefix(draft: RuleDraft) -> bool:
    """ReplacePrefixMatch allows only one match in its rule (CEL rule of ``spec.rules[]``)."""
    return any(f.get("urlRewrite", {}).get("path", {}).get("type") == "ReplacePrefixMatch" for f in draft.filters)


def split_rules(rules: Sequence[MergedRule], release: Release) -> list[list[MergedRule]]:
    """Parts that each fit into one route: so many rules, so many matches; and one policy where rules have no names.

    Gateway API: of routes the oldest comes first, so rules that follow one another for a path stay in one if they can.
    """
    parts: list[list[MergedRule]] = []
    for block in _blocks(rules):
        for piece in [block] if _fits(block, release) else [[rule] for rule in block]:
            if parts and _fits([*parts[-1], *piece], release):
                parts[-1].extend(piece)
            else:
                parts.append(piece)
    return parts


def _blocks(rules: Sequence[MergedRule]) -> Iterable[list[MergedRule]]:
    """The rules in order, cut where no path has rules on both sides."""
    last = {path: index for index, rule in enumerate(rules) for path, _ in rule.matches}
    block: list[MergedRule] = []
    end = 0
    for index, rule in enumerate(rules):
        block.append(rule)
        end = max(end, *(last[path] for path, _ in rule.matches))
        if index == end:
            yield block
            block, end = [], index + 1


def _fits(rules: Sequence[MergedRule], release: Release) -> bool:
    matches = sum(len(rule.matches) for rule in rules)
    return (
        _alike(rules, release)
        and len(rules) <= release.limit("route-rules")
        and matches <= release.limit("route-matches")
    )


def _alike(rules: Sequence[MergedRule], release: Release) -> bool:
    """Whether one route can say what is said of each: by its annotations, and by policies where none is for a rule."""
    annotated = all(rule.draft.annotations == rules[0].draft.annotations for rule in rules)
    policies = release.has("policy-for-a-rule") or all(_policies(rule) == _policies(rules[0]) for rule in rules)
    return annotated and policies


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
