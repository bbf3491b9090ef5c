"""The lines of each Ingress, and of nothing else."""

from __future__ import annotations

import io
from dataclasses import replace

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


SECRET = '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {"p": "hunter2"}}'
WEB = '{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "web"}}'


def test_what_shares_its_line_with_another_object_is_cut_out_of_it() -> None:
    assert cut(f'{{"apiVersion": "v1", "kind": "List", "items": [{SECRET}, {WEB}, {SECRET}]}}') == [(1, WEB)]


def test_items_that_begin_and_end_on_shared_lines_are_cut_out_of_them() -> None:
    secret, web = SECRET.replace("stringData", "\nstringData"), WEB.replace(' "metadata', '\n "metadata')
    text = '{"apiVersion": "v1", "kind": "List", "items": [\n' + f"{secret}, {web}, {secret}]}}"
    assert all("hunter2" not in found for _, found in cut(text))


def test_a_neighbour_that_is_not_known_is_not_shown_either() -> None:
    """What builds an object may have moved the other items of its list."""
    item = '{\n  "apiVersion": "networking.k8s.io/v1",\n  "kind": "Ingress",\n  "metadata": {"name": "web"}\n}'
    text = f'{{"apiVersion": "v1", "kind": "List", "items": [\n{item},\n{SECRET}\n]}}'
    documents = read(["-"], io.BytesIO(text.encode())).documents
    ingress = [document for document in documents if document.text]
    assert [found.text for found in source_texts(ingress)] == [item]


def test_json_with_tabs_is_not_shown_as_part_of_a_list() -> None:
    text = '{\n\t"apiVersion": "v1",\n\t"kind": "List",\n\t"items": [\n\t\t' + WEB + "\n\t]\n}"
    assert all(found == WEB for _, found in cut(text))


def test_a_list_that_begins_on_the_mark_of_its_document_is_no_ingress() -> None:
    text = f'--- {{"apiVersion": "v1", "kind": "List", "items": [\n{WEB},\n{SECRET}\n]}}'
    assert cut(text) == [(2, WEB)]


def test_what_was_generated_stands_in_no_file() -> None:
    (document,) = read(["-"], io.BytesIO(INGRESS.encode())).documents
    assert source_texts([replace(document, line=0, column=0, text_line=1, built="kustomization.yaml")]) == ()


def test_a_text_says_what_built_upon_it() -> None:
    (document,) = read(["-"], io.BytesIO(INGRESS.encode())).documents
    (found,) = source_texts([replace(document, built="prod/kustomization.yaml")])
    assert (found.name, found.built) == ("web", "prod/kustomization.yaml")
