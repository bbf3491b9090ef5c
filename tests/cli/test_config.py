"""Options that come from a file or from the environment, and how a person sees where they come from."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent

import jsonschema
import pytest
import yaml

from converter.cli.settings.keys import own_options, sections, shared_options

SETTINGS = Path(".ingress-migrate.yaml")


def gateway_class(text: str) -> str:
    return next(entry["metadata"]["name"] for entry in yaml.safe_load_all(text) if entry["kind"] == "GatewayClass")


@pytest.fixture(autouse=True)
def _here(ingress: Path) -> None:
    """Every run takes place beside one Ingress."""


def test_the_command_line_beats_the_environment_which_beats_the_file(run, monkeypatch) -> None:
    SETTINGS.write_text("gateway-class: from-file")
    assert gateway_class(run("convert", ".").stdout) == "from-file"

    monkeypatch.setenv("INGRESS_MIGRATE_GATEWAY_CLASS", "from-environment")
    assert gateway_class(run("convert", ".").stdout) == "from-environment"
    assert gateway_class(run("convert", ".", "--gateway-class", "typed").stdout) == "typed"


def test_what_is_said_for_one_command_counts_more_there_and_nowhere_else(run, monkeypatch) -> None:
    SETTINGS.write_text("gateway-class: all\nconvert: {gateway-class: one}\n")
    assert gateway_class(run("convert", ".").stdout) == "one"
    assert "gatewayclass-all.yaml" in run("diff", ".").stdout

    monkeypatch.setenv("INGRESS_MIGRATE_GATEWAY_CLASS", "all-here")
    monkeypatch.setenv("INGRESS_MIGRATE_CONVERT_GATEWAY_CLASS", "one-here")
    assert gateway_class(run("convert", ".").stdout) == "one-here"
    assert "gatewayclass-all-here.yaml" in run("diff", ".").stdout


@pytest.mark.parametrize(
    ("file", "variables"),
    [
        ("class: [internal, nginx]", {"CLASS": "internal nginx"}),
        ("convert: {report: [a.md, b.json], quiet: true}", {"CONVERT_REPORT": "a.md b.json", "CONVERT_QUIET": "1"}),
        ("default-certificate: web/tls", {"DEFAULT_CERTIFICATE": "web/tls"}),
        ("controller-version: '1.9'", {"CONTROLLER_VERSION": "1.9"}),
        ("strict-source: true", {"STRICT_SOURCE": "true"}),
        ("convert: {fail-on: untranslated}", {"CONVERT_FAIL_ON": "untranslated"}),
    ],
)
def test_every_kind_of_option_can_be_set_by_file_and_by_environment(run, monkeypatch, file, variables) -> None:
    def outcome(*more: str) -> object:
        result = run("convert", "ingress.yaml", *more)
        reports = {path.name: path.read_text() for path in sorted(Path().glob("?.??*")) if path.suffix != ".yaml"}
        for name in reports:
            Path(name).unlink()
        return result.stdout, result.stderr, result.exit_code, reports

    SETTINGS.write_text(file)
    by_file, without = outcome(), outcome("--no-config")
    SETTINGS.unlink()
    for name, value in variables.items():
        monkeypatch.setenv(f"INGRESS_MIGRATE_{name}", value)

    assert outcome() == by_file
    assert without != by_file or file.startswith(("class", "strict", "controller"))


def test_a_flag_of_the_file_can_be_taken_back_for_one_run(run, monkeypatch) -> None:
    SETTINGS.write_text("convert: {quiet: true}")
    assert run("convert", "ingress.yaml").stderr == ""

    monkeypatch.setenv("INGRESS_MIGRATE_CONVERT_QUIET", "false")
    assert run("convert", "ingress.yaml").stderr.startswith("Made 1 GatewayClass")


def test_a_file_can_be_named_and_can_be_ignored(run, monkeypatch) -> None:
    SETTINGS.write_text("gateway-class: found")
    Path("other.yaml").write_text("gateway-class: named")

    assert gateway_class(run("convert", "ingress.yaml", "--config", "other.yaml").stdout) == "named"
    assert gateway_class(run("convert", "ingress.yaml", "--no-config").stdout) == "nginx"
    assert gateway_class(run("convert", "ingress.yaml", "--config", "").stdout) == "nginx"

    monkeypatch.setenv("INGRESS_MIGRATE_CONFIG", "other.yaml")
    assert gateway_class(run("convert", "ingress.yaml").stdout) == "named"


def test_the_file_of_the_repository_that_is_converted_counts(run, tmp_path, monkeypatch) -> None:
    SETTINGS.write_text("gateway-class: theirs")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    (tmp_path / "elsewhere/.ingress-migrate.yaml").write_text("gateway-class: ours")

    assert gateway_class(run("convert", "../ingress.yaml").stdout) == "theirs"
    assert gateway_class(run("convert", "-", stdin=(tmp_path / "ingress.yaml").read_text()).stdout) == "ours"


def test_a_fault_in_the_file_is_wrong_usage(run) -> None:
    SETTINGS.write_text("# ours\ntaget: standard\n")
    result = run("convert", ".")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Error: .ingress-migrate.yaml:2: There is no option taget; did you mean target?\n"


def test_a_fault_in_the_environment_is_told_by_the_name_of_the_variable(run, monkeypatch) -> None:
    monkeypatch.setenv("INGRESS_MIGRATE_DEFAULT_CERTIFICATE", "tls")
    result = run("convert", ".")

    assert result.exit_code == 2
    assert result.stderr == "Error: INGRESS_MIGRATE_DEFAULT_CERTIFICATE: write it as NAMESPACE/NAME.\n"
    assert run("convert", ".", "--default-certificate", "web/tls").exit_code == 0


@pytest.mark.parametrize("arguments", [("--help",), ("explain", "limit-rps"), ("convert", "--help"), ("--version",)])
def test_what_converts_nothing_does_not_mind_a_broken_file(run, arguments) -> None:
    SETTINGS.write_text("taget: x")

    assert run(*arguments).exit_code == 0


def test_show_tells_each_value_and_who_set_it(run, monkeypatch) -> None:
    SETTINGS.write_text(
        dedent(
            """\
            target: envoy-gateway
            class: [nginx, internal]
            convert:
              report: [report.md]
            diff: {target: standard}
            overrides:
              - paths: [team-a/**, b/]
                namespace: team-a
            """
        )
    )
    monkeypatch.setenv("INGRESS_MIGRATE_CONTROLLER_VERSION", "v1.9")
    monkeypatch.setenv("INGRESS_MIGRATE_TAGET", "x")
    result = run("config", "show", "--default-certificate", "web/tls")

    assert result.exit_code == 0
    blocks = result.stdout.split("\n\n")
    titles = [block.splitlines()[0] for block in blocks]
    told = [[tuple(re.split(r" {2,}", line.strip())) for line in block.splitlines()[1:]] for block in blocks]
    assert titles == [
        "Options from .ingress-migrate.yaml",
        "all commands",
        *filter(own_options, sections()),
        ".ingress-migrate.yaml:7 for team-a/**, b/",
        "No option has the variable INGRESS_MIGRATE_TAGET.",
    ]
    shared, by_command = told[1], dict(zip(titles, told, strict=True))
    assert [name for name, _, _ in shared] == list(shared_options())
    assert [line for line in shared if line[2] != "default"] == [
        ("target", "envoy-gateway", ".ingress-migrate.yaml:1"),
        ("default-certificate", "web/tls", "command line"),
        ("class", "nginx, internal", ".ingress-migrate.yaml:2"),
        ("controller-version", "1.9.0", "environment INGRESS_MIGRATE_CONTROLLER_VERSION"),
    ]
    assert {("strict-source", "false", "default"), ("gateway-name", "(not set)", "default")} <= set(shared)
    assert ("report", "report.md", ".ingress-migrate.yaml:4") in by_command["convert"]
    assert ("target", "standard", ".ingress-migrate.yaml:5") in by_command["diff"]
    assert told[-2:] == [[("namespace", "team-a", ".ingress-migrate.yaml:8")], []]


def test_show_tells_programs_the_same(run, monkeypatch) -> None:
    SETTINGS.write_text("strict-source: true\noverrides: [{paths: a, class: b}]\n")
    monkeypatch.setenv("INGRESS_MIGRATE_DIFF_OUTPUT", "patch")
    shown = json.loads(run("config", "show", ".", "-o", "json").stdout)

    options = {(each["command"], each["name"]): each for each in shown["options"]}
    assert shown["file"] == ".ingress-migrate.yaml"
    assert [options[None, "strict-source"], options["diff", "output"], options[None, "class"]] == [
        {"command": None, "name": "strict-source", "value": True, "source": "file", "place": ".ingress-migrate.yaml:1"},
        {
            "command": "diff",
            "name": "output",
            "value": "patch",
            "source": "environment",
            "place": "INGRESS_MIGRATE_DIFF_OUTPUT",
        },
        {"command": None, "name": "class", "value": None, "source": "default", "place": None},
    ]
    assert shown["overrides"] == [{"line": 2, "paths": ["a"], "options": {"class": ["b"]}}]
    assert shown["unknownVariables"] == []


def test_show_says_that_there_is_no_file(run) -> None:
    assert run("config", "show").stdout.startswith("No .ingress-migrate.yaml is here or above.\n")


def test_the_schema_is_printed_for_editors(run) -> None:
    jsonschema.Draft7Validator.check_schema(json.loads(run("config", "schema").stdout))
