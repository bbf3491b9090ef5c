"""Values of charts ask for an Ingress in a few ways."""

from __future__ import annotations

import pytest

from converter.read.helm.values import wish_in_text


@pytest.mark.parametrize(
    ("values", "path", "line"),
    [
        ("ingress: {enabled: true}", "ingress", 1),
        ("ingress:\n  enabled: 'true'", "ingress", 1),
        ("a: 1\nserver:\n  ingress:\n    enabled: true\n", "server.ingress", 3),
        ("web: {adminIngress: {enabled: yes}}", "web.adminIngress", 1),
        ("a:\n  - {b: 1}\n  - annotations:\n      nginx.ingress.kubernetes.io/rewrite-target: /\n",
         "a.annotations.nginx.ingress.kubernetes.io/rewrite-target", 4),
    ],
)  # fmt: skip
def test_a_section_that_is_enabled_or_an_annotation_asks_for_one(values: str, path: str, line: int) -> None:
    assert wish_in_text(values, 1) == (path, line)


@pytest.mark.parametrize(
    "values",
    [
        "",
        "- 1",
        "a: [",
        "ingress: {enabled: false, annotations: {nginx.ingress.kubernetes.io/rewrite-target: /}}",
        "ingress: true",
        "ingress: {className: nginx}",
        "ingressClass: {enabled: true}",
        "nginx.ingress.kubernetes.io: {enabled: true}",
    ],
)
def test_anything_else_does_not(values: str) -> None:
    assert wish_in_text(values, 1) is None
