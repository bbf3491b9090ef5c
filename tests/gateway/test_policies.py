"""One policy of a kind for a rule, whatever asks for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from converter.gateway.drafts import Extension
from converter.gateway.policies import joined, merged


def extension(kind: str, word: str, how: Any = "policy", **spec: Any) -> Extension:
    return Extension(kind, "example.com/v1", how, word, spec, ())


def test_policies_of_one_kind_become_one_and_filters_stay_apart() -> None:
    one, two = (extension("Policy", "limit", rules=[number]) for number in (1, 2))
    other = extension("Other", "body", size=3)
    filters = extension("Filter", "rewrite", "filter"), extension("Filter", "header", "filter")

    assert joined([one, filters[0], other, two, filters[1]]) == (
        *filters,
        extension("Policy", "limit", rules=[1, 2]),
        other,
    )


def test_filters_of_which_a_rule_takes_one_become_one() -> None:
    clients, answer = (
        replace(extension("Rule", word, "filter", **{word: [1]}), once="rule") for word in ("clients", "answer")
    )
    (found,) = joined([clients, answer])

    assert (found.word, found.spec) == ("clients-answer", {"clients": [1], "answer": [1]})


def test_they_stay_apart_where_they_disagree_and_where_a_rule_takes_one_of_each() -> None:
    one, two, other, another = (
        replace(extension("Filter", "limit", "filter", **said), once=word)
        for word, said in (("a", {"second": 1}), ("a", {"minute": 2}), ("a", {"second": 3}), ("b", {"second": 1}))
    )

    assert joined([one, two, other, another]) == (replace(one, spec={"second": 1, "minute": 2}), other, another)


def test_a_joined_policy_is_named_after_all_that_it_is_for() -> None:
    (found,) = joined([extension("Policy", "limit", a=1), extension("Policy", "retry", b=2)])

    assert (found.word, found.spec) == ("limit-retry", {"a": 1, "b": 2})


def test_mappings_merge_field_by_field_and_lists_one_after_the_other() -> None:
    assert merged({"a": {"b": [1], "c": 2}}, {"a": {"b": [3], "c": 2, "d": 4}}) == {"a": {"b": [1, 3], "c": 2, "d": 4}}


def test_two_values_for_one_field_are_a_fault() -> None:
    with pytest.raises(ValueError, match="a policy cannot say both 1 and 2"):
        merged({"a": 1}, {"a": 2})
