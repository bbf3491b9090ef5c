"""The edges of a match."""

from __future__ import annotations

import pytest

from converter.routing import Match, MatchKind
from converter.verify.probes.paths import unusual, usual


@pytest.mark.parametrize(
    ("match", "targets"),
    [
        (Match(MatchKind.PREFIX, "/api"), ["/api", "/api/", "/api/below"]),
        (Match(MatchKind.PREFIX, "/api/"), ["/api/", "/api", "/api/below"]),
        (Match(MatchKind.PREFIX, "/"), ["/", "/below"]),
        (Match(MatchKind.EXACT, "/a b"), ["/a%20b", "/a%20b/", "/a%20b/below"]),
        (Match(MatchKind.REGEX, "/v[0-9]+"), ["/v1", "/v1/below"]),
        (Match(MatchKind.REGEX, "(?i)/v[0-9]+"), ["/v1", "/v1/below"]),
        (Match(MatchKind.REGEX, "/(unclosed"), []),
    ],
    ids=lambda value: value.value if isinstance(value, Match) else "",
)
def test_what_clients_usually_ask_for(match: Match, targets: list[str]) -> None:
    assert [target for target, _ in usual(match)] == targets


def test_what_nearly_is_the_path() -> None:
    assert list(unusual(Match(MatchKind.PREFIX, "/api"))) == [
        ("/apix", "beside /api, with the same beginning"),
        ("/API", "/api in other letters"),
        ("/ap%69", "/api with a letter encoded"),
        ("/api%2Fbelow", "below /api, with the slash encoded"),
        ("/api//below", "below /api, with two slashes"),
        ("/api/../below", "out of /api by two dots"),
    ]


def test_a_path_in_capitals_is_asked_for_in_small_letters() -> None:
    assert ("/api", "/API in other letters") in list(unusual(Match(MatchKind.PREFIX, "/API")))


def test_a_path_without_letters_has_no_other_letters_and_nothing_to_encode() -> None:
    assert [target for target, _ in unusual(Match(MatchKind.PREFIX, "/-"))] == [
        "/-x",
        "/-%2Fbelow",
        "/-//below",
        "/-/../below",
    ]


def test_nothing_is_beside_the_root() -> None:
    assert list(unusual(Match(MatchKind.PREFIX, "/"))) == []


@pytest.mark.parametrize(
    ("pattern", "misses"),
    [
        ("/v[0-9]+", ["/vx", "/v"]),
        ("/api(/|$)(.*)", ["/apix", "/ap"]),
        ("/items/[0-9]{3}$", ["/items/111x", "/items/11"]),
        ("/(.*)", []),
    ],
)
def test_a_pattern_is_nearly_taken_by_what_is_longer_and_what_is_shorter(pattern: str, misses: list[str]) -> None:
    found = unusual(Match(MatchKind.REGEX, pattern))

    assert [target for target, reason in found if reason == f"nearly a path that {pattern} takes"] == misses
