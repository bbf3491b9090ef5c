"""``ingress-migrate completion``: what a shell needs to complete commands, options, values and names."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete, add_completion_class

from converter.cli import COMPLETE, PROGRAM


@add_completion_class
class _Bash(BashComplete):
    """Bash parts ``--target=standard`` into three words; click expects one."""

    def get_completion_args(self) -> tuple[list[str], str]:
        words, incomplete = super().get_completion_args()
        joined: list[str] = []
        for word in words:
            if joined and (word == "=" or joined[-1].endswith("=")):
                joined[-1] += word
            else:
                joined.append(word)
        if joined:
            joined[-1] = joined[-1].removesuffix("=")
        return joined, incomplete


_SHELLS: dict[str, type[ShellComplete]] = {"bash": _Bash, "zsh": ZshComplete, "fish": FishComplete}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(_SHELLS)))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script with which SHELL completes commands, options and values.

    Put it where the shell looks for such scripts, and start a new shell:

    \b
    bash  ~/.local/share/bash-completion/completions/ingress-migrate
    zsh   _ingress-migrate, in a directory of your $fpath
    fish  ~/.config/fish/completions/ingress-migrate.fish
    """
    click.echo(_SHELLS[shell](ctx.find_root().command, {}, PROGRAM, COMPLETE).source())
