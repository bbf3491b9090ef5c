"""Kustomizations are built, and what they build belongs together or apart."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from converter.read import Environment, read, read_environments
from converter.read.kustomize import kustomize_command

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "gitops"
needs_kustomize = pytest.mark.skipif(not kustomize_command(), reason="neither kustomize nor kubectl is here")

INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {name}
spec:
  rules: [{{host: {name}.example.com}}]
"""
PATCH = """\
patches:
- target: {kind: Ingress}
  patch: |-
    - op: replace
      path: /spec/rules/0/host
      value: other.example.com
"""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)


def put(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def put_app(folder: str, name: str = "web") -> None:
    put(f"{folder}/ingress.yaml", INGRESS.format(name=name))
    put(f"{folder}/kustomization.yaml", "resources:\n- ingress.yaml\n")


def found(*paths: str) -> dict[str, list[str]]:
    """The Ingresses of each environment, with the file and line they are said to stand on."""
    return {each.name: _ingresses(each) for each in read_environments(paths or (".",))}


def _ingresses(environment: Environment) -> list[str]:
    return [
        f"{document.file}:{document.line} {document.value['metadata'].get('namespace', '')}"
        f"/{document.value['metadata']['name']}"
        for document in environment.reading.documents
        if document.value["kind"] == "Ingress"
    ]


def codes(*paths: str) -> list[str]:
    return [p.code for each in read_environments(paths or (".",)) for p in each.reading.problems if p.code != "no-kind"]


@needs_kustomize
def test_the_sample_has_two_environments_and_what_is_common() -> None:
    shutil.copytree(SAMPLE, "sample")

    assert found("sample") == {
        "": [
            "sample/plain/legacy.yml:2 legacy/legacy",
            "sample/plain/web.yaml:15 web/web",
            "sample/apps/blog/ingress.yaml:1 blog/blog",
        ],
        "prod": ["sample/apps/shop/base/ingress.yaml:1 shop/shop"],
        "staging": ["sample/apps/shop/base/ingress.yaml:1 shop-staging/shop"],
    }


@needs_kustomize
def test_a_built_object_stands_where_its_source_stands() -> None:
    put("ingress.yaml", "# The way in.\n" + INGRESS.format(name="web"))
    put("kustomization.yaml", "resources: [ingress.yaml]\nnamePrefix: my-\ncommonAnnotations: {team: a}\n" + PATCH)

    [environment] = read_environments(["."])
    [document] = environment.reading.documents
    host = document.value["spec"]["rules"][0]
    assert (document.file, document.line, document.built) == ("./ingress.yaml", 2, "./kustomization.yaml")
    assert document.value["metadata"]["name"] == "my-web"
    assert (host["host"], host.at["host"]) == ("other.example.com", (7, 12))
    assert document.value["metadata"].at["annotations"][0] == 4
    assert document.text.startswith("# The way in.\n")


@needs_kustomize
def test_environments_of_several_applications_go_by_the_name_of_their_folders() -> None:
    for app in ("a", "b"):
        put_app(f"{app}/base", app)
        for stage in ("prod", "test"):
            put(f"{app}/{stage}/kustomization.yaml", f"resources: [../base]\nnamespace: {stage}\n")

    assert found() == {
        "prod": ["./a/base/ingress.yaml:1 prod/a", "./b/base/ingress.yaml:1 prod/b"],
        "test": ["./a/base/ingress.yaml:1 test/a", "./b/base/ingress.yaml:1 test/b"],
    }


@needs_kustomize
def test_folders_of_one_name_that_build_the_same_are_told_apart_by_their_paths() -> None:
    put_app("base")
    for cluster in ("east", "west"):
        put(f"{cluster}/prod/kustomization.yaml", f"resources: [../../base]\nnamespace: {cluster}\n")

    assert list(found()) == ["east/prod", "west/prod"]


@needs_kustomize
def test_kustomizations_that_share_no_ingress_are_one() -> None:
    put_app("a", "a")
    put_app("b", "b")
    put("test/kustomization.yaml", "resources: [../b]\n")

    assert found() == {"": ["./a/ingress.yaml:1 /a", "./b/ingress.yaml:1 /b"]}


@needs_kustomize
def test_one_folder_is_one_environment_wherever_its_base_is() -> None:
    shutil.copytree(SAMPLE, "sample")

    assert found("sample/apps/shop/overlays/prod") == {"": ["sample/apps/shop/base/ingress.yaml:1 shop/shop"]}


@needs_kustomize
def test_what_is_common_tells_every_environment() -> None:
    put_app("base")
    for stage in ("prod", "test"):
        put(f"{stage}/kustomization.yaml", f"resources: [../base]\nnamespace: {stage}\n")
    put("classes.yaml", "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: edge}\n")

    environments = read_environments(["."])
    assert {each.name: [d.value["kind"] for d in each.reading.documents] for each in environments} == {
        "prod": ["Ingress", "IngressClass"],
        "test": ["Ingress", "IngressClass"],
    }
    assert {d.environment for each in environments for d in each.reading.documents} == {"prod", "test"}


@needs_kustomize
def test_patches_on_ingresses_are_told_with_their_place() -> None:
    put_app("base")
    put("top/kustomization.yaml", f"resources: [../base]\n{PATCH}- path: more.yaml\n- path: service.yaml\n")
    put("top/more.yaml", "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web, labels: {a: b}}\n")
    put("top/service.yaml", "- op: remove\n  path: /spec\n")
    put("base/service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n")
    put("base/kustomization.yaml", "resources: [ingress.yaml, service.yaml]\n")
    text = (
        Path("top/kustomization.yaml")
        .read_text()
        .replace("service.yaml\n", "service.yaml\n  target: {kind: Service}\n")
    )
    put("top/kustomization.yaml", text)

    [environment] = read_environments(["."])
    assert [(p.file, p.line, p.message) for p in environment.reading.problems] == [
        (
            "./top/kustomization.yaml",
            3,
            "This patch changes Ingresses; ./top/kustomization.yaml was converted as built, with the patch.",
        ),
        (
            "./top/more.yaml",
            2,
            "This patch changes the Ingress web; ./top/kustomization.yaml was converted as built, with the patch.",
        ),
    ]


@needs_kustomize
def test_what_cannot_be_built_is_read_as_it_stands() -> None:
    put_app("a")
    put("a/kustomization.yaml", "resources: [ingress.yaml, missing.yaml]\n")

    [environment] = read_environments(["."])
    assert _ingresses(environment) == ["./a/ingress.yaml:1 /web"]
    [problem] = environment.reading.problems
    assert (problem.code, problem.severity, problem.file) == ("kustomize-failed", "error", "./a/kustomization.yaml")
    assert "missing.yaml" in problem.message


def test_without_a_program_files_are_read_as_they_stand_and_that_is_said(monkeypatch) -> None:
    monkeypatch.setenv("PATH", "")
    put_app("a")

    assert found() == {"": ["./a/ingress.yaml:1 /web"]}
    assert codes() == ["kustomize-missing"]


def test_nobody_needs_a_program_without_a_kustomization(monkeypatch) -> None:
    monkeypatch.setenv("PATH", "")
    put("ingress.yaml", INGRESS.format(name="web"))

    assert codes() == []


def test_a_kustomization_that_cannot_be_read_belongs_to_nothing() -> None:
    put_app("a")
    put("a/kustomization.yaml", "resources: [ingress.yaml\n")

    assert found() == {"": ["./a/ingress.yaml:1 /web"]}
    assert codes() == ["invalid-yaml"]


@needs_kustomize
def test_a_component_is_built_only_by_those_that_take_it_in() -> None:
    put_app("base")
    put("part/kustomization.yaml", f"apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n{PATCH}")
    assert found() == {"": ["./base/ingress.yaml:1 /web"]}
    put("top/kustomization.yaml", "resources: [../base]\ncomponents: [../part]\n")

    [environment] = read_environments(["."])
    assert environment.reading.documents[0].value["spec"]["rules"][0]["host"] == "other.example.com"


def test_reading_files_as_they_stand_builds_nothing() -> None:
    put_app("base")

    assert [document.built for document in read(["."]).documents] == [""]


@needs_kustomize
def test_a_failure_is_told_alike_each_time() -> None:
    """kubectl puts the time and its process before the reason."""
    put("a/kustomization.yaml", "resources: [missing.yaml]\n")

    first, second = (only(read_environments(["."])[0].reading.problems).message for _ in range(2))
    assert first == second
    assert "so files that no other one builds were read as they stand: accumulating resources:" in first
    assert "command failed" not in first


def only(found):
    (each,) = found
    return each
