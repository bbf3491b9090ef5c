"""Which Ingresses ingress-nginx serves."""

from __future__ import annotations

import pytest
from manifests import ingress, outcome, path, rule, table

from converter.controllers.ingress_nginx.configuration import Configuration
from converter.controllers.ingress_nginx.selection import CLASS_ANNOTATION
from converter.ledger import Origin, Source
from converter.routing import Rewrite

RULE = rule("shop.example.com", path("/"))


def ingress_class(name: str, controller: str = "k8s.io/ingress-nginx", default: str = "") -> dict:
    marks = {"ingressclass.kubernetes.io/is-default-class": default} if default else {}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "IngressClass",
        "metadata": {"name": name, "annotations": marks},
        "spec": {"controller": controller},
    }


def names(*manifests: dict, **options) -> list[str]:
    """The tables' names: the Ingress classes that something is served for."""
    return [each.name for each in outcome(*manifests, **options).tables]


def of_class(name: str | None, annotation: str | None = None) -> dict:
    foreign = {CLASS_ANNOTATION: annotation} if annotation is not None else {}
    return ingress("web", RULE, ingressClassName=name, foreign=foreign)


@pytest.mark.parametrize(
    ("name", "annotation", "served"),
    [
        ("nginx", None, True),
        ("traefik", None, False),
        (None, "nginx", True),
        (None, "traefik", False),
        ("nginx", "traefik", True),
        ("traefik", "nginx", False),
        (None, None, True),
        (None, "", True),
    ],
)
def test_the_field_decides_and_the_annotation_counts_only_without_it(
    name: str | None, annotation: str | None, served: bool
) -> None:
    assert names(of_class(name, annotation)) == (["nginx"] if served else [])


def test_classes_that_an_option_names_are_served_beside_none_else() -> None:
    assert names(of_class("public"), classes=("public",)) == ["public"]
    assert names(of_class("nginx"), classes=("public",)) == []


def test_a_class_of_the_controller_is_served_by_whatever_name() -> None:
    assert names(ingress_class("internal"), of_class("internal")) == ["internal"]
    assert names(ingress_class("internal", "example.com/other"), of_class("internal")) == []


def test_all_classes_of_one_controller_share_a_table() -> None:
    inside = ingress("inside", rule("a.example.com", path("/")), ingressClassName="internal")

    assert [each.name for each in table(ingress_class("internal"), of_class("nginx"), inside).hosts] == [
        "a.example.com",
        "shop.example.com",
    ]


def test_a_class_of_that_name_but_of_another_controller_is_not_served() -> None:
    assert names(ingress_class("nginx", "example.com/other"), of_class("nginx")) == []


def test_without_a_class_the_default_class_counts() -> None:
    found = outcome(ingress_class("internal", default="true"), of_class(None))

    assert [each.name for each in found.tables] == ["internal"]
    assert [(s.code, str(s.verdict)) for s in found.settlements if s.origin.key == "ingress-class"] == [
        ("class.default", "translated")
    ]


def test_without_any_class_it_is_assumed_to_be_served() -> None:
    codes = [s.code for s in outcome(of_class(None)).settlements if s.origin.key == "ingress-class"]

    assert codes == ["class.assumed"]


def test_classless_ingresses_can_be_left_out() -> None:
    found = outcome(of_class(None), serve_classless=False)

    assert found.tables == ()
    assert [(problem.code, problem.severity) for problem in found.problems] == [("other-class", "note")]
    assert found.problems[0].advice.startswith("If ingress-nginx serves it, run again with --classless serve;")
    assert {(s.code, str(s.verdict)) for s in found.settlements} == {("class.other", "inert")}


def test_what_is_left_out_says_how_to_take_it_in() -> None:
    (problem,) = outcome(of_class("traefik")).problems

    assert problem.message == ("Ingress web is of class traefik, which ingress-nginx does not serve; it was left out.")
    assert problem.advice == "If ingress-nginx serves it, run again with --class traefik; else nothing is to do."


def flagged(**flags: str) -> Configuration:
    source = Source("Deployment", "ingress-nginx", "controller", "controller.yaml", 1)
    named = {f"--{name.replace('_', '-')}": value for name, value in flags.items()}
    return Configuration(
        flags={name: Origin(source, "field", "args", value) for name, value in named.items()}, known=True
    )


@pytest.mark.parametrize(("namespace", "hosts"), [("team-a", 1), ("team-b", 0)])
def test_only_the_namespace_that_is_watched(namespace: str, hosts: int) -> None:
    web = ingress("web", rule("shop.example.com", path("/")), namespace=namespace)

    assert len(table(web, configuration=flagged(watch_namespace="team-a")).hosts) == hosts


@pytest.mark.parametrize(("catch_all", "hosts"), [("true", 0), ("false", 1)])
def test_a_catch_all_can_be_refused(catch_all: str, hosts: int) -> None:
    backend = {"service": {"name": "rest", "port": {"number": 80}}}
    web = ingress("web", rule("shop.example.com", path("/")), defaultBackend=backend)

    assert len(table(web, configuration=flagged(disable_catch_all=catch_all)).hosts) == hosts


@pytest.mark.parametrize(("prefix", "rewrites"), [("edge.example.com", True), ("nginx.ingress.kubernetes.io", False)])
def test_annotations_may_have_another_prefix(prefix: str, rewrites: bool) -> None:
    foreign = {"edge.example.com/rewrite-target": "/new"}
    web = ingress("web", rule("shop.example.com", path("/")), foreign=foreign)

    (location,) = table(web, configuration=flagged(annotations_prefix=prefix)).hosts[0].locations
    assert any(isinstance(behaviour, Rewrite) for behaviour in location.behaviours) == rewrites
