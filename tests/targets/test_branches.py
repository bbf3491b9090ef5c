"""Rules that are tried one after the other, where the Gateway API looks at their conditions first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from converter.gateway.drafts import HeaderMatch, PathMatch, RequestMatch, RuleDraft
from converter.ledger import Source
from converter.targets.branches import first_counts

WEB = Source("Ingress", "shop", "web", "a.yaml", 1)
NAMES = ("X", "Y", "Z")


def match(name: str, value: str) -> HeaderMatch:
    return HeaderMatch("Exact", name, value)


def rule(word: str, condition: RequestMatch) -> RuleDraft:
    return RuleDraft(PathMatch("PathPrefix", "/"), WEB, condition=condition, word=word)


def told(condition: RequestMatch) -> str:
    words = (condition.method, *(m.name for m in condition.headers), *(f"?{m.name}" for m in condition.queries))
    return " ".join(filter(None, words))


def test_a_method_does_not_overtake_a_header_that_comes_before_it() -> None:
    rules = [
        rule("bot", RequestMatch(headers=(match("X", "1"),))),
        rule("deletes", RequestMatch("DELETE")),
        rule("rest", RequestMatch()),
    ]
    assert [(each.word, told(each.condition)) for each in first_counts(rules)] == [
        ("bot", "X"),
        ("bot", "DELETE X"),
        ("deletes", "DELETE"),
        ("rest", ""),
    ]


def test_rules_that_are_in_order_stay_as_they_are() -> None:
    rules = [
        rule("both", RequestMatch("GET", (match("X", "1"),))),
        rule("one", RequestMatch(headers=(match("X", "2"),))),
        rule("rest", RequestMatch()),
    ]
    assert first_counts(rules) == rules


def test_a_rule_whose_requests_are_all_taken_is_left_out() -> None:
    rules = [rule("all", RequestMatch()), rule("never", RequestMatch("GET"))]
    assert first_counts(rules) == rules[:1]


headers = st.dictionaries(st.sampled_from(NAMES), st.sampled_from("ab"))
conditions = st.builds(
    lambda method, found, query: RequestMatch(
        method,
        tuple(match(name, found[name]) for name in sorted(found)),
        tuple(match(name, "1") for name in sorted(query)),
    ),
    st.sampled_from(["", "", "GET", "PUT"]),
    headers,
    st.sets(st.sampled_from("pq")),
)
Asked = tuple[str, dict[str, str], frozenset[str]]
asked = st.tuples(st.sampled_from(["GET", "PUT"]), headers, st.frozensets(st.sampled_from("pq")))


def fits(condition: RequestMatch, request: Asked) -> bool:
    method, found, query = request
    return (
        condition.method in ("", method)
        and all(found.get(each.name) == each.value for each in condition.headers)
        and all(each.name in query for each in condition.queries)
    )


def of_the_gateway(rules: list[RuleDraft], request: Asked) -> str | None:
    """Gateway API: method, then the number of headers, then of parameters, then the order."""
    fitting = [each for each in rules if fits(each.condition, request)]
    ranked = sorted(
        fitting,
        key=lambda each: (
            not each.condition.method,
            -len(each.condition.headers),
            -len(each.condition.queries),
        ),
    )
    return ranked[0].word if ranked else None


@given(st.lists(conditions, min_size=1, max_size=5), asked)
def test_the_first_rule_that_fits_takes_the_request(wanted: list[RequestMatch], request: Asked) -> None:
    rules = [rule(str(index), condition) for index, condition in enumerate(wanted)]
    first = next((each.word for each in rules if fits(each.condition, request)), None)

    assert of_the_gateway(first_counts(rules), request) == first
