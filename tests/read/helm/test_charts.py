"""A chart in a folder that is walked gets one word, and its parts are no manifests."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from converter.problems import Problem
from converter.read import read

ABOUT = "apiVersion: v2\nname: web\nversion: 0.1.0\n"
INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\n"
TEMPLATE = f"{INGRESS}spec: {{{{ toYaml .Values.spec }}}}\n"


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def charts(*paths: str) -> list[Problem]:
    return [problem for problem in read(paths or ["."]).problems if problem.code == "chart"]


def summary(*paths: str) -> list[tuple[str, str]]:
    return [(problem.severity, problem.message) for problem in charts(*paths)]


def test_a_chart_with_an_ingress_is_an_error_that_says_what_to_run() -> None:
    write({"k8s/web/Chart.yaml": ABOUT, "k8s/web/values.yaml": "", "k8s/web/templates/a.yaml": TEMPLATE})

    assert read(["."]).problems == (
        Problem(
            "./k8s/web/Chart.yaml",
            0,
            "chart",
            "This is a Helm chart with an Ingress in its templates; it is not rendered here.",
            "Run: ingress-migrate convert --chart k8s/web",
        ),
    )


@pytest.mark.parametrize(
    ("names", "advice"),
    [
        (["values-prod.yaml"], "--values k8s/web/values-prod.yaml"),
        (
            ["values.dev.yaml", "prod-values.yml", "env/test.yaml"],
            "--values k8s/web/prod-values.yml, and the same with k8s/web/values.dev.yaml, k8s/web/env/test.yaml",
        ),
        (
            [f"values-{number}.yaml" for number in range(6)],
            (
                "--values k8s/web/values-0.yaml, and the same with"
                " k8s/web/values-1.yaml, k8s/web/values-2.yaml, k8s/web/values-3.yaml and 2 more"
            ),
        ),
    ],
)
def test_the_values_beside_it_are_named(names: list[str], advice: str) -> None:
    write({"k8s/web/Chart.yaml": ABOUT, "k8s/web/templates/a.yaml": TEMPLATE})
    write({f"k8s/web/{name}": "a: 1\n" for name in names})
    (problem,) = charts()

    assert problem.advice == f"Run: ingress-migrate convert --chart k8s/web {advice}"


def test_a_path_is_quoted_for_the_shell() -> None:
    write({"my charts/Chart.yaml": ABOUT, "my charts/templates/a.yaml": TEMPLATE})

    assert charts()[0].advice == "Run: ingress-migrate convert --chart 'my charts'"


@pytest.mark.parametrize(
    "files",
    [
        {"templates/a.yaml": TEMPLATE},
        {"templates/deep/er/a.tpl": '{{ define "x" }}\nkind: "Ingress"\n{{ end }}'},
        {"templates/a.yaml": '{{ include "common.ingress" . }}'},
        {"charts/blog/templates/a.yaml": TEMPLATE},
    ],
)
def test_an_ingress_may_stand_in_any_template_or_be_called_by_name(files: dict[str, str]) -> None:
    write({"web/Chart.yaml": ABOUT, **{f"web/{name}": text for name, text in files.items()}})

    assert summary() == [("error", "This is a Helm chart with an Ingress in its templates; it is not rendered here.")]


def test_an_ingress_may_stand_in_a_packed_subchart() -> None:
    write({"web/Chart.yaml": ABOUT, "blog/templates/a.yaml": TEMPLATE, "web/charts/broken.tgz": "no archive"})
    with tarfile.open("web/charts/blog-1.0.0.tgz", "w:gz") as archive:
        archive.add("blog")

    assert [severity for severity, _ in summary("web")] == ["error"]


def test_a_chart_whose_values_ask_for_an_ingress_is_an_error() -> None:
    write({"web/Chart.yaml": ABOUT, "web/values.yaml": "a: 1\ngrafana:\n  ingress:\n    enabled: true\n"})

    assert summary() == [
        (
            "error",
            (
                "This is a Helm chart whose values ask for an Ingress (grafana.ingress, ./web/values.yaml:3);"
                " it is not rendered here."
            ),
        )
    ]


@pytest.mark.parametrize(
    ("values", "template", "what"),
    [
        ("ingress: {enabled: false}", "kind: Service", "without an Ingress in its templates"),
        ("a: {{", "kind: IngressRoute", "without an Ingress in its templates"),
        ("", "kind: Application", "that installs others through Flux or Argo CD"),
    ],
)
def test_any_other_chart_is_a_note(values: str, template: str, what: str) -> None:
    write({"web/Chart.yaml": ABOUT, "web/values.yaml": values, "web/templates/a.yaml": template})

    assert summary() == [("note", f"This is a Helm chart {what}; it is not rendered here.")]


def test_a_library_and_a_subchart_are_told_by_the_charts_that_use_them() -> None:
    write({"lib/Chart.yaml": f"{ABOUT}type: library\n", "lib/templates/_a.tpl": TEMPLATE})
    write({"web/Chart.yaml": ABOUT, "web/charts/blog/Chart.yaml": ABOUT, "web/charts/blog/templates/a.yaml": TEMPLATE})

    assert [problem.file for problem in read(["."]).problems] == ["./web/Chart.yaml"]


def test_no_template_of_a_chart_is_a_manifest_even_if_it_reads_like_one() -> None:
    write({"web/Chart.yaml": ABOUT, "web/templates/a.yaml": INGRESS, "web/charts/blog/templates/a.yaml": INGRESS})

    assert read(["."]).documents == ()


def test_other_files_of_a_chart_are_read_as_ever() -> None:
    write({"web/Chart.yaml": ABOUT, "web/examples/a.yaml": INGRESS, "web/b.yaml": INGRESS, "web/values.yaml": "a: 1"})

    assert [document.file for document in read(["."]).documents] == ["./web/b.yaml", "./web/examples/a.yaml"]


def test_templates_without_a_chart_and_named_ones_are_told_one_by_one() -> None:
    write({"a/templates/a.yaml": TEMPLATE, "web/Chart.yaml": ABOUT, "web/templates/a.yaml": TEMPLATE})

    assert [(each.file, each.code) for each in read(["a", "web/templates/a.yaml"]).problems] == [
        ("a/templates/a.yaml", "template"),
        ("web/templates/a.yaml", "template"),
    ]
