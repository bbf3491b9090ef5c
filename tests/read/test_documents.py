"""Text becomes documents that know their place; a fault in one never stops the others."""

from __future__ import annotations

import io

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from converter.problems import Problem
from converter.read import Document, Reading, read

INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\n"


def stdin(data: str | bytes) -> Reading:
    return read(["-"], io.BytesIO(data if isinstance(data, bytes) else data.encode()))


def only(data: str | bytes) -> Document:
    (document,) = stdin(data).documents
    return document


def fault(data: str | bytes) -> Problem:
    (problem,) = stdin(data).problems
    return problem


def test_every_document_of_a_stream_knows_its_place() -> None:
    found = stdin(f"# head\n---\n{INGRESS}---\n# nothing\n---\n\n  \n---\n{INGRESS}...\n").documents

    assert [(d.file, d.index, d.line, d.column) for d in found] == [("<stdin>", 0, 3, 1), ("<stdin>", 1, 12, 1)]


def test_every_field_knows_its_line_and_column() -> None:
    value = only(INGRESS + "spec:\n  rules:\n    - host: a\n    - host: b\n").value

    assert value.at["kind"] == (2, 1)
    assert value["spec"].at["rules"] == (5, 3)
    assert value["spec"]["rules"].at == [(6, 7), (7, 7)]


@pytest.mark.parametrize("kind", ["List", "IngressList"])
def test_the_items_of_a_list_are_documents_with_lines_of_their_own(kind: str) -> None:
    version = "v1" if kind == "List" else "networking.k8s.io/v1"
    inner = "apiVersion: networking.k8s.io/v1, kind: Ingress, " if kind == "List" else ""
    items = "".join(f"  - {{{inner}metadata: {{name: {name}}}}}\n" for name in "ab")
    found = stdin(f"apiVersion: {version}\nkind: {kind}\nitems:\n{items}").documents

    assert [(d.index, d.line, d.value["kind"], d.value["apiVersion"]) for d in found] == [
        (0, 4, "Ingress", "networking.k8s.io/v1"),
        (0, 5, "Ingress", "networking.k8s.io/v1"),
    ]


def test_json_is_read_also_when_it_is_indented_by_tabs() -> None:
    document = only(
        '{\n\t"apiVersion": "networking.k8s.io/v1",\n\t"kind": "Ingress",\n\t"metadata": {"name": "a\\tb"}\n}'
    )

    assert document.value["metadata"]["name"] == "a\tb"
    assert document.value.at["kind"][0] == 3


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + INGRESS.encode(), INGRESS.replace("\n", "\r\n").encode(),
                                  INGRESS.encode("utf-16")])  # fmt: skip
def test_byte_order_marks_and_windows_line_ends_are_accepted(data: bytes) -> None:
    document = only(data)

    assert document.value.at == {"apiVersion": (1, 1), "kind": (2, 1), "metadata": (3, 1)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[(word, True) for word in ("true", "True", "yes", "on", "y")],
        *[(word, False) for word in ("false", "No", "off", "n")],
        *[(word, None) for word in ("", "~", "null")],
        *[
            ("010", 8),
            ("0o10", 8),
            ("0x1F", 31),
            ("0b11", 3),
            ("1_000", 1000),
            ("-5", -5),
            ("1e3", 1000.0),
            (".5", 0.5),
        ],
        *[(text, text) for text in ("2024-01-01", "12:30:45", "1.2.3", "0x", "yess", "1m", "=")],
        ("'true'", "true"),
        ('"010"', "010"),
        ("!!str 10", "10"),
        ("${VALUE}", "${VALUE}"),
    ],
)
def test_scalars_are_those_of_kubernetes(text: str, value: object) -> None:
    found = only(f"{INGRESS}a: {text}\n").value["a"]

    assert (found, type(found)) == (value, type(value))


def test_the_text_of_what_is_no_string_is_kept() -> None:
    assert only(f"{INGRESS}a: 0x1F\nb: [yes, text]\n").value.raw == {"a": "0x1F"}


def test_anchors_aliases_and_merge_keys() -> None:
    value = only(f"{INGRESS}a: &x {{b: 1, c: 2}}\nd: *x\ne: {{<<: *x, c: 3}}\n").value

    assert (value["d"], value["e"]) == ({"b": 1, "c": 2}, {"b": 1, "c": 3})


BOMB = "a: &a [x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)
)


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (f"{INGRESS}a: [1\n", "invalid-yaml", 5),
        (f"{INGRESS}a: *none\n", "invalid-yaml", 4),
        (f"{INGRESS}? [a]\n: b\n", "invalid-yaml", 4),
        ('{"kind": "Ingress",\n', "invalid-yaml", 2),
        (f"{INGRESS}a: {{{{ .Values.a }}}}\n", "template", 4),
        (f"{INGRESS}a: '{{{{ .Values.a }}}}'\n", "template", 1),
        (f"{{% if a %}}\n{INGRESS}{{% endif %}}\n", "template", 1),
        (f"{INGRESS}kind: Ingress\n", "duplicate-key", 4),
        (f"{INGRESS}{BOMB}", "alias-bomb", 9),
        (f"{INGRESS}a: &a [*a]\n", "alias-bomb", 4),
        (f"{INGRESS}a: {'[' * 100}\n", "too-deep", 4),
        ("metadata: {name: web}\n", "no-kind", 1),
        ("- a\n- b\n", "not-an-object", 1),
        ("text\n", "not-an-object", 1),
        ("", "empty", 0),
        ("# nothing\n---\n", "empty", 0),
        (INGRESS.encode() + b"a: \xff\n", "not-text", 4),
        (INGRESS.encode() + b"\x00", "not-text", 4),
        (b"a" * (16 * 1024 * 1024 + 1), "too-large", 0),
    ],
)
def test_a_fault_is_told_with_its_line(data: str | bytes, code: str, line: int) -> None:
    found = fault(data)

    assert (found.code, found.line) == (code, line)
    assert found.message.endswith(".")
    assert found.advice.endswith(".")


def test_a_fault_costs_one_document_of_a_stream() -> None:
    reading = stdin(f"{INGRESS}---\nkind: Ingress\na: [\n---\n{INGRESS}")

    assert [document.index for document in reading.documents] == [0, 2]
    assert [(problem.code, problem.line) for problem in reading.problems] == [("invalid-yaml", 7)]


def test_what_comes_last_counts_of_a_key_that_stands_twice() -> None:
    assert only(f"{INGRESS}a: 1\na: 2\n").value["a"] == 2


def test_kinds_that_nobody_needs_are_not_even_parsed() -> None:
    reading = stdin("kind: Deployment\napiVersion: apps/v1\nspec: [\n")

    assert (reading.documents, reading.problems) == ((), ())


def test_the_values_of_a_secret_are_forgotten_at_once() -> None:
    value = only("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {key: c2VjcmV0}\nstringData: {b: 1}\n").value

    assert (value["data"], value["stringData"]) == ({"key": ""}, {"b": ""})


def is_plain_to_both(text: str) -> bool:
    """PyYAML writes y, n and 0E0 without quotes, which Kubernetes reads as booleans and numbers."""
    return text not in ("y", "Y", "n", "N") and text[:1] not in tuple("+-.0123456789")


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])).filter(is_plain_to_both)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z]{2,8}", fullmatch=True), inner),
    max_leaves=12,
)


@given(VALUES, st.booleans())
def test_what_pyyaml_writes_is_read_as_the_same(value: object, flow: bool) -> None:
    text = yaml.safe_dump({"apiVersion": "v1", "kind": "Ingress", "a": value}, default_flow_style=flow)

    assert [d.value["a"] for d in stdin(text).documents] in ([value], [])
    assert bool(stdin(text).documents) == ("{{" not in text)


@given(st.binary(max_size=200) | st.text(alphabet="a:-[]{}&*!|>'\"%#\n\t ?,<", max_size=80).map(str.encode))
def test_nothing_makes_it_fail(data: bytes) -> None:
    reading = stdin(b"kind: Ingress\n" + data)

    assert all(isinstance(document.value, dict) for document in reading.documents)
