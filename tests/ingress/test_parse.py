"""A document becomes an Ingress; what an API server would refuse is told, and read as it was meant."""

from __future__ import annotations

import io
from typing import Any

import pytest

from converter.ingress.model import Backend, Ingress
from converter.ingress.parse import parse
from converter.problems import Problem
from converter.read import read

HOST = ["spec.rules.host", "spec.rules.http.paths"]
WHOLE = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  creationTimestamp: "2024-01-01T00:00:00Z"
  annotations:
    example.com/owner: team
spec:
  ingressClassName: nginx
  defaultBackend: { service: { name: rest, port: { name: http } } }
  tls:
    - hosts: [shop.example.com, WWW.example.com]
      secretName: shop-tls
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /cart
            pathType: Exact
            backend: { service: { name: cart, port: { number: 80 } } }
    - http:
        paths:
          - pathType: Prefix
            backend: { service: { name: any, port: { number: 81 } } }
"""


def parsed(text: str, home: str = "") -> tuple[Ingress | None, tuple[Problem, ...]]:
    (document,) = read(["-"], io.BytesIO(text.encode())).documents
    return parse(document, home)


def whole(old: str = "", new: str = "", home: str = "") -> tuple[Ingress, list[tuple[int, str]]]:
    """The example above with one part of its text replaced; its problems as line and code."""
    assert old in WHOLE
    ingress, problems = parsed(WHOLE.replace(old, new, 1), home)
    assert ingress
    return ingress, [(problem.line, problem.code) for problem in problems]


def said(ingress: Ingress) -> list[tuple[str, str, str, int]]:
    return [(o.type, o.key, o.value, o.source.line) for o in ingress.origins()]


def test_everything_it_says_is_an_entry_with_its_line() -> None:
    ingress, problems = whole()

    assert problems == []
    assert (ingress.name, ingress.namespace, ingress.created) == ("web", "shop", "2024-01-01T00:00:00Z")
    assert said(ingress) == [
        ("annotation", "example.com/owner", "team", 8),
        ("field", "spec.ingressClassName", "nginx", 10),
        ("field", "spec.defaultBackend", "rest:http", 11),
        ("field", "spec.tls", "shop-tls: shop.example.com, www.example.com", 13),
        ("field", "spec.rules.host", "shop.example.com", 16),
        ("field", "spec.rules.http.paths", "shop.example.com/cart (Exact) → cart:80", 19),
        ("field", "spec.rules.host", "(any host)", 22),
        ("field", "spec.rules.http.paths", "(any host)/ (Prefix) → any:81", 24),
    ]


@pytest.mark.parametrize("version", ["extensions/v1beta1", "networking.k8s.io/v1beta1"])
def test_old_versions_are_read_as_what_they_mean(version: str) -> None:
    ingress, problems = parsed(
        f"""\
apiVersion: {version}
kind: Ingress
metadata: {{ name: old }}
spec:
  backend: {{ serviceName: rest, servicePort: http }}
  rules:
    - host: shop.example.com
      http:
        paths:
          - backend: {{ serviceName: web, servicePort: 80 }}
          - path: /cart
            backend: {{ serviceName: cart, servicePort: "8080" }}
"""
    )

    assert problems == ()
    assert ingress
    assert ingress.default_backend
    assert ingress.default_backend.backend == Backend("rest", "http")
    assert [(p.path, p.path_type, p.backend) for p in ingress.rules[0].paths] == [
        ("/", "ImplementationSpecific", Backend("web", 80)),
        ("/cart", "ImplementationSpecific", Backend("cart", 8080)),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [("true", "true"), ("10", "10"), ("1.5", "1.5"), ("0x10", "0x10"), ("1_000", "1_000"), ("[a]", '["a"]'), ("", "")],
)
def test_an_unquoted_annotation_counts_as_its_text(value: str, text: str) -> None:
    ingress, problems = whole("example.com/owner: team", f"example.com/owner: {value}")

    assert ingress.annotations["example.com/owner"].value == text
    assert problems == ([(8, "annotation-type")] if value else [])


@pytest.mark.parametrize("value", ['"true"', "'10'", "team", "2024-01-01", "yes please"])
def test_a_text_is_no_problem(value: str) -> None:
    assert whole("example.com/owner: team", f"example.com/owner: {value}")[1] == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("annotations:\n    example.com/owner: team", "annotations: none", (7, "wrong-type")),
        ("rules:\n", "rules:\n    - text\n", (16, "wrong-type")),
        ("      secretName: shop-tls\n", "    - text\n", (14, "wrong-type")),
        ("host: shop.example.com\n", "host: Shop.example.com\n", (16, "host-case")),
        ("pathType: Exact", "pathType: exact", (20, "path-type-unknown")),
        ("pathType: Exact", "pathType: Regex", (20, "path-type-unknown")),
        ("            pathType: Exact\n", "", (19, "path-type-missing")),
        ("number: 80 ", 'number: "80" ', (21, "port-type")),
    ],
)
def test_what_an_api_server_refuses_is_told_with_its_line(old: str, new: str, problem: tuple[int, str]) -> None:
    assert whole(old, new)[1] == [problem]


@pytest.mark.parametrize(
    ("old", "new", "code", "refused"),
    [
        (
            "host: shop.example.com\n",
            "host: <your host>\n",
            "host-invalid",
            HOST,
        ),
        ("host: shop.example.com\n", "host: 10.0.0.1\n", "host-invalid", HOST),
        ("number: 80 ", "number: 0 ", "backend-invalid", ["spec.rules.http.paths"]),
        ("number: 80 ", "number: 65536 ", "backend-invalid", ["spec.rules.http.paths"]),
        ("name: cart,", "name: Cart,", "backend-invalid", ["spec.rules.http.paths"]),
        ("name: rest,", "name: a.b,", "backend-invalid", ["spec.defaultBackend"]),
        ("shop-tls", "Shop TLS", "secret-invalid", ["spec.tls"]),
    ],
)
def test_what_nothing_could_be_made_of_is_left_out(old: str, new: str, code: str, refused: list[str]) -> None:
    ingress, problems = whole(old, new)

    assert [found for _, found in problems] == [code]
    assert sorted(origin.key for origin in ingress.refused) == refused
    used = [r.origin for r in ingress.rules] + [p.origin for r in ingress.rules for p in r.paths]
    assert not set(used) & set(ingress.refused)
    assert len(said(ingress)) == 8


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("host: shop.example.com\n", "host: ${HOST}\n"),
        ("host: shop.example.com\n", 'host: "*.${DOMAIN}"\n'),
        ("name: cart,", 'name: "${NAME}-cart",'),
        ("shop-tls", "${SECRET}"),
        ("namespace: shop", "namespace: ${NAMESPACE}"),
    ],
)
def test_a_placeholder_may_stand_for_any_legal_text(old: str, new: str) -> None:
    assert whole(old, new)[1] == []


@pytest.mark.parametrize(
    "text",
    [
        "spec: { ingressClassName: nginx }",
        "spec: { rules: [] }",
        "metadata: { annotations: { a: b } }",
        "spec: { $patch: delete }\n$patch: delete",
        "spec: text",
    ],
)
def test_a_patch_is_no_whole_ingress(text: str) -> None:
    metadata = "" if text.startswith("metadata") else "metadata: { name: web }\n"
    ingress, problems = parsed(f"apiVersion: networking.k8s.io/v1\nkind: Ingress\n{metadata}{text}\n")

    assert ingress is None
    assert [(problem.line, problem.code) for problem in problems] == [(1, "not-whole")]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("  name: web\n", "", "no-name"),
        ("  name: web\n", '  name: ""\n', "no-name"),
        ("namespace: shop", "namespace: Shop_1", "namespace-invalid"),
        ("namespace: shop", "namespace: 1.5", "namespace-invalid"),
    ],
)
def test_without_an_identity_it_is_left_out(old: str, new: str, code: str) -> None:
    ingress, problems = parsed(WHOLE.replace(old, new, 1))

    assert ingress is None
    assert [(problem.line, problem.code) for problem in problems] == [(1, code)]


@pytest.mark.parametrize(
    ("written", "home", "namespace"),
    [
        ("  namespace: shop\n", "", "shop"),
        ("  namespace: shop\n", "other", "shop"),
        ("", "other", "other"),
        ("", "", ""),
    ],
)
def test_the_namespace_of_one_that_names_none(written: str, home: str, namespace: str) -> None:
    ingress, _ = parsed(WHOLE.replace("  namespace: shop\n", written), home)

    assert ingress
    assert ingress.namespace == namespace


def test_fields_that_the_api_does_not_know_are_kept_for_the_ledger() -> None:
    ingress, problems = whole("  tls:\n", "  sslPolicy: { min: TLS12 }\n  tls:\n")

    assert problems == []
    assert [(o.key, o.value, o.source.line) for o in ingress.ignored] == [("spec.sslPolicy", '{"min": "TLS12"}', 12)]


def test_a_plain_mapping_without_lines_is_read_as_well() -> None:
    """The library takes documents from anywhere, such as the API of a cluster."""
    import yaml

    from converter.read import Document

    value: Any = yaml.safe_load(WHOLE)
    ingress, problems = parse(Document("cluster", 0, 1, 1, value))

    assert problems == ()
    assert ingress
    assert {origin.source.line for origin in ingress.origins()} == {1}
