"""Colours on everything a person sees, and in nothing else: no-color.org, force-color.org and TERM."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from cli.terminal import on_terminal, plain_environment

COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-9](?:;[0-9]+)*m")
ESCAPE = re.compile(r"\x1b")
RUNS = {
    "convert": ["convert", "ingress.yaml"],
    "diff": ["diff", "ingress.yaml"],
    "verbose": ["convert", "ingress.yaml", "-v"],
    "probe": ["probe", "ingress.yaml", "--dry-run"],
    "advise": ["advise", "ingress.yaml"],
    "explain": ["explain", "limit-rps"],
    "help": ["convert", "-h"],
    "wrong": ["convert", "ingress.yaml", "--no-such-option"],
}


def seen(arguments: list[str], **environment: str) -> str:
    """All that is seen where both streams are the terminal."""
    return on_terminal(
        ["-m", "converter", *arguments], Path.cwd(), {"PAGER": "cat", **environment}, stdout=True
    ).terminal


@pytest.mark.parametrize("name", ["convert", "diff", "advise", "verbose"])
def test_a_terminal_gets_colours(ingress, name) -> None:
    assert COLOUR.search(seen(RUNS[name]))


@pytest.mark.parametrize("arguments", RUNS.values(), ids=RUNS)
def test_no_color_leaves_no_colour(ingress, arguments) -> None:
    assert not COLOUR.search(seen(arguments, NO_COLOR="1"))


@pytest.mark.parametrize("name", ["convert", "diff"])
def test_an_empty_no_color_means_nothing(ingress, name) -> None:
    assert COLOUR.search(seen(RUNS[name], NO_COLOR=""))


@pytest.mark.parametrize("arguments", RUNS.values(), ids=RUNS)
def test_a_dumb_terminal_gets_no_escape_at_all(ingress, arguments) -> None:
    assert not ESCAPE.search(seen(arguments, TERM="dumb"))


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": ""}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False),
    ],
    ids=["plain", "forced", "empty", "both", "dumb"],
)
def test_a_pipe_gets_colours_only_if_they_are_forced(ingress, environment, coloured) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "converter", *RUNS["convert"]],
        env={**plain_environment(), "TERM": "xterm", **environment},
        capture_output=True,
        text=True,
        check=True,
    )

    assert bool(ESCAPE.search(result.stderr)) == coloured
    assert not ESCAPE.search(result.stdout)


def test_objects_are_never_coloured(ingress) -> None:
    run = on_terminal(["-m", "converter", *RUNS["convert"]], Path.cwd(), {"FORCE_COLOR": "1"})

    assert COLOUR.search(run.terminal)
    assert not ESCAPE.search(run.stdout)
