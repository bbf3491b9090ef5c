"""Completion in real shells: what a person gets who presses the tabulator key."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from converter.cli import COMMANDS, group
from converter.targets import NAMES, OTHERS

SHELL = """\
source <(ingress-migrate completion bash)
compopt() { echo "the shell completes: ${*: -1}"; }
COMP_WORDS=("$@") COMP_CWORD=$(( $# - 1 )) COMPREPLY=()
_ingress_migrate_completion ingress-migrate
(( ${#COMPREPLY[@]} )) && printf '%s\\n' "${COMPREPLY[@]}"
exit 0
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The program as a command, whatever Python runs these tests."""
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "ingress-migrate"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m converter "$@"\n')
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def shell(path: str, name: str, *arguments: str, **environment: str) -> str:
    found = shutil.which(name)
    if not found:
        pytest.skip(f"no {name} here")
    result = subprocess.run(
        [found, *arguments],
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert result.stderr == ""
    return result.stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ([""], list(COMMANDS)),
        (["ex"], ["explain"]),
        (["--v"], ["--version"]),
        (["convert", "--gateway-"], ["name", "namespace", "class", "api"]),
        (["convert", "--channel", ""], ["standard", "experimental"]),
        (["convert", "--target", "env"], ["envoy-gateway"]),
        (["convert", "--target", "=", "env"], ["envoy-gateway"]),
        (["convert", "--channel", "=", "standard", "--target", "="], [*NAMES, *OTHERS]),
        (["convert", "--gateway-api", "1.5"], ["1.5"]),
        (["explain", "limit-rp"], ["limit-rpm", "limit-rps"]),
        (["explain", "nginx.ingress.kubernetes.io/limit-rps"], ["nginx.ingress.kubernetes.io/limit-rps"]),
        (["explain", "whitelist"], ["whitelist-source-range"]),
        (["explain", "cert-manager.io/cl"], ["cert-manager.io/cluster-issuer"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["convert", ""], ["the shell completes: default"]),
        (["convert", "a.yaml", "b"], ["the shell completes: default"]),
        (["convert", "--report", ""], ["the shell completes: default"]),
        (["convert", "-o", ""], ["the shell completes: dirnames"]),
        (["convert", "--namespace", ""], []),
        (["nothing", ""], list(COMMANDS)),
    ],
    ids=" ".join,
)
def test_bash_offers_what_may_follow(path, words, offered) -> None:
    if words[-1] == "--gateway-":
        offered = [words[-1] + rest for rest in offered]

    assert shell(path, "bash", "-c", SHELL, "bash", "ingress-migrate", *words).splitlines() == offered


def test_fish_offers_names_and_values(path, tmp_path: Path) -> None:
    script = "ingress-migrate completion fish | source; complete --do-complete 'ingress-migrate convert --target e'"

    assert shell(path, "fish", "--no-config", "-c", script, HOME=str(tmp_path)).splitlines() == ["envoy-gateway"]


def test_zsh_takes_the_script_as_an_autoloaded_function(path, tmp_path: Path) -> None:
    script = (
        f"fpath=({tmp_path} $fpath); ingress-migrate completion zsh > {tmp_path}/_ingress-migrate;"
        f"autoload -Uz compinit; compinit -u -d {tmp_path}/dump; print $_comps[ingress-migrate]"
    )

    assert shell(path, "zsh", "-fc", script, HOME=str(tmp_path)) == "_ingress-migrate\n"


def test_zsh_is_told_what_each_name_means(path) -> None:
    lines = shell(
        path,
        "sh",
        "-c",
        "ingress-migrate",
        _INGRESS_MIGRATE_COMPLETE="zsh_complete",
        COMP_WORDS="ingress-migrate explain limit-rps",
        COMP_CWORD="2",
    ).splitlines()

    assert lines == ["plain", "limit-rps", "Requests per second for one client address; further ones get 503."]


@pytest.mark.parametrize(
    ("words", "unused"),
    [
        ("ingress-migrate c", "converter.cli.conversion"),
        ("ingress-migrate convert --t", "converter.pipeline"),
        ("ingress-migrate convert --target s", "converter.tables"),
        ("ingress-migrate explain limit", "converter.pipeline"),
    ],
)
def test_nothing_is_loaded_that_completing_does_not_need(words, unused) -> None:
    code = f"import sys; from converter.cli import main\ntry: main()\nfinally: print({unused!r} in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            "_INGRESS_MIGRATE_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
        },
        capture_output=True,
        text=True,
        check=True,
    )

    *offered, loaded = result.stdout.splitlines()
    assert offered
    assert loaded == "False"


def parameters(command: click.Command, name: str) -> Iterator[tuple[str, click.Parameter]]:
    ctx = click.Context(command, info_name=name, **command.context_settings)
    for parameter in command.params:
        yield f"{name} {parameter.opts[0]}", parameter
    if isinstance(command, click.Group):
        for each in command.list_commands(ctx):
            below = command.get_command(ctx, each)
            assert below
            yield from parameters(below, f"{name} {each}")


def test_every_name_of_a_file_is_completed_as_one() -> None:
    """An option that shows FILE or DIR in its help needs a type that a shell can complete."""
    named = [
        (name, parameter)
        for name, parameter in parameters(group, "ingress-migrate")
        if parameter.metavar in ("FILE", "DIR") or parameter.name == "paths"
    ]

    assert len(named) >= 6
    assert [name for name, parameter in named if not isinstance(parameter.type, click.Path | click.File)] == []
