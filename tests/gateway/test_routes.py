"""Rules become routes: which of them merge, and which stay together where one route cannot hold them all."""

from __future__ import annotations

from converter.gateway.drafts import BackendRef, PathMatch, RuleDraft
from converter.gateway.releases import release
from converter.gateway.routes import MergedRule, merge_rules, split_rules
from converter.ledger import Source

WEB = Source("Ingress", "shop", "web", "a.yaml", 1)
NEWEST = release("1.6", "standard")


def rule(path: str, word: str = "", kind: str = "PathPrefix") -> RuleDraft:
    match = PathMatch(kind, path)  # type: ignore[arg-type]
    return RuleDraft(match, WEB, (BackendRef("shop", "web", 80),), word=word, branch=bool(word))


def merged(*drafts: RuleDraft) -> list[tuple[str, str]]:
    """The word of each rule with its paths."""
    found = merge_rules(drafts, NEWEST, ordered=True)
    return [(each.draft.word, " ".join(path.value for path, _ in each.matches)) for each in found]


def split(*drafts: RuleDraft) -> list[int]:
    """How many rules each route has."""
    one_each = [MergedRule(draft, ((draft.match, draft.condition),), ()) for draft in drafts]
    return [len(part) for part in split_rules(one_each, NEWEST)]


def test_rules_of_other_paths_are_no_obstacle_between_two_that_are_alike() -> None:
    assert merged(rule("/a", "in"), rule("/a", "out"), rule("/b", "in"), rule("/b", "out")) == [
        ("in", "/a /b"),
        ("out", "/a /b"),
    ]


def test_no_rule_overtakes_another_of_its_path() -> None:
    assert merged(rule("/a", "in"), rule("/b", "out"), rule("/b", "in"), rule("/a", "out")) == [
        ("in", "/a"),
        ("out", "/b /a"),
        ("in", "/b"),
    ]


def test_no_rule_overtakes_a_pattern() -> None:
    assert merged(rule("/a", "in"), rule("/[ab]", "out", "RegularExpression"), rule("/b", "in")) == [
        ("in", "/a"),
        ("out", "/[ab]"),
        ("in", "/b"),
    ]


def test_rules_for_one_path_stay_in_one_route() -> None:
    others = [rule(f"/{number}") for number in range(15)]
    assert split(*others, rule("/a", "in"), rule("/a", "out")) == [15, 2]


def test_more_rules_for_one_path_than_a_route_holds_fill_as_many_as_it_takes() -> None:
    assert split(rule("/b"), *(rule("/a", str(number)) for number in range(20))) == [16, 5]


def test_paths_with_a_rule_each_fill_a_route_to_its_end() -> None:
    assert split(*(rule(f"/{number}") for number in range(20))) == [16, 4]
