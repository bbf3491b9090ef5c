"""Options that do not go together: of two, the one set nearer to the run counts, and both at once are wrong usage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEARNESS = {ParameterSource.COMMANDLINE: 2, ParameterSource.ENVIRONMENT: 1}
"""What has no row here is further away: a file, or a default."""


def choose(options: dict[str, Any], one: str, other: str, message: str) -> None:
    """Empty one of two options that exclude each other, as ``-o DIR`` does where a file says ``in-place``."""
    if not (options[one] and options[other]):
        return
    nearness = _nearness(one) - _nearness(other)
    if not nearness:
        raise click.UsageError(message)
    loser = other if nearness > 0 else one
    options[loser] = type(options[loser])()


def typed(names: Iterable[str]) -> list[str]:
    """Those of the options that stand on the command line, as they are written there."""
    source = click.get_current_context().get_parameter_source
    return [f"--{name.replace('_', '-')}" for name in names if source(name) is ParameterSource.COMMANDLINE]


def _nearness(name: str) -> int:
    source = click.get_current_context().get_parameter_source(name)
    return _NEARNESS.get(source, 0) if source else 0
