"""``ingress-migrate diff --against`` where kustomizations are built: each environment is compared with itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from cli.conftest import Run

from converter.read.kustomize import kustomize_command

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "gitops" / "apps"
pytestmark = [
    pytest.mark.skipif(not kustomize_command(), reason="neither kustomize nor kubectl is here"),
    pytest.mark.skipif(not shutil.which("git"), reason="git is not here"),
]


def git(*arguments: str) -> None:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(SAMPLE, tmp_path / "apps")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    return tmp_path


def changed(file: str, before: str, after: str) -> None:
    path = Path("apps", file)
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_a_base_changes_all_its_environments_and_a_patch_only_its_own(repository: Path, run: Run) -> None:
    changed("shop/base/ingress.yaml", "/start", "/begin")
    changed("shop/overlays/prod/ingress.yaml", "shop.example.com", "store.example.com")
    result = run("diff", "apps", "--against", "HEAD", "-o", "behaviour")

    assert (result.exit_code, result.stderr) == (1, "")
    assert (
        result.stdout
        == """\
shop.example.com in prod
- http     /  302 to /start
            ~ → 404
- http     /  shop/shop:80
            ~ → 404

store.example.com in prod
+ http     /  302 to /begin
+ http     /  shop/shop:80

shop.staging.example.com in staging
  http     /  302 to /start
            ~ → 302 to /begin

Nothing differs on 1 host: blog.example.com.

7 paths on 4 hosts asked over http and https: 3 hosts with differences.
"""
    )


def test_nothing_since_a_commit_is_nothing_to_do(repository: Path, run: Run) -> None:
    result = run("diff", "apps", "--against", "HEAD")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Nothing differs on 3 hosts: blog.example.com, shop.example.com in prod, ")


def test_the_work_tree_is_built_as_it_is_and_stays_so(repository: Path, run: Run) -> None:
    """An overlay that is not committed has no earlier state."""
    shutil.copytree("apps/shop/overlays/prod", "apps/shop/overlays/canary")
    changed("shop/overlays/canary/ingress.yaml", "shop.example.com", "canary.example.com")
    before = {path: path.read_bytes() for path in Path("apps").rglob("*") if path.is_file()}
    result = run("diff", "apps", "--against", "HEAD", "-o", "behaviour")

    assert result.stdout.startswith("""\
canary.example.com in canary
+ http     /  302 to /start
+ http     /  shop/shop:80

Nothing differs on 3 hosts: """)
    assert {path: path.read_bytes() for path in Path("apps").rglob("*") if path.is_file()} == before


def commit() -> str:
    return subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout[:12]


def test_an_environment_that_is_none_any_more_is_told(repository: Path, run: Run) -> None:
    """The last overlay is converted with everything else, and its Gateway is another one."""
    shutil.rmtree("apps/shop/overlays/staging")
    result = run("diff", "apps", "--against", "HEAD", "-o", "behaviour")

    assert result.exit_code == 1
    assert result.stderr == (
        f"prod was converted by itself in {commit()} and is part of everything else now,"
        " so its routes are shown as gone and as new.\n"
    )


def test_an_environment_that_was_none_is_told(repository: Path, run: Run) -> None:
    shutil.move("apps/shop/overlays/staging", "staging")
    git("commit", "-q", "-a", "-m", "two")
    shutil.move("staging", "apps/shop/overlays/staging")
    result = run("diff", "apps", "--against", "HEAD", "-o", "behaviour")

    assert result.exit_code == 1
    assert result.stderr == (
        f"prod is converted by itself now and was part of everything else in {commit()},"
        " so its routes are shown as gone and as new.\n"
    )
