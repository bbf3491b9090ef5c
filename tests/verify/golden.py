"""The cases below ``golden/``, converted as their options say, with all that the conversion knows."""

from __future__ import annotations

from contextlib import chdir
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from converter.cli.conversion import convert_paths
from converter.cli.convert import command

if TYPE_CHECKING:
    from converter.cli.conversion import Part

GOLDEN = Path(__file__).resolve().parent.parent.parent / "golden"
NAMES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())
TARGETS = ("standard", "envoy-gateway")


@cache
def converted(name: str, to: str) -> tuple[Part, ...]:
    """One for each environment of the case."""
    options = GOLDEN / name / "options"
    extra = options.read_text().split() if options.exists() else []
    with chdir(GOLDEN / name):
        context = command.make_context("convert", ["input", "-t", to, "--quiet", *extra])
        with click.Context(context.command, parent=context):
            return convert_paths(context.params["paths"], context.params).parts
