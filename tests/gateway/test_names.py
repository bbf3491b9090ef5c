"""Names of objects: legal, short, the same on every run, never shared."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.gateway.names import digest, distinct_slugs, host_slug, numbered, shorten, slug

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?\Z")
LONG = "a" * 60 + "." + "b" * 60 + ".example.com"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shop.example.com", "shop-example-com"),
        ("*.example.com", "wildcard-example-com"),
        ("Shop_One", "shop-one"),
        ("a--b", "a-b"),
        ("-a-", "a"),
        ("/api/v1", "api-v1"),
        ("é", "any"),
        ("", "any"),
        ("${DOMAIN}", "domain"),
    ],
)
def test_text_becomes_part_of_a_name(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_the_empty_host_has_a_name_of_its_own() -> None:
    assert (host_slug(""), host_slug("any.host")) == ("any-host", "any-host")
    assert set(distinct_slugs(["", "any.host"]).values()) == {
        f"any-host-{digest('')}",
        f"any-host-{digest('any.host')}",
    }


def test_a_name_of_63_characters_stays() -> None:
    assert shorten("a" * 63) == "a" * 63


def test_a_longer_name_keeps_its_head_and_gets_a_digest_of_the_whole() -> None:
    assert shorten("a" * 64) == "a" * 54 + "-" + digest("a" * 64)
    assert shorten("a" * 64) != shorten("a" * 65)


def test_no_two_dashes_meet_where_a_name_is_cut() -> None:
    assert shorten("a" * 53 + "-" + "b" * 30) == "a" * 53 + "-" + digest("a" * 53 + "-" + "b" * 30)


def test_a_digest_is_the_same_on_every_run() -> None:
    assert digest("shop.example.com") == "951623a2"


def test_hosts_that_differ_get_the_plain_slug() -> None:
    assert distinct_slugs(["a.example.com", "*.example.com"]) == {
        "a.example.com": "a-example-com",
        "*.example.com": "wildcard-example-com",
    }


def test_hosts_that_look_alike_all_get_a_digest() -> None:
    assert distinct_slugs(["a.b.com", "a-b.com"]) == {
        "a.b.com": f"a-b-com-{digest('a.b.com')}",
        "a-b.com": f"a-b-com-{digest('a-b.com')}",
    }


def test_a_host_that_is_there_twice_is_one_host() -> None:
    assert distinct_slugs(["a.b.com", "a.b.com"]) == {"a.b.com": "a-b-com"}


@given(st.lists(st.from_regex(r"\A(\*\.)?[ab-]{1,3}(\.[ab]{1,40}){0,3}\Z"), unique=True, max_size=8))
def test_slugs_are_distinct_labels_in_any_order(hosts: list[str]) -> None:
    found = distinct_slugs(hosts)

    assert found == distinct_slugs(reversed(hosts))
    assert len({*found.values()}) == len(hosts)
    assert [name for name in found.values() if not LABEL.match(name) or len(name) > 63] == []


def test_one_part_needs_no_number() -> None:
    assert numbered("web", 0, 1) == "web"


def test_parts_are_numbered_so_that_they_sort() -> None:
    assert [numbered("web", index, 2) for index in range(2)] == ["web-1", "web-2"]
    names = [numbered("web", index, 12) for index in range(12)]
    assert names == sorted(names)
    assert (names[0], names[-1]) == ("web-01", "web-12")


def test_a_number_survives_a_long_name() -> None:
    names = [numbered(slug(LONG), index, 10) for index in range(10)]

    assert len({*names}) == 10
    assert {len(name) for name in names} == {63}
    assert names[9].endswith("-10")
