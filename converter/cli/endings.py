"""How a command ends that could not do what it was asked."""

from __future__ import annotations

from typing import Any

import click

TROUBLE = 2


class TellingDifferences(click.Command):
    """A command whose exit status 1 says that something differs, so every fault has to be another one."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            error.show()
            ctx.exit(TROUBLE)
