"""Advice in words, made of its numbers alone: the same for a terminal and for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.advice.model import CHANGED, LOST
from converter.ledger import Verdict
from converter.report.words import counted, in_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from converter.advice import Advice, Assessment, Use

KEPT = (Verdict.TRANSLATED, Verdict.BUILTIN, Verdict.INERT)
MARKS = {
    Verdict.TRANSLATED: "✓",
    Verdict.BUILTIN: "○",
    Verdict.INERT: "○",
    Verdict.APPROXIMATED: "≈",
    Verdict.UNTRANSLATED: "✗",
}
_NAMES = {Verdict.BUILTIN: "built in", Verdict.INERT: "no effect"}
TITLES = ("The Ingresses ask for", "ingress-nginx does by itself")
"""Of what somebody wrote, and of what nobody did."""
TOTALS = (("kept", KEPT), ("approximated", (CHANGED,)), ("untranslated", (LOST,)))
_MOST_LOST = 3
"""Behaviours that are named as lost; the table has all."""
BASELINE = "This is the baseline: what the Gateway API itself can say, which any implementation keeps that supports it."


def name_of(verdict: Verdict) -> str:
    return _NAMES.get(verdict, verdict.value)


def title(advice: Advice) -> str:
    """What was looked at."""
    if not advice.ingresses:
        return f"Found no Ingress{in_files(advice.files)}."
    routes = f"{counted(advice.routes, 'route')} of {counted(advice.ingresses, 'Ingress')}{in_files(advice.files)}"
    return f"{routes}, written for Gateway API {advice.gateway_api} {advice.channel}"


def environments(advice: Advice) -> str:
    """Empty where there is one."""
    names = advice.environments
    if len(names) < 2:
        return ""
    return f"Counted over {len(names)} environments ({', '.join(names)}); what they share counts in each."


def heading(target: Assessment) -> str:
    """Title and version; the baseline is no product with a version."""
    return target.title if target.baseline else f"{target.title} ({target.version})"


def conclusion(advice: Advice, target: Assessment) -> list[str]:
    """What would be lost, and what has to be done first; between the two, what becomes of lost access rules."""
    return [_balance(advice, target), *_warnings(target), *_release(advice, target), *_needs(target)]


def same_everywhere(uses: Iterable[Use]) -> list[str]:
    """The rows that are not shown, in a sentence for those that stay and one for those that change."""
    kept: list[str] = []
    changed: list[str] = []
    for use in uses:
        (kept if all(cell.kept for cell in use.cells.values()) else changed).append(use.behaviour.title)
    found = ((kept, "kept"), (changed, "approximated"))
    return [f"{verdict.capitalize()} everywhere: {', '.join(titles)}." for titles, verdict in found if titles]


def shown(uses: Iterable[Use], *, whole: bool) -> tuple[list[Use], list[Use]]:
    """What has a row of its own, and the rest."""
    rows: list[Use] = []
    rest: list[Use] = []
    for use in uses:
        (rows if whole or use.differs or use.lost_somewhere else rest).append(use)
    return rows, rest


def _balance(advice: Advice, target: Assessment) -> str:
    uses = advice.of(by_default=False)
    kept = advice.having(target.name, *KEPT)
    changed, lost = advice.having(target.name, CHANGED), advice.having(target.name, LOST)
    parts = [_part(kept, "stays", "stay"), _part(changed, "changes", "change"), _part(lost, "is lost", "are lost")]
    if not uses:
        return "No Ingress asks for anything."
    if len(kept) == len(uses):
        return f"All {counted(len(uses), 'behaviour')} stay." if len(uses) > 1 else "The one behaviour stays."
    named = f": {_named(lost, target)}" if lost else ""
    return f"Of {counted(len(uses), 'behaviour')} {_listed([part for part in parts if part])}{named}."


def _part(uses: Sequence[Use], one: str, many: str) -> str:
    return f"{len(uses)} {one if len(uses) == 1 else many}" if uses else ""


def _named(lost: Sequence[Use], target: Assessment) -> str:
    most = sorted(lost, key=lambda use: (-use.cells[target.name].routes, use.behaviour.rank))
    names = [f"{use.behaviour.title} ({_extent(use, target)})" for use in most[:_MOST_LOST]]
    hidden = len(most) - _MOST_LOST
    return _listed([*names, f"{hidden} more"] if hidden > 0 else names)


def _extent(use: Use, target: Assessment) -> str:
    found = use.cells[target.name].routes
    if not found:
        return counted(use.ingresses, "Ingress")
    return counted(found, "route") if found == use.routes else f"{found} of {counted(use.routes, 'route')}"


def _warnings(target: Assessment) -> list[str]:
    why = "because what guards"
    closed, opened = target.warned.closed, target.warned.open
    found = []
    if closed:
        answer = "route answers" if closed == 1 else "routes answer"
        found.append(f"{closed} {answer} 500 to everybody, {why} {_them(closed)} is lost.")
    if opened:
        is_open = "route is" if opened == 1 else "routes are"
        found.append(f"{opened} {is_open} open to everybody, {why} {_them(opened)} is lost.")
    return found


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


def _release(advice: Advice, target: Assessment) -> list[str]:
    if not target.serves:
        return []
    return [f"It serves the Gateway API up to {target.serves}, not {advice.gateway_api}; convert for that."]


def _needs(target: Assessment) -> list[str]:
    """The setup that any Gateway asks for, and what these routes ask for besides."""
    if target.baseline:
        return [BASELINE]
    needs = [f"{need.switch} ({counted(need.routes, 'route')})" for need in target.needs]
    needs += [f"{target.experimental} (for the experimental channel)"] if target.experimental else []
    setup = target.setup or f"Set it up as {target.source} says."
    if needs:
        return [setup, f"To be switched on besides: {_listed(needs)}."]
    return [setup, "Nothing else has to be switched on."] if target.setup else [setup]


def _listed(items: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))
