"""``--chart``: a Helm chart as a part of the input."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

SHOP = Path(__file__).resolve().parent.parent / "data" / "charts" / "shop"
PROD = "shop/values-prod.yaml"


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    shutil.copytree(SHOP, "shop")


def routes(text: str) -> dict[str, list[str]]:
    """The Services of each HTTPRoute, by its host."""
    return {
        each["spec"]["hostnames"][0]: [
            backend["name"] for rule in each["spec"]["rules"] for backend in rule.get("backendRefs", ())
        ]
        for each in yaml.safe_load_all(text)
        if each["kind"] == "HTTPRoute" and not each["metadata"]["name"].endswith("-http")
    }


def test_a_chart_needs_no_paths_and_takes_values(run) -> None:
    result = run("convert", "--chart", "shop", "--values", PROD, "--release-name", "rel", "-n", "prod")

    assert result.exit_code == 0
    assert routes(result.stdout) == {
        "blog.example.com": ["rel-blog"],
        "shop.example.org": ["rel-shop"],
        "www.example.org": ["rel-shop"],
    }
    spaces = {each["metadata"].get("namespace") for each in yaml.safe_load_all(result.stdout)}
    assert spaces == {None, "prod"}
    assert result.stderr.splitlines()[0] == (
        "Made 1 GatewayClass, 1 Gateway, 5 HTTPRoutes for standard (Gateway API 1.6 standard)."
    )


def test_single_values_come_last(run) -> None:
    sets = ("--set", "ingress.hosts[0].name=set.example", "--set-string", "blog.host=text.example")
    result = run("convert", "--chart", "shop", "--values", PROD, *sets, "--set", "ingress.tls=null")

    assert list(routes(result.stdout)) == ["set.example", "text.example", "www.example.org"]


def test_what_the_chart_made_stands_where_its_template_does(run) -> None:
    result = run("convert", "--chart", "./shop/", "--values", PROD)

    assert "    shop/templates/ingress.yaml:15\n" in result.stderr


def test_a_chart_and_paths_are_one_input(ingress, run) -> None:
    result = run("convert", "ingress.yaml", "--chart", "shop", "--values", PROD)

    assert sorted(routes(result.stdout)) == [
        "blog.example.com",
        "shop.example.com",
        "shop.example.org",
        "www.example.org",
    ]


def test_a_chart_among_the_paths_is_only_told_when_it_is_not_the_one_to_render(run) -> None:
    alone, rendered = run("convert", "."), run("convert", ".", "--chart", "shop")

    assert alone.exit_code == 1
    assert alone.stderr.splitlines() == [
        "Found no Ingress.",
        "",
        "1 error: not converted, or not valid",
        "  This is a Helm chart with an Ingress in its templates; it is not rendered here. [chart]",
        "    → Run: ingress-migrate convert --chart shop --values shop/values-prod.yaml",
        "    ./shop/Chart.yaml",
    ]
    assert rendered.exit_code == 0
    assert "[chart]" not in rendered.stderr


def test_what_a_chart_says_of_flux_and_argo_is_told_too(run) -> None:
    application = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: {{ .Release.Name }}}\n"
    values = "helm: {valuesObject: {ingress: {enabled: true}}}"
    source = f"spec: {{source: {{chart: x, repoURL: 'https://charts.example.com', {values}}}}}"
    Path("shop/templates/app.yaml").write_text(application + source)
    result = run("convert", "--chart", "shop", "--release-name", "rel")

    assert result.exit_code == 1
    assert "The Application rel installs the chart x of https://charts.example.com" in result.stderr


def test_a_chart_that_does_not_render_makes_no_object(run) -> None:
    result = run("convert", "--chart", "shop", "--set", "ingress.hosts[0].paths[0]=/")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        "Found no Ingress.",
        "",
        "1 error: not converted, or not valid",
        "  The template does not render: every host needs a name. [chart-template]",
        "    → Give the value that it asks for, with --values or --set, or correct the template.",
        "    shop/templates/ingress.yaml:26",
    ]


def test_diff_takes_a_chart_too(run) -> None:
    result = run("diff", "--chart", "shop", "-o", "patch")

    assert result.exit_code == 1
    assert "+++ b/release-name" not in result.stdout
    assert "httproute-blog-example-com.yaml" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing argument 'PATHS...'. Name files, directories, - for standard input, --cluster or --chart."),
        (["--chart", "shop", "--release-name", "A_b"],
         "A_b cannot be a release; use up to 53 lower case letters, digits, dashes and dots"),
        (["--chart", "shop", "--in-place"],
         "Templates of a chart are never edited; write what --chart gives with -o, not --in-place."),
        ([".", "--values", "a.yaml"], "--values is for a chart; name it with --chart."),
        ([".", "--set", "a=1"], "--set is for a chart; name it with --chart."),
        ([".", "--set-string", "a=1"], "--set-string is for a chart; name it with --chart."),
        ([".", "--release-name", "a"], "--release-name is for a chart; name it with --chart."),
    ],
)  # fmt: skip
def test_wrong_usage(run, arguments: list[str], message: str) -> None:
    result = run("convert", *arguments)

    assert result.exit_code == 2
    assert message in result.stderr
