"""Paths before routes are looked for; each expectation is what Envoy 1.40 made of the path."""

from __future__ import annotations

import pytest

from converter.verify.gateway import Gateways
from converter.verify.gateway.paths import has_escaped_slashes, is_refused, normalised
from converter.verify.messages import Answer, Request

NORMALISED = {
    "/": "/",
    "/a/b/": "/a/b/",
    "/a/./b": "/a/b",
    "/a/../b": "/b",
    "/../..": "/",
    "/a/..": "/",
    "/a/.": "/a/",
    "/a/...": "/a/...",
    "/a..": "/a..",
    "/%2e%2E/x": "/x",
    "/x/.%2e/y": "/y",
    "/a/..;x=1/b": "/b",
    "/a/.;/b": "/a/b",
    "/a/%2e%2e;/b": "/a/..;/b",
    "/a/..%3b/b": "/a/..%3b/b",
    "/a;/../b": "/b",
    "///a//": "/a/",
    "/a//../b": "/a/b",
    "/a/b/..//c": "/a/c",
    "//": "//",
    "///": "//",
    "/%41%7e%2d%5F": "/A~-_",
    "/a%20b%3f%252F": "/a%20b%3f%252F",
    "/%zz%": "/%zz%",
    "/a\\b": "/a/b",
    '/a"<>`{}|^': "/a%22%3C%3E%60%7B%7D%7C%5E",
    "/a!$&'()*+,:@[]": "/a!$&'()*+,:@[]",
    "/a%2Fb": "/a/b",
    "/a%5c..%2fb": "/b",
    "/x/%2F..": "/x/",
}


@pytest.mark.parametrize(("path", "expected"), NORMALISED.items())
def test_what_routes_are_held_against(path: str, expected: str) -> None:
    assert normalised(path) == expected


@pytest.mark.parametrize("path", ["", "*", "/a#b", "/a%00b"])
def test_what_is_refused(path: str) -> None:
    assert is_refused(path)
    assert not is_refused("/a%0ab")


def test_escaped_slashes() -> None:
    assert [has_escaped_slashes(path) for path in ("/a%2Fb", "/a%5cb", "/a%252Fb", "/a/b")] == [
        True,
        True,
        False,
        False,
    ]


GATEWAY = {
    "kind": "Gateway",
    "metadata": {"name": "main", "namespace": "team"},
    "spec": {"listeners": [{"name": "http", "port": 80, "protocol": "HTTP", "hostname": "shop.example.com"}]},
}
ROUTE = {
    "kind": "HTTPRoute",
    "metadata": {"name": "web", "namespace": "team"},
    "spec": {
        "parentRefs": [{"name": "main"}],
        "rules": [{"matches": [{"path": {"value": "/cart"}}], "backendRefs": [{"name": "cart", "port": 80}]}],
    },
}


def answer(target: str, host: str = "shop.example.com") -> Answer:
    return Gateways([GATEWAY, ROUTE]).answer(Request(host, target))


def test_a_route_is_found_by_the_normalised_path_which_goes_to_the_backend() -> None:
    (share,) = answer("/./c%61rt//below?x=//%61").shares

    assert share.forwarded
    assert share.forwarded.target == "/cart/below?x=//%61"
    assert answer("/cart/../below") == Answer(404)


def test_escaped_slashes_are_redirected_whatever_the_host() -> None:
    expected = Answer(307, location="http://shop.example.com/cart/b?x=%2F")

    assert answer("/cart%2Fb?x=%2F") == expected
    assert answer("/a%2Fb", "other.example.com") == Answer(307, location="http://other.example.com/a/b")


def test_what_is_no_path_is_refused_before_a_route_is_looked_for() -> None:
    assert answer("/cart%00") == Answer(400)
