"""Pages that come from the tables and the commands say what those say."""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from converter.cli import COMMANDS, group
from converter.tables import load_table

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    found: dict[str, str] = importlib.import_module("generate").pages()
    return found


def test_generated_pages_are_up_to_date(pages) -> None:
    old = [name for name, text in pages.items() if (ROOT / "docs" / name).read_text() != text]

    assert old == [], "run python docs/generate.py"


def test_the_page_about_commands_has_each_of_them(pages) -> None:
    headings = [line for line in pages["commands.md"].splitlines() if line.startswith("## ")]

    assert set(headings) >= {"## ingress-migrate", *(f"## ingress-migrate {name}" for name in COMMANDS)}


def test_every_option_is_on_the_page_for_man_as_in_the_help(pages) -> None:
    help_text = CliRunner().invoke(group, ["convert", "--help"]).stdout
    options = set(re.findall(r"^  (-.*?)(?:  |$)", help_text, re.MULTILINE))

    shown = pages["ingress-migrate.1"].replace("\\-", "-").splitlines()
    assert len(options) > 15
    assert [option for option in options if f".B {option.strip()}" not in shown] == []


@pytest.mark.parametrize(
    ("program", "arguments"),
    [("mandoc", ["-T", "lint", "-W", "style"]), ("man", ["--warnings", "--local-file"])],
)
def test_the_page_for_man_is_one(program, arguments) -> None:
    found = shutil.which(program)
    if not found:
        pytest.skip(f"no {program} here")
    result = subprocess.run(
        [found, *arguments, str(ROOT / "docs" / "ingress-migrate.1")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "MANPAGER": "cat", "MANWIDTH": "80"},
    )
    complaints = [line for line in (result.stdout + result.stderr).splitlines() if re.search("mandoc:|warning:", line)]

    # Equal input gives an equal page, so it has no date.
    assert [line for line in complaints if "missing date" not in line] == []
    assert program == "mandoc" or "Convert the Ingresses in PATHS" in " ".join(result.stdout.split())


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


def test_the_example_of_mappings_is_that_of_the_golden_case() -> None:
    assert examples("mappings.md") == [(ROOT / "golden" / "house-annotations" / "mappings.yaml").read_text()]


@pytest.mark.parametrize("target", ["standard", "envoy-gateway"])
def test_every_row_of_the_example_of_mappings_is_at_work(target: str) -> None:
    """What it says stands in the report of its golden case."""
    case = ROOT / "golden" / "house-annotations"
    mappings = yaml.safe_load((case / "mappings.yaml").read_text())
    report = json.loads((case / "expected" / target / "report.json").read_text())
    entries = {entry["subject"]["key"]: entry for entry in report["entries"]}
    texts = {text for entry in report["entries"] for text in (entry["message"], entry["advice"])}

    keys = set(entries) - {"platform.example.com/cost-centre"} | {"platform.example.com/*"}
    assert set(mappings["annotations"]) <= keys
    assert {key.partition("/")[0] for key in entries} >= set(mappings["prefixes"])
    own = load_table(f"targets/{target}") if target != "standard" else {}
    rows = {code for section in ("behaviours", "defaults", "settings") for code in own.get(section, {})}
    for name in ("standard", target):
        for code, judged in mappings["targets"][name].items():
            if name == "standard" and code in rows:
                continue  # What is said of the standard holds for targets without a row of their own.
            said = [text for text in texts if text and text.startswith(judged.get("message") or judged["advice"])]
            assert said, code
