"""The action for GitHub: its steps, run by bash as a runner does, with a ``gh`` that keeps its comments in a file."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from converter.read.kustomize import kustomize_command

ROOT = Path(__file__).resolve().parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
EXAMPLE = ROOT / "golden" / "first-example" / "input" / "ingress.yaml"
PAGE = (ROOT / "docs" / "github-action.md").read_text()
BOT = {"login": "github-actions[bot]", "type": "Bot"}
MARKER = "<!-- ingress-migrate: ingress-migrate -->\n"
GH = """\
#!{python}
import json, os, sys
state = os.environ["FAKE_GH"]
known = json.load(open(state))
arguments, stdin = sys.argv[1:], sys.stdin.read()
known["calls"].append([arguments, os.environ["GH_TOKEN"], os.environ["GH_HOST"]])
def value(option):
    return arguments[arguments.index(option) + 1] if option in arguments else None
address = next(word for word in arguments[1:] if word.startswith(("repos/", "user")))
method = value("--method") or "GET"
status = 0
if address == "user":
    status = 0 if known["login"] else 1
    print(known["login"] if known["login"] else '{{"message":"Resource not accessible by integration"}}')
elif method == "GET":
    for comment in known["comments"]:
        print(json.dumps(comment))
elif known["read_only"]:
    status = 1
    print("gh: Resource not accessible by integration (HTTP 403)", file=sys.stderr)
else:
    body = json.loads(stdin)["body"]
    if method == "POST":
        user = {{"login": known["login"] or "github-actions[bot]", "type": "User" if known["login"] else "Bot"}}
        known["comments"].append({{"id": len(known["comments"]) + 1, "user": user, "body": body}})
    else:
        comment = next(each for each in known["comments"] if each["id"] == int(address.rsplit("/", 1)[1]))
        comment["body"] = body
json.dump(known, open(state, "w"))
sys.exit(status)
"""


@dataclass
class Runner:
    """What a runner keeps between the steps of one job."""

    home: Path
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    log: str = ""
    event: dict[str, str] = field(default_factory=lambda: {"github.event.pull_request.number": "7"})

    @property
    def workspace(self) -> Path:
        return self.home / "workspace"

    @property
    def summary(self) -> str:
        file = self.home / "summary"
        return file.read_text() if file.exists() else ""

    @property
    def github(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.home / "gh.json").read_text())
        return found

    def said(self, **known: Any) -> None:
        state = {"comments": [], "login": "", "read_only": False, "calls": [], **known}
        (self.home / "gh.json").write_text(json.dumps(state))

    def job(self, *, install: bool = False, **inputs: str) -> int:
        """Run the action; the exit status of the first step that fails."""
        given = {name: each.get("default", "") for name, each in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        self.log = ""
        for step in ACTION["runs"]["steps"]:
            if step.get("id") == "install" and not install:
                self.outputs["install"] = {"python": sys.executable}
                continue
            if "if" in step and self.skips(step["if"], given):
                continue
            status = self.step(step, given)
            if status:
                return status
        return 0

    def skips(self, condition: str, inputs: dict[str, str]) -> bool:
        assert condition == "${{ inputs.comment == 'true' && github.event.pull_request.number }}"
        return inputs["comment"] != "true" or not self.event["github.event.pull_request.number"]

    def step(self, step: dict[str, Any], inputs: dict[str, str]) -> int:
        output = self.home / "output"
        output.write_text("")
        environment = {
            **os.environ,
            "PATH": f"{self.home / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "RUNNER_TEMP": str(self.home / "temp"),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_REPOSITORY": "shop/infra",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.home / "summary"),
            "FAKE_GH": str(self.home / "gh.json"),
            **{name: self.resolve(text, inputs) for name, text in step["env"].items()},
        }
        script = self.home / "script.sh"
        script.write_text(step["run"])
        result = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.workspace,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.log += result.stdout
        lines = output.read_text().splitlines()
        self.outputs[step.get("id", "")] = dict(line.split("=", 1) for line in lines)
        return result.returncode

    def resolve(self, text: str, inputs: dict[str, str]) -> str:
        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith("inputs."):
                return self.resolve(inputs[name.removeprefix("inputs.")], inputs)
            if name.startswith("steps."):
                _, step, _, output = name.split(".")
                return self.outputs.get(step, {}).get(output, "")
            return {"github.token": "a-token", **self.event}[name]

        return re.sub(r"\$\{\{ (\S+) \}\}", value, text)

    @property
    def result(self) -> dict[str, str]:
        """The outputs of the action that are not empty."""
        found = {name: self.resolve(each["value"], {}) for name, each in ACTION["outputs"].items()}
        return {name: value for name, value in found.items() if value}


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    for folder in ("workspace/k8s", "temp", "bin"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copyfile(EXAMPLE, tmp_path / "workspace" / "k8s" / "ingress.yaml")
    gh = tmp_path / "bin" / "gh"
    gh.write_text(GH.format(python=sys.executable))
    gh.chmod(0o755)
    found = Runner(tmp_path)
    found.said()
    return found


def test_a_pull_request_gets_one_comment_that_is_kept_current(runner: Runner) -> None:
    assert runner.job(paths="k8s") == 0
    first = runner.github["comments"]
    ingress = runner.workspace / "k8s" / "ingress.yaml"
    ingress.write_text(ingress.read_text().replace("rate-limit-window", "rate-limit-windows"))
    assert runner.job(paths="k8s") == 0
    second = runner.github["comments"]

    assert [comment["body"].startswith(f"{MARKER}## ingress-migrate for standard") for comment in first] == [True]
    assert [comment["id"] for comment in second] == [1]
    assert second[0]["body"] != first[0]["body"]
    assert {(token, host) for _, token, host in runner.github["calls"]} == {("a-token", "github.com")}


def test_a_comment_of_somebody_else_is_left_alone_whatever_it_says(runner: Runner) -> None:
    theirs = [
        {"id": 1, "user": {"login": "mallory", "type": "User"}, "body": f"{MARKER}Mine"},
        {"id": 2, "user": None, "body": f"{MARKER}Of somebody who left"},
        {"id": 3, "user": BOT, "body": "Another bot"},
        {"id": 4, "user": BOT, "body": "<!-- ingress-migrate: production -->\nOf another use"},
    ]
    runner.said(comments=theirs)

    assert runner.job(paths="k8s") == 0
    assert runner.github["comments"][:4] == theirs
    assert len(runner.github["comments"]) == 5


def test_the_token_of_a_user_finds_the_comment_of_that_user(runner: Runner) -> None:
    runner.said(login="robot", comments=[{"id": 1, "user": {"login": "robot", "type": "User"}, "body": MARKER}])

    assert runner.job(paths="k8s") == 0
    assert [len(comment["body"]) > 100 for comment in runner.github["comments"]] == [True]


def test_a_fork_that_may_not_write_gets_the_report_in_the_summary(runner: Runner) -> None:
    runner.said(read_only=True)

    assert runner.job(paths="k8s") == 0
    assert runner.summary.startswith("## ingress-migrate for standard")
    assert "The report is not on the pull request, but in the summary of this job." in runner.summary
    assert "::notice title=ingress-migrate::The report is not on the pull request" in runner.log
    assert "HTTP 403" in runner.log


def test_without_gh_the_report_is_in_the_summary(runner: Runner) -> None:
    (runner.home / "bin" / "gh").unlink()
    if shutil.which("gh"):
        pytest.skip("there is a gh on this machine, which would be asked")

    assert runner.job(paths="k8s") == 0
    assert "The runner has no program gh." in runner.log


@pytest.mark.parametrize(("comment", "number"), [("false", "7"), ("true", "")], ids=["unwanted", "push"])
def test_no_comment_where_none_is_wanted_or_there_is_no_pull_request(runner: Runner, comment, number) -> None:
    runner.event = {"github.event.pull_request.number": number}

    assert runner.job(paths="k8s", comment=comment) == 0
    assert runner.github["calls"] == []
    assert runner.summary.startswith("## ingress-migrate for standard")


def test_outputs_say_what_became_of_everything(runner: Runner) -> None:
    runner.job(paths="k8s", reports="sarif xml", target="envoy-gateway", output="gateway")

    folder = runner.home / "temp" / "ingress-migrate" / "reports"
    assert runner.result == {
        "status": "0",
        **{f"report-{form}": str(folder / f"report.{form}") for form in ("md", "json", "sarif", "xml")},
        "translated": "8",
        "approximated": "6",
        "builtin": "0",
        "inert": "0",
        "untranslated": "4",
    }
    assert [(folder / f"report.{form}").stat().st_size > 0 for form in ("md", "json", "sarif", "xml")] == [True] * 4
    assert (runner.workspace / "gateway" / "httproute-api-example-com.yaml").exists()


def test_a_verdict_fails_the_job_after_the_comment(runner: Runner) -> None:
    assert runner.job(paths="k8s", fail_on="untranslated") == 3
    assert len(runner.github["comments"]) == 1
    assert "which --fail-on does not allow." in runner.log


def test_broken_input_fails_the_job_after_the_comment(runner: Runner) -> None:
    (runner.workspace / "k8s" / "broken.yaml").write_text("kind: Ingress\nmetadata: [\n")

    assert runner.job(paths="k8s") == 1
    assert "broken.yaml:3" in runner.github["comments"][0]["body"]


def test_wrong_usage_fails_the_job_and_comments_nothing(runner: Runner) -> None:
    assert runner.job(paths="k8s", target="nothing-known") == 2
    assert runner.github["calls"] == []
    assert "'nothing-known' is not one of" in runner.log


def test_generated_objects_that_are_current_pass(runner: Runner) -> None:
    runner.job(paths="k8s", output="gateway")

    assert runner.job(paths="k8s", generated="gateway") == 0
    assert runner.result["changed"] == "false"


def test_generated_objects_that_are_not_current_fail_the_job_and_leave_a_patch(runner: Runner) -> None:
    runner.job(paths="k8s", output="gateway")
    ingress = runner.workspace / "k8s" / "ingress.yaml"
    ingress.write_text(ingress.read_text().replace("api-server", "api"))

    assert runner.job(paths="k8s", generated="gateway") == 1
    assert "\n-    - name: api-server\n+    - name: api\n" in Path(runner.result["patch"]).read_text()
    assert "The generated objects are **not current**" in runner.summary
    subprocess.run(["git", "apply", runner.result["patch"]], cwd=runner.workspace, check=True)
    assert runner.job(paths="k8s", generated="gateway") == 0


def test_objects_beside_their_ingresses_are_compared_in_place(runner: Runner) -> None:
    assert runner.job(paths="k8s", in_place="true") == 1
    subprocess.run(["git", "apply", runner.result["patch"]], cwd=runner.workspace, check=True)

    assert runner.job(paths="k8s", in_place="true") == 0
    assert runner.result["changed"] == "false"


@pytest.mark.skipif(not kustomize_command(), reason="neither kustomize nor kubectl is here")
def test_several_environments_are_reported_together(runner: Runner) -> None:
    folder = runner.workspace / "k8s"
    (folder / "kustomization.yaml").write_text("resources: [ingress.yaml]\n")
    for stage in ("prod", "test"):
        (folder / stage).mkdir()
        (folder / stage / "kustomization.yaml").write_text(f"resources: [../base]\nnamespace: {stage}\n")
    (folder / "base").mkdir()
    for name in ("ingress.yaml", "kustomization.yaml"):
        (folder / name).rename(folder / "base" / name)

    assert runner.job(paths="k8s") == 0
    assert "4 HTTPRoutes" in runner.summary


def test_a_comparison_that_fails_fails_the_job(runner: Runner) -> None:
    assert runner.job(paths="k8s", generated="k8s") == 2
    assert "k8s holds ingress.yaml, which ingress-migrate did not write" in runner.log


def test_an_input_is_never_code(runner: Runner) -> None:
    evil = "$(touch owned)`touch owned`\"; touch owned; '"

    assert runner.job(paths=f"k8s\n{evil}", name=evil, fail_on="", options=f"--class\nnginx\n--class\n{evil}") == 1
    assert not list(runner.home.rglob("owned"))
    assert runner.github["comments"][0]["body"].startswith(
        "<!-- ingress-migrate: -touch-owned-touch-owned-touch-owned- -->"
    )


def test_a_manifest_gives_no_orders_to_the_runner(runner: Runner) -> None:
    """Whatever is told about it stands between stop-commands and its word, which nobody can guess."""
    (runner.workspace / "k8s" / "::error::owned.yaml").write_text("kind: Ingress\nmetadata: [\n")
    runner.job(paths="k8s", output="gateway")
    runner.job(paths="k8s", generated="gateway")

    outside, word = [], ""
    for line in runner.log.splitlines():
        stop = re.fullmatch(r"::stop-commands::([0-9a-f]{32})", line)
        if stop:
            word = stop[1]
        elif word and line == f"::{word}::":
            word = ""
        elif not word:
            outside.append(line)
    assert "::error::owned" in runner.log
    assert [line for line in outside if "owned" in line] == []


def test_a_module_of_the_repository_is_not_run(runner: Runner) -> None:
    (runner.workspace / "converter").mkdir()
    (runner.workspace / "converter" / "__init__.py").write_text("open('owned', 'w')")
    (runner.workspace / "json.py").write_text("open('owned', 'w')")

    assert runner.job(paths="k8s") == 0
    assert not (runner.workspace / "owned").exists()


@pytest.mark.slow
def test_the_action_installs_itself(runner: Runner) -> None:
    assert runner.job(install=True, paths="k8s", python=sys.executable) == 0
    assert runner.outputs["install"]["python"].startswith(str(runner.home))
    assert len(runner.github["comments"]) == 1


def test_no_expression_stands_in_the_text_of_a_script() -> None:
    assert [step["name"] for step in ACTION["runs"]["steps"] if "${{" in step["run"]] == []


def test_every_input_is_used_and_described_on_the_page() -> None:
    text = (ROOT / "action.yml").read_text()

    assert [name for name in ACTION["inputs"] if not re.search(rf"inputs\.{name}\b", text)] == []
    assert [name for name in ACTION["inputs"] if f"`{name}`" not in PAGE] == []


@pytest.fixture
def workflows(tmp_path: Path) -> list[Path]:
    """The workflows of the page, with a commit in place of the word for one."""
    found = []
    for number, text in enumerate(re.findall(r"```yaml\n(name:.*?)```", PAGE, re.DOTALL)):
        file = tmp_path / ".github" / "workflows" / f"{number}.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace("@COMMIT", f"@{'0' * 40}"))
        found.append(file)
    assert found
    return found


def test_action_and_workflows_are_what_github_takes(workflows) -> None:
    for schema, files in (("github-actions", [ROOT / "action.yml"]), ("github-workflows", workflows)):
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, files)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout + result.stderr


def test_no_weakness_is_known_in_action_and_workflows(workflows) -> None:
    program = Path(sys.executable).with_name("zizmor")
    command = [str(program), "--offline", "--no-progress", "--pedantic", str(ROOT / "action.yml"), *map(str, workflows)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr


def test_actionlint_finds_nothing(workflows) -> None:
    program = shutil.which("actionlint")
    if not program:
        pytest.skip("no actionlint here")
    result = subprocess.run([program, *map(str, workflows)], capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


def test_the_workflow_hands_over_what_the_action_takes(workflows) -> None:
    for file in workflows:
        for job in yaml.safe_load(file.read_text())["jobs"].values():
            for step in job["steps"]:
                if step.get("uses", "").startswith("OWNER/ingress-migrate@"):
                    assert set(step["with"]) <= set(ACTION["inputs"])
