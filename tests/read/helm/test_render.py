"""Charts are rendered by Helm itself, and what comes out stands where its templates do."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import helm_python
import pytest

from converter.problems import Problem
from converter.read import Document, Reading
from converter.read.helm import render as module
from converter.read.helm.render import KUBERNETES, Release, render

SHOP = Path(__file__).resolve().parent.parent.parent / "data" / "charts" / "shop"
HELM = f"Helm {helm_python.helm_sdk_version()}"
ABOUT = "apiVersion: v2\nname: web\nversion: 0.1.0\n"
INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\n"


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def shop() -> str:
    shutil.copytree(SHOP, "shop")
    return "shop"


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def chart(files: dict[str, str]) -> str:
    write({"web/Chart.yaml": ABOUT, **{f"web/{name}": text for name, text in files.items()}})
    return "web"


def objects(reading: Reading) -> list[tuple[str, str, str]]:
    return [(each.file, each.value["kind"], each.value["metadata"]["name"]) for each in reading.documents]


def ingress(reading: Reading, file: str = "shop/templates/ingress.yaml") -> Document:
    (found,) = (each for each in reading.documents if each.file == file)
    return found


def hosts(reading: Reading) -> list[str]:
    return [rule["host"] for rule in ingress(reading).value["spec"]["rules"]]


def only(reading: Reading) -> Problem:
    """The single problem of a reading without any document."""
    assert reading.documents == ()
    (problem,) = reading.problems
    return problem


def test_every_object_names_the_template_it_came_from_also_that_of_a_subchart(shop: str) -> None:
    reading = render(Release(shop, name="rel", namespace="prod"))

    assert objects(reading) == [
        ("shop/charts/blog/templates/ingress.yaml", "Ingress", "rel-blog"),
        ("shop/templates/ingress.yaml", "Ingress", "rel-shop"),
        ("shop/templates/secret.yaml", "Secret", "rel-shop"),
        ("shop/templates/service.yaml", "Service", "rel-shop"),
    ]
    assert {each.built for each in reading.documents} == {"shop"}


def test_it_is_said_what_templates_were_told(shop: str) -> None:
    named, unnamed = (render(Release(shop, name=name, namespace=name)).problems for name in ("rel", ""))

    assert named == (
        Problem(
            "shop",
            0,
            "chart-rendered",
            f"Rendered by {HELM} as release rel in namespace rel for Kubernetes {KUBERNETES}; lookup finds nothing.",
            "Nothing to do.",
            "note",
        ),
    )
    told = f"Rendered by {HELM} as release release-name in namespace default for Kubernetes {KUBERNETES};"
    assert unnamed[0].message == f"{told} lookup finds nothing."
    assert unnamed[0].advice == (
        "Name both as in the cluster (helm list -A), with --release-name and -n; names of Services hold them."
    )


def test_what_a_chart_asks_the_cluster_for_is_answered_as_a_modern_one_does(shop: str) -> None:
    assert ingress(render(Release(shop))).value["apiVersion"] == "networking.k8s.io/v1"


def test_fields_stand_on_the_line_of_the_template_that_wrote_them(shop: str) -> None:
    document = ingress(render(Release(shop, values=("shop/values-prod.yaml",))))
    spec = document.value["spec"]
    lines = Path(document.file).read_text().splitlines()

    def written(at: dict[str, tuple[int, int]], key: str) -> str:
        return lines[at[key][0] - 1].strip()

    assert lines[document.line - 1] == "kind: Ingress"
    assert written(document.value.at, "metadata") == "metadata:"
    assert written(spec.at, "ingressClassName") == "ingressClassName: {{ .Values.ingress.className }}"
    assert {written(rule.at, "host") for rule in spec["rules"]} == {
        '- host: {{ required "every host needs a name" .name }}'
    }
    assert written(spec["rules"][0]["http"]["paths"][1].at, "path") == "- path: {{ . }}"


def test_what_values_wrote_stands_on_the_line_that_put_it_in(shop: str) -> None:
    document = ingress(render(Release(shop, values=("shop/values-prod.yaml",))))
    annotations = document.value["metadata"]["annotations"]

    line = annotations.at["nginx.ingress.kubernetes.io/proxy-read-timeout"][0]
    assert Path(document.file).read_text().splitlines()[line - 1] == "  annotations:"


def test_the_text_is_what_was_rendered_and_no_line_of_the_file() -> None:
    where = chart({"templates/ingress.yaml": f"{{{{- if true }}}}\n{INGRESS}{{{{- end }}}}\n"})
    (document,) = render(Release(where)).documents

    assert (document.text.strip(), document.text_line, document.line) == (INGRESS.strip(), 0, 3)


@pytest.mark.parametrize(
    ("template", "lines"),
    [
        (f"{INGRESS}---\n{INGRESS}", [2, 6]),
        (f'{{{{ range list "a" "b" }}}}\n---\n{INGRESS}{{{{ end }}}}', [4, 4]),
        (f'{INGRESS}{{{{ range list "a" "b" }}}}\n---\n{INGRESS}{{{{ end }}}}', [0, 0, 0]),
        ('{{ printf "kind: %s\\napiVersion: networking.k8s.io/v1\\nmetadata: {name: a}" "Ingress" }}', [0]),
    ],
    ids=["each its own", "made in a loop", "nobody knows which", "the kind is not written"],
)
def test_the_line_is_that_of_the_kind_or_of_nothing(template: str, lines: list[int]) -> None:
    reading = render(Release(chart({"templates/a.yaml": template})))

    assert [document.line for document in reading.documents] == lines
    assert [document.value.at["metadata"][0] > 0 for document in reading.documents] == [line > 0 for line in lines]


def test_files_of_values_come_in_order_and_options_last(shop: str) -> None:
    write({"a.yaml": "ingress: {className: a}\nservice: {port: 81}", "b.yaml": "ingress: {className: b}"})
    reading = render(Release(shop, ("a.yaml", "b.yaml"), ("service.port=82",), ("ingress.className=0123",)))
    spec = ingress(reading).value["spec"]

    assert spec["ingressClassName"] == 83  # the template writes it without quotes, and 0123 is octal
    assert spec["rules"][0]["http"]["paths"][0]["backend"]["service"]["port"]["number"] == 82


@pytest.mark.parametrize(
    ("sets", "expected"),
    [
        (("ingress.hosts[1].name=b.example",), ["shop.example.org", "b.example"]),
        (("ingress.hosts[0].name=a.example,ingress.hosts[1].name=b.example",), ["a.example", "b.example"]),
        (("ingress.hosts[2].name=c.example",), ["shop.example.org", "www.example.org", "c.example"]),
        (("ingress.hosts[0]=null", "ingress.hosts[0].name=z.example"), ["z.example", "www.example.org"]),
        (("other=1", "blog=null"), ["shop.example.org", "www.example.org"]),
    ],
)
def test_set_assigns_into_what_the_files_say(shop: str, sets: tuple[str, ...], expected: list[str]) -> None:
    assert hosts(render(Release(shop, ("shop/values-prod.yaml",), sets))) == expected


def test_null_takes_away_what_the_chart_says(shop: str) -> None:
    assert ingress(render(Release(shop, sets=("ingress.hosts=null",)))).value["spec"]["rules"] is None


def test_set_leaves_odd_keys_and_empty_containers_of_the_files_as_they_are() -> None:
    where = chart({"templates/a.yaml": f"{INGRESS}values: {{{{ toJson .Values.a }}}}\n"})
    write({"v.yaml": "a: {b.c: [1, {}, [], null, 'x,y=z'], d: {}, e: null, 'f[0]': true, g: [], h: '\\'}\n"})
    (document,) = render(Release(where, ("v.yaml",), ("a.n=1", "a.d.k=2"))).documents

    assert document.value["values"] == {
        "b.c": [1, {}, [], None, "x,y=z"],
        "d": {"k": 2},
        "e": None,
        "f[0]": True,
        "g": [],
        "h": "\\",
        "n": 1,
    }


def test_a_subchart_that_is_switched_off_is_left_out(shop: str) -> None:
    assert [name for _, _, name in objects(render(Release(shop, sets=("blog.enabled=false",), name="rel")))] == [
        "rel-shop",
        "rel-shop",
        "rel-shop",
    ]


def test_a_subchart_with_an_alias_is_found_by_its_folder() -> None:
    about = f"{ABOUT}dependencies: [{{name: blog, version: 1.0.0, alias: diary}}]\n"
    where = chart(
        {
            "Chart.yaml": about,
            "charts/the-blog/Chart.yaml": "apiVersion: v2\nname: blog\nversion: 1.0.0\n",
            "charts/the-blog/templates/a.yaml": INGRESS,
        }
    )

    assert [document.file for document in render(Release(where)).documents] == ["web/charts/the-blog/templates/a.yaml"]


def test_hooks_are_objects_but_for_those_that_are_gone_while_the_release_serves() -> None:
    def hook(name: str, events: str) -> str:
        return INGRESS.replace("{name: web}", f"{{name: {name}, annotations: {{helm.sh/hook: '{events}'}}}}")

    events = {"a": "test", "b": "pre-install, test", "c": "post-upgrade", "d": "pre-delete,post-rollback"}
    where = chart({f"templates/{name}.yaml": hook(name, event) for name, event in events.items()})

    assert [name for _, _, name in objects(render(Release(where)))] == ["b", "c"]


def test_the_values_of_a_secret_are_lost_at_once(shop: str) -> None:
    (secret,) = (each for each in render(Release(shop)).documents if each.value["kind"] == "Secret")

    assert secret.value["stringData"] == {"password": ""}
    assert "swordfish" not in repr(render(Release(shop)))


def test_braces_that_are_left_are_meant() -> None:
    where = chart({"templates/a.yaml": INGRESS.replace("web}", 'web, labels: {a: "{{ `{{ .x }}` }}"}}')})

    assert [each.value["metadata"]["labels"] for each in render(Release(where)).documents] == [{"a": "{{ .x }}"}]


def test_a_packed_chart_is_a_folder_in_its_names(shop: str) -> None:
    with helm_python.Chart.load(shop) as loaded:
        loaded.save(".")
    reading = render(Release("shop-1.2.0.tgz", name="rel"))

    assert objects(reading)[1] == ("shop-1.2.0.tgz/templates/ingress.yaml", "Ingress", "rel-shop")
    assert {each.line for each in reading.documents} == {0}


def test_a_packed_subchart_stands_for_a_folder_too(shop: str) -> None:
    with helm_python.Chart.load("shop/charts/blog") as loaded:
        loaded.save("shop/charts")
    shutil.rmtree("shop/charts/blog")

    assert objects(render(Release(shop)))[0][0] == "shop/charts/blog-0.3.0.tgz/templates/ingress.yaml"


def test_nothing_is_written_into_the_chart_or_the_home(shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("home").mkdir()
    monkeypatch.setenv("HOME", str(Path("home").resolve()))
    before = sorted(Path().rglob("*"))
    render(Release(shop))

    assert sorted(Path().rglob("*")) == before


def test_the_same_chart_gives_the_same_documents(shop: str) -> None:
    assert render(Release(shop)) == render(Release(shop))


WHY = "The template does not render:"
UNREADABLE = "The YAML cannot be read from column 1 on:"
BROKEN: dict[str, tuple[dict[str, str], Problem]] = {
    "a required value": (
        {"templates/a.yaml": 'a: 1\nb: {{ required "name a host" .Values.host }}\n'},
        Problem("web/templates/a.yaml", 2, "chart-template", "The template does not render: name a host.", "template"),
    ),
    "a helper": (
        {
            "templates/_h.tpl": '{{ define "h" }}\n{{ .Values.a.b }}{{ end }}',
            "templates/a.yaml": 'b: {{ include "h" . }}\n',
        },
        Problem(
            "web/templates/_h.tpl",
            2,
            "chart-template",
            "The template does not render: nil pointer evaluating interface {}.b.",
            "template",
        ),
    ),
    "no syntax of Helm": (
        {"templates/a.yaml": "a: {{ if }}\n"},
        Problem(
            "web/templates/a.yaml",
            1,
            "chart-template",
            "The template does not render: missing value for if.",
            "template",
        ),
    ),
    "no end": (
        {"templates/_h.tpl": '{{ define "h" }}{{ include "h" . }}{{ end }}', "templates/a.yaml": '{{ include "h" . }}'},
        Problem(
            "web/templates/_h.tpl",
            1,
            "chart-template",
            f"{WHY} rendering template has a nested reference name: h: unable to execute template.",
            "template",
        ),
    ),
    "no YAML comes out": (
        {"templates/a.yaml": f"{INGRESS}a: [\n", "templates/b.yaml": INGRESS},
        Problem(
            "web/templates/a.yaml",
            0,
            "invalid-yaml",
            f"{UNREADABLE} did not find expected node content (line 5 of what it renders to).",
            "See what helm template gives, and correct the template.",
        ),
    ),
    "the schema": (
        {"values.schema.json": '{"required": ["host"]}', "templates/a.yaml": INGRESS},
        Problem(
            "web/values.schema.json",
            0,
            "values-invalid",
            "The values do not fit the schema of the chart: at '': missing property 'host'.",
            "Add or correct them with --values.",
        ),
    ),
    "values of its own": (
        {"values.yaml": "a: [\n"},
        Problem(
            "web/values.yaml",
            1,
            "chart-invalid",
            "The YAML cannot be read: did not find expected node content.",
            "Correct it; Helm refuses it too.",
        ),
    ),
    "no version": (
        {"Chart.yaml": "apiVersion: v2\nname: web\n"},
        Problem(
            "web",
            0,
            "chart-invalid",
            "Helm does not load this chart: validation: chart.metadata.version is required.",
            "Correct it until helm lint takes it.",
        ),
    ),
    "dependencies": (
        {"Chart.yaml": f"{ABOUT}dependencies: [{{name: redis, version: 1.x, repository: 'https://example.com'}}]\n"},
        Problem(
            "web/Chart.yaml",
            0,
            "chart-dependencies",
            "The chart needs redis, and charts/ does not hold it.",
            "Run: helm dependency build web",
        ),
    ),
    "a library": (
        {"Chart.yaml": f"{ABOUT}type: library\n"},
        Problem(
            "web",
            0,
            "not-a-chart",
            "This chart is a library, and renders to nothing by itself.",
            "Name the chart that uses it.",
        ),
    ),
}
ADVICE = {"template": "Give the value that it asks for, with --values or --set, or correct the template."}


@pytest.mark.parametrize("name", BROKEN)
def test_a_chart_that_does_not_render_gives_its_reason_and_nothing_else(name: str) -> None:
    files, expected = BROKEN[name]
    found = only(render(Release(chart(files))))

    advice = ADVICE.get(expected.advice, expected.advice)
    assert found == Problem(expected.file, expected.line, expected.code, expected.message, advice)


@pytest.mark.parametrize(
    ("release", "file", "line", "code", "message"),
    [
        (Release("nowhere"), "nowhere", 0, "no-such-file", "There is no such chart."),
        (Release("."), ".", 0, "not-a-chart", "This is no Helm chart: it holds no Chart.yaml."),
        (
            Release("text.tgz"),
            "text.tgz",
            0,
            "not-a-chart",
            "This is no Helm chart: it is neither a folder with a Chart.yaml nor an archive of one.",
        ),
        (
            Release("shop", ("broken.yaml",)),
            "broken.yaml",
            2,
            "values-invalid",
            "These values cannot be read: did not find expected node content.",
        ),
        (
            Release("shop", ("list.yaml",)),
            "list.yaml",
            1,
            "values-invalid",
            "These values cannot be read: values are a mapping, and this is none.",
        ),
        (
            Release("shop", ("none.yaml",)),
            "none.yaml",
            0,
            "values-invalid",
            "These values cannot be read: no such file or directory.",
        ),
        (
            Release("shop", sets=("a=1", "b={x")),
            "shop",
            0,
            "set-invalid",
            "Helm does not understand --set b: list must terminate with '}'.",
        ),
        (
            Release("shop", set_strings=("secret",)),
            "shop",
            0,
            "set-invalid",
            'Helm does not understand --set-string secret: key "secret" has no value.',
        ),
    ],
)
def test_what_cannot_be_asked_of_helm(
    shop: str, release: Release, file: str, line: int, code: str, message: str
) -> None:
    write({"text.tgz": "no archive", "broken.yaml": "a: [\n", "list.yaml": "- a\n"})
    found = only(render(release))

    assert (found.file, found.line, found.code, found.message) == (file, line, code, message)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A program ``helm`` that notes how it was called and does what the test says; helm-python-sdk is not there."""

    def make(script: str) -> Path:
        bin_ = tmp_path / "bin"
        bin_.mkdir()
        (bin_ / "helm").write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/arguments\nenv > {tmp_path}/env\n{script}'
        )
        (bin_ / "helm").chmod(0o755)
        monkeypatch.setenv("PATH", f"{bin_}{os.pathsep}{os.environ['PATH']}")
        return tmp_path / "arguments"

    monkeypatch.setitem(sys.modules, "helm_python", None)
    return make


def test_the_program_does_when_the_package_is_not_there(shop: str, program: Any) -> None:
    output = "".join(f"---\n# Source: shop/templates/ingress.yaml\n{INGRESS.replace('web', name)}" for name in "ab")
    arguments = program(f"cat <<'EOF'\n{output}EOF\n")
    reading = render(Release(shop, ("shop/values-prod.yaml",), ("a=1", "b=$(id)"), ("c=2",), "rel", "prod"))

    assert arguments.read_text().splitlines() == [
        *["template", "rel", "./shop", "--namespace", "prod", "--kube-version", KUBERNETES],
        *["--values", "shop/values-prod.yaml", "--set", "a=1", "--set", "b=$(id)", "--set-string", "c=2"],
    ]
    assert objects(reading) == [("shop/templates/ingress.yaml", "Ingress", name) for name in "ab"]
    assert reading.problems[0].message == (
        f"Rendered by the program helm as release rel in namespace prod for Kubernetes {KUBERNETES};"
        " lookup finds nothing."
    )


def test_the_program_hears_of_no_cluster_and_finds_no_home(
    shop: str, program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", "mine")
    monkeypatch.setenv("HELM_KUBECONTEXT", "production")
    arguments = program("")
    render(Release(shop))
    environment = dict(line.partition("=")[::2] for line in arguments.with_name("env").read_text().splitlines())

    assert environment["KUBECONFIG"] == os.devnull
    assert {key for key in environment if key.startswith("HELM_")} == {
        "HELM_CACHE_HOME",
        "HELM_CONFIG_HOME",
        "HELM_DATA_HOME",
    }
    assert not Path(environment["HELM_DATA_HOME"]).exists()


@pytest.mark.parametrize(
    ("said", "file", "line", "message"),
    [
        (
            "Error: execution error at (shop/templates/ingress.yaml:27:15): every host needs a name\\n\\nUse --debug",
            "shop/templates/ingress.yaml",
            27,
            "The template does not render: every host needs a name.",
        ),
        (
            "Error: an error occurred: found in Chart.yaml, but missing in charts/ directory: blog, redis",
            "shop/Chart.yaml",
            0,
            "The chart needs blog, redis, and charts/ does not hold them.",
        ),
        (
            'Error: failed parsing --set data: key "a" has no value',
            "shop",
            0,
            'Helm does not understand --set: key "a" has no value.',
        ),
        ("Error: no idea", "shop", 0, "Helm does not load this chart: no idea."),
        ("", "shop", 0, "Helm does not load this chart: it gave no reason."),
    ],
)
def test_what_the_program_complains_about(
    shop: str, program: Any, said: str, file: str, line: int, message: str
) -> None:
    program(f"printf '{said}' >&2\nexit 1\n")
    found = only(render(Release(shop)))

    assert (found.file, found.line, found.message) == (file, line, message)


def test_a_program_without_end_is_stopped(shop: str, program: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    program("exec sleep 30\n")
    monkeypatch.setattr(module, "SECONDS", 0.2)

    assert only(render(Release(shop))).code == "helm-timeout"


def test_without_any_helm_it_is_said_how_to_get_one(shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "helm_python", None)
    monkeypatch.setenv("PATH", "")

    assert only(render(Release(shop))) == Problem(
        "shop",
        0,
        "helm-missing",
        "Rendering a chart takes Helm, and there is none here.",
        "Run pip install 'ingress-migrate[helm]', or install the program helm.",
    )


def test_a_library_that_does_not_load_is_told(shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"libhelm_c.so": "no library"})
    monkeypatch.setenv("HELM_C_LIB", str(Path("libhelm_c.so").resolve()))

    found = only(render(Release(shop)))
    assert (found.file, found.line, found.code) == ("shop", 0, "helm-failed")
    assert found.message.startswith(
        "Helm failed on this chart: helm_python.errors.HelmLibraryError: found the helm-c library at "
    )
