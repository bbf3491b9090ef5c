"""What a controller was told for everything that it serves: as settings of every location, or lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.ledger import Settlement, Verdict
from converter.targets.origins import written_origins

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from converter.gateway.drafts import HostDraft
    from converter.ledger import Origin
    from converter.routing import RoutingTable, Setting
    from converter.targets.table import Row, TargetTable

_ADVICE = "Find out whether an application needs it, and configure it on the Gateway by hand."


def options_everywhere(
    table: RoutingTable, target: TargetTable, told: AbstractSet[Origin] = frozenset()
) -> tuple[Setting, ...]:
    """Those that a row of the target carries, without those that its Gateways ``told`` already."""
    return tuple(
        option for option in table.options if _is_carried(option.name, target) and told.isdisjoint(option.origins)
    )


def _is_carried(name: str, target: TargetTable) -> bool:
    """By data, or by code that has a row for what it cannot carry."""
    row = target.settings.get(name)
    return row is not None and (row.carry is not None or f"{name}.lost" in target.settings)


def lost_options(
    table: RoutingTable, target: TargetTable, hosts: Sequence[HostDraft], told: AbstractSet[Origin] = frozenset()
) -> Iterable[Settlement]:
    """Those that stand nowhere, in the words that the target has for them."""
    carried = {*told, *_drafted(hosts)}
    for option in table.options:
        row = _lost(option, target)
        for origin in option.origins:
            if origin not in carried:
                message = f"Not carried over: {option.effect}"
                unknown = Settlement(origin, Verdict.UNTRANSLATED, "option.untranslated", message, _ADVICE)
                yield row.settle(origin) if row else unknown


def _lost(option: Setting, target: TargetTable) -> Row | None:
    """A row that carries the setting of an Ingress says nothing about the option that it could not carry."""
    words = (option.topic,) if _is_carried(option.name, target) else (option.name, option.topic)
    rows = map(target.settings.get, words)
    return next((row for row in rows if row and row.verdict is Verdict.UNTRANSLATED), None)


def _drafted(hosts: Iterable[HostDraft]) -> Iterable[Origin]:
    for host in hosts:
        yield from written_origins(rule for side in host.sides for rule in side.rules)
        yield from (note.origin for policy in host.listener_policies for note in policy.notes)
        yield from (note.origin for options in host.listener_options for note in options.notes)
        yield from (settlement.origin for settlement in host.homeless)
