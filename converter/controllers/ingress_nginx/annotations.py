"""The settings of one Ingress: its annotations that have effect, over the controller's own options and defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.ledger import Origin
from converter.tables import controller_table
from converter.validity import parse_bool, parse_int

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.controllers.ingress_nginx.configuration import Configuration
    from converter.ledger import Settlement, Source
    from converter.routing import Neighbour
    from converter.tables import AnnotationRow


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for one Ingress: its annotations that have effect, else the controller's options and defaults."""

    owner: Source
    values: Mapping[str, Origin]
    """Annotations by their name without prefix."""
    neighbours: tuple[Neighbour, ...]
    settlements: tuple[Settlement, ...]
    dropped: Origin | None
    """The annotation whose value makes ingress-nginx skip the whole Ingress."""
    refusals: Mapping[str, Origin]
    """The annotations whose values make ingress-nginx refuse every request."""
    configuration: Configuration

    def get(self, name: str) -> Origin | None:
        return self.values.get(name)

    def text(self, name: str) -> str:
        """The value of the annotation, or the empty string."""
        origin = self.values.get(name)
        return origin.value if origin else ""

    def flag(self, name: str) -> bool | None:
        """``None`` when the annotation is not set."""
        origin = self.values.get(name)
        return parse_bool(origin.value) if origin else None

    def number(self, name: str) -> int | None:
        """``None`` when the annotation is not set, or is no number although its validator let it pass."""
        origin = self.values.get(name)
        return parse_int(origin.value) if origin else None

    def written(self, *names: str) -> tuple[Origin, ...]:
        """The annotations of these names that are set."""
        return tuple(self.values[name] for name in names if name in self.values)

    def in_force(self, name: str) -> Origin:
        """The annotation, or the controller's option in its place, or its default; the value is that of the origin."""
        if origin := self.values.get(name):
            return origin
        row = _row(name)
        option = self.configuration.origin(row.configmap) if row.configmap else None
        if option and option.value.strip() != row.default:
            return option
        return Origin(self.owner, "default", name, row.default or "")

    def on(self, name: str) -> bool:
        """Whether a bool, or a word that is ``on`` or ``off``, is on."""
        value = self.in_force(name).value
        return parse_bool(value) is True or value == "on"

    def amount(self, name: str) -> int:
        """A number in force; one that the option writes wrongly counts as the default."""
        found = parse_int(self.in_force(name).value)
        return found if found is not None else parse_int(_row(name).default or "") or 0


def _row(name: str) -> AnnotationRow:
    return controller_table("ingress-nginx").annotations[name]
