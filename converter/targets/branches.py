"""Rules of one path that are tried one after the other, where the Gateway API looks at their conditions first.

Gateway API: of the matches for a path, one with a method comes first, then the one with most headers, then with most
parameters; only where all that is equal does the order of rules count.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network
from typing import TYPE_CHECKING

from converter.gateway.drafts import RequestMatch, RuleDraft
from converter.gateway.policies import joined
from converter.targets.carry import Part
from converter.targets.filters import joined_filters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.gateway.drafts import HeaderMatch
    from converter.targets.carry import Branch, Target
    from converter.targets.table import TargetTable

_MOST_RULES = 64
"""More conditions than that in one place are none that a person wrote."""


def branched(
    rules: Sequence[RuleDraft], rule: RuleDraft, branches: Sequence[Branch], target: Target
) -> list[RuleDraft]:
    """The rules of a path after all branches; ``rule`` is what answers are made of.

    The first branch that answers counts, where guards come last; of the others, which come after those, the last.
    """
    table, found = target.table, list(rules)
    for branch in (each for each in branches if not each.answers):
        found = _before(found, branch, [_treated(each, branch, table) for each in rules])
    answering = sorted((each for each in branches if each.answers), key=lambda branch: branch.guards)
    for branch in reversed(answering):
        found = _before(found, branch, [_answering(rule, branch, table)])
    return [_by_address(each, target) for each in first_counts(found)] if branches else found


def _by_address(rule: RuleDraft, target: Target) -> RuleDraft:
    """The rule with what tells the implementation which clients it is for."""
    if target.by_address is None or not rule.condition.sources:
        return rule
    told = target.by_address(rule.condition.sources)
    return replace(rule, extensions=joined([told, *rule.extensions]))


def _before(rules: Sequence[RuleDraft], branch: Branch, treated: Sequence[RuleDraft]) -> list[RuleDraft]:
    """What the branch does with its requests, and the rules for all others."""
    if branch.negated:
        return [*_under(branch.matches, rules), *treated]
    return [*_under(branch.matches, treated), *rules]


def _answering(rule: RuleDraft, branch: Branch, table: TargetTable) -> RuleDraft:
    """Such requests are answered, and nothing else is done with them."""
    filters, notes = joined_filters(branch.parts, table.rows["headers.too-many"])
    extensions = joined(extension for part in branch.parts for extension in part.extensions)
    return RuleDraft(
        rule.match,
        rule.owner,
        filters=filters,
        extensions=extensions,
        notes=(*notes, *branch.notes),
        word=branch.word,
        branch=True,
    )


def _treated(rule: RuleDraft, branch: Branch, table: TargetTable) -> RuleDraft:
    """Such requests are served like the others, and more is done with them."""
    parts = [Part(filters=rule.filters), *branch.parts]
    filters, notes = joined_filters(parts, table.rows["headers.too-many"])
    word = "-".join(filter(None, [rule.word, branch.word]))
    return replace(rule, filters=filters, notes=(*rule.notes, *notes, *branch.notes), word=word, branch=True)


def _under(matches: Sequence[RequestMatch], rules: Iterable[RuleDraft]) -> Iterable[RuleDraft]:
    """Each rule for the requests that meet one of the conditions as well."""
    for rule in rules:
        for match in matches:
            if both := _both(rule.condition, match):
                yield replace(rule, condition=both, to_https=False, branch=True)


def first_counts(rules: Sequence[RuleDraft]) -> list[RuleDraft]:
    """The same rules, and before each that would overtake earlier ones what these do with its requests."""
    found: dict[RequestMatch, RuleDraft] = {}
    for rule in rules:
        _add(rule, list(found.values()), found)
    return list(found.values())


def _add(rule: RuleDraft, before: Sequence[RuleDraft], found: dict[RequestMatch, RuleDraft]) -> None:
    """Put a rule behind those that come before it; one whose requests they all take is left out."""
    for index, earlier in enumerate(before):
        both = _both(earlier.condition, rule.condition)
        if both == rule.condition:
            return
        if both and _rank(rule.condition) > _rank(earlier.condition) and len(found) < _MOST_RULES:
            _add(replace(earlier, condition=both, notes=()), before[:index], found)
    found.setdefault(rule.condition, rule)


def _rank(condition: RequestMatch) -> tuple[bool, int, int]:
    return bool(condition.method), len(condition.headers), len(condition.queries)


def _both(one: RequestMatch, other: RequestMatch) -> RequestMatch | None:
    """Requests that meet both; ``None`` for none at all, and where a name would need two conditions."""
    if one.method and other.method and one.method != other.method:
        return None
    headers, queries = _joined(one.headers, other.headers), _joined(one.queries, other.queries)
    sources = _shared(one.sources, other.sources)
    if headers is None or queries is None or sources is None:
        return None
    return RequestMatch(one.method or other.method, headers, queries, sources)


def _joined(one: Sequence[HeaderMatch], other: Sequence[HeaderMatch]) -> tuple[HeaderMatch, ...] | None:
    """Gateway API: of conditions on one name only the first counts."""
    found = {match.name.lower(): match for match in one}
    for match in other:
        if found.setdefault(match.name.lower(), match) != match:
            return None
    return tuple(found[name] for name in sorted(found))


def _shared(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...] | None:
    """The networks that lie in both lists, of which an empty one is every network; ``None`` for none at all."""
    if not one or not other:
        return (*one, *other)
    narrow = [*(each for each in other if _within(each, one)), *(each for each in one if _within(each, other))]
    return tuple(dict.fromkeys(narrow)) or None


def _within(network: str, others: Iterable[str]) -> bool:
    """Of two networks that overlap, one lies in the other."""
    inner = ip_network(network)
    wider = (outer for outer in map(ip_network, others) if outer.prefixlen <= inner.prefixlen)
    return any(inner.network_address in outer for outer in wider)
