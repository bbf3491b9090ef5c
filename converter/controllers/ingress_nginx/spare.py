"""Options and flags of the controller that stand on no location: each has its verdict as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.config_table import flags, options
from converter.controllers.ingress_nginx.remains import carried_origins
from converter.ledger import Settlement, Verdict
from converter.routing import Setting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from converter.controllers.ingress_nginx.config_table import OptionRow
    from converter.controllers.ingress_nginx.configuration import Configuration
    from converter.ledger import Origin
    from converter.routing import RoutingTable

_ADVICE = "Find out whether an application needs it, and configure it on the Gateway by hand."


def spare_options(configuration: Configuration, table: RoutingTable, settled: set[Origin]) -> Iterable[Setting]:
    """Options with effect that no part of the table carries: a target may have a way for them."""
    carried = carried_origins(table) | settled
    for name, origin in configuration.options.items():
        row = options().get(name)
        if row and origin not in carried and _has_effect(row, origin):
            yield Setting(name, row.topic, row.effect, origin.value, (origin,))


def settle_options(configuration: Configuration, table: RoutingTable, settled: set[Origin]) -> Iterable[Settlement]:
    """What no part of the table carries."""
    carried = carried_origins(table) | settled
    for name, origin in configuration.options.items():
        if origin not in carried:
            yield _option(name, origin)
    for name, origin in configuration.flags.items():
        if origin not in carried and (found := _flag(name, origin)):
            yield found


def _option(name: str, origin: Origin) -> Settlement:
    row = options().get(name)
    if row is None:
        near = _nearest(name)
        advice = f"If {near} was meant: it had no effect until now, so decide whether it should." if near else ""
        return Settlement(origin, Verdict.INERT, "option.unknown", "ingress-nginx has no option of this name.", advice)
    if origin.value.strip() in ("", row.default):
        return Settlement(origin, Verdict.INERT, "option.default", "The value is ingress-nginx's default.")
    if row.heeded:
        message = "The conversion heeds it wherever it matters."
        return Settlement(origin, Verdict.TRANSLATED, "option.heeded", message)
    message = "It changes nothing that a client or a backend sees."
    return Settlement(origin, Verdict.INERT, "option.no-traffic", message)


def _has_effect(row: OptionRow, origin: Origin) -> bool:
    return bool(row.effect) and not row.heeded and origin.value.strip() not in ("", row.default)


def _nearest(name: str) -> str | None:
    import difflib

    return next(iter(difflib.get_close_matches(name, options(), n=1, cutoff=0.8)), None)


def _flag(name: str, origin: Origin) -> Settlement | None:
    """Flags that change nothing for traffic are not worth an entry."""
    row = flags().get(name)
    if row is None or row.heeded or origin.value == row.default:
        return None
    return Settlement(origin, Verdict.UNTRANSLATED, "flag.untranslated", f"Not carried over: {row.effect}", _ADVICE)
