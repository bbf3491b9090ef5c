"""The objects of one migration, and how to look them up."""

from __future__ import annotations

import pytest
from manifests import ingress, path, rule, service, stock

from converter.inventory import ServicePort

RULE = rule("shop.example.com", path("/"))


def codes(*manifests: dict, home: str = "") -> list[tuple[str, str]]:
    return [(problem.code, problem.severity) for problem in stock(*manifests, home=home)[1]]


def manifest(kind: str, version: str = "v1", name: str = "a", **content) -> dict:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **content}


def test_everything_has_its_place() -> None:
    found, problems = stock(
        ingress("web", RULE),
        manifest("IngressClass", "networking.k8s.io/v1", "nginx", spec={"controller": "k8s.io/ingress-nginx"}),
        service("web", {"name": "http", "port": 80, "targetPort": "web"}),
        manifest("ConfigMap", data={"hsts": "false"}),
        manifest("Secret", data={"tls.key": "c2VjcmV0"}),
        manifest("Deployment", "apps/v1"),
    )

    assert problems == ()
    assert [each.name for each in found.ingresses] == ["web"]
    assert {name: (each.controller, each.default) for name, each in found.classes.items()} == {
        "nginx": ("k8s.io/ingress-nginx", False)
    }
    assert found.services["", "web"].ports == (ServicePort("http", 80, "web"),)
    assert {key: origin.value for key, origin in found.config_map_entries["", "a"].items()} == {"hsts": "false"}
    assert found.secrets == {("", "a"): frozenset({"tls.key"})}


def test_the_value_of_a_secret_is_never_kept() -> None:
    assert "c2VjcmV0" not in repr(stock(manifest("Secret", data={"tls.key": "c2VjcmV0"}))[0])


@pytest.mark.parametrize(
    ("port", "found"),
    [(80, "http"), ("http", "http"), (8080, "http"), ("8080", "http"), ("web", "admin"), (81, "admin"), ("none", None)],
)
def test_a_port_is_found_by_number_target_or_name(port: int | str, found: str | None) -> None:
    ports = ({"name": "http", "port": 80, "targetPort": 8080}, {"name": "admin", "port": 81, "targetPort": "web"})
    match = stock(service("web", *ports))[0].services["", "web"].find(port)

    assert (match.name if match else None) == found


@pytest.mark.parametrize(
    ("kind", "version", "noted"),
    [("Ingress", "example.com/v1", True), ("IngressClass", "v1", True), ("Service", "serving.knative.dev/v1", False)],
)
def test_the_same_kind_of_another_group_is_another_thing(kind: str, version: str, noted: bool) -> None:
    found, problems = stock(manifest(kind, version))

    assert (found.ingresses, dict(found.classes), dict(found.services)) == ((), {}, {})
    assert [(p.code, p.severity) for p in problems] == ([("other-api-group", "note")] if noted else [])


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        (ingress("web", RULE), ingress("web", RULE), [("repeated-object", "note")]),
        (ingress("web", RULE), ingress("web", rule("other.example.com", path("/"))), [("repeated-object", "error")]),
        (ingress("web", RULE), ingress("other", RULE), []),
        (ingress("web", RULE, namespace="a"), ingress("web", RULE, namespace="b"), []),
        (service("web", {"port": 80}), service("web", {"port": 81}), [("repeated-object", "error")]),
        (manifest("Secret", data={"a": "b"}), manifest("Secret", data={"a": "c"}), [("repeated-object", "note")]),
        (manifest("Role"), manifest("RoleBinding"), []),
    ],
)
def test_two_objects_of_one_identity(first: dict, second: dict, problem: list) -> None:
    assert codes(first, second) == problem


def test_the_first_of_them_counts_in_whatever_version() -> None:
    old = ingress("web", rule("old.example.com", path("/")))
    old["apiVersion"] = "extensions/v1beta1"
    found, problems = stock(ingress("web", RULE), old)

    assert [each.rules[0].host for each in found.ingresses] == ["shop.example.com"]
    assert "Ingress web is already defined in <stdin>:1, with other content." in [
        problem.message for problem in problems
    ]


def test_a_patch_is_told_as_such_and_not_as_a_repetition() -> None:
    patch = ingress("web", annotations={"limit-rps": "5"})

    assert codes(ingress("web", RULE), patch) == [("not-whole", "error")]


@pytest.mark.parametrize(
    ("namespaces", "home", "found"),
    [
        ([None, None], "", ["", ""]),
        ([None, None], "shop", ["shop", "shop"]),
        ([None, "a"], "", ["default", "a"]),
        ([None, "a"], "shop", ["shop", "a"]),
        (["a", "b"], "shop", ["a", "b"]),
    ],
)
def test_the_namespace_of_an_ingress_that_names_none(namespaces: list, home: str, found: list[str]) -> None:
    """Open, unless an option or another Ingress makes it necessary to know."""
    manifests = [
        ingress(f"web-{index}", RULE, **({"namespace": name} if name else {})) for index, name in enumerate(namespaces)
    ]
    inventory, problems = stock(*manifests, home=home)

    assert [each.namespace for each in inventory.ingresses] == found
    assumed = [name for name, real in zip(namespaces, found, strict=True) if (name or "") != real]
    assert [problem.code for problem in problems] == ["namespace-assumed"] * len(assumed)


def test_services_are_looked_up_in_the_same_namespace() -> None:
    found, _ = stock(service("web", {"port": 80}), ingress("web", RULE), ingress("b", RULE, namespace="b"))

    assert list(found.services) == [("default", "web")]


def test_placeholders_are_told_once_for_each_ingress() -> None:
    web = ingress("${NAME}", rule("${HOST}", path("/${PATH}"), path("/${PATH}/x")), annotations={"app-root": "/$uri"})
    _, problems = stock(web)

    assert [problem.message for problem in problems] == [
        "This Ingress holds placeholders (${HOST}, ${NAME}, ${PATH}), which were carried over as they are."
    ]
