"""Paths for matches: readable, the same on every run, and taken by the match."""

from __future__ import annotations

import pytest

from converter.routing import Match, MatchKind
from converter.verify.samples import samples, texts
from converter.verify.source.hosts import compiled

FIRST = {
    "/api(/|$)(.*)": "/api/below",
    "/(.*)": "/below",
    "/users/([0-9]+)/profile": "/users/1/profile",
    "/(foo|bar)/.+": "/foo/below",
    "/[a-z]{2}/shop": "/aa/shop",
    "/static": "/static",
    "/v[0-9]+$": "/v1",
    "/((?!admin).)*$": "/a",
    "/(?=inner)inner/x": "/inner/x",
    "/(?=inner).*": "/innerbelow",
    r"/\w+\.(?:png|jpe?g)$": "/below.png",
    "/.well-known/acme-challenge": "/.well-known/acme-challenge",
    "/[^/]+/edit": "/below/edit",
    "/(?i:shop)/?$": "/shop/",
    "/a|/b": "/a",
    "/é+": "/é",
}


@pytest.mark.parametrize("pattern", FIRST)
def test_a_pattern_has_a_path_that_a_person_would_write(pattern: str) -> None:
    found = samples(Match(MatchKind.REGEX, pattern))
    assert found[0] == FIRST[pattern]
    expression = compiled(pattern)
    assert expression
    assert all(expression.match(path) for path in found)


@pytest.mark.parametrize("pattern", ["api/(.*)", "/(", "/a(?!)", "/a//b", r"/a/\.\./b$"])
def test_a_pattern_that_no_path_meets_has_none(pattern: str) -> None:
    assert samples(Match(MatchKind.REGEX, pattern)) == ()


def test_a_prefix_is_asked_for_below_it_and_at_its_edge() -> None:
    assert samples(Match(MatchKind.PREFIX, "/api/")) == ("/api/below", "/api/")


def test_an_exact_path_is_itself() -> None:
    assert samples(Match(MatchKind.EXACT, "/login")) == ("/login",)


def test_a_header_pattern_takes_the_whole_text() -> None:
    assert texts(r"^(?:.*;\s*)?canary=always(?:;.*)?$")[0] == "below; canary=always;below"
    assert texts("(?!)") == ()
