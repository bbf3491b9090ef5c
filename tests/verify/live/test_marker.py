from __future__ import annotations

import pytest

from converter.verify.live.marker import MarkerError, parse_marker
from converter.verify.live.reply import Reply

REPLY = Reply(200, (("X-Pod", "web-7d9f-abcde"),), body=b"<p>served by web</p>")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("header:x-pod", "web-7d9f-abcde"),
        ("header:X-Pod:^(.*)-[^-]+-[^-]+$", "web"),
        ("header:X-Pod:[0-9]d", "7d"),
        ("header:X-Other", ""),
        ("header:X-Pod:^api", ""),
        ("body:served by (\\w+)", "web"),
        ("body:(api)?<p>", ""),
    ],
)
def test_a_marker_is_a_header_or_a_part_of_the_body(text, mark) -> None:
    assert parse_marker(text).read(REPLY) == mark


@pytest.mark.parametrize("text", ["", "header", "header:", "header:a b", "body:", "cookie:a", "X-Pod"])
def test_what_is_no_marker(text) -> None:
    with pytest.raises(MarkerError, match="write it as header:NAME"):
        parse_marker(text)


def test_a_pattern_that_is_none() -> None:
    with pytest.raises(MarkerError, match=r"\( is no regular expression: "):
        parse_marker("body:(")
