"""Advice that a test makes up, with as many targets as it likes."""

from __future__ import annotations

from converter.advice import Advice, Assessment, Behaviour, Cell, Need, Use, Warned
from converter.ledger import Verdict

NAMES = (
    "standard",
    "envoy-gateway",
    "kgateway",
    "agentgateway",
    "nginx-gateway-fabric",
    "traefik",
    "istio",
    "cilium",
    "kong",
    "aws-load-balancer-controller",
    "gke",
)
"""Eleven columns, as wide as names of implementations get."""
VERDICTS = {
    "t": Verdict.TRANSLATED,
    "b": Verdict.BUILTIN,
    "a": Verdict.APPROXIMATED,
    "u": Verdict.UNTRANSLATED,
    "i": Verdict.INERT,
}


def use(title: str, routes: int, verdicts: str, *, by_default: bool = False, on: dict[str, int] | None = None) -> Use:
    """One letter for each target; ``on`` says how many routes have the verdict, where not all do."""
    found = dict(zip(NAMES, (VERDICTS[letter] for letter in verdicts), strict=False))
    cells = {name: Cell(verdict, (on or {}).get(name, routes), ("a.code",)) for name, verdict in found.items()}
    return Use(Behaviour(title.replace(" ", "-").lower(), title, 0), by_default, routes, routes // 2 + 1, cells)


def target(name: str, *, needs: tuple[Need, ...] = (), warned: Warned | None = None) -> Assessment:
    title = name.replace("-", " ").title()
    return Assessment(name, title, "1.2", name == "standard", needs, warned or Warned(), source="https://example.com")


def advice(*uses: Use, targets: tuple[Assessment, ...] = (), environments: tuple[str, ...] = ()) -> Advice:
    found = targets or tuple(map(target, uses[0].cells if uses else NAMES[:1]))
    return Advice("1.2.3", "1.6", "standard", found, uses, 212, 48, 31, environments)
