"""Which controllers are in the input, and what they were told."""

from __future__ import annotations

import pytest
from manifests import ingress, path, rule, stock

from converter.controllers.ingress_nginx.configuration import Configuration
from converter.controllers.ingress_nginx.discovery import (
    Given,
    configurations,
    from_values,
    option_config_maps,
    port_config_maps,
)
from converter.read.located import load

SPACE = "ingress-nginx"
WEB = ingress("web", rule("shop.example.com", path("/")))


def config_map(name: str, **data: str) -> dict:
    entries = {key.replace("_", "-"): value for key, value in data.items()}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": SPACE}, "data": entries}


def deployment(*arguments: str, image: str = "registry.k8s.io/ingress-nginx/controller:v1.11.2@sha256:ab") -> dict:
    container = {"name": "controller", "image": image, "args": ["/nginx-ingress-controller", *arguments]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "controller", "namespace": SPACE},
        "spec": {"template": {"spec": {"containers": [container]}}},
    }


def found(*manifests: dict, given: Given | None = None) -> Configuration:
    (one,) = configurations(stock(WEB, *manifests)[0], given or Given())
    return one


def test_without_anything_only_the_defaults_are_known() -> None:
    assert (found().known, found().version, found().text("proxy-body-size")) == (False, (1, 15, 1), "1m")


def test_a_deployment_tells_version_flags_and_config_map() -> None:
    told = found(
        deployment("--configmap=$(POD_NAMESPACE)/mine", "--ingress-class", "edge", "--watch-ingress-without-class"),
        config_map("mine", proxy_body_size="8m"),
        config_map("other", proxy_body_size="9m"),
    )

    assert (told.known, told.version, told.text("proxy-body-size")) == (True, (1, 11, 2), "8m")
    assert told.argument("--ingress-class") == "edge"
    assert told.argument("--watch-ingress-without-class") == "true"
    assert told.argument("--controller-class") == "k8s.io/ingress-nginx"


def test_every_entry_knows_its_line() -> None:
    option = found(config_map("ingress-nginx-controller", hsts="false")).origin("hsts")

    assert option
    assert (option.source.kind, option.source.name, option.key) == (
        "ConfigMap",
        "ingress-nginx-controller",
        "data.hsts",
    )
    assert option.source.line > 1


def test_other_workloads_say_nothing_about_it() -> None:
    other = deployment(image="registry.example.com/ingress-docs:1.0")
    other["spec"]["template"]["spec"]["containers"][0]["args"] = ["--configmap=ingress-nginx/mine"]

    assert not found(other, config_map("mine", hsts="false")).known


@pytest.mark.parametrize(
    ("name", "known"), [("ingress-nginx-controller", True), ("nginx-configuration", True), ("shop", False)]
)
def test_a_config_map_by_its_usual_name(name: str, known: bool) -> None:
    told = found(config_map(name, hsts="false"))

    assert (told.known, told.flag("hsts")) == (known, not known)


def test_of_two_usual_names_none_is_taken() -> None:
    both = (config_map("ingress-nginx-controller", hsts="false"), config_map("nginx-configuration"))

    assert not found(*both).known


def test_ports_come_from_the_config_maps_of_the_flags() -> None:
    told = found(
        deployment("--tcp-services-configmap=ingress-nginx/tcp", "--udp-services-configmap=ingress-nginx/udp"),
        config_map("tcp", **{"5432": "db/postgres:5432"}),
        config_map("udp", **{"53": "dns/coredns:53", "note": "not a port"}),
    )

    assert ({port: o.value for port, o in told.tcp.items()}, list(told.udp)) == ({5432: "db/postgres:5432"}, [53])


def test_two_controllers_are_told_apart() -> None:
    one, two = deployment("--ingress-class=one"), deployment("--ingress-class=two")
    two["metadata"]["name"] = "other"

    classes = [each.argument("--ingress-class") for each in configurations(stock(WEB, one, two)[0], Given())]
    assert classes == ["one", "two"]


def test_what_a_person_says_beats_what_is_found() -> None:
    given = Given(version=(1, 9, 0), config_map=(SPACE, "mine"))
    told = found(deployment(), config_map("mine", hsts="false"), given=given)

    assert (told.version, told.flag("hsts")) == ((1, 9, 0), False)


VALUES = """\
controller:
  image: {tag: v1.12.1}
  allowSnippetAnnotations: true
  ingressClassResource: {controllerValue: example.com/edge}
  config:
    proxy-body-size: 16m
    use-forwarded-headers: true
  extraArgs:
    enable-ssl-passthrough: ""
tcp:
  5432: db/postgres:5432
"""


def test_values_of_the_chart() -> None:
    told = from_values(load(VALUES, 1)[0], "values.yaml")

    assert (told.version, told.text("proxy-body-size"), told.flag("use-forwarded-headers")) == ((1, 12, 1), "16m", True)
    assert (told.allows_snippets, told.argument("--enable-ssl-passthrough")) == (True, "true")
    assert told.argument("--controller-class") == "example.com/edge"
    assert {port: (o.value, o.source.line) for port, o in told.tcp.items()} == {5432: ("db/postgres:5432", 11)}
    assert told.options["proxy-body-size"].source.line == 6


def test_values_of_another_chart_say_nothing() -> None:
    told = from_values(load("replicas: 3\n", 1)[0], "values.yaml")

    assert (dict(told.options), dict(told.flags), dict(told.tcp)) == ({}, {}, {})


@pytest.mark.parametrize(
    ("arguments", "options", "ports"),
    [
        (("--configmap=infra/mine",), [("infra", "mine")], []),
        (("--configmap=$(POD_NAMESPACE)/mine", "--tcp-services-configmap=tcp"), [(SPACE, "mine")], [(SPACE, "tcp")]),
        (
            ("--udp-services-configmap", "infra/udp"),
            [
                (SPACE, "ingress-nginx-controller"),
                (SPACE, "nginx-configuration"),
                (SPACE, "nginx-ingress-controller"),
            ],
            [("infra", "udp")],
        ),
    ],
)
def test_a_controller_tells_which_config_maps_it_may_read(arguments, options, ports) -> None:
    workloads = stock(deployment(*arguments))[0].workloads

    assert list(option_config_maps(workloads)) == options
    assert list(port_config_maps(workloads)) == ports


def test_without_controllers_no_config_map_is_one_of_theirs_unless_nobody_knows() -> None:
    workloads = stock(deployment(image="redis:7") | {"kind": "StatefulSet"})[0].workloads

    assert (option_config_maps(workloads), port_config_maps(workloads)) == ((), ())
    assert [name for _, name in option_config_maps(None)] == [
        "ingress-nginx-controller",
        "nginx-configuration",
        "nginx-ingress-controller",
    ]
