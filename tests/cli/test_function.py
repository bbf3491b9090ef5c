"""``function``: over standard input and output, and run by kpt and kustomize themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web # of the shop
  annotations:
    nginx.ingress.kubernetes.io/limit-rps: "5"
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
"""
LIST = """\
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: v1
  kind: Secret # untouched
  metadata: {name: key}
  stringData: {a: hush}
- apiVersion: networking.k8s.io/v1
  kind: Ingress
  metadata:
    name: web # of the shop
    annotations:
      internal.config.kubernetes.io/path: shop/web.yaml
      internal.config.kubernetes.io/index: '0'
      nginx.ingress.kubernetes.io/limit-rps: "5"
  spec:
    ingressClassName: nginx
    rules:
    - host: shop.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
"""
CONFIG = "functionConfig:\n  kind: IngressMigrate\n  metadata: {name: edge}\n  spec: {target: envoy-gateway}\n"
PATH = "internal.config.kubernetes.io/path"


def kinds(text: str) -> list[str]:
    return [item["kind"] for item in yaml.safe_load(text)["items"]]


def results(text: str, severity: str) -> list[dict[str, Any]]:
    return [each for each in yaml.safe_load(text).get("results", ()) if each["severity"] == severity]


def test_items_stay_as_they_are_and_objects_come_after_them(run) -> None:
    result = run("function", stdin=LIST + CONFIG)

    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.startswith(LIST)
    assert CONFIG in result.stdout
    assert kinds(result.stdout) == [
        "Secret",
        "Ingress",
        "GatewayClass",
        "Gateway",
        "HTTPRoute",
        "BackendTrafficPolicy",
    ]
    made = yaml.safe_load(result.stdout)["items"][2:]
    assert {each["metadata"]["annotations"][PATH] for each in made} == {"shop/web.gateway.yaml"}
    assert {each["metadata"]["annotations"]["ingress-migrate/made-by"] for each in made} == {"edge"}


def test_running_over_its_own_output_changes_nothing(run) -> None:
    once = run("function", stdin=LIST + CONFIG).stdout

    assert run("function", stdin=once).stdout == once


def test_another_configuration_replaces_what_was_made(run) -> None:
    once = run("function", stdin=LIST + CONFIG).stdout
    again = run("function", stdin=once.replace("target: envoy-gateway", "target: standard"))

    fresh = run("function", stdin=LIST + CONFIG.replace("envoy-gateway", "standard"))
    assert sorted(kinds(again.stdout)) == ["Gateway", "GatewayClass", "HTTPRoute", "Ingress", "Secret"]
    assert sorted(kinds(again.stdout)) == sorted(kinds(fresh.stdout))


def test_when_the_ingress_goes_what_was_made_of_it_goes_too(run) -> None:
    once = run("function", stdin=LIST + CONFIG).stdout
    start, end = once.index("- apiVersion: networking"), once.index("- apiVersion: gateway")

    assert kinds(run("function", stdin=once[:start] + once[end:]).stdout) == ["Secret"]


def test_an_object_of_somebody_else_stays_and_is_told(run) -> None:
    mine = "- apiVersion: gateway.networking.k8s.io/v1\n  kind: Gateway\n  metadata: {name: nginx} # mine\n"
    result = run("function", stdin=LIST + mine + CONFIG)

    assert result.stdout.startswith(LIST + mine)
    assert kinds(result.stdout).count("Gateway") == 1
    assert [each["message"][:61] for each in results(result.stdout, "warning") if "resourceRef" in each] == [
        "Gateway nginx is in the input and was not made by this functi"
    ]


def test_what_is_lost_is_a_warning_at_its_place(run) -> None:
    lost = [each for each in results(run("function", stdin=LIST).stdout, "warning") if "field" in each]

    assert lost == [
        {
            "message": (
                "nginx.ingress.kubernetes.io/limit-rps: The Gateway API has no rate limit. Choose an implementation "
                "with one (envoy-gateway has it), or limit in front of the Gateway."
            ),
            "severity": "warning",
            "resourceRef": {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "name": "web"},
            "file": {"path": "shop/web.yaml"},
            "field": {
                "path": "metadata.annotations['nginx.ingress.kubernetes.io/limit-rps']",
                "currentValue": "5",
            },
            "tags": {"code": "rate-limit", "verdict": "untranslated"},
        }
    ]


def test_an_error_is_a_result_a_line_and_an_exit_status(run) -> None:
    broken = LIST.replace("rules:\n    - host: shop.example.com\n      http:", "rules:\n      text:")
    result = run("function", stdin=broken)

    assert result.exit_code == 1
    assert result.stdout.startswith(broken)
    assert len(results(result.stdout, "error")) == 1
    assert result.stderr.startswith("Error: ")


def test_a_wrong_key_leaves_the_items_alone(run) -> None:
    result = run("function", stdin=LIST + CONFIG.replace("target:", "targt:"))

    assert result.exit_code == 1
    message = "functionConfig.spec.targt is no option; did you mean target?"
    assert result.stdout == (
        LIST + CONFIG.replace("target:", "targt:") + f"results:\n- message: {message}\n  severity: error\n"
    )
    assert result.stderr == f"Error: {message}\n"


def test_verdicts_can_be_made_to_fail(run) -> None:
    failing = CONFIG.replace("{target: envoy-gateway}", "{failOn: untranslated}")
    result = run("function", stdin=LIST + failing)

    assert result.exit_code == 1
    assert "Error: shop/web.yaml: Ingress web: nginx.ingress.kubernetes.io/limit-rps: The Gateway API has no rate" in (
        result.stderr
    )


def test_a_lost_access_rule_can_keep_everything_back(run) -> None:
    guarded = LIST.replace('limit-rps: "5"', 'auth-url: "https://auth.example.com"')
    result = run("function", stdin=guarded + CONFIG.replace("target: envoy-gateway", "onLostAccessControl: fail"))

    assert result.exit_code == 1
    assert kinds(result.stdout) == ["Secret", "Ingress"]
    assert "Error: No object was made, because an access rule cannot be carried.\n" in result.stderr


def test_what_never_reaches_a_cluster_is_not_converted(run) -> None:
    local = LIST.replace("    annotations:\n", "    annotations:\n      config.kubernetes.io/local-config: 'true'\n")

    assert kinds(run("function", stdin=local).stdout) == ["Secret", "Ingress"]


def test_a_generator_reads_files(run, ingress) -> None:
    asked = "functionConfig: {kind: IngressMigrate, metadata: {name: x}, spec: {paths: [ingress.yaml]}}\n"
    result = run("function", stdin=f"kind: ResourceList\nitems: []\n{asked}")

    assert (result.exit_code, kinds(result.stdout)) == (0, ["GatewayClass", "Gateway", "HTTPRoute"])


def test_a_file_that_is_missing_is_an_error(run, ingress) -> None:
    asked = "functionConfig: {kind: IngressMigrate, spec: {paths: [nope.yaml]}}\n"
    result = run("function", stdin=f"kind: ResourceList\nitems: []\n{asked}")

    assert (result.exit_code, result.stderr) == (
        1,
        "Error: nope.yaml: There is no such file or directory. Check how it is written.\n",
    )


@pytest.mark.parametrize("text", ["", "kind: Ingress\n", "a: [\n"])
def test_what_is_no_list_ends_in_a_sentence(text: str, run) -> None:
    result = run("function", stdin=text)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with an Ingress, and a script beside it that starts the function."""
    (tmp_path / "web.yaml").write_text(INGRESS)
    script = tmp_path / "ingress-migrate.sh"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m converter function\n')
    script.chmod(0o755)
    return tmp_path


def start(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    environment = {**os.environ, "HOME": str(folder)}
    return subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=120
    )


KUSTOMIZE = ("kustomize", "build", "--enable-alpha-plugins", "--enable-exec", ".")


def configure(folder: Path, field: str, spec: str) -> None:
    """A kustomization that runs the function as its generator or transformer."""
    resources = "resources: [web.yaml]\n" if field == "transformers" else ""
    (folder / "kustomization.yaml").write_text(f"{resources}{field}: [function.yaml]\n")
    (folder / "function.yaml").write_text(
        "apiVersion: ingress-migrate/v1\nkind: IngressMigrate\nmetadata:\n  name: edge\n  annotations:\n"
        "    config.kubernetes.io/function: |\n      exec: {path: ./ingress-migrate.sh}\n"
        f"spec: {spec}\n"
    )


def built(result: subprocess.CompletedProcess[str]) -> list[str]:
    assert result.returncode == 0, result.stderr
    return [each["kind"] for each in yaml.safe_load_all(result.stdout)]


def test_kustomize_runs_it_as_a_transformer(package: Path) -> None:
    configure(package, "transformers", "{target: envoy-gateway}")

    assert built(start(*KUSTOMIZE, folder=package)) == [
        "BackendTrafficPolicy",
        "Gateway",
        "GatewayClass",
        "HTTPRoute",
        "Ingress",
    ]


def test_kustomize_runs_it_as_a_generator(package: Path) -> None:
    configure(package, "generators", "{paths: [web.yaml]}")

    assert built(start(*KUSTOMIZE, folder=package)) == ["Gateway", "GatewayClass", "HTTPRoute"]


def test_kustomize_shows_what_is_wrong(package: Path) -> None:
    configure(package, "transformers", "{targt: envoy-gateway}")
    result = start(*KUSTOMIZE, folder=package)

    assert result.returncode != 0
    assert "functionConfig.spec.targt is no option; did you mean target?" in result.stderr


def test_kpt_writes_the_objects_next_to_their_source(package: Path) -> None:
    folder = package / "package"
    folder.mkdir()
    shutil.move(package / "web.yaml", folder / "web.yaml")
    command = ("kpt", "fn", "eval", "package", "--exec", "./ingress-migrate.sh")

    def run() -> dict[str, str]:
        result = start(*command, "--", "target=envoy-gateway", folder=package)
        assert result.returncode == 0, result.stderr
        return {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()}

    found = run()
    assert sorted(found) == ["web.gateway.yaml", "web.yaml"]
    assert found["web.yaml"] == INGRESS
    assert [each["kind"] for each in yaml.safe_load_all(found["web.gateway.yaml"])] == [
        "GatewayClass",
        "Gateway",
        "HTTPRoute",
        "BackendTrafficPolicy",
    ]
    assert run() == found
