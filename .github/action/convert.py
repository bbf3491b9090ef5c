"""A step of the action: convert, compare with what was generated before, and write the reports and the job summary.

It ends well when there is a report; the last step of the action fails the job if the outputs say so.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHANGES = 1
USAGE = 2
ALWAYS = ("md", "json")


def main() -> None:
    os.chdir(os.environ["INPUT_WORKING_DIRECTORY"])
    reports = _reports()
    paths = _lines("INPUT_PATHS")
    common = [*_option("--target", "INPUT_TARGET"), *_lines("INPUT_OPTIONS")]
    # Objects of several environments never go to standard output together.
    nowhere = Path(os.environ["RUNNER_TEMP"], "ingress-migrate", "objects")
    options = [*common, "--output", os.environ["INPUT_OUTPUT"] or str(nowhere), *_option("--fail-on", "INPUT_FAIL_ON")]
    for file in reports.values():
        options += ["--report", str(file)]
    status = _run("convert", options, paths).returncode
    if not all(file.is_file() for file in reports.values()):
        sys.exit(status or USAGE)
    outputs = {f"report-{form}": str(file) for form, file in reports.items()} | _counts(reports["json"])
    _append("GITHUB_STEP_SUMMARY", reports["md"].read_text("utf-8"))
    generated = _option("--directory", "INPUT_GENERATED")
    if generated or os.environ["INPUT_IN_PLACE"] == "true":
        trouble, found = _compare([*common, *generated], paths, reports["md"].with_name("changes.patch"))
        status = status or trouble
        outputs |= found
    outputs["status"] = str(status)
    _append("GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in outputs.items()))


def _reports() -> dict[str, Path]:
    """The file of each form of report; none is there yet."""
    folder = os.environ["INPUT_REPORT_DIRECTORY"]
    directory = Path(folder or Path(os.environ["RUNNER_TEMP"], "ingress-migrate", "reports")).absolute()
    directory.mkdir(parents=True, exist_ok=True)
    forms = dict.fromkeys([*ALWAYS, *os.environ["INPUT_REPORTS"].replace(",", " ").split()])
    files = {form: directory / f"report.{form}" for form in forms}
    for file in files.values():
        file.unlink(missing_ok=True)
    return files


def _lines(name: str) -> list[str]:
    return [line.strip() for line in os.environ[name].splitlines() if line.strip()]


def _option(option: str, name: str) -> list[str]:
    return [option, os.environ[name]] if os.environ[name] else []


def _run(command: str, options: Sequence[str], paths: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    # -I: what the repository holds must not be taken for a module of Python.
    words = [sys.executable, "-I", "-m", "converter", command, *options, "--", *paths]
    with _no_commands():
        return subprocess.run(words, stdout=subprocess.PIPE, check=False)


def _compare(options: Sequence[str], paths: Sequence[str], file: Path) -> tuple[int, dict[str, str]]:
    """The status of a comparison that failed, else 0; and whether the generated files would change."""
    result = _run("diff", [*options, "--output", "patch"], paths)
    file.write_bytes(result.stdout)
    with _no_commands():
        sys.stdout.buffer.write(result.stdout)
        sys.stdout.flush()
    if result.stdout:
        _append("GITHUB_STEP_SUMMARY", "\nThe generated objects are **not current**; the log has the patch.\n")
    changed = "true" if result.stdout else "false"
    return result.returncode if result.returncode > CHANGES else 0, {"changed": changed, "patch": str(file)}


def _counts(report: Path) -> dict[str, str]:
    verdicts = json.loads(report.read_text("utf-8"))["summary"]["verdicts"]
    return {name: str(number) for name, number in verdicts.items()}


@contextmanager
def _no_commands() -> Iterator[None]:
    """The runner obeys lines of the log that look like commands; a manifest must not be able to write one."""
    word = secrets.token_hex(16)
    print(f"::stop-commands::{word}", flush=True)
    try:
        yield
    finally:
        print(f"::{word}::", flush=True)


def _append(name: str, text: str) -> None:
    with open(os.environ[name], "a", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
