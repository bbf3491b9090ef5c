"""All conversions that tests know: the cases beside this file, and those below ``golden/`` with their options."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from manifests import reading
from verify import golden
from verify.cases import Case, cases

from converter.gateway.releases import release
from converter.pipeline import convert
from converter.routing import RoutingTable
from converter.targets import target
from converter.verify.messages import Request

UNDECLARED = "undeclared.invalid"
TARGET = "standard"


class Known(NamedTuple):
    table: RoutingTable
    objects: tuple[dict[str, Any], ...]
    requests: tuple[Request, ...] = ()
    """That somebody wrote down for it."""


def names() -> list[str]:
    """``cases/CATEGORY/NAME`` and ``golden/NAME``."""
    return [*(f"cases/{name}" for name in _cases()), *(f"golden/{name}" for name in golden.NAMES)]


@cache
def _cases() -> dict[str, Case]:
    return {f"{case.category}/{case.name}": case for case in cases()}


def known(name: str) -> Iterator[Known]:
    """One for each controller of the input."""
    kind, _, rest = name.partition("/")
    if kind == "golden":
        for part in golden.converted(rest, TARGET):
            yield from (Known(table, part.conversion.objects) for table in part.conversion.tables)
        return
    case = _cases()[rest]
    conversion = convert(reading(*case.manifests), target(TARGET, release("1.6", "standard")), case.options)
    for table in conversion.tables:
        yield Known(table, conversion.objects, tuple(to_a_host(request) for request, _ in case.requests))


def to_a_host(request: Request) -> Request:
    """HTTP/1.1 has a host, and where a case says none, it means any."""
    return request if request.host or request.port else replace(request, host=UNDECLARED)
