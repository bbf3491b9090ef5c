"""Where a run takes its documents from."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from converter.read import Environment, read, read_environments

if TYPE_CHECKING:
    from collections.abc import Callable

_OPTIONS = (
    click.option(
        "--kustomize",
        type=click.Choice(["build", "skip"]),
        default="build",
        show_default=True,
        help="Folders with a kustomization: build them, each environment by itself, or read their files as they stand.",
    ),
)


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where documents come from."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def gather(paths: tuple[str, ...], options: dict[str, Any]) -> tuple[Environment, ...]:
    """The input, in parts that are converted each by itself."""
    if options["kustomize"] == "skip":
        return (Environment("", read(paths, sys.stdin.buffer)),)
    return read_environments(paths, sys.stdin.buffer)
