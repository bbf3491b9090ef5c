"""The sides of a host: what is served over plain http, what over https, and what over both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from converter.gateway.drafts import PathMatch, SideDraft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.gateway.drafts import RuleDraft, Side

ROOT = PathMatch("PathPrefix", "/")


def sides_of(http: tuple[RuleDraft, ...], https: tuple[RuleDraft, ...], *, both: bool) -> tuple[SideDraft, ...]:
    plain: Side = "http"
    secure: Side = "https"
    if not both:
        sides = [SideDraft((plain,), http)]
    elif http == https:
        sides = [SideDraft((plain, secure), http)]
    else:
        sides = [SideDraft((plain,), http), SideDraft((secure,), https)]
    return tuple(side for side in sides if side.rules)


def without_needless_redirects(rules: tuple[RuleDraft, ...]) -> tuple[RuleDraft, ...]:
    """One redirect to https for ``/`` says it for every path that nothing else serves."""
    root = next((rule for rule in rules if rule.to_https and rule.match == ROOT), None)
    if root is None:
        return rules
    served = [rule.match for rule in rules if not rule.to_https]
    needless = {
        id(rule): rule
        for rule in rules
        if rule.to_https and rule is not root and _is_the_same(rule, root) and not _shadowed(rule.match, served)
    }
    notes = dict.fromkeys(note for rule in (root, *needless.values()) for note in rule.notes)
    merged = replace(root, notes=tuple(replace(n, path="matches") if n.path == "matches" else n for n in notes))
    return tuple(merged if rule is root else rule for rule in rules if id(rule) not in needless)


def _is_the_same(one: RuleDraft, other: RuleDraft) -> bool:
    return (one.filters, one.annotations) == (other.filters, other.annotations)


def _shadowed(match: PathMatch, served: Iterable[PathMatch]) -> bool:
    """Whether without its own redirect a request to this path would reach something that is served in plain."""
    for other in served:
        if other.type == "RegularExpression" or match.type == "RegularExpression":
            return True
        bare = other.value.rstrip("/")
        if other.type == "PathPrefix" and (match.value == bare or match.value.startswith(f"{bare}/")):
            return True
    return False
