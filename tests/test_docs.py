"""Pages say what the tables and the commands say."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from click.testing import CliRunner

from converter.cli import group

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["annotations", "configuration"])
def test_a_page_that_is_written_by_code_is_up_to_date(generate: ModuleType, page: str) -> None:
    assert (ROOT / "docs" / f"{page}.md").read_text() == getattr(generate, page)(), "run python docs/generate.py"


def examples(page: str) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "docs" / page).read_text(), re.MULTILINE | re.DOTALL)


def test_the_first_example_of_settings_sets_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".ingress-migrate.yaml").write_text(examples("configuration.md")[0])
    shown = json.loads(CliRunner().invoke(group, ["config", "show", "-o", "json"]).stdout)

    assert [(o["command"], o["name"], o["value"]) for o in shown["options"] if o["source"] == "file"] == [
        (None, "target", "envoy-gateway"),
        (None, "gateway-api", "1.4"),
        (None, "class", ["nginx", "internal"]),
        ("convert", "output", "gateway"),
        ("convert", "report", ["report.md", "report.json"]),
    ]


def test_the_example_of_overrides_gives_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".ingress-migrate.yaml").write_text(examples("configuration.md")[1])
    for folder in ("shop", "blog", "blog/legacy", "wiki"):
        name = folder.replace("/", "-")
        Path(folder).mkdir()
        Path(folder, "web.yaml").write_text(
            f"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: {name}}}\nspec:\n"
            f"  ingressClassName: nginx\n  rules: [{{host: {name}.example.com, http: {{paths: [{{path: /,"
            " pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]\n"
        )
    result = CliRunner().invoke(group, ["convert", ".", "-q"], catch_exceptions=False)

    made = [
        (each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"])
        for each in yaml.safe_load_all(result.stdout)
        if each["kind"] != "ReferenceGrant"
    ]
    assert made == [
        ("GatewayClass", None, "nginx"),
        ("Gateway", "gateway-system", "nginx"),
        ("HTTPRoute", "blog", "blog-example-com"),
        ("HTTPRoute", "default", "blog-legacy-example-com"),
        ("HTTPRoute", "default", "wiki-example-com"),
        ("GatewayClass", None, "eg"),
        ("Gateway", "shop", "shop"),
        ("HTTPRoute", "shop", "shop-example-com"),
    ]
    assert result.exit_code == 0


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []
