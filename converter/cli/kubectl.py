"""Completion for ``kubectl ingress-migrate``, as kubectl asks plugins for it.

It starts ``kubectl_complete-ingress_migrate`` with the words after the plugin's name, of which the last is the one to
complete, and reads values, each with a tab and its help, then a directive of cobra.
"""

from __future__ import annotations

import sys

import click
from click.shell_completion import ShellComplete

from converter.cli import group

_FILES, _NO_FILES = 0, 4
"""Directives of cobra: whether the shell offers names of files where there is nothing else."""


def complete() -> None:
    """Print what may stand in place of the last argument."""
    *words, last = sys.argv[1:] or [""]
    found = ShellComplete(group, {}, "kubectl ingress-migrate", "").get_completions(words, last)
    values = [item for item in found if item.type == "plain"]
    for item in values:
        click.echo(f"{item.value}\t{item.help}" if item.help else item.value)
    click.echo(f":{_NO_FILES if values else _FILES}")
