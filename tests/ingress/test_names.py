"""Which names an API server accepts."""

from __future__ import annotations

import pytest

from converter.ingress.names import is_host, is_label, is_subdomain, lowered


@pytest.mark.parametrize("text", ["a", "shop", "a-1", "1a", "x" * 63, "${NAME}", "team-$ENV"])
def test_a_label(text: str) -> None:
    assert is_label(text)
    assert is_subdomain(text)
    assert is_host(text)


@pytest.mark.parametrize("text", ["", "A", "a_b", "-a", "a-", "x" * 64, "a b", "a\n", "$(NAME)", "{{ name }}"])
def test_no_label(text: str) -> None:
    assert not is_label(text)


@pytest.mark.parametrize("text", ["a.b", "shop.example.com", "1.2.3.4", ".".join(["x" * 63] * 3)])
def test_a_subdomain_has_dots(text: str) -> None:
    assert is_subdomain(text)
    assert not is_label(text)


@pytest.mark.parametrize("text", ["a..b", ".a", "a.", "a.b_c", ".".join(["x" * 63] * 4)])
def test_no_subdomain(text: str) -> None:
    assert not is_subdomain(text)
    assert not is_host(text)


@pytest.mark.parametrize(
    ("text", "legal"),
    [
        ("*.example.com", True),
        ("*.com", True),
        ("1.example.com", True),
        ("*", False),
        ("*.*.example.com", False),
        ("a.*.com", False),
        ("1.2.3.4", False),
        ("Shop.example.com", False),
        ("shop.example.com:80", False),
        ("*." + ".".join(["x" * 63] * 4), False),
    ],
)
def test_a_host_may_begin_with_a_wildcard_and_is_no_address(text: str, legal: bool) -> None:
    assert is_host(text) == legal


@pytest.mark.parametrize(("host", "low"), [("Shop.Example.com", "shop.example.com"), ("A.${DOMAIN}", "A.${DOMAIN}")])
def test_a_placeholder_keeps_its_letters(host: str, low: str) -> None:
    assert lowered(host) == low
