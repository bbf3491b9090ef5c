"""What the pages about pinning and about the KRM function show is what happens."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from cli.conftest import INGRESS

ROOT = Path(__file__).resolve().parent.parent


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / page).read_text(), flags=re.DOTALL)


@pytest.fixture
def shell(tmp_path: Path):
    """Runs a block of a page in an empty folder, where ``ingress-migrate`` is this package."""
    program = tmp_path / "bin" / "ingress-migrate"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m converter "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    folder = tmp_path / "work"
    folder.mkdir()

    def run(block: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-euc", block], cwd=folder, env=environment, check=True, capture_output=True, text=True, timeout=120
        )

    run.folder = folder  # type: ignore[attr-defined]
    return run


def needs(program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")


def test_the_commands_that_pin(shell) -> None:
    (shell.folder / "k8s").mkdir()
    (shell.folder / "k8s/web.yaml").write_text(INGRESS)
    (block,) = blocks("golden.md", "sh")

    assert shell(block).stdout.splitlines()[-1].startswith("k8s: as recorded, ")
    assert {path.name for path in (shell.folder / "k8s/.ingress-migrate/golden").iterdir()} == set(
        re.findall(r"^\| `([a-z.]+)/?` \|", (ROOT / "docs/golden.md").read_text(), flags=re.MULTILINE)
    )


def test_what_stands_in_files_of_others_can_be_read() -> None:
    workflow, hook = (yaml.safe_load(block) for block in blocks("golden.md", "yaml"))
    (ini,) = (tomllib.loads(block) for block in blocks("golden.md", "toml"))

    assert workflow[1]["run"] == hook["repos"][0]["hooks"][0]["entry"] == "ingress-migrate golden check k8s"
    assert ini["tool"]["pytest"]["ini_options"]["ingress_migrate_golden"][0] == "k8s"


def test_kustomize_builds_what_the_page_shows(shell) -> None:
    needs("kustomize")
    script, build, _ = blocks("function.md", "sh")
    for block in (f"#!/bin/sh\n{script}", *blocks("function.md", "yaml")):
        (shell.folder / re.findall(r"^# (\S+)\n", block, flags=re.MULTILINE)[0]).write_text(block)
    (shell.folder / "web.yaml").write_text(INGRESS)

    kinds = [each["kind"] for each in yaml.safe_load_all(shell(build).stdout)]
    assert kinds == ["Gateway", "GatewayClass", "HTTPRoute", "Ingress"]


def test_kpt_writes_what_the_page_says(shell) -> None:
    needs("kpt")
    (shell.folder / "shop").mkdir()
    (shell.folder / "shop/web.yaml").write_text(INGRESS)
    shell(blocks("function.md", "sh")[2])

    found = yaml.safe_load_all((shell.folder / "shop/web.gateway.yaml").read_text())
    assert [each["kind"] for each in found] == ["GatewayClass", "Gateway", "HTTPRoute"]


def test_the_cut_over_finds_the_fault_that_the_page_plants(shell) -> None:
    manifest = blocks("verify.md", "yaml")[0]
    convert, verify, plant, *_ = blocks("verify.md", "sh")
    (shell.folder / "k8s").mkdir()
    (shell.folder / "k8s/web.yaml").write_text(manifest)
    shell(convert)
    assert "Nothing differs that the report of the conversion does not announce." in shell(verify).stdout

    found = shell(plant).stdout
    assert found.endswith("exit status 1\n")
    (shown,) = blocks("verify.md", "text")
    assert same_words(shown) in same_words(found)


def same_words(text: str) -> str:
    """Lines are as long as the terminal is wide."""
    return " ".join(text.split())


def test_the_differences_that_the_page_accepts_can_be_read(tmp_path: Path) -> None:
    from converter.read.acceptances import acceptances
    from converter.verify.accepted import Acceptance

    file = tmp_path / "accepted.yaml"
    file.write_text(blocks("verify.md", "yaml")[1])

    assert [type(each) for each in acceptances(str(file))] == [Acceptance]
