"""Converting what a cluster has."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml
from apiserver import ApiServer, Rule, kubeconfig
from manifests import ingress, path, rule, service

from .conftest import Run


@pytest.fixture(autouse=True)
def _cluster(api: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path, api.url, context={"namespace": "shop"})))
    backend = service("web", {"port": 80, "name": "http"})
    backend["metadata"]["namespace"] = "shop"
    api.objects = [
        ingress("web", rule("shop.example.com", path("/", port="http")), namespace="shop"),
        ingress("api", rule("api.example.com", path("/")), namespace="api"),
        backend,
    ]


def hosts(text: str) -> list[str]:
    routes = [each for each in yaml.safe_load_all(text) if each and each["kind"] == "HTTPRoute"]
    return [host for route in routes for host in route["spec"]["hostnames"]]


def test_all_namespaces_are_converted_with_their_services(run: Run) -> None:
    result = run("convert", "--cluster", "-A")

    assert result.exit_code == 0
    assert hosts(result.stdout) == ["api.example.com", "shop.example.com"]
    assert "port: 80\n" in result.stdout


@pytest.mark.parametrize(
    ("options", "found"), [([], ["shop.example.com"]), (["-n", "api"], ["api.example.com"]), (["-n", "none"], [])]
)
def test_one_namespace_is_converted(options: list[str], found: list[str], run: Run) -> None:
    result = run("convert", "--cluster", *options)

    assert result.exit_code == 0
    assert hosts(result.stdout) == found


def test_files_and_a_cluster_are_read_together(run: Run, tmp_path: Path) -> None:
    made = ingress("new", rule("new.example.com", path("/", port="http")), namespace="shop")
    (tmp_path / "new.yaml").write_text(yaml.safe_dump(made))

    result = run("convert", "new.yaml", "--cluster", "-A")

    assert result.exit_code == 0
    assert hosts(result.stdout) == ["api.example.com", "new.example.com", "shop.example.com"]


def test_the_controllers_ports_are_read_with_all_namespaces(api: ApiServer, run: Run) -> None:
    flags = ["/nginx-ingress-controller", "--tcp-services-configmap=infra/tcp"]
    container = {"image": "registry.k8s.io/ingress-nginx/controller:v1.11.2", "args": flags}
    api.objects += [
        {
            "kind": "Deployment",
            "metadata": {"name": "controller", "namespace": "infra"},
            "spec": {"template": {"spec": {"containers": [container]}}},
        },
        {"kind": "ConfigMap", "metadata": {"name": "tcp", "namespace": "infra"}, "data": {"9000": "shop/web:80"}},
    ]

    assert "kind: TCPRoute" in run("convert", "--cluster", "-A", "--channel", "experimental").stdout
    assert "kind: TCPRoute" not in run("convert", "--cluster", "--channel", "experimental").stdout


def test_a_config_map_that_an_option_names_is_read(api: ApiServer, run: Run) -> None:
    api.objects.append(
        {"kind": "ConfigMap", "metadata": {"name": "own", "namespace": "infra"}, "data": {"no-such-option": "1"}}
    )

    run("convert", "--cluster", "-A", "--controller-config", "infra/own", "--report", "report.json")

    entries = json.loads(Path("report.json").read_text())["entries"]
    assert "cluster:prod/infra/configmap/own" in [entry["source"]["file"] for entry in entries]


def test_a_missing_permission_fails_the_run_but_not_the_conversion(api: ApiServer, run: Run) -> None:
    api.rules = [
        Rule("list", "networking.k8s.io", "ingresses"),
        Rule("list", "networking.k8s.io", "ingressclasses"),
        Rule("list", "apps", "deployments"),
        Rule("list", "apps", "daemonsets"),
        Rule("get", "", "configmaps"),
    ]

    result = run("convert", "--cluster", "-A")

    assert result.exit_code == 1
    assert hosts(result.stdout) == ["api.example.com", "shop.example.com"]
    assert "jane may not list services in the whole cluster (403)" in " ".join(result.stderr.split())


def test_a_cluster_that_cannot_be_reached_leaves_what_was_written_before(
    run: Run, tmp_path: Path, api: ApiServer
) -> None:
    assert run("convert", "--cluster", "-A", "-o", "out").exit_code == 0
    before = {file: file.read_bytes() for file in Path("out").rglob("*") if file.is_file()}
    api.token = "changed"

    result = run("convert", "--cluster", "-A", "-o", "out")

    assert result.exit_code == 1
    assert before
    assert {file: file.read_bytes() for file in Path("out").rglob("*") if file.is_file()} == before


def test_diff_takes_a_cluster_too(run: Run, api: ApiServer) -> None:
    assert run("diff", "--cluster", "-A").exit_code == 1
    api.token = "changed"
    result = run("diff", "--cluster", "-A")

    assert result.exit_code == 2
    assert result.stderr == (
        f"cluster:prod: {api.url} does not accept the credentials of the context prod (401)."
        " Log in again; kubectl with this context must work first.\n"
    )


def test_sarif_takes_no_object_of_a_cluster_for_a_file(api: ApiServer, run: Run) -> None:
    api.rules = []
    run("convert", "--cluster", "-A", "--report", "report.sarif")

    results = json.loads(Path("report.sarif").read_text())["runs"][0]["results"]
    assert [result["locations"] for result in results] == [
        [{"logicalLocations": [{"fullyQualifiedName": "cluster:prod", "kind": "resource"}]}]
    ] * len(results)
    assert results


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            [],
            "Missing argument 'PATHS...'. Name files, directories, - for standard input, --cluster or --chart.",
        ),
        (["--cluster", "-A", "-n", "shop"], "-A reads all namespaces and -n one of them; choose one of the two."),
        (["web.yaml", "--context", "prod"], "--context is about a cluster; add --cluster to read one."),
        (
            ["web", "--cluster", "--in-place"],
            "Objects of a cluster have no file to stand beside; choose one of --cluster and --in-place.",
        ),
        (["web.yaml", "-A"], "-A is about a cluster; add --cluster to read one."),
    ],
)
def test_options_that_do_not_fit_are_wrong_usage(arguments: list[str], message: str, run: Run) -> None:
    result = run("convert", *arguments)

    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == f"Error: {message}"


def test_a_missing_extra_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "kubernetes"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "kubernetes", None)

    result = run("convert", "--cluster")

    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == (
        "Error: Reading a cluster needs one more package; install it with pip install 'ingress-migrate[cluster]'."
    )
