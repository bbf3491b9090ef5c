"""What an API server refused, in words that can be forwarded to whoever grants permissions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from converter.problems import Problem
from converter.read.cluster.resources import INGRESSES, SECRETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.problems import Severity
    from converter.read.cluster.api import LostError, Refusal
    from converter.read.cluster.objects import Cluster

_FORBIDDEN, _NOT_FOUND, _NOT_ACCEPTABLE = 403, 404, 406
_USER = re.compile(r'User "([^"]+)"')


def lost(cluster: Cluster, error: LostError) -> Problem:
    return Problem(cluster.place, 0, error.code, error.message, error.advice)


def problem(cluster: Cluster, refusals: Sequence[Refusal], severity: Severity = "error") -> Problem:
    """One for all refusals that differ only in the namespace or the name."""
    first = refusals[0]
    told = _TOLD.get(first.status, _unexpected)
    code, message, advice = told(refusals)
    return Problem(cluster.place, 0, code, message, advice, severity)


def _forbidden(refusals: Sequence[Refusal]) -> tuple[str, str, str]:
    first = refusals[0]
    user = _USER.search(first.message)
    who = user[1] if user else "This account"
    names = list(dict.fromkeys(refusal.name for refusal in refusals if refusal.name))
    what = f"{first.verb} {first.resource.full_name}" + (f" {', '.join(names)}" if names else "")
    message = f"{who} may not {what} in {_where(refusals)} (403), so {first.resource.loss}."
    return "cluster-forbidden", message, f"{_grant(first, names)}{_way_round(first)}"


def _where(refusals: Sequence[Refusal]) -> str:
    if not refusals[0].namespace:
        return "the whole cluster"
    spaces = list(dict.fromkeys(refusal.namespace for refusal in refusals))
    if len(spaces) == 1:
        return f"the namespace {spaces[0]}"
    shown, more = spaces[:5], len(spaces) - 5
    return f"the namespaces {', '.join(shown)}" + (f" and {more} more" if more > 0 else "")


def _grant(refusal: Refusal, names: Sequence[str]) -> str:
    """The command that makes the role; binding it needs a subject, which only the granter knows."""
    kind, inside = ("role", f" -n {refusal.namespace}") if refusal.namespace else ("clusterrole", "")
    chosen = "".join(f" --resource-name={name}" for name in names)
    what = f"--verb={refusal.verb} --resource={refusal.resource.full_name}{chosen}"
    return f"Have this made and bound: kubectl create {kind} read-{refusal.resource.plural}{inside} {what}"


def _way_round(refusal: Refusal) -> str:
    if refusal.resource is INGRESSES and not refusal.namespace:
        return "; or read one namespace with -n."
    if refusal.resource is SECRETS:
        return "; or check by hand."
    return "."


def _not_served(refusals: Sequence[Refusal]) -> tuple[str, str, str]:
    first = refusals[0]
    versions = " nor ".join(first.resource.versions)
    message = f"The API server serves {first.resource.plural} as neither {versions}, so {first.resource.loss}."
    if len(first.resource.versions) == 1:
        message = message.replace("as neither", "not as")
    return "cluster-not-served", message, "Check that the context leads to the cluster you mean."


def _no_table(refusals: Sequence[Refusal]) -> tuple[str, str, str]:
    message = f"The API server cannot give the names of {refusals[0].resource.plural} alone, so they were not read."
    return "cluster-no-names", message, "Check by hand that the Secrets of TLS exist."


def _unexpected(refusals: Sequence[Refusal]) -> tuple[str, str, str]:
    first = refusals[0]
    if first.status == 200:
        return _no_table(refusals)
    reason = f": {first.message.rstrip('.')}" if first.message else ""
    message = f"The API server answered {first.status} to {first.verb} {first.resource.full_name}{reason}."
    return "cluster-failed", message, f"Try again later; without them, {first.resource.loss}."


_TOLD = {_FORBIDDEN: _forbidden, _NOT_FOUND: _not_served, _NOT_ACCEPTABLE: _no_table}
