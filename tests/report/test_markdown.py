"""What pages and comments are made of: nothing that was read is taken for markup, and a comment has its limit."""

from __future__ import annotations

from converter.report.markdown import Room, folded, html, plain, row


def test_a_row() -> None:
    assert row(["a", "b"]) == "| a | b |"


def test_within_html_no_tag_comes_from_outside() -> None:
    assert html("<b> & *\n\x1b") == "&lt;b&gt; &amp; * \\x1b"


def test_outside_of_html_no_markdown_does_either() -> None:
    assert plain("a|b `c` <d> [e]") == "a&#124;b &#96;c&#96; &lt;d&gt; &#91;e&#93;"


def test_what_is_folded_has_no_blank_line() -> None:
    assert folded("Sum", "Do <it>.", ["one", "two"]) == (
        "<details><summary>Sum</summary><p>→ Do &lt;it&gt;.</p><ul><li>one</li><li>two</li></ul></details>"
    )
    assert folded("Sum", "", []) == "<details><summary>Sum</summary><ul></ul></details>"


def test_what_does_not_fit_is_counted_and_less_may_follow() -> None:
    room = Room(59_900)
    assert [room.takes("x" * size) for size in (90, 90, 6, 6)] == [True, False, True, False]
    assert room.hidden == 2
