"""The lines of each Ingress, and of nothing else."""

from __future__ import annotations

import io

from converter.read import read
from converter.report.sources import source_texts

INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web  # ours
"""


def cut(text: str, times: int = 1) -> list[tuple[int, str]]:
    documents = read(["-"], io.BytesIO(text.encode())).documents
    return [(found.line, found.text) for found in source_texts(documents * times)]


def test_an_ingress_is_shown_as_it_is_written() -> None:
    assert cut(f"# A remark\n{INGRESS}---\n{INGRESS}") == [(1, f"# A remark\n{INGRESS}"), (6, f"---\n{INGRESS}")]


def test_a_file_that_was_named_twice_is_shown_once() -> None:
    assert cut(INGRESS, times=2) == [(1, INGRESS)]


def test_nothing_but_ingresses_is_shown() -> None:
    assert cut("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {password: hunter2}\n") == []


LIST = """\
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata: {name: a}
    stringData: {password: hunter2}
  - apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
  - apiVersion: v1
    kind: Secret
    metadata: {name: b}
    stringData: {password: hunter3}
metadata: {}
"""


def test_an_item_of_a_list_is_shown_without_its_neighbours() -> None:
    item = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web"
    assert cut(LIST) == [(8, item)]


def test_the_last_item_ends_where_the_list_does() -> None:
    head, _, _ = LIST.partition("  - apiVersion: v1\n    kind: Secret\n    metadata: {name: b}")
    ((_, text),) = cut(head + "metadata: {}\n")
    assert text.endswith("name: web")


def test_items_in_json_are_told_apart() -> None:
    item = '{\n  "apiVersion": "networking.k8s.io/v1",\n  "kind": "Ingress",\n  "metadata": {"name": "web"}\n}'
    indented = item.replace("\n", "\n    ")
    text = f'{{\n  "apiVersion": "v1",\n  "kind": "List",\n  "items": [\n    {indented}\n  ]\n}}\n'
    assert cut(text) == [(5, item)]


def test_what_shares_its_line_with_another_object_is_not_shown() -> None:
    secret = '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {"p": "hunter2"}}'
    web = '{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "web"}}'
    assert cut(f'{{"apiVersion": "v1", "kind": "List", "items": [{secret}, {web}]}}') == []


def test_the_end_of_a_secret_on_the_first_line_is_cut_off() -> None:
    secret = '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"},\n  "stringData": {"p": "hunter2"}}'
    web = '{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "web"}}'
    ((line, text),) = cut(f'{{"apiVersion": "v1", "kind": "List", "items": [\n{secret}, {web}]}}')
    assert (line, text) == (3, f"{web}]}}")
