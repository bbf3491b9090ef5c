"""What RE2 takes of PCRE, and patterns that are anchored at the start for an engine that matches the whole path."""

from __future__ import annotations

import re

import pytest

from converter.gateway.regex import (
    groups,
    is_literal,
    is_re2,
    literal_head,
    path_pattern,
    prefix_pattern,
    split_choices,
)


@pytest.mark.parametrize(
    "pattern", ["/a", "/(a|b)/[0-9]+", r"/\d+\.html", "(?i)/a", "(?:a)", "(?P<x>a)", r"/a\\1", "/a{2,3}?"]
)
def test_re2_takes_it(pattern: str) -> None:
    assert is_re2(pattern)


@pytest.mark.parametrize(
    "pattern", ["/(?=a)", "/(?!a)", "/(?<=a)b", "/(?<!a)b", "(?>a)", r"/(a)\1", r"\Ka", "a++", "a*+", "(", "[a", "(?R)"]
)
def test_re2_does_not_take_it(pattern: str) -> None:
    assert not is_re2(pattern)


@pytest.mark.parametrize(("pattern", "count"), [("/a", 0), ("/(a)(?:b)(c)", 2), ("/(a", 9)])
def test_groups_are_counted(pattern: str, count: int) -> None:
    assert groups(pattern) == count


@pytest.mark.parametrize(
    ("pattern", "literal", "head"),
    [
        ("/api", True, "/api"),
        ("/api/v[0-9]", False, "/api/v"),
        ("/api/?", False, "/api"),
        ("/ab*", False, "/a"),
        ("/ab+", False, "/ab"),
        (r"/a\.b", False, "/a"),
        ("(a|b)", False, ""),
        ("/a{0,1}", False, "/"),
    ],
)
def test_the_head_of_a_pattern_is_what_every_match_begins_with(pattern: str, literal: bool, head: str) -> None:
    assert (is_literal(pattern), literal_head(pattern)) == (literal, head)


@pytest.mark.parametrize(
    ("pattern", "branches"),
    [
        ("/a", ["/a"]),
        ("/a|/b", ["/a", "/b"]),
        ("/(a|b)", ["/(a|b)"]),
        ("/[|]|b", ["/[|]", "b"]),
        (r"/a\|b", [r"/a\|b"]),
        ("/a|", ["/a", ""]),
    ],
)
def test_branches_stand_outside_every_group(pattern: str, branches: list[str]) -> None:
    assert split_choices(pattern) == branches


@pytest.mark.parametrize("pattern", ["/a", "/a|/b", "/a|/b(c|d)", "/[|]x"])
@pytest.mark.parametrize("path", ["/a", "/ax", "/x/b", "/b", "/bc", "/x/bd", "/|x", "/c"])
def test_a_prefix_pattern_takes_what_an_anchor_before_the_pattern_finds(pattern: str, path: str) -> None:
    anchored = bool(re.search(f"^{pattern}", path))
    assert bool(re.fullmatch(prefix_pattern("", pattern, ".*"), path)) == anchored


@pytest.mark.parametrize(
    ("pattern", "path", "found"),
    [
        ("/api", "/API/x", True),
        ("/api", "/x/api", False),
        ("/a|/b", "/A", True),
        ("/a|/b", "/x/b/y", True),
        ("/a|/b", "/b", True),
        ("/a|/b", "/x/a", False),
    ],
)
def test_a_pattern_behind_a_slash_takes_the_same_paths(pattern: str, path: str, found: bool) -> None:
    written = path_pattern("/(?i:", pattern, ").*")

    assert written is not None
    assert bool(re.fullmatch(written, path)) == found
    assert bool(re.search(f"(?i)^{pattern}", path)) == found


@pytest.mark.parametrize("pattern", ["/?a", "/*a", "/a|b", "(/a)"])
def test_a_pattern_without_a_slash_of_its_own_cannot_stand_behind_one(pattern: str) -> None:
    assert path_pattern("/(?i:", pattern, ").*") is None


def test_a_pattern_that_needs_no_slash_is_written_as_before() -> None:
    assert path_pattern("(?i)^", "/?a", ".*") == prefix_pattern("(?i)^", "/?a", ".*")
