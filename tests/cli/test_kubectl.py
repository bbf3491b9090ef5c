"""The plugin for kubectl, started by the real one where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from converter.cli import _called_as
from converter.cli.kubectl import complete


@pytest.fixture
def kubectl(tmp_path: Path):
    """Runs kubectl with the plugin's programs, as an installation makes them, on its PATH."""
    if not shutil.which("kubectl"):
        pytest.skip("kubectl is not installed")
    for name, call in (
        ("kubectl-ingress_migrate", "converter.cli import main as run"),
        ("kubectl_complete-ingress_migrate", "converter.cli.kubectl import complete as run"),
    ):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!{sys.executable}\nfrom {call}\nrun()\n")
        program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["kubectl", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, check=False, text=True, timeout=60)

    return run


def test_kubectl_finds_the_plugin_by_its_name(kubectl) -> None:
    result = kubectl("ingress-migrate", "explain", "limit-rps")

    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("nginx.ingress.kubernetes.io/limit-rps")


def test_usage_and_advice_name_what_was_typed(kubectl, tmp_path: Path) -> None:
    usage = kubectl("ingress-migrate", "golden", "check", "--help").stdout.splitlines()[0]
    wrong = kubectl("ingress-migrate", "golden", "check", str(tmp_path))

    assert usage == "Usage: kubectl ingress-migrate golden check [OPTIONS] PATHS..."
    assert wrong.returncode != 0
    assert f"run kubectl ingress-migrate golden record {tmp_path} first." in wrong.stderr


def test_kubectl_completes_commands_options_and_values(kubectl) -> None:
    def completed(*words: str) -> list[str]:
        """The values without their help, then the directive."""
        lines = kubectl("__complete", "ingress-migrate", *words).stdout.splitlines()
        return [line.partition("\t")[0] for line in lines]

    assert completed("expl") == ["explain", ":4"]
    assert completed("golden", "check", "--targ") == ["--target", ":4"]
    assert completed("convert", "--target", "envoy") == ["envoy-gateway", ":4"]
    assert completed("convert", "k8s/") == [":0"]


@pytest.mark.parametrize(
    ("program", "name"),
    [
        ("/usr/bin/ingress-migrate", "ingress-migrate"),
        ("/usr/bin/kubectl-ingress_migrate", "kubectl ingress-migrate"),
        ("kubectl-ingress_migrate.exe", "kubectl ingress-migrate"),
        ("/home/kubectl-plugins/ingress-migrate", "ingress-migrate"),
        ("/venv/converter/__main__.py", "ingress-migrate"),
    ],
)
def test_the_name_is_the_one_that_was_typed(program: str, name: str) -> None:
    assert _called_as(program) == name


def test_files_are_offered_only_where_nothing_else_can_stand(monkeypatch, capsys) -> None:
    for words, directive in ((["explain", "--nothing-like-it"], ":0"), (["gol"], ":4"), ([], ":4")):
        monkeypatch.setattr(sys, "argv", ["kubectl_complete-ingress_migrate", *words])
        complete()
        assert capsys.readouterr().out.splitlines()[-1] == directive
