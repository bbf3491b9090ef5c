"""Which Ingresses ingress-nginx serves.

ingress-nginx: ``store.GetIngressClass``. ``spec.ingressClassName`` decides; the annotation counts only without it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from converter.ledger import Origin, Settlement, Verdict
from converter.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.controllers.ingress_nginx.configuration import Configuration
    from converter.ingress.model import Ingress
    from converter.inventory import Inventory

CLASS_ANNOTATION = "kubernetes.io/ingress.class"
CONTROLLER = "k8s.io/ingress-nginx"
DEFAULT_CLASS = "nginx"


@dataclass(frozen=True, slots=True)
class Served:
    """The Ingresses of one controller."""

    name: str
    ingresses: tuple[Ingress, ...]
    classes: tuple[Origin, ...]
    names: frozenset[str] = frozenset()
    """Of all its classes."""


@dataclass(frozen=True, slots=True)
class Selection:
    served: tuple[Served, ...]
    settlements: tuple[Settlement, ...]
    problems: tuple[Problem, ...]


def select(
    inventory: Inventory, named: Sequence[str], configuration: Configuration, *, serve_classless: bool = True
) -> Selection:
    """Sort the Ingresses by controller; those of another class are left out and said so.

    ``named`` are classes that the user says ingress-nginx serves, whatever their IngressClass says; without any it
    is what ``--ingress-class`` says, or ``nginx``. Classes with one controller string are one controller, and share one
    Gateway.
    """
    chooser = _Chooser(inventory, tuple(named), serve_classless, configuration)
    for ingress in inventory.ingresses:
        chooser.place(ingress)
    return chooser.selection()


@dataclass
class _Chooser:
    inventory: Inventory
    named: tuple[str, ...]
    serve_classless: bool
    configuration: Configuration
    groups: dict[str, list[tuple[str, Ingress]]] = field(default_factory=dict)
    classes: dict[str, list[Origin]] = field(default_factory=dict)
    settlements: list[Settlement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def place(self, ingress: Ingress) -> None:
        written = ingress.annotations.get(CLASS_ANNOTATION)
        chosen = ingress.class_name or (written if written and written.value else None)
        if written and written is not chosen:
            self._settle_overridden(written)
        if chosen is None:
            self._place_classless(ingress)
        elif self._is_served(chosen.value, annotation=chosen is written):
            self._serve(chosen.value, ingress, chosen)
        else:
            self._leave_out(ingress, chosen)

    def _is_served(self, name: str, *, annotation: bool = False) -> bool:
        """Annotations have to say ``--ingress-class``, and an IngressClass has to name ``--controller-class``."""
        if name in self.named:
            return True
        flags = self.configuration
        own = name == flags.argument("--ingress-class")
        known = self.inventory.classes.get(name)
        if known is None or (annotation and flags.has_argument("--ingress-class")):
            return not self.named and own
        by_name = own and flags.argument("--ingress-class-by-name") == "true"
        return by_name or known.controller == flags.argument("--controller-class")

    def _place_classless(self, ingress: Ingress) -> None:
        default = next((c.name for c in self.inventory.classes.values() if c.default), None)
        name = default or (self.named[0] if self.named else DEFAULT_CLASS)
        origin = Origin(ingress.source, "default", "ingress-class", name)
        watched = self.configuration.argument("--watch-ingress-without-class") == "true"
        if not (self.serve_classless or watched) or not self._is_served(name):
            self._leave_out(ingress, origin)
            return
        self.settlements.append(_assumed_class(origin, marked=default is not None))
        self._serve(name, ingress, None)

    def _serve(self, name: str, ingress: Ingress, origin: Origin | None) -> None:
        known = self.inventory.classes.get(name)
        if self.configuration.known:
            group = CONTROLLER
        else:
            group = known.controller if known and known.controller else CONTROLLER if name == DEFAULT_CLASS else name
        self.groups.setdefault(group, []).append((name, ingress))
        if origin:
            self.classes.setdefault(group, []).append(origin)

    def _settle_overridden(self, written: Origin) -> None:
        self.settlements.append(
            Settlement(
                written,
                Verdict.INERT,
                "class.overridden",
                "spec.ingressClassName is set or the value is empty, so the annotation is not read."
                if written.value
                else "An empty class counts as none.",
            )
        )

    def _leave_out(self, ingress: Ingress, why: Origin) -> None:
        where = ingress.source
        if why.type == "default":
            option, reason = "--classless serve", "names no class, and ingress-nginx was said to serve none such"
        else:
            option, reason = f"--class {why.value}", f"is of class {why.value}, which ingress-nginx does not serve"
        advice = f"If ingress-nginx serves it, run again with {option}; else nothing is to do."
        message = f"Ingress {where.name} {reason}; it was left out."
        self.problems.append(Problem(where.file, why.source.line, "other-class", message, advice, "note"))
        told = f"The Ingress {reason}."
        self.settlements.extend(
            Settlement(origin, Verdict.INERT, "class.other", told, advice) for origin in ingress.origins()
        )

    def selection(self) -> Selection:
        served = []
        for group, members in sorted(self.groups.items()):
            names = {name for name, _ in members}
            name = DEFAULT_CLASS if DEFAULT_CLASS in names else min(names)
            served.append(
                Served(name, tuple(i for _, i in members), tuple(self.classes.get(group, ())), frozenset(names))
            )
        return Selection(tuple(served), tuple(self.settlements), tuple(self.problems))


def _assumed_class(origin: Origin, *, marked: bool) -> Settlement:
    if marked:
        message = f"The Ingress names no class; an API server gives it the default class {origin.value}."
        return Settlement(origin, Verdict.TRANSLATED, "class.default", message)
    return Settlement(
        origin,
        Verdict.APPROXIMATED,
        "class.assumed",
        "The Ingress names no class: ingress-nginx serves it only if its class was the cluster's default, or with"
        " --watch-ingress-without-class; it was converted as if it was served.",
        "Set spec.ingressClassName, or leave such Ingresses out with --classless skip.",
    )
