"""What a rewrite with captures means in the words of the Gateway API."""

from __future__ import annotations

import pytest

from converter.targets.rewrites import Captures, Full, Identity, NoPath, Prefix, Reading, read_rewrite


@pytest.mark.parametrize(
    ("pattern", "target", "reading"),
    [
        ("/api", "/", Full("/")),
        ("/api", "/index.html", Full("/index.html")),
        ("/api(/|$)(.*)", "/$2", Prefix("/api", "/", exact=True)),
        ("/api(/|$)(.*)", "/v2/$2", Prefix("/api", "/v2", exact=False)),
        ("/api/(.*)", "/$1", Prefix("/api", "/", exact=False)),
        ("/(.*)", "/$1", Identity()),
        ("/(.*)", "/app/$1", Prefix("/", "/app", exact=True)),
        ("/(.*)", "/$2", Full("/")),
        ("/users/([0-9]+)/profile", "/profile/$1", Captures()),
        ("/api(/|$)(.*)", "/$2/$1", Captures()),
        ("/api", "api", NoPath()),
        ("/api(.*)", "https://example.com/$1", NoPath()),
        ("/api", "/$request_uri", NoPath()),
    ],
)
def test_a_pattern_with_its_target(pattern: str, target: str, reading: Reading) -> None:
    assert read_rewrite(pattern, target) == reading
