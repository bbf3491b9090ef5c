"""nginx's own language: words, quotes, blocks, and what nginx would refuse."""

from __future__ import annotations

import pytest

from converter.nginx.grammar import Context, Fault, parse


def texts(text: str, context: Context = "location") -> list[tuple[int, str]]:
    found = parse(text, context)
    assert not isinstance(found, Fault), found
    return [(statement.line, statement.text) for statement in found]


def test_a_text_becomes_statements_with_their_lines() -> None:
    text = """
# What a browser may do.
more_set_headers "X-Frame-Options: DENY"
                 'X-A: "b"';
add_header X-B b always; add_header X-C "it's";  # the same line
if ($http_user_agent ~* "bot|wget") {
  return 403;
}
"""
    assert texts(text) == [
        (3, "more_set_headers 'X-Frame-Options: DENY' 'X-A: \"b\"';"),
        (5, "add_header X-B b always;"),
        (5, 'add_header X-C "it\'s";'),
        (6, "if ($http_user_agent ~* bot|wget) {\n  return 403;\n}"),
    ]


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "  # nothing"])
def test_a_text_without_directives(text: str) -> None:
    assert parse(text, "location") == ()


def test_the_statement_again_reads_as_the_same() -> None:
    text = """
if ($http_x = "") { return 401 "who; are { you"; }
location ~* "^/a{2}$" { deny all; }
access_by_lua_block { if x then y("{") end }
set $x "a\\"b";
"""
    first = parse(text, "server")
    assert not isinstance(first, Fault)
    again = parse("\n".join(statement.text for statement in first), "server")
    assert not isinstance(again, Fault)
    assert [(s.name, s.args, s.text) for s in again] == [(s.name, s.args, s.text) for s in first]


FAULTS = {
    "no semicolon at the end": ("a b;\nreturn 403", 2, 'directive "return" is not terminated by ";"'),
    "no semicolon in a block": ("if ($a) {\n  return 403\n}", 2, 'directive "return" is not terminated by ";"'),
    "an open quote": ('a b;\n"c', 2, "a quote or a block is left open at its end"),
    "an open block": ("if ($a) {\n  return 403;\n", 2, "a quote or a block is left open at its end"),
    "a block that is not its own": (
        "return 404;\n}\nlocation /admin {\n  return 200;",
        2,
        'a "}" closes the block that the snippet stands in',
    ),
    "a block without a name": ("{ a b; }", 1, 'unexpected "{"'),
    "a lonely semicolon": ("a b;\n;", 2, 'unexpected ";"'),
    "too many words": ("return 403 a b;", 1, 'invalid number of arguments in "return" directive'),
    "not in such a block": (
        "if ($a) {\n  proxy_set_header b c;\n}",
        2,
        '"proxy_set_header" directive is not allowed here',
    ),
    "too deep": ("a {" * 20 + "}" * 20, 1, "its blocks lie too deep in each other"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_nginx_refuses(case: str) -> None:
    text, line, message = FAULTS[case]
    assert parse(text, "location") == Fault(line, message)


def test_nothing_is_included() -> None:
    assert texts("include /etc/passwd;") == [(1, "include /etc/passwd;")]


def test_a_location_stands_in_a_server_only_where_it_is_one() -> None:
    assert texts("location = /x { return 204; }", "server") == [(1, "location = /x {\n  return 204;\n}")]
    assert parse("location = /x { return 204; }", "http") == Fault(1, '"location" directive is not allowed here')
