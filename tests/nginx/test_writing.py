"""Statements come out so that nginx reads the same in them, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.nginx.grammar import Statement, parse
from converter.nginx.writing import quoted, written


def again(text: str) -> list[str | None]:
    found = parse(text, "location")
    assert isinstance(found, tuple)
    return [written(each, "location") for each in found]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("add_header  X   $host ;", "add_header X $host;"),
        ("add_header X 'a b';", 'add_header X "a b";'),
        ("""add_header X 'say "a"';""", """add_header X 'say "a"';"""),
        (r"""add_header X "say \"a\"";""", """add_header X 'say "a"';"""),
        ('return 200 "";', 'return 200 "";'),
        ("rewrite ^/a(.*)$ /b$1 break;", "rewrite ^/a(.*)$ /b$1 break;"),
        (r"rewrite '\.php{2}$' /x;", r'rewrite "\.php{2}$" /x;'),
        ("if ( $a = 'x y' ) {return 403;}", 'if ($a = "x y") {\n  return 403;\n}'),
        ("if (!-f $request_filename) { break; }", "if (!-f $request_filename) {\n  break;\n}"),
        ("limit_except GET {}", "limit_except GET {\n}"),
        ('set $a "${host}x"; # gone', 'set $a "${host}x";'),
    ],
)
def test_a_statement_is_written_plainly(text: str, said: str) -> None:
    assert again(text) == [said]
    assert again(said) == [said]


@pytest.mark.parametrize(
    "text",
    [
        """add_header X "both ' and \\"";""",
        'add_header X "a\nb";',
        "add_header X 'a\x7fb';",
        'if ("$a b" = x) { break; }',
    ],
)
def test_what_no_quotes_make_certain_is_not_written(text: str) -> None:
    assert again(text) == [None]


@pytest.mark.parametrize("word", ["a\\", '"\\', "a\\\\\\", "\x00", "a\tb", "'\""])
def test_a_word_that_would_take_its_quote_along_is_none(word: str) -> None:
    assert quoted(word) is None


@given(st.text(max_size=12))
def test_a_word_ends_where_it_is_meant_to(word: str) -> None:
    """nginx: a backslash takes the next character along, and a quoted word ends at its own quote alone."""
    text = quoted(word)
    if text is None or text == word:
        assert text is None or not set(word) & set("\"'{};# \\")
        return
    inner, quote = text[1:-1], text[0]
    at = 0
    while at < len(inner):
        assert inner[at] != quote
        at += 2 if inner[at] == "\\" else 1
    assert at == len(inner)


@given(st.lists(st.text(min_size=1, max_size=8), min_size=2, max_size=3))
def test_whatever_is_written_is_one_statement(words: list[str]) -> None:
    statement = Statement("add_header", tuple(words), 1, "")
    text = written(statement, "location")
    if text is not None:
        found = parse(text, "location")
        assert isinstance(found, tuple)
        assert [(each.name, each.args) for each in found] == [("add_header", tuple(words))]
