"""Rules that are tried one after the other, where the Gateway API looks at their conditions first."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from hypothesis import given
from hypothesis import strategies as st

from converter.gateway.drafts import HeaderMatch, PathMatch, RequestMatch, RuleDraft
from converter.ledger import Source
from converter.targets.branches import first_counts

WEB = Source("Ingress", "shop", "web", "a.yaml", 1)
NAMES = ("X", "Y", "Z")
NETWORKS = ("10.0.0.0/8", "10.1.0.0/16", "10.1.1.1/32", "192.0.2.0/24", "2001:db8::/32", "2001:db8::1/128")
CLIENTS = ("10.1.1.1", "10.1.2.3", "10.9.9.9", "192.0.2.1", "2001:db8::1", "2001:db8::2", "203.0.113.7")


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


def test_a_header_overtakes_no_refusal_of_the_clients_that_both_are_for() -> None:
    rules = [
        rule("denied", RequestMatch(sources=("10.1.0.0/16", "192.0.2.0/24"))),
        rule("canary", RequestMatch(headers=(match("X", "1"),), sources=("10.0.0.0/8",))),
        rule("rest", RequestMatch(sources=("10.0.0.0/8",))),
    ]
    assert [(each.word, told(each.condition), each.condition.sources) for each in first_counts(rules)] == [
        ("denied", "", ("10.1.0.0/16", "192.0.2.0/24")),
        ("denied", "X", ("10.1.0.0/16",)),
        ("canary", "X", ("10.0.0.0/8",)),
        ("rest", "", ("10.0.0.0/8",)),
    ]


headers = st.dictionaries(st.sampled_from(NAMES), st.sampled_from("ab"))
conditions = st.builds(
    lambda method, found, query, sources: RequestMatch(
        method,
        tuple(match(name, found[name]) for name in sorted(found)),
        tuple(match(name, "1") for name in sorted(query)),
        tuple(sorted(sources)),
    ),
    st.sampled_from(["", "", "GET", "PUT"]),
    headers,
    st.sets(st.sampled_from("pq")),
    st.sets(st.sampled_from(NETWORKS), max_size=3),
)
Asked = tuple[str, dict[str, str], frozenset[str], str]
asked = st.tuples(
    st.sampled_from(["GET", "PUT"]), headers, st.frozensets(st.sampled_from("pq")), st.sampled_from(CLIENTS)
)


def fits(condition: RequestMatch, request: Asked) -> bool:
    method, found, query, client = request
    inside = any(ip_address(client) in ip_network(each) for each in condition.sources)
    return (
        condition.method in ("", method)
        and all(found.get(each.name) == each.value for each in condition.headers)
        and all(each.name in query for each in condition.queries)
        and (inside or not condition.sources)
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
