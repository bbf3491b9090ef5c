"""The CEL rules of the Gateway API for Exact and PathPrefix values."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.gateway.paths import legal_path

LEGAL = re.compile(r"(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+\Z")


@pytest.mark.parametrize(
    "path", ["/", "/a", "/a/", "/a/b.c", "/.well-known/x", "/a%20b", "/%C3%A9", "/-._~!$&'()*+,;=:@", "/...", "/.a"]
)
def test_a_legal_path_stays_as_it_is(path: str) -> None:
    assert legal_path(path) == path


@pytest.mark.parametrize(
    ("path", "encoded"),
    [
        ("/a b", "/a%20b"),
        ("/é", "/%C3%A9"),
        ("/a?b", "/a%3Fb"),
        ("/a#b", "/a%23b"),
        ("/{id}", "/%7Bid%7D"),
        ('/a"b|c^d', "/a%22b%7Cc%5Ed"),
        ("/100%", "/100%25"),
        ("/%zz", "/%25zz"),
        ("/a\\b", "/a%5Cb"),
        ("/a\n", "/a%0A"),
    ],
)
def test_odd_characters_are_percent_encoded(path: str, encoded: str) -> None:
    assert legal_path(path) == encoded


@pytest.mark.parametrize(
    "path",
    ["", "a", "*", "//", "/a//b", "/./a", "/a/./b", "/a/../b", "/..", "/a/..", "/.", "/a/.", "/a%2fb", "/a%2Fb"],
)
def test_some_paths_cannot_be_said(path: str) -> None:
    assert legal_path(path) is None


def test_a_path_has_at_most_1024_characters_once_it_is_encoded() -> None:
    assert legal_path("/" + "a" * 1023) == "/" + "a" * 1023
    assert legal_path("/" + "a" * 1024) is None
    assert legal_path("/" + "é" * 200) is None


@given(st.text(alphabet="/.%2fFa#é? ", max_size=8))
def test_what_comes_out_is_legal(path: str) -> None:
    found = legal_path(path)

    if found is not None:
        assert found.startswith("/")
        assert LEGAL.match(found)
        assert not any(part in found for part in ("//", "/./", "/../", "%2f", "%2F", "#"))
        assert not found.endswith(("/.", "/.."))
