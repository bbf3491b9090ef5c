"""The rules are those of Go: ``strconv``, ``regexp`` (RE2) and ``net``."""

from __future__ import annotations

from itertools import chain, product

import pytest

from converter.tables import AnnotationRow, controller_table
from converter.validity import go_regex, parse_bool, parse_int, valid

ROWS = controller_table("ingress-nginx").annotations


def row(**columns):
    base = dict.fromkeys(("pattern", "linear", "spaces", "default", "configmap", "note", "unused"))
    base |= {"name": "x", "group": "x", "topic": "x", "scope": "location", "type": "string", "values": ()}
    base |= {"ignores_case": False, "risk": "low", "invalid": "default", "since": "1.0.0", "effect": "x"}
    base |= {"becomes": (), "needs": None}
    return AnnotationRow(**base | columns)


def accepted(name, values):
    return [value for value in values if valid(ROWS[name], value)]


def test_booleans_are_those_of_go():
    true, false = ["1", "t", "T", "TRUE", "true", "True"], ["0", "f", "F", "FALSE", "false", "False"]
    refused = ["", "yes", "no", "on", "off", "tRUE", " true", "true ", "2", "01"]
    assert [parse_bool(text) for text in true] == [True] * 6
    assert [parse_bool(text) for text in false] == [False] * 6
    assert [parse_bool(text) for text in refused] == [None] * len(refused)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("60", 60),
        ("+5", 5),
        ("-5", -5),
        ("-0", 0),
        ("007", 7),
        ("0" * 5000 + "7", 7),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("9223372036854775808", None),
        ("9" * 5000, None),
        ("", None),
        ("60s", None),
        (" 60", None),
        ("60\n", None),
        ("6_0", None),
        ("1.0", None),
        ("0x10", None),
        ("--1", None),
        ("+", None),
        ("٦", None),
    ],
)
def test_numbers_are_those_of_go(text, number):
    assert parse_int(text) == number


def test_an_empty_value_is_never_looked_at():
    assert {name for name, found in ROWS.items() if not valid(found, "")} == set()


def test_a_boolean():
    assert accepted("ssl-redirect", ["true", "0", "yes", "on", " true"]) == ["true", "0"]


@pytest.mark.parametrize("name", ["limit-rps", "proxy-read-timeout", "limit-rate"])
def test_a_number(name):
    assert accepted(name, ["60", "-1", "60s", "1m", " 60", "1.5"]) == ["60", "-1"]


def test_an_enum_ignores_the_space_around_a_word():
    assert accepted("affinity", ["cookie", " cookie\n", "Cookie", "cookies"]) == ["cookie", " cookie\n"]


def test_an_enum_that_ignores_case():
    values = ["grpc", "GRPC", "Grpc ", "AJP", "http s"]
    assert accepted("backend-protocol", values) == ["grpc", "GRPC", "Grpc "]


def test_networks():
    good = ["10.0.0.1", "10.0.0.1/8", "10.0.0.0/8, ::1 ,2001:db8::/32", "0.0.0.0/0", "::ffff:10.0.0.1", "10.0.0.0/08"]
    bad = ["10.0.0.0/8,", ",", " ", "10.0.0.0/33", "10.0.0.0/255.0.0.0", "fe80::1%eth0", "10.0.0", "010.0.0.1", "x"]
    bad += ["10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/ 8", "10.0.0.0/8/8", "167772161"]
    assert accepted("allowlist-source-range", good + bad) == good


def test_the_name_of_a_service():
    good = ["a", "web-1", "a" * 63]
    assert accepted("default-backend", [*good, "1web", "Web", "web-", "a" * 64, "ns/web", "web\n", "a.b"]) == good


def test_a_common_name_holds_an_expression_of_go():
    good = [r"CN=(my\.common\.name)", "CN=", "CN=[[:alpha:]]+", "CN=a?"]
    bad = [
        "name",
        "CN(a)",
        "cn=a",
        r"CN=(a]",
        "CN=(?=a)",
        "CN=(?<!a)b",
        r"CN=(a)\1",
        "CN=(" * 2000,
        "CN=a{99999999999}",
    ]
    assert accepted("auth-tls-match-cn", good + bad) == good


@pytest.mark.parametrize("name", ["server-snippet", "modsecurity-snippet"])
def test_a_snippet_is_never_refused(name):
    assert accepted(name, ["deny all;\n", "}"]) == ["deny all;\n", "}"]


def test_a_pattern_with_blanks_taken_out():
    values = ["ns/name", " ns / name ", "a\tb", "a b", "a;b"]
    assert accepted("auth-secret", values) == ["ns/name", " ns / name ", "a b"]


def test_a_pattern_with_blanks_kept():
    assert accepted("rewrite-target", ["/$1", "/a b", " /", "/a?b"]) == ["/$1"]


def test_a_pattern_with_blanks_around_it_taken_off():
    assert accepted("upstream-vhost", [" a.example ", "a b", "a;b"]) == [" a.example "]


def test_each_element_of_a_list_of_hosts_counts():
    values = ["a.example, *.b.example", r"~^www\d+\.example\.com$", "a,,b", "a.example,b;c", "a b"]
    assert accepted("server-alias", values) == values[:3]


def test_a_pattern_never_lets_a_line_break_through():
    loose = row(pattern=r"^\s*[a-z]+")
    assert [valid(loose, text) for text in ("a", " a", "a\n", "\ra")] == [True, True, False, False]


def test_a_pattern_that_is_not_anchored_matches_anywhere():
    assert accepted("auth-type", ["basic", "xbasicx", "Basic"]) == ["basic", "xbasicx"]
    assert accepted("session-cookie-max-age", ["0", "0x", "-5", "x5", "5x", "00"]) == ["0", "0x", "-5", "x5", "00"]


def test_a_flag_in_the_middle_of_a_pattern():
    assert accepted("proxy-body-size", ["8m", "8M", "8 m", "0", "8mb", "m", "٨m"]) == ["8m", "8M", "8 m", "0"]


def test_a_type_without_pattern_and_rule_accepts_anything():
    assert valid(row(type="string"), "a;\n")


@pytest.mark.parametrize(
    ("pattern", "python"),
    [
        ("^a$", r"^a\Z"),
        (r"^[a$]\$$", r"^[a$]\$\Z"),
        (r"[^]$]$", r"[^]$]\Z"),
        (r"[\]$]$", r"[\]$]\Z"),
        (r"a\s", r"a[\t\n\f\r ]"),
        ("^(?i)a", "^a"),
        (r"a\\$", r"a\\" + r"\Z"),
        ("abc", "abc"),
    ],
)
def test_what_go_writes_otherwise(pattern, python):
    assert go_regex(pattern).pattern == python


def strings(parts, length):
    return map("".join, chain.from_iterable(product(parts, repeat=size) for size in range(length + 1)))


@pytest.mark.parametrize(
    ("name", "parts", "length"),
    [
        ("cors-allow-methods", ["a", "Z", ",", "\t", "1"], 6),
        ("cors-expose-headers", ["a", "-", "_", "*", ",", "\t", ";"], 5),
        ("cors-allow-origin", ["a", "Z", "1", ":", "/", "*", ".", ",", "-"], 5),
        ("cors-allow-origin", ["null", "https://", "://", "HTTP://", "*.", ":80", ",", "a", "*", "/"], 3),
        ("ssl-ciphers", ["A", "+", "@STRENGTH", "@SECLEVEL=3", "@SECLEVEL=9", "@", "=", "3", ";"], 4),
        ("session-cookie-expires", ["-", "0", "1", "9", "x"], 6),
        ("session-cookie-max-age", ["-", "0", "1", "9", "x"], 6),
    ],
)
def test_the_linear_form_of_a_pattern_means_the_same(name, parts, length):
    pattern, linear = go_regex(ROWS[name].pattern), go_regex(ROWS[name].linear)
    assert [s for s in strings(parts, length) if bool(pattern.search(s)) != bool(linear.search(s))] == []


@pytest.mark.parametrize("name", sorted(name for name, found in ROWS.items() if found.pattern))
def test_no_value_makes_a_pattern_backtrack_for_ever(name):
    """If one does, this test does not end."""
    units = ["a", "1", "0", "-", "/", "/a", "a/", "a.", ",", "a,", "a ", "4", "400,", ",44", ":80", "http://"]
    units += ["off", "error ", "TLSv1.2", "@STRENGTH", "A", "*.", "null", "\t"]
    assert accepted(name, [unit * 4000 + "\0\n\0" for unit in units]) == []
