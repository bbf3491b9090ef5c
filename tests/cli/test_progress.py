"""What is seen of a long run: a bar on a terminal, gone in the end, and nothing anywhere else."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

import pytest
from cli.terminal import on_terminal

from converter.cli import progress
from converter.cli.progress import following
from converter.read.kustomize import kustomize_command

GITOPS = Path(__file__).resolve().parent.parent / "data" / "gitops"

LONG = """\
import sys, time
from converter.cli.progress import following
with following({"quiet": "-q" in sys.argv, "verbose": False}) as work:
    with work.stage("Reading"):
        for number in range(6):
            time.sleep(float(sys.argv[1]))
            work.opened(f"{number}.yaml", 1, 6)
    with work.stage("Converting"):
        time.sleep(float(sys.argv[1]))
print("done", file=sys.stderr)
"""
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def test_a_long_run_shows_a_bar_on_the_terminal_and_takes_it_away(tmp_path: Path) -> None:
    seen = on_terminal(["-c", LONG, "0.3"], tmp_path).terminal

    shown = ESCAPE.sub("", seen)
    assert re.search(r"Reading [━╺╸]+ *[3-6] of 6 files 0:00:0\d", shown)
    assert re.search(r"Converting ━+ +0:00:0\d", shown)
    assert seen.endswith("\x1b[?25h\r\x1b[1A\x1b[2Kdone\n"), "the cursor is back and the line is empty"


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["0.3", "-q"], {}),
        (["0.01"], {}),
        (["0.3"], {"TERM": "dumb"}),
    ],
    ids=["quiet", "short", "dumb"],
)
def test_nothing_is_shown_to_who_does_not_want_it_or_would_not_wait(tmp_path: Path, arguments, environment) -> None:
    seen = on_terminal(["-c", LONG, *arguments], tmp_path, environment).terminal

    assert ESCAPE.sub("", seen).strip() == "done"


def test_a_bar_counts_the_probes_that_were_answered(tmp_path: Path) -> None:
    code = LONG.replace('opened(f"{number}.yaml", 1, 6)', 'asked(f"probe {number}", 6)')
    seen = on_terminal(["-c", code, "0.3"], tmp_path).terminal

    assert re.search(r"Reading [━╺╸]+ *[3-6] of 6 probes 0:00:0\d", ESCAPE.sub("", seen))


def test_a_bar_without_colours(tmp_path: Path) -> None:
    seen = on_terminal(["-c", LONG, "0.3"], tmp_path, {"NO_COLOR": "1"}).terminal

    assert "of 6 files" in seen
    assert re.findall(r"\x1b\[[0-9;]*m", seen) == []


def test_a_file_or_pipe_never_gets_a_bar(monkeypatch, capsys) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    with following({"quiet": False, "verbose": False}) as work, work.stage("Reading"):
        work.opened("a.yaml", 1, 1)
        time.sleep(0.05)

    assert capsys.readouterr().err == ""


def test_verbose_says_each_file_and_the_time_of_each_stage(ingress, run) -> None:
    (ingress.parent / "two.yaml").write_text(f"{ingress.read_text()}---\n{ingress.read_text()}")

    lines = re.sub(r"\d+\.\d\d s", "0.00 s", run("convert", ".", "-v").stderr).splitlines()

    assert lines[:4] == [
        "./ingress.yaml: 1 document read",
        "./two.yaml: 2 documents read",
        "Reading took 0.00 s.",
        "Converting took 0.00 s.",
    ]
    assert "Writing took 0.00 s." in lines


@pytest.mark.skipif(not kustomize_command(), reason="neither kubectl nor kustomize is here")
def test_verbose_says_each_kustomization_that_was_built(run, tmp_path: Path, monkeypatch) -> None:
    shutil.copytree(GITOPS / "apps", tmp_path / "apps")
    monkeypatch.chdir(tmp_path)
    lines = run("convert", "apps", "-v", "-o", "out").stderr.splitlines()

    assert lines[:3] == [
        "apps/blog/kustomization.yaml: 1 document read",
        "apps/shop/overlays/prod/kustomization.yaml: 2 documents read",
        "apps/shop/overlays/staging/kustomization.yaml: 2 documents read",
    ]


def test_who_interrupts_a_long_run_gets_a_clean_terminal(tmp_path: Path) -> None:
    interrupt = "import os, signal, threading\nthreading.Timer(3, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
    code = LONG.replace("with following", f"{interrupt}with following", 1)
    seen = on_terminal(["-c", code, "0.9"], tmp_path).terminal

    bar, _, after = seen.rpartition("\x1b[?25h")
    assert "Reading" in bar
    assert after.splitlines()[1].endswith("\x1b[2KTraceback (most recent call last):")
    assert "KeyboardInterrupt" in after


def test_a_short_run_on_a_terminal_loads_no_bar(ingress) -> None:
    code = (
        "import sys; from converter.cli import group, progress; progress.PATIENCE = 60\n"
        "try: group(['convert', 'ingress.yaml'])\n"
        "except SystemExit: print('rich.progress' in sys.modules)"
    )
    assert on_terminal(["-c", code], Path(os.getcwd())).stdout.endswith("\nFalse\n")
