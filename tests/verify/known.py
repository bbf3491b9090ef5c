"""All conversions that tests know: the cases beside this file, and those below ``golden/`` with their options."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from manifests import reading
from verify.cases import Case, cases

from converter.cli.conversion import convert_paths
from converter.cli.convert import command
from converter.gateway.releases import release
from converter.pipeline import Conversion, convert
from converter.routing import RoutingTable
from converter.targets import target
from converter.verify.messages import Request

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
UNDECLARED = "undeclared.invalid"
TARGET = "standard"


class Known(NamedTuple):
    table: RoutingTable
    objects: tuple[dict[str, Any], ...]
    requests: tuple[Request, ...] = ()
    """That somebody wrote down for it."""


def names() -> list[str]:
    """``cases/CATEGORY/NAME`` and ``golden/NAME``."""
    golden = (f"golden/{path.name}" for path in sorted(GOLDEN.iterdir()) if path.is_dir())
    return [*(f"cases/{name}" for name in _cases()), *golden]


@cache
def _cases() -> dict[str, Case]:
    return {f"{case.category}/{case.name}": case for case in cases()}


def known(name: str) -> Iterator[Known]:
    """One for each controller of the input."""
    kind, _, rest = name.partition("/")
    if kind == "golden":
        for conversion in converted_like_a_command(GOLDEN / rest):
            yield from (Known(table, conversion.objects) for table in conversion.tables)
        return
    case = _cases()[rest]
    conversion = convert(reading(*case.manifests), target(TARGET, release("1.6", "standard")), case.options)
    for table in conversion.tables:
        yield Known(table, conversion.objects, tuple(to_a_host(request) for request, _ in case.requests))


def to_a_host(request: Request) -> Request:
    """HTTP/1.1 has a host, and where a case says none, it means any."""
    return request if request.host or request.port else replace(request, host=UNDECLARED)


def converted_like_a_command(folder: Path) -> list[Conversion]:
    """With the options that stand beside the input."""
    options = folder / "options"
    extra = options.read_text().split() if options.exists() else []
    before = Path.cwd()
    os.chdir(folder)
    try:
        given = command.make_context("convert", ["input", "--target", TARGET, *extra]).params
        paths = given.pop("paths")
        return [part.conversion for part in convert_paths(paths, {**given, "quiet": True}).parts]
    finally:
        os.chdir(before)
