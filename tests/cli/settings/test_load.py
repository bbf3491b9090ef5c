"""What a file of settings may say, and how its faults are told."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import click
import pytest

from converter.cli.settings.load import load_settings
from converter.cli.settings.model import Settings
from converter.targets import NAMES, OTHERS

TARGETS = ", ".join(f"'{name}'" for name in (*NAMES, *OTHERS))


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def load(text: str | bytes, *, confined: bool = True) -> Settings:
    Path("c.yaml").write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
    return load_settings("c.yaml", confined=confined)


def faults(text: str | bytes) -> list[str]:
    with pytest.raises(click.UsageError) as error:
        load(text)
    return error.value.message.splitlines()


def given(settings: Settings) -> dict[str, Any]:
    return {name: setting.given for name, setting in settings.shared.items()}


def test_options_are_written_by_their_long_names() -> None:
    settings = load(
        """\
        target: envoy-gateway
        gateway-api: "1.4"
        class: [nginx, internal]
        strict-source: true
        default-certificate: gateway-system/fallback
        controller-version: "1.9"
        """
    )

    assert given(settings) == {
        "target": "envoy-gateway",
        "gateway-api": "1.4",
        "class": ["nginx", "internal"],
        "strict-source": True,
        "default-certificate": "gateway-system/fallback",
        "controller-version": "1.9",
    }
    assert [(s.parameter, s.value, s.line) for s in settings.shared.values()] == [
        ("target_name", "envoy-gateway", 1),
        ("version", "1.4", 2),
        ("classes", ("nginx", "internal"), 3),
        ("strict_source", True, 4),
        ("default_certificate", ("gateway-system", "fallback"), 5),
        ("controller_version", (1, 9, 0), 6),
    ]


def test_one_value_may_stand_for_a_list_of_one() -> None:
    assert given(load("class: internal")) == {"class": ["internal"]}


def test_a_command_has_its_own_options_and_any_shared_one() -> None:
    settings = load("target: envoy-gateway\nconvert: {fail-on: approximated}\ndiff: {target: standard}\n")

    found = {section: settings.find(section, "target") for section in ("", "convert", "diff")}
    assert {section: setting and setting.value for section, setting in found.items()} == {
        "": "envoy-gateway",
        "convert": "envoy-gateway",
        "diff": "standard",
    }
    assert settings.find("diff", "fail-on") is None


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "{}"])
def test_an_empty_file_sets_nothing(text: str) -> None:
    settings = load(text)

    assert (settings.shared, settings.sections, settings.overrides) == ({}, {}, ())


def test_paths_are_relative_to_the_file(tmp_path, monkeypatch) -> None:
    (tmp_path / "web").mkdir()
    Path("c.yaml").write_text("controller-values: helm/values.yaml\nconvert: {output: out, report: [r.md, '-']}\n")
    monkeypatch.chdir("web")

    settings = load_settings("../c.yaml", confined=True)

    assert given(settings) == {"controller-values": "../helm/values.yaml"}
    assert {name: s.given for name, s in settings.sections["convert"].items()} == {
        "output": "../out",
        "report": ["../r.md", "-"],
    }


@pytest.mark.parametrize("path", ["../elsewhere", "/etc/out", "link/out"])
def test_a_file_that_nobody_named_cannot_lead_out_of_its_folder(tmp_path, path: str) -> None:
    (tmp_path / "link").symlink_to("/usr")
    text = f"convert: {{output: {path}}}"

    assert faults(text) == [
        f"c.yaml:1: output: {path} leads out of the folder of this file; name the file with --config to allow it."
    ]
    assert load(text, confined=False).sections["convert"]["output"].given == path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("targte: standard", "1: There is no option targte; did you mean target?"),
        ("\nGateway_API: '1.5'", "2: There is no option Gateway_API; did you mean gateway-api?"),
        ("--target: standard", "1: There is no option --target; did you mean target?"),
        ("paths: [a]", "1: There is no option paths; see ingress-migrate config show for all."),
        ("override: []", "1: There is no option override; did you mean overrides?"),
        ("fail-on: approximated", "1: fail-on is no option of all commands; write it below convert."),
        ("diff:\n  directry: x", "2: There is no option directry; did you mean directory?"),
        ("diff:\n  fail-on: x", "2: fail-on is no option of all commands; write it below convert."),
        ("convert: out", "1: convert: write its options below it, indented."),
        ("target: [standard]", "1: target: it takes one value, not a list."),
        ("target: {a: b}", "1: target: write one text."),
        ("target:", "1: target: it has no value; leave the key out to keep the default."),
        ("gateway-api: 1.6", "1: gateway-api: it is a text; write it in quotes."),
        ("class: [nginx, true]", "1: class: it is a text; write it in quotes."),
        ("class: [[nginx]]", "1: class: write one text."),
        ("strict-source: 'yes'", "1: strict-source: write true or false, without quotes."),
        ("strict-source: 1", "1: strict-source: write true or false, without quotes."),
        ("target: nginx", f"1: target: 'nginx' is not one of {TARGETS}."),
        ("gateway-api: '9.9'", "1: gateway-api: 9.9 is not known; choose one of 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6."),
        ("default-certificate: tls", "1: default-certificate: write it as NAMESPACE/NAME."),
        ("a: 1\n- b", "2: This is no YAML: did not find expected key."),
        ("target: standard\ntarget: standard", "2: target stands twice; remove one of them."),
        ("target: standard\n---\nclass: a", "2: A second document begins here; the file has only one."),
        ("- target", "1: The file is a mapping of options, such as target: standard."),
        ("standard", "1: The file is a mapping of options, such as target: standard."),
        (b"a: \xff", "1: This is not UTF-8 text."),
        ("overrides: {}", "1: overrides: write a list of entries, each with paths and options."),
        ("overrides:\n  - a", "2: overrides: an entry has paths and options."),
        ("overrides:\n  - paths: [a]", "2: overrides: the entry sets no option."),
        (
            "overrides:\n  - target: standard\n    paths: []",
            "3: paths: write patterns as in .gitignore, for example [team-a/**, '*.old.yaml'].",
        ),
        (
            "overrides:\n  - {target: standard}",
            "2: paths: write patterns as in .gitignore, for example [team-a/**, '*.old.yaml'].",
        ),
        (
            "overrides:\n  - paths: a\n    output: b",
            "3: output cannot differ by path; set it below convert or diff or verify or advise.",
        ),
        (
            "overrides:\n  - paths: a\n    kustomize: skip",
            "3: kustomize cannot differ by path; set it outside of overrides.",
        ),
        ("overrides:\n  - pats: a\n    paths: a", "2: There is no option pats; did you mean paths?"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_is_right(text: str | bytes, told: str) -> None:
    assert faults(text) == [f"c.yaml:{told}"]


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    assert faults("strict-source: on off\nclas: a\ntarget: x\n") == [
        "c.yaml:1: strict-source: write true or false, without quotes.",
        "c.yaml:2: There is no option clas; did you mean class?",
        f"c.yaml:3: target: 'x' is not one of {TARGETS}.",
    ]


def test_a_file_that_is_not_there_is_said() -> None:
    with pytest.raises(click.UsageError) as error:
        load_settings("none.yaml", confined=False)
    assert error.value.message == "none.yaml: It cannot be read: no such file or directory."


def test_a_file_that_is_too_large_is_refused_rather_than_cut() -> None:
    assert faults("# nothing\n" * 200_000) == ["c.yaml: It is larger than 1 MB."]


def test_an_override_has_patterns_and_options() -> None:
    (override,) = load("overrides:\n  - paths: [team-a/**, '!team-a/x']\n    target: envoy-gateway\n").overrides

    assert (override.file, override.line, override.patterns) == ("c.yaml", 2, ("team-a/**", "!team-a/x"))
    assert [override.spec.match_file(path) for path in ("team-a/b/c.yaml", "team-a/x", "b/team-a")] == [
        True,
        False,
        False,
    ]
    assert {name: setting.value for name, setting in override.settings.items()} == {"target": "envoy-gateway"}


def test_what_a_run_fixes_no_override_changes() -> None:
    settings = load("overrides:\n  - {paths: a, target: standard}\n  - {paths: b, target: standard, class: c}\n")

    kept = settings.without({"target"}).overrides
    assert [(each.patterns, list(each.settings)) for each in kept] == [(("b",), ["class"])]
