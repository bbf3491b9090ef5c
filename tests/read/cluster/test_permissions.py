"""The roles in ``docs/cluster.md`` allow what is asked for, and nothing more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from apiserver import ApiServer, Request, Rule, kubeconfig
from click.testing import CliRunner
from manifests import ingress, path, rule, tls

from converter.cli import group

PAGE = Path(__file__).resolve().parents[3] / "docs" / "cluster.md"


def documented() -> Iterator[Rule]:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    for role in yaml.safe_load_all(block):
        for each in role["rules"]:
            for api_group in each["apiGroups"]:
                for resource in each["resources"]:
                    for verb in each["verbs"]:
                        where = role["metadata"].get("namespace", "")
                        yield Rule(verb, api_group, resource, where, tuple(each.get("resourceNames", ())))


@pytest.fixture
def requests(api: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """Those of a run over a cluster that has everything, under the roles in the page."""
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path, api.url)))
    flags = [f"--{protocol}-services-configmap=$(POD_NAMESPACE)/{protocol}-services" for protocol in ("tcp", "udp")]
    container = {"image": "registry.k8s.io/ingress-nginx/controller:v1.11.2", "args": flags}
    api.objects = [
        ingress("web", rule("a.example.com", path("/")), namespace="shop", tls=[tls("a.example.com", secret="cert")]),
        {"kind": "Secret", "metadata": {"namespace": "shop", "name": "cert"}},
        {
            "kind": "Deployment",
            "metadata": {"name": "controller", "namespace": "ingress-nginx"},
            "spec": {"template": {"spec": {"containers": [container]}}},
        },
    ]
    api.rules = list(documented())
    result = CliRunner().invoke(group, ["convert", "--cluster", "-A"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "403" not in result.stderr
    return api.requests


def test_they_allow_every_request(requests: list[Request]) -> None:
    rules = list(documented())

    assert [request for request in requests if not any(rule.allows(request) for rule in rules)] == []


def test_every_permission_is_used(requests: list[Request]) -> None:
    unused = [rule for rule in documented() if not any(rule.allows(request) for request in requests)]
    names = {name for rule in documented() for name in rule.names}

    assert unused == []
    assert names == {request.name for request in requests if request.name}


def test_they_only_read() -> None:
    assert {rule.verb for rule in documented()} == {"get", "list"}
