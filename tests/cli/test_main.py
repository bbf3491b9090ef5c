"""The program as it is started: what it loads, and how it ends when something is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli.conftest import INGRESS, Run

import converter.cli
from converter import __version__


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], []])
def test_no_stage_is_loaded_for_what_needs_none(arguments: list[str]) -> None:
    code = (
        "import sys; from converter.cli import group\n"
        f"try: group({arguments!r})\n"
        "except SystemExit: pass\n"
        "print(sorted(name for name in sys.modules if name.startswith('converter') or name in ('yaml', 'rich')))"
    )

    assert python(code).splitlines()[-1] == "['converter', 'converter._version', 'converter.cli']"


def test_a_conversion_does_not_load_what_only_a_terminal_needs(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: a}\n")
    code = (
        "import sys; from converter.cli import group\n"
        f"try: group(['convert', {str(tmp_path / 'a.yaml')!r}])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('rich', 'deepdiff', 'jsonschema', 'pathspec') if name in sys.modules])"
    )

    assert python(code).splitlines()[-1] == "[]"


def test_the_module_runs_like_the_script() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "converter", "--version"], capture_output=True, text=True, check=True
    )

    assert result.stdout == f"ingress-migrate, version {__version__}\n"


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_seen_enough_ends_the_run_quietly(tmp_path: Path, unbuffered: str) -> None:
    rules = "".join(
        f"    - {{host: a{i}.example.com, http: {{paths: [{{path: /, pathType: Prefix, backend: "
        "{service: {name: web, port: {number: 80}}}}]}}\n"
        for i in range(1000)
    )
    (tmp_path / "a.yaml").write_text(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec:\n  rules:\n" + rules
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "converter", "convert", str(tmp_path), "-q"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    assert process.stdout
    assert process.stderr
    assert process.stdout.read(10) == b"apiVersion"
    process.stdout.close()

    assert (process.stderr.read(), process.wait(timeout=30)) == (b"", 1)
    process.stderr.close()


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_slow_reader_gets_everything(tmp_path: Path, unbuffered: str) -> None:
    """An unbuffered stream takes no more at once than fits into the pipe."""
    code = "import sys; from converter.write import write_stream\nwrite_stream(sys.stdout.buffer, 'ä' * 500_000)"
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )

    assert result.stdout.decode() == "ä" * 500_000


def test_a_bug_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(**_: object) -> None:
        raise KeyError("no such row")

    monkeypatch.setattr(converter.cli, "group", broken)
    monkeypatch.delenv("INGRESS_MIGRATE_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as end:
        converter.cli.main()

    assert end.value.code == 70
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("Error: ingress-migrate has a bug (KeyError in test_main.py:")
    assert lines[1] == "Please report it with what INGRESS_MIGRATE_TRACEBACK=1 shows."


def test_a_bug_shows_where_it_is_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise KeyError("no such row")

    monkeypatch.setattr(converter.cli, "group", broken)
    monkeypatch.setenv("INGRESS_MIGRATE_TRACEBACK", "1")
    with pytest.raises(KeyError, match="no such row"):
        converter.cli.main()


@pytest.mark.parametrize("command", ["convert", "diff"])
def test_an_interrupt_is_no_difference(command: str) -> None:
    """The run waits for its input when the signal comes."""
    code = (
        "import os, signal, threading, converter.cli\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "converter.cli.main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, command, "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    status = process.wait(timeout=30)

    assert (status, process.communicate()[1].strip()) == (130, b"Interrupted.")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("arguments", [["convert", "a.yaml", "-q"], ["explain", "--all"]])
def test_an_output_that_is_full_is_no_bug(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "a.yaml").write_text(INGRESS)
    command = [sys.executable, "-m", "converter", *arguments]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert (done.returncode, done.stderr) == (2, "Error: The output could not be written: No space left on device.\n")


@pytest.mark.parametrize("command", [["diff"], ["golden", "check"]])
def test_a_fault_is_no_difference(ingress: Path, run: Run, command: list[str]) -> None:
    """Their status 1 means that something differs."""
    run("golden", "record", ".")
    result = run(*command, ".", "--controller-values", "gone.yaml")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith("Error: gone.yaml could not be read: No such file or directory.\n")
