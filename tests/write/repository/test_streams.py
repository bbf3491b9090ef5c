"""Documents go out of a stream, and the others stay to the letter."""

from __future__ import annotations

import pytest

from converter.write.repository.streams import stands_alone, without_documents

SERVICE = "apiVersion: v1\nkind: Service  # ours\n"
INGRESS = "# The way in.\napiVersion: networking.k8s.io/v1\nkind: Ingress\n"
CASES = {
    "the last": ([SERVICE, INGRESS], {1}, SERVICE),
    "the first": ([INGRESS, SERVICE], {0}, SERVICE),
    "one between two": ([SERVICE, INGRESS, SERVICE], {1}, f"{SERVICE}---\n{SERVICE}"),
    "several": ([INGRESS, SERVICE, INGRESS], {0, 2}, SERVICE),
    "all": ([INGRESS, INGRESS], {0, 1}, ""),
    "none": ([SERVICE, INGRESS], set(), f"{SERVICE}---\n{INGRESS}"),
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("case", CASES)
def test_documents_go(case: str, line_end: str) -> None:
    documents, gone, left = CASES[case]
    text = "---\n".join(documents).replace("\n", line_end)

    assert without_documents(text, gone) == left.replace("\n", line_end)


def test_a_mark_at_the_head_stays() -> None:
    assert without_documents(f"---\n{INGRESS}---\n{SERVICE}", {0}) == f"---\n{SERVICE}"


def test_comments_between_documents_stay_with_the_next() -> None:
    assert without_documents(f"{INGRESS}---\n# Below.\n{SERVICE}", {0}) == f"# Below.\n{SERVICE}"


def test_the_mark_that_ends_a_document_goes_with_it() -> None:
    assert without_documents(f"# Ours.\n---\n{INGRESS}...\n---\n{SERVICE}", {0}) == f"# Ours.\n---\n{SERVICE}"
    assert without_documents(f"{SERVICE}---\n{INGRESS}...\n", {1}) == SERVICE
    assert without_documents(f"{SERVICE}...\n---\n{INGRESS}", {1}) == f"{SERVICE}...\n"


def test_a_document_stands_alone_unless_it_is_a_list() -> None:
    listed = "apiVersion: v1\nkind: List\nitems:\n- kind: Ingress\n"

    assert stands_alone(f"{SERVICE}---\n{INGRESS}", 1)
    assert not stands_alone(listed, 0)
    assert not stands_alone(SERVICE, 0)
    assert not stands_alone(SERVICE, 7)
    assert not stands_alone("%YAML 1.1\n---\n" + INGRESS, 0)
