"""Files with options of their own, from the file of settings to the objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from converter.cli import group

INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{ name: {name} }}
spec:
  ingressClassName: nginx
  rules:
    - host: {host}
      http:
        paths:
          - path: {path}
            pathType: Prefix
            backend: {{ service: {{ name: web, port: {{ name: http }} }} }}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ name: http, port: 8080 }] }
"""
TCP = """\
apiVersion: apps/v1
kind: Deployment
metadata: { name: c, namespace: ingress }
spec:
  template:
    spec:
      containers:
        - image: registry.k8s.io/ingress-nginx/controller:v1.15.1
          args: [/nginx-ingress-controller, --tcp-services-configmap=ingress/tcp]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: tcp, namespace: ingress }
data: { "5432": "db/postgres:5432" }
"""


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for team in ("a", "b"):
        Path(team).mkdir()
        Path(team, "ingress.yaml").write_text(INGRESS.format(name=team, host=f"{team}.example.com", path="/"))
        Path(team, "service.yaml").write_text(SERVICE)


def convert(settings: str, *arguments: str) -> tuple[list[dict[str, Any]], list[str], int]:
    """The objects, the errors and the exit status."""
    Path(".ingress-migrate.yaml").write_text(settings)
    result = CliRunner().invoke(group, ["convert", ".", "--report", "r.json", *arguments], catch_exceptions=False)
    problems = yaml.safe_load(Path("r.json").read_text())["problems"] if Path("r.json").exists() else []
    errors = [f"{p['file']}:{p['line']}: {p['message']} {p['advice']}" for p in problems if p["severity"] == "error"]
    Path("r.json").unlink(missing_ok=True)
    return list(yaml.safe_load_all(result.stdout)), errors, result.exit_code


def named(objects: list[dict[str, Any]], *kinds: str) -> list[str]:
    wanted = [each for each in objects if each["kind"] in kinds]
    return [f"{each['metadata'].get('namespace', '')}/{each['metadata']['name']}" for each in wanted]


def test_files_without_options_of_their_own_are_converted_as_before() -> None:
    expected, errors, _ = convert("target: standard", "-n", "web")
    found = convert("overrides: [{paths: elsewhere/**, target: envoy-gateway}]", "-n", "web")

    assert found == (expected, errors, 0)


def test_a_namespace_is_that_of_everything_in_the_file_and_divides_nothing() -> None:
    objects, errors, status = convert("overrides: [{paths: a/, namespace: team-a}, {paths: b/, namespace: team-b}]")

    assert named(objects, "Gateway") == ["gateway-system/nginx"]
    assert named(objects, "HTTPRoute") == ["team-a/a-example-com", "team-b/b-example-com"]
    routes = [each for each in objects if each["kind"] == "HTTPRoute"]
    assert [each["spec"]["rules"][0]["backendRefs"] for each in routes] == [[{"name": "web", "port": 8080}]] * 2
    assert (errors, status) == ([], 0)


def test_a_target_makes_a_part_of_its_own() -> None:
    objects, errors, status = convert(
        "overrides: [{paths: a, namespace: team-a}, {paths: b, namespace: team-b, target: envoy-gateway}]"
    )

    assert named(objects, "GatewayClass", "Gateway") == ["/nginx", "team-a/nginx", "/eg", "team-b/nginx"]
    assert (errors, status) == ([], 0)


def test_the_last_override_of_an_option_counts_and_others_stay() -> None:
    objects, errors, _ = convert(
        "overrides:\n"
        "  - {paths: '*.yaml', namespace: all, gateway-class: one}\n"
        "  - {paths: '*', gateway-class: two}\n"
        "  - {paths: ['*.yaml', '!ingress.yaml'], gateway-class: three}\n"
    )

    assert (named(objects, "GatewayClass", "Gateway"), errors) == (["/two", "all/nginx"], [])


def test_the_command_line_and_the_environment_beat_every_override(monkeypatch) -> None:
    settings = "overrides: [{paths: a, namespace: team-a}, {paths: b, namespace: team-b, gateway-class: theirs}]"

    assert named(convert(settings, "--gateway-class", "typed")[0], "GatewayClass") == ["/typed"]
    monkeypatch.setenv("INGRESS_MIGRATE_GATEWAY_CLASS", "set")
    assert named(convert(settings)[0], "GatewayClass", "Gateway") == ["/set", "gateway-system/nginx"]


def test_patterns_are_relative_to_the_file_wherever_the_program_runs(monkeypatch) -> None:
    Path(".ingress-migrate.yaml").write_text("overrides: [{paths: /a/ingress.yaml, gateway-class: own}]")
    monkeypatch.chdir("b")
    result = CliRunner().invoke(group, ["convert", "../a", "-q"], catch_exceptions=False)

    assert named(list(yaml.safe_load_all(result.stdout)), "GatewayClass") == ["/own"]


def test_a_host_in_two_parts_is_told_with_both_places() -> None:
    Path("b/ingress.yaml").write_text(INGRESS.format(name="b", host="a.example.com", path="/b"))
    _, errors, status = convert("namespace: web\noverrides: [{paths: b, target: envoy-gateway, gateway-name: second}]")

    message = (
        "./b/ingress.yaml:1: a.example.com is also served by Ingress a at ./a/ingress.yaml:1, which is converted with"
        " other options; ingress-nginx merged the two, and no Gateway does. Let the overrides in .ingress-migrate.yaml"
        " give all Ingresses of a host the same options."
    )
    route = (
        ".ingress-migrate.yaml:2: HTTPRoute web/a-example-com is made for the override of b and differently for all"
        " other files; the former was left out. Give all Ingresses of the host, or of the Service, the same options."
    )
    assert (errors, status) == ([message, route], 1)


def test_two_gateways_of_one_name_are_never_both_written() -> None:
    Path("a/service.yaml").unlink()
    tls = "  tls: [{hosts: [b.example.com], secretName: b}]\n"
    Path("b/ingress.yaml").write_text(INGRESS.format(name="b", host="b.example.com", path="/") + tls)
    settings = "namespace: web\noverrides:\n  - {paths: b, channel: experimental}\n"
    objects, errors, status = convert(settings)

    assert (named(objects, "Gateway"), status) == (["web/nginx"], 1)
    message = (
        ".ingress-migrate.yaml:3: Gateway web/nginx is made for the override of b and differently for all other files;"
        " the former was left out. Set gateway-name or gateway-namespace in this override."
    )
    assert errors == [message]
    objects, errors, status = convert(settings.replace("experimental", "experimental, gateway-name: other"))
    assert (named(objects, "Gateway"), errors, status) == (["web/nginx", "web/other"], [], 0)


def test_an_object_that_two_parts_agree_on_is_written_once() -> None:
    Path("a/service.yaml").unlink()
    objects, errors, status = convert("namespace: web\noverrides: [{paths: b, channel: experimental}]")

    assert named(objects, "GatewayClass", "Gateway") == ["/nginx", "web/nginx"]
    assert (errors, status) == ([], 0)


def test_the_ports_of_the_controller_belong_to_the_files_without_options_of_their_own() -> None:
    Path("controller.yaml").write_text(TCP)
    settings = "channel: experimental\noverrides: [{paths: [a, b], gateway-name: second}, {paths: a, namespace: web}]"
    objects, errors, _ = convert(settings, "-n", "web")

    (route,) = [each for each in objects if each["kind"] == "TCPRoute"]
    assert (route["spec"]["parentRefs"][0]["name"], errors) == ("nginx", [])
    assert named(objects, "Gateway") == ["gateway-system/nginx", "web/second"]


@pytest.mark.parametrize(("mode", "written"), [("fail", False), ("omit", True)])
def test_a_lost_access_rule_of_one_part_can_stop_the_run(mode: str, written: bool) -> None:
    prefix = "nginx.ingress.kubernetes.io"
    metadata = f"{{ name: a, annotations: {{ {prefix}/auth-type: basic, {prefix}/auth-secret: s }} }}"
    guarded = INGRESS.format(name="a", host="a.example.com", path="/").replace("{ name: a }", metadata)
    Path("a/ingress.yaml").write_text(guarded)
    objects, _, _ = convert(
        f"overrides: [{{paths: a, namespace: team-a, on-lost-access-control: {mode}}}, {{paths: b, namespace: team-b}}]"
    )

    assert bool(objects) == written


def test_parts_of_one_repository_are_changed_in_place_together() -> None:
    settings = "overrides: [{paths: a, namespace: team-a}, {paths: b, namespace: team-b, target: envoy-gateway}]"
    Path(".ingress-migrate.yaml").write_text(settings)

    first, second = (
        CliRunner().invoke(group, ["convert", ".", "--in-place", "--force"], catch_exceptions=False) for _ in range(2)
    )

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert sorted(str(path) for path in Path().rglob("*.gateway.yaml")) == [
        "a/ingress.gateway.yaml",
        "b/ingress.gateway.yaml",
    ]
    assert sorted(path.as_posix() for path in Path("gateway-api").rglob("*.yaml")) == [
        "gateway-api/gatewayclass-eg.yaml",
        "gateway-api/gatewayclass-nginx.yaml",
        "gateway-api/team-a/gateway-nginx.yaml",
        "gateway-api/team-b/gateway-nginx.yaml",
    ]
    assert second.stderr.startswith("nothing to change\n")
