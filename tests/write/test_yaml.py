"""What is written is read back the same by every reader that matters."""

from __future__ import annotations

import re
from io import StringIO
from time import process_time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from converter.write import dump

ROUTE = {
    "apiVersion": "gateway.networking.k8s.io/v1",
    "kind": "HTTPRoute",
    "metadata": {
        "name": "shop",
        "namespace": "web",
        "annotations": {"note": "yes", "lua": "-- one\nif x then\n\tend\n"},
    },
    "spec": {
        "hostnames": ["*.example.com", "shop.example.com"],
        "parentRefs": [],
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                "backendRefs": [{"name": "shop", "port": 8080, "weight": 1}],
                "timeouts": {"request": "1m30s"},
            }
        ],
    },
    "status": {},
}
ROUTE_TEXT = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: web
  annotations:
    note: 'yes'
    lua: |
      -- one
      if x then
      \tend
spec:
  hostnames:
  - '*.example.com'
  - shop.example.com
  parentRefs: []
  rules:
  - matches:
    - path:
        type: PathPrefix
        value: /
    backendRefs:
    - name: shop
      port: 8080
      weight: 1
    timeouts:
      request: 1m30s
status: {}
"""


def test_an_object():
    assert dump([ROUTE]) == ROUTE_TEXT


def test_a_stream():
    assert dump([{"a": 1}, {}, {"b": [None, True, False]}]) == "a: 1\n---\n{}\n---\nb:\n- null\n- true\n- false\n"


def test_no_objects():
    assert dump([]) == ""


def test_lists_in_lists():
    assert dump([{"a": [[1, ["x"], [], {}], ("z",)]}]) == "a:\n- - 1\n  - - x\n  - []\n  - {}\n- - z\n"


@pytest.mark.parametrize(("value", "text"), [(1.5, "1.5"), (1.0, "1.0"), (1e300, "1.0e+300"), (-2.5e-7, "-2.5e-07")])
def test_floats(value, text):
    assert dump([{"a": value}]) == f"a: {text}\n"
    assert _read_by_all(dump([{"a": value}])) == [[{"a": value}]] * len(READERS)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_kubernetes_has_not(value):
    with pytest.raises(ValueError, match="Kubernetes has no number"):
        dump([{"a": value}])


@pytest.mark.parametrize("value", [b"x", {1}, object()])
def test_types_that_yaml_has_not(value):
    with pytest.raises(TypeError, match="has no form in YAML"):
        dump([{"a": value}])


PLAIN_WORDS = """
shop v1 on-call Nope yess _x $host x{a} a[0] a,b a\\b it's 10s 1m30s 500ms 10.0.0.0/8 1.2.3.4
gateway.networking.k8s.io/v1 https://example.com/a?b=c#d /api(/|$)(.*) ^/(a|b)+$ a*b&c!d|e>f%g@h`
"""
PLAIN = [*PLAIN_WORDS.split(), "a b", "a - b", "GET, POST", 'say "x"']
SINGLE_WORDS = """
y Y n N yes Yes YES no on ON off true True TRUE tRuE false null Null NULL ~ nan inf = <<
.nan .NaN .inf -.inf 1 -1 +1 0 00 08 010 0o10 0x1f 0b1 1_000 1:30 190:20:30 1e3 12e03 1E+3 1. 1.5 .5 -.5 +.5
6.02e23 1.6 1.2.3 1.2.3.4.5 8Mi 1h30 2024-01-01 2024-1-1 2024-01-01T10:00:00Z
- -- --- . .. ... ? : @a `a %a { {a {} [a [] ] } , * *a &a !a | |- > >- " "a" + #a :a a:
${HOST} *.${HOST} http://${HOST}:${PORT}/ ä naïve 日本 😀
"""
SINGLE_TEXTS = """
2024-01-01 10:00:00
10 s
a  b
a: b
a #b
- a
--- a
... a
? a
: a
!!str a
{{ .Values.x }}
a ${B} c"""
SINGLE = [*SINGLE_WORDS.split(), *SINGLE_TEXTS.split("\n"), " ", " a", "a ", "\xa0"]
DOUBLE = {
    "'": '''"'"''',
    "'a": '''"'a"''',
    "': ": '''"': "''',
    "'\\": r'''"'\\"''',
    """'"'""": r'''"'\"'"''',
    "${A:-it's}": '''"${A:-it's}"''',
    "\t": r'"\t"',
    "a\tb": r'"a\tb"',
    "\n": r'"\n"',
    "\n\n": r'"\n\n"',
    "a\r\nb": r'"a\r\nb"',
    "\0": r'"\x00"',
    "\x1b[31m": r'"\x1b[31m"',
    "\x7f": r'"\x7f"',
    "\x85": r'"\x85"',
    "a\x85\nb": r'"a\x85\nb"',
    "\u2028": r'"\u2028"',
    "\u2029": r'"\u2029"',
    "\ufeff": r'"\ufeff"',
    "\uffff": r'"\uffff"',
    " a\nb": r'" a\nb"',
    "\na": r'"\na"',
    "a\n\n": r'"a\n\n"',
    "a\n ": r'"a\n "',
    "a\n\t\n": r'"a\n\t\n"',
}
LITERAL = {
    "a\nb": "|-\n  a\n  b",
    "a\nb\n": "|\n  a\n  b",
    "a\n": "|\n  a",
    "a\n\n b \n\tc": "|-\n  a\n\n   b \n  \tc",
    "a\n   \nb": "|-\n  a\n     \n  b",
    "---\n...\n": "|\n  ---\n  ...",
    "# a\n- b: 'c'": "|-\n  # a\n  - b: 'c'",
    "😀\n${HOST}": "|-\n  😀\n  ${HOST}",
}
STRINGS = [*PLAIN, *SINGLE, *DOUBLE, *LITERAL, "x" * 1200, "x\n" * 600]


@pytest.mark.parametrize("value", PLAIN)
def test_without_quotes(value):
    assert dump([{"a": value}]) == f"a: {value}\n"


@pytest.mark.parametrize("value", SINGLE)
def test_in_quotes(value):
    assert dump([{"a": value}]) == f"a: '{value}'\n"


@pytest.mark.parametrize(("value", "text"), DOUBLE.items())
def test_escaped(value, text):
    assert dump([{"a": value}]) == f"a: {text}\n"


@pytest.mark.parametrize(("value", "text"), LITERAL.items())
def test_literal(value, text):
    assert dump([{"a": value}]) == f"a: {text}\n"


def test_half_a_pair_is_no_character():
    assert dump([{"a": "\ud83d"}]) == 'a: "\\uFFFD"\n'


def test_a_placeholder_in_a_key():
    assert dump([{"${A}": 1}]) == "'${A}': 1\n"


def test_a_key_that_is_longer_than_a_reader_looks():
    key = "k" * 1001
    assert dump([{"a": [{key: [1]}], "b": {key[1:]: 1}}]) == f"a:\n- ? {key}\n  :\n  - 1\nb:\n  {key[1:]}: 1\n"


@pytest.mark.parametrize("value", STRINGS)
def test_every_reader_reads_the_same(value):
    objects = [
        {"a": value, value: value, "b": [value, [value, value], {"c": value}], "d": {value: [value]}},
        {value: {}},
    ]
    assert _read_by_all(dump(objects)) == [objects] * len(READERS)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text(" \t\n:#-'\"\\${}01eEyn.", max_size=8)
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.dictionaries(TEXT, VALUES, max_size=3), min_size=1, max_size=2))
def test_round_trip(objects):
    assert _read_by_all(dump(objects)) == [objects] * len(READERS)


@pytest.mark.parametrize(
    "value", ["a" * 200_000 + "\x00", "a " * 100_000, "1s" * 100_000, ":" * 200_000, "a\n" * 100_000 + "\r"]
)
def test_long_texts_take_linear_time(value):
    start = process_time()
    dump([{"a": value}])
    assert process_time() - start < 1


# Readers


def _ruamel(text):
    from ruamel.yaml import YAML

    return list(YAML(typ="safe", pure=True).load_all(StringIO(text)))


def _go(text):
    return [_go_node(node) for node in yaml.compose_all(text, Loader=yaml.SafeLoader)]


def _go_node(node):
    """What go-yaml v2 makes of a node; it differs from YAML 1.1 only in its plain scalars."""
    if isinstance(node, yaml.MappingNode):
        return {_go_node(key): _go_node(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_go_node(item) for item in node.value]
    return node.value if node.style else _go_plain(node.value)


GO_WORDS = {
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], True),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], False),
    **dict.fromkeys(["", "~", "null", "Null", "NULL"], None),
    **dict.fromkeys([".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "-.inf", "<<", "="], "special"),
}
GO_DATE = re.compile(r"\d{4}-\d\d?-\d\d?([Tt ].*)?")
GO_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def _go_plain(text):
    if text in GO_WORDS:
        return GO_WORDS[text]
    if text[0] not in "0123456789+-.":
        return text
    if GO_DATE.fullmatch(text):
        return ("date", text)
    digits = text.replace("_", "")
    for base in (0, 8):
        try:
            return int(digits, base)
        except ValueError:
            continue
    return float(digits) if GO_FLOAT.fullmatch(digits) else text


READERS = (
    lambda text: list(yaml.load_all(text, Loader=yaml.SafeLoader)),
    lambda text: list(yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))),
    _ruamel,
    _go,
)


def _read_by_all(text):
    return [read(text) for read in READERS]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("y", True),
        ("~", None),
        ("1e3", 1000.0),
        ("-.5", -0.5),
        ("08", 8.0),
        ("010", 8),
        ("0o10", 8),
        ("0x1f", 31),
        ("1_000", 1000),
        ("2024-01-01", ("date", "2024-01-01")),
        ("1:30", "1:30"),
        ("10s", "10s"),
        ("1.2.3.4", "1.2.3.4"),
    ],
)
def test_the_imitation_of_go_yaml(text, value):
    assert _go(f"a: {text}") == [{"a": value}]
