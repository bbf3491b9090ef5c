"""The hooks for pre-commit, run by pre-commit itself in a repository that uses them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "golden" / "first-example" / "input" / "ingress.yaml"
CONFIG = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - id: {hook}
        args: {arguments}
"""


def git(directory: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Tests", "-c", "user.email=tests@example.com", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(directory), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def pre_commit(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300)


def test_the_manifest_is_one_that_pre_commit_takes() -> None:
    result = pre_commit("validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"))

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """This tree as it is now, as a repository with one commit."""
    repository = tmp_path_factory.mktemp("published")
    for name in git(ROOT, "ls-files", "-co", "--exclude-standard", "-z").split("\0"):
        if name and (ROOT / name).is_file():
            (repository / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, repository / name)
    git(repository, "init", "-q")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "All of it")
    return repository, git(repository, "rev-parse", "HEAD").strip()


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRE_COMMIT_HOME", str(tmp_path_factory.mktemp("pre-commit")))
        yield


@pytest.fixture
def user(tmp_path: Path) -> Path:
    """A repository with an Ingress and the objects that it became."""
    (tmp_path / "k8s").mkdir()
    shutil.copyfile(EXAMPLE, tmp_path / "k8s" / "ingress.yaml")
    git(tmp_path, "init", "-q")
    subprocess.run(
        [sys.executable, "-m", "converter", "convert", "k8s", "-o", "gateway", "-q"], cwd=tmp_path, check=True
    )
    git(tmp_path, "add", "-A")
    return tmp_path


def use(user: Path, published: tuple[Path, str], hook: str, *arguments: str) -> None:
    repository, revision = published
    text = CONFIG.format(repository=repository, revision=revision, hook=hook, arguments=json.dumps(arguments))
    (user / ".pre-commit-config.yaml").write_text(text)
    git(user, "add", "-A")


@pytest.mark.slow
def test_the_diff_hook_passes_until_an_ingress_changes_or_goes(user, published) -> None:
    use(user, published, "ingress-migrate-diff", "k8s/", "--directory", "gateway/")
    first = pre_commit("run", "--all-files", cwd=user)
    assert (first.returncode, first.stdout.splitlines()[-1].rsplit(".", 1)[-1]) == (0, "Passed"), first

    ingress = user / "k8s" / "ingress.yaml"
    ingress.write_text(ingress.read_text().replace("api-server", "api"))
    git(user, "add", "-A")
    changed = pre_commit("run", cwd=user)
    assert changed.returncode == 1
    assert "\n-    - name: api-server\n+    - name: api\n" in changed.stdout

    git(user, "commit", "-q", "--no-verify", "-m", "Before")
    git(user, "rm", "-q", "k8s/ingress.yaml")
    (user / "k8s").mkdir(exist_ok=True)
    gone = pre_commit("run", cwd=user)
    assert gone.returncode == 1
    assert "\ndeleted file mode 100644\n" in gone.stdout


@pytest.mark.slow
def test_the_convert_hook_writes_and_fails_once(user, published) -> None:
    use(user, published, "ingress-migrate-convert", "k8s/", "--output", "gateway/")
    ingress = user / "k8s" / "ingress.yaml"
    ingress.write_text(ingress.read_text().replace("api-server", "api"))
    git(user, "add", "-A")

    assert pre_commit("run", cwd=user).returncode == 1
    assert "    - name: api\n" in (user / "gateway" / "httproute-api-example-com.yaml").read_text()

    git(user, "add", "-A")
    assert pre_commit("run", cwd=user).returncode == 0


@pytest.mark.slow
def test_the_convert_hook_changes_a_repository_in_place(user, published) -> None:
    use(user, published, "ingress-migrate-convert", "k8s/", "--in-place", "--force")
    pre_commit("run", cwd=user)
    git(user, "add", "-A")
    assert (user / "k8s" / "ingress.gateway.yaml").exists()

    ingress = user / "k8s" / "ingress.yaml"
    ingress.write_text(ingress.read_text().replace("api-server", "api"))
    git(user, "add", "-A")
    assert pre_commit("run", cwd=user).returncode == 1
    assert "    - name: api\n" in (user / "k8s" / "ingress.gateway.yaml").read_text()


def test_the_page_shows_hooks_that_there_are() -> None:
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    page = (ROOT / "docs" / "ci.md").read_text()

    assert set(re.findall(r"`(ingress-migrate-\w+)`", page)) == hooks
