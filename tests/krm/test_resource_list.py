"""The text of a ResourceList: what is not touched stays byte for byte."""

from __future__ import annotations

import pytest
import yaml

from converter.krm.resource_list import NotAResourceListError, parse, rewrite

HEAD = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n"
TWO = """\
# what kustomize sends
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
# above a
- apiVersion: v1 # the first
  kind: ConfigMap
  metadata: {name: a}
  data:
    text: |
      --not a dash
      - nor this
# above b

- kind: ConfigMap
  apiVersion: v1
  metadata: {name: "b"}
functionConfig:   # ours
  kind: ConfigMap
"""
NEW = {"kind": "Gateway", "metadata": {"name": "g"}, "spec": {"listeners": [{"name": "http"}]}}
ADDED = """\
- kind: Gateway
  metadata:
    name: g
  spec:
    listeners:
    - name: http
"""


def test_without_a_change_the_text_stays() -> None:
    assert rewrite(parse(TWO), {}, (), ()) == TWO


def test_added_items_stand_at_the_end() -> None:
    assert rewrite(parse(TWO), {}, [NEW], ()) == TWO.replace("functionConfig", f"{ADDED}functionConfig")


def test_a_replaced_item_keeps_its_place_and_the_comment_above_the_next() -> None:
    first = TWO[TWO.index("- apiVersion: v1 #") : TWO.index("# above b")]

    assert rewrite(parse(TWO), {0: NEW}, (), ()) == TWO.replace(first, ADDED)


def test_a_removed_item_leaves_the_others_as_they_are() -> None:
    last = TWO[TWO.index("- kind: ConfigMap") : TWO.index("functionConfig")]

    assert rewrite(parse(TWO), {1: None}, (), ()) == TWO.replace(last, "")


def test_when_all_items_go_the_list_is_empty() -> None:
    text = f"{HEAD}items:\n- kind: A\n- kind: B\nx: y\n"

    assert rewrite(parse(text), {0: None, 1: None}, (), ()) == f"{HEAD}items: []\nx: y\n"


def test_results_take_the_place_of_earlier_ones() -> None:
    result = {"message": "It is lost.", "severity": "warning"}
    text = rewrite(parse(TWO), {}, (), [result])

    assert text == f"{TWO}results:\n- message: It is lost.\n  severity: warning\n"
    assert rewrite(parse(text), {}, (), [result]) == text
    assert rewrite(parse(text), {}, (), ()) == TWO


@pytest.mark.parametrize("items", ["items: []\n", "items:\n", "items: null\n", ""])
def test_a_list_without_items_gets_some(items: str) -> None:
    text = f"{HEAD}{items}functionConfig: {{}}\n"
    found = rewrite(parse(text), {}, [NEW], ())

    assert yaml.safe_load(found) == {**yaml.safe_load(text), "items": [NEW]}


@pytest.mark.parametrize(
    "items",
    [
        "items:\n  - kind: A # kept\n    x: 1\n",
        "items:\n  -\n    kind: A # kept\n    x: 1\n",
        "items:\n  - # kept\n    kind: A\n    x: 1\n",
        "items:\n-   kind: A # kept\n    x: 1\n",
        "items:\n- # kept\n  kind: A\n  x: 1",
        "items:\n- {kind: A, # kept\n  x: 1}\n",
    ],
)
def test_other_ways_to_write_a_list_are_kept_too(items: str) -> None:
    text = HEAD + items
    found = rewrite(parse(text), {}, [NEW], ())

    assert found.startswith(text)
    assert yaml.safe_load(found)["items"] == [{"kind": "A", "x": 1}, NEW]


@pytest.mark.parametrize(
    "text",
    [
        '{"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [{"kind": "A"}], "results": []}',
        f"{HEAD}items: [{{kind: A}}]\n",
        "  kind: ResourceList\n  items:\n  - kind: A\n",
    ],
)
def test_what_is_not_kept_by_lines_is_written_anew(text: str) -> None:
    found = yaml.safe_load(rewrite(parse(text), {}, [NEW], [{"message": "m"}]))

    assert (found["kind"], found["items"], found["results"]) == (
        "ResourceList",
        [{"kind": "A"}, NEW],
        [{"message": "m"}],
    )


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_are_kept(end: str) -> None:
    text = TWO.replace("\n", end)

    assert rewrite(parse(text), {}, [NEW], ()) == text.replace("functionConfig", f"{ADDED}functionConfig")


def test_line_breaks_that_only_yaml_knows_do_not_shift_lines() -> None:
    text = f"{HEAD}items:\n- kind: A\n  x: 'a\u2028b\x0cc'\n- kind: B\n".replace("\x0c", "")

    assert rewrite(parse(text), {1: NEW}, (), ()) == text.replace("- kind: B\n", ADDED)


def test_a_second_document_is_not_answered() -> None:
    assert rewrite(parse(f"---\n{TWO}---\nkind: Other\n"), {}, (), ()) == f"---\n{TWO}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The input is no ResourceList, which is what kustomize and kpt send to a function."),
        ("kind: Ingress\n", "The input is no ResourceList, which is what kustomize and kpt send to a function."),
        ("- a\n", "The input is no ResourceList, which is what kustomize and kpt send to a function."),
        ("kind: ResourceList\nitems: {}\n", None),
        ("kind: ResourceList\n\nitems: text\n", "Line 3 of the input: items is no list."),
        (
            "kind: ResourceList\nitems: [\n",
            "Line 3 of the input is no YAML: did not find expected node content.",
        ),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(text: str, message: str | None) -> None:
    if message is None:
        assert parse(text).items == []
        return
    with pytest.raises(NotAResourceListError) as error:
        parse(text)
    assert str(error.value) == message
