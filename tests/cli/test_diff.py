"""``ingress-migrate diff``, in repositories and terminals that are real; it writes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli.conftest import INGRESS, Run

NOW = INGRESS.replace("name: web, port", "name: next, port")
SAME = """\
Nothing differs on 1 host: shop.example.com.

1 path on 1 host asked over http and https: nothing differs.
"""


def tree(folder: Path) -> dict[str, bytes]:
    """Every file, that of Git too."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(ingress: Path) -> Path:
    """The Ingress in a repository, committed; then its Service is another."""
    git(ingress.parent, "init", "-q", "-b", "main")
    git(ingress.parent, "add", ".")
    git(ingress.parent, "commit", "-q", "-m", "one")
    ingress.write_text(NOW)
    return ingress


def test_what_is_new_is_shown_and_nothing_is_written(ingress: Path, run: Run) -> None:
    before = tree(ingress.parent)
    result = run("diff", "ingress.yaml")
    assert result.exit_code == 1
    assert result.stdout.startswith(
        "diff --git a/gateway-api/gateway-nginx.yaml b/gateway-api/gateway-nginx.yaml\nnew file mode 100644\n"
    )
    assert "\n\nBehaviour\n\nNothing else differs on 1 host: shop.example.com.\n" in result.stdout
    assert result.stderr == ""
    assert tree(ingress.parent) == before


def test_what_was_written_before_is_not_shown_again(ingress: Path, run: Run) -> None:
    run("convert", "ingress.yaml", "-o", "out", "-q")
    result = run("diff", "ingress.yaml", "--directory", "out", "-o", "patch")
    assert (result.exit_code, result.stdout) == (0, "")


def test_the_patch_makes_what_convert_writes(ingress: Path, run: Run) -> None:
    run("convert", "ingress.yaml", "-o", "out", "-q")
    ingress.write_text(NOW)
    patch = run("diff", "ingress.yaml", "--directory", "out", "-o", "patch").stdout
    git(ingress.parent, "init", "-q")
    for check in (["--check"], []):
        subprocess.run(["git", "apply", *check], input=patch.encode(), cwd=ingress.parent, check=True)
    patched = tree(ingress.parent / "out")
    run("convert", "ingress.yaml", "-o", "out", "-q")
    assert tree(ingress.parent / "out") == patched


def test_input_that_cannot_be_read_is_trouble(ingress: Path, run: Run) -> None:
    result = run("diff", "ingress.yaml", "nowhere.yaml", "-o", "patch")
    assert result.exit_code == 2
    assert result.stderr == "nowhere.yaml: There is no such file or directory. Check how it is written.\n"


def test_another_program_s_folder_is_no_earlier_output(ingress: Path, run: Run) -> None:
    result = run("diff", "ingress.yaml", "--directory", ".")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: . holds ingress.yaml, which ingress-migrate did not write; name another directory.\n"
    )


def test_since_a_commit_the_service_is_another(repository: Path, run: Run) -> None:
    before = tree(repository.parent)
    result = run("diff", "ingress.yaml", "--against", "HEAD")
    assert result.exit_code == 1
    assert (
        result.stdout
        == """\
diff --git a/httproute-shop-example-com.yaml b/httproute-shop-example-com.yaml
--- a/httproute-shop-example-com.yaml
+++ b/httproute-shop-example-com.yaml
@@ -16,5 +16,5 @@
         type: PathPrefix
         value: /
     backendRefs:
-    - name: web
+    - name: next
       port: 80

Behaviour

shop.example.com
  http     /  web:80
            ~ → next:80

1 path on 1 host asked over http and https: 1 host with differences.
"""
    )
    assert tree(repository.parent) == before


def test_since_a_commit_verdicts_came_and_went(repository: Path, run: Run) -> None:
    annotation = "  annotations: { nginx.ingress.kubernetes.io/proxy-body-size: 8m }\n"
    repository.write_text(INGRESS.replace("spec:\n", f"{annotation}spec:\n", 1))
    result = run("diff", "ingress.yaml", "--against", "main")
    assert result.exit_code == 1
    assert (
        result.stdout
        == """\
Nothing differs on 1 host: shop.example.com.

Verdicts that changed:
  ~ Ingress web, body-size: untranslated [body-size] → none
  ~ Ingress web, nginx.ingress.kubernetes.io/proxy-body-size: none → untranslated [body-size]

1 path on 1 host asked over http and https: nothing differs.
"""
    )


def test_nothing_since_a_commit_is_nothing_to_do(repository: Path, run: Run) -> None:
    repository.write_text(INGRESS)
    result = run("diff", "ingress.yaml", "--against", "HEAD")
    assert (result.exit_code, result.stdout, result.stderr) == (0, SAME, "")


def test_paths_are_those_of_the_current_folder(repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository.parent / "team" / "apps"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert "web:80" in run("diff", "../../ingress.yaml", "--against", "HEAD").stdout
    assert "web:80" in run("diff", str(repository), "--against", "HEAD").stdout


def test_what_git_ignores_is_ignored_there_too(repository: Path, run: Run) -> None:
    folder = repository.parent
    (folder / "ignored.yaml").write_text(INGRESS.replace("shop.", "ignored."))
    git(folder, "add", "ignored.yaml")
    (folder / ".gitignore").write_text("ignored.yaml\n")
    git(folder, "add", ".gitignore")
    git(folder, "commit", "-q", "-m", "two")
    assert "ignored.example.com" not in run("diff", ".", "--against", "HEAD", "--all").stdout


def test_a_path_that_did_not_exist_is_new(repository: Path, run: Run) -> None:
    repository.write_text(INGRESS)
    (repository.parent / "late.yaml").write_text(
        INGRESS.replace("name: web\n", "name: late\n").replace("shop.", "late.")
    )
    result = run("diff", "ingress.yaml", "late.yaml", "--against", "HEAD", "-o", "behaviour")
    assert result.exit_code == 1
    assert result.stdout.startswith("late.example.com\n+ http     /  web:80\n")
    assert result.stderr.startswith("late.yaml did not exist in ")


def test_what_is_outside_the_repository_is_told(
    repository: Path, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "other.yaml"
    outside.write_text(INGRESS.replace("name: web\n", "name: other\n"))
    result = run("diff", "ingress.yaml", str(outside), "--against", "HEAD")
    assert result.stderr == f"{outside} is outside the repository, so it was taken as it is now.\n"


def test_a_submodule_is_told(repository: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    inner = tmp_path_factory.mktemp("inner")
    git(inner, "init", "-q")
    (inner / "inner.yaml").write_text(INGRESS.replace("shop.", "inner."))
    git(inner, "add", ".")
    git(inner, "commit", "-q", "-m", "inner")
    git(repository.parent, "submodule", "add", "-q", str(inner), "modules/inner")
    git(repository.parent, "commit", "-q", "-m", "two")
    result = run("diff", ".", "--against", "HEAD", "-o", "behaviour")
    assert "modules/inner is a submodule, and what it held in " in result.stderr
    assert "modules/inner" not in run("diff", "ingress.yaml", "--against", "HEAD").stderr


def test_a_folder_of_earlier_objects(ingress: Path, run: Run) -> None:
    run("convert", "ingress.yaml", "-o", "out", "-q")
    assert run("diff", "ingress.yaml", "--against", "out").stdout == SAME
    ingress.write_text(NOW)
    result = run("diff", "ingress.yaml", "--against", "out")
    assert result.exit_code == 1
    assert "--- a/out/httproute-shop-example-com.yaml" in result.stdout
    assert result.stdout.endswith("""
shop.example.com
  http     /  web:80
            ~ → next:80

1 path on 1 host asked over http and https: 1 host with differences.
""")


def test_a_folder_of_objects_that_somebody_wrote(ingress: Path, run: Run) -> None:
    folder = ingress.parent / "by-hand"
    folder.mkdir()
    objects = run("convert", "ingress.yaml", "-q").stdout
    (folder / "all.yaml").write_text("# by hand\n" + objects.replace("name: web\n", "name: hand\n"))
    result = run("diff", "ingress.yaml", "--against", "by-hand")
    assert result.exit_code == 1
    assert "  http     /  hand:80\n            ~ → web:80\n" in result.stdout


def test_a_folder_with_faults_is_told(ingress: Path, run: Run) -> None:
    folder = ingress.parent / "by-hand"
    folder.mkdir()
    (folder / "bad.yaml").write_text("a: [\n")
    result = run("diff", "ingress.yaml", "--against", "by-hand")
    assert result.exit_code == 1
    assert result.stderr.startswith("by-hand/bad.yaml:2: The YAML cannot be read from column ")
    (folder / "bad.yaml").write_text("kind: HTTPRoute\nmetadata: { name: a }\nspec: { rules: [1] }\n")
    result = run("diff", "ingress.yaml", "--against", "by-hand")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: by-hand holds an object that lacks what the Gateway API demands of it"
        " ('int' object has no attribute 'get'); correct it first.\n"
    )


def test_a_folder_comes_before_a_ref_of_the_same_name(repository: Path, run: Run) -> None:
    run("convert", "ingress.yaml", "-o", "main", "-q")
    result = run("diff", "ingress.yaml", "--against", "main")
    assert (result.exit_code, result.stdout) == (0, SAME)
    assert result.stderr == "main is a folder, and a Git ref too; the folder was taken.\n"


def test_without_a_repository_there_is_no_ref(ingress: Path, run: Run) -> None:
    result = run("diff", "ingress.yaml", "--against", "HEAD")
    assert result.exit_code == 2
    assert result.stderr == "Error: ingress.yaml is in no Git repository; name a folder of objects instead.\n"


@pytest.mark.parametrize("name", ["nowhere", "--output=x", "HEAD:ingress.yaml"])
def test_a_ref_that_nobody_knows(repository: Path, run: Run, name: str) -> None:
    result = run("diff", "ingress.yaml", f"--against={name}")
    assert result.exit_code == 2
    assert result.stderr == (
        f"Error: {name} is neither a folder nor a commit, branch or tag of the repository {repository.parent}.\n"
    )


def test_a_commit_that_a_shallow_clone_lacks(repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git(repository.parent, "commit", "-q", "-a", "-m", "two")
    git(repository.parent, "clone", "-q", "--depth", "1", repository.parent.as_uri(), "clone")
    monkeypatch.chdir(repository.parent / "clone")
    result = run("diff", "ingress.yaml", "--against", "HEAD~1")
    assert result.exit_code == 2
    assert result.stderr == "Error: HEAD~1 is not in this shallow clone; fetch it first (git fetch --unshallow).\n"


def test_without_git_it_says_so(repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository.parent))
    result = run("diff", "ingress.yaml", "--against", "HEAD")
    assert result.exit_code == 2
    assert result.stderr == "Error: Git is not installed, so no earlier state can be read; name a folder instead.\n"


def test_a_repository_that_git_does_not_read(repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It belongs to somebody else; this variable is how Git tests that itself."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    result = run("diff", "ingress.yaml", "--against", "HEAD")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: Git does not read the repository of ingress.yaml:"
        f" detected dubious ownership in repository at '{repository.parent}'; git status says more.\n"
    )


def test_standard_input_has_no_past(repository: Path, run: Run) -> None:
    result = run("diff", "-", "--against", "HEAD", stdin=INGRESS)
    assert result.exit_code == 2
    assert result.stderr == "Error: Standard input has no earlier state; name files or folders with --against.\n"


def test_two_things_to_compare_with_are_one_too_many(ingress: Path, run: Run) -> None:
    result = run("diff", "ingress.yaml", "--against", "a", "--directory", "b")
    assert result.exit_code == 2
    assert "--directory and --against both say what to compare with; name one of them." in result.stderr


def test_the_behaviour_as_data(ingress: Path, run: Run) -> None:
    result = run("diff", "ingress.yaml", "-o", "json")
    found = json.loads(result.stdout)
    assert found["summary"] == {"hosts": 1, "differing": 0, "paths": 1, "unannounced": 0}
    assert [(way["host"], way["schemes"], way["match"], way["path"]) for way in found["ways"]] == [
        ("shop.example.com", [scheme], {"kind": "prefix", "value": "/"}, "/below") for scheme in ("http", "https")
    ]
    assert found["ways"][1]["changes"] == [
        {
            "fact": "answer",
            "part": "",
            "before": "web:80",
            "after": "no connection",
            "verdict": "untranslated",
            "codes": ["default-certificate", "undeclared-https"],
            "byDefault": True,
            "announced": True,
        }
    ]
    assert run("diff", "ingress.yaml", "-o", "json").stdout == result.stdout


def test_colours_are_for_terminals_unless_asked_for(ingress: Path, run: Run) -> None:
    assert "\x1b" not in run("diff", "ingress.yaml").stdout
    assert "\x1b[32m+kind: Gateway\x1b[0m\n" in run("diff", "ingress.yaml", "--color", "always").stdout


def at_a_terminal(folder: Path, *arguments: str, **environment: str) -> tuple[str, int]:
    """What a terminal shows, and the exit status; without a bar, which comes only where the machine is slow."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "converter", *arguments, "-q"]
    variables = {key: value for key, value in os.environ.items() if key not in ("PAGER", "LESS", "NO_COLOR")}
    process = subprocess.Popen(
        command, cwd=folder, stdout=theirs, stderr=theirs, env={**variables, "TERM": "xterm", **environment}
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            block = os.read(ours, 4096)
        except OSError:
            break
        if not block:
            break
        shown += block
    os.close(ours)
    return shown.decode(), process.wait()


@pytest.fixture
def long(ingress: Path) -> Path:
    """More than a pipe holds."""
    documents = [INGRESS.replace("name: web\n", f"name: web-{n}\n").replace("shop.", f"shop-{n}.") for n in range(300)]
    ingress.write_text("---\n".join(documents))
    return ingress


def test_a_terminal_gets_the_pager_with_colours(ingress: Path) -> None:
    shown, status = at_a_terminal(ingress.parent, "diff", "ingress.yaml", PAGER="sed s/^/paged:/")
    assert shown.startswith("paged:\x1b[1mdiff --git a/gateway-api/gateway-nginx.yaml")
    assert status == 1


def test_a_pager_that_is_left_early_is_no_trouble(long: Path) -> None:
    # -q: on a busy machine a bar would come first.
    shown, status = at_a_terminal(long.parent, "diff", "ingress.yaml", PAGER="head -n 2", NO_COLOR="1")
    assert (
        shown
        == "diff --git a/gateway-api/gateway-nginx.yaml b/gateway-api/gateway-nginx.yaml\r\nnew file mode 100644\r\n"
    )
    assert status == 1


@pytest.mark.parametrize("pager", [{"PAGER": ""}, {"PAGER": "cat"}, {"PAGER": "no-such-program"}])
def test_without_a_pager_everything_is_written(ingress: Path, pager: dict[str, str]) -> None:
    shown, _ = at_a_terminal(ingress.parent, "diff", "ingress.yaml", "--color", "never", **pager)
    assert shown.startswith("diff --git a/gateway-api/gateway-nginx.yaml")
    assert "\x1b" not in shown


def test_no_pager_means_none(ingress: Path) -> None:
    shown, _ = at_a_terminal(ingress.parent, "diff", "ingress.yaml", "--no-pager", PAGER="sed s/^/paged:/")
    assert "paged:" not in shown


ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "review.md").read_text()


def test_the_page_about_reviews_shows_what_comes_out(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    arguments = "diff golden/rate-limit/input -t envoy-gateway -o behaviour"
    assert f"$ ingress-migrate {arguments}\n{run(*arguments.split()).stdout}```" in PAGE


def test_the_page_about_reviews_shows_what_changed_since(repository: Path, run: Run) -> None:
    apps = repository.parent / "apps"
    apps.mkdir()
    old = (ROOT / "golden/first-example/input/ingress.yaml").read_text()
    (apps / "ingress.yaml").write_text(old)
    git(repository.parent, "add", "apps")
    git(repository.parent, "commit", "-q", "-m", "two")
    (apps / "ingress.yaml").write_text(old.replace("api-server", "api-v2").replace("path: /admin", "path: /ops"))
    arguments = "diff apps -t envoy-gateway --against main -o behaviour"
    assert f"```sh\ningress-migrate {arguments}\n```\n\n```\n{run(*arguments.split()).stdout}```" in PAGE


@pytest.mark.parametrize(("name", "status"), [("empty", 0), ("gone", 2)])
def test_without_an_ingress_nothing_is_said_to_be_equal(ingress: Path, run: Run, name: str, status: int) -> None:
    ingress.with_name("empty").mkdir()
    result = run("diff", name)

    assert result.stdout == "No Ingress with a host or a path was found, so there is nothing to ask.\n"
    assert result.exit_code == status
