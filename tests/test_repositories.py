"""Real repositories, with kustomizations that list their manifests, changed in place and built.

The repositories live outside this one; without them the test is skipped.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from converter.cli import group
from converter.read import Document, read
from converter.read.kustomize import kustomize_command, run_kustomize

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"
NAMES = (
    "ContainerSolutions+kubernetes-examples",
    "Siemens-Healthineers+K2s",
    "argoproj+argo-rollouts",
    "henrigkroine+TEEI-CSR-Platform",
    "hyperbolic2346+kubernetes",
    "kubernetes+ingress-nginx",
    "traefik+traefik",
)
CLASSES = ("nginx", "public", "internal", "traefik", "alb")
pytestmark = [
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the real repositories are not beside this one"),
    pytest.mark.skipif(not kustomize_command(), reason="neither kustomize nor kubectl is here"),
    pytest.mark.skipif(not shutil.which("git"), reason="git is not here"),
]


def git(*arguments: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "core.autocrlf=false", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def commit() -> None:
    git("add", "-A", "-f")
    git("commit", "-q", "--allow-empty", "-m", "state")


@pytest.fixture
def repository(request, tmp_path, monkeypatch) -> Path:
    """A copy in which every folder with an Ingress has a kustomization, as owners write them."""
    folder = tmp_path / "repository"
    shutil.copytree(CORPUS / request.param, folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    monkeypatch.chdir(folder)
    git("init", "-q")
    kustomized = rebuild_kustomizations(folder)
    assert kustomized
    commit()
    return folder


def rebuild_kustomizations(folder: Path) -> list[Path]:
    """Give each folder a kustomization of the manifests that kustomize takes; one that has its own keeps it."""
    made = []
    for path in sorted({file.parent for file in folder.rglob("*.y*ml")}):
        if ".git" in path.parts or any((path / name).exists() for name in ("kustomization.yaml", "kustomization.yml")):
            continue
        files = [file for file in sorted(path.glob("*.y*ml")) if _has_ingress(file)]
        chosen: list[str] = []
        for file in files:
            _write(path, [*chosen, file.name])
            if run_kustomize(str(path), kustomize_command())[1] == "":
                chosen.append(file.name)
        if chosen:
            _write(path, chosen)
            made.append(path)
        else:
            (path / "kustomization.yaml").unlink(missing_ok=True)
    return made


def _has_ingress(file: Path) -> bool:
    return any(document.value["kind"] == "Ingress" for document in read([str(file)]).documents)


def _write(path: Path, names: list[str]) -> None:
    lines = ["# Everything that this folder deploys.", "resources:", *(f"  - {name}   # as before" for name in names)]
    (path / "kustomization.yaml").write_text("\n".join(lines) + "\n")


def convert(*options: str):
    classes = [word for name in CLASSES for word in ("--class", name)]
    return CliRunner().invoke(group, ["convert", ".", "--in-place", *classes, *options], catch_exceptions=False)


def changes() -> dict[str, str]:
    lines = git("-c", "core.quotePath=false", "status", "--short", "-uall").splitlines()
    return {line[3:].strip('"'): line[:2] for line in lines}


@pytest.mark.parametrize("repository", NAMES, indirect=True)
def test_a_repository_changes_in_place(repository: Path, record_property) -> None:
    convert("-q")

    found = changes()
    modified = [name for name, state in found.items() if state == " M"]
    assert {Path(name).name for name in modified} <= {"kustomization.yaml"}
    assert [line for line in _removed_lines() if line] == []
    new = {name for name, state in found.items() if state == "??"}
    assert all(".gateway." in name or name.startswith("gateway-api/") for name in new)
    assert found.keys() == new | set(modified)
    for name in modified:
        built, failure = run_kustomize(str(Path(name).parent), kustomize_command())
        assert failure == ""
        routes = [each for each in yaml.safe_load_all(built) if each and each["kind"] == "HTTPRoute"]
        assert routes, name
    commit()
    convert("-q")
    assert changes() == {}

    convert("-q", "--remove-ingress")
    gone = [name for name, state in changes().items() if state == " D"]
    for name in modified:
        assert run_kustomize(str(Path(name).parent), kustomize_command())[1] == ""
    commit()
    convert("-q", "--remove-ingress")
    assert changes() == {}
    record_property(
        "saw",
        f"{len(new)} new files, {len(modified)} kustomizations listed them, {len(gone)} manifests gone",
    )


def _removed_lines() -> list[str]:
    lines = git("diff", "-U0").splitlines()
    return [line for line in lines if line.startswith("-") and not line.startswith("---")]


def _documents(folder: Path) -> list[Document]:
    return [document for document in read([str(folder)]).documents if document.value["kind"] == "Ingress"]
