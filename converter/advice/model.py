"""What is known about the targets, once the same input was converted for each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from converter.ledger import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.advice.behaviours import Behaviour

LOST = Verdict.UNTRANSLATED
CHANGED = Verdict.APPROXIMATED


@dataclass(frozen=True, slots=True)
class Cell:
    """What becomes of one behaviour on one target."""

    verdict: Verdict
    """The worst on any route."""
    routes: int
    """How many have it."""
    codes: tuple[str, ...] = ()
    """The rows of the target's table that say it."""

    @property
    def kept(self) -> bool:
        return self.verdict not in (LOST, CHANGED)


@dataclass(frozen=True, slots=True)
class Use:
    """A behaviour that the input has, and what becomes of it on each target, by the target's name."""

    behaviour: Behaviour
    by_default: bool
    """Nobody wrote it: the controller does it by itself."""
    routes: int
    ingresses: int
    cells: Mapping[str, Cell]

    def partly(self, target: str) -> int:
        """How many routes are worse off there, if not all are; 0 otherwise."""
        cell = self.cells[target]
        return cell.routes if not cell.kept and cell.routes < self.routes else 0

    @property
    def lost_somewhere(self) -> bool:
        return any(cell.verdict is LOST for cell in self.cells.values())

    @property
    def differs(self) -> bool:
        """Whether targets part here; that one does by itself what another is told to do is no difference."""
        return len({cell.verdict if not cell.kept else Verdict.TRANSLATED for cell in self.cells.values()}) > 1


@dataclass(frozen=True, slots=True)
class Need:
    """What has to be switched on in an implementation before it heeds what was written for it."""

    switch: str
    routes: int


@dataclass(frozen=True, slots=True)
class Warned:
    """Routes whose access rule is lost."""

    closed: int = 0
    """They answer 500 to everybody."""
    open: int = 0
    """They are served to everybody."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A target, apart from its cells."""

    name: str
    title: str
    version: str
    baseline: bool
    """It stands for what the Gateway API itself says."""
    needs: tuple[Need, ...] = ()
    warned: Warned = field(default_factory=Warned)
    setup: str = ""
    """What has to be done before it serves any Gateway, in whole sentences; empty where nothing is known."""
    source: str = ""
    """Where it is documented."""
    experimental: str = ""
    """What has to be switched on because the experimental channel was converted for."""
    serves: str = ""
    """The newest release of the Gateway API that it serves, where that is older than the one converted for."""


@dataclass(frozen=True, slots=True)
class Advice:
    tool_version: str
    gateway_api: str
    channel: str
    targets: tuple[Assessment, ...]
    """The baseline first, then whoever loses least."""
    uses: tuple[Use, ...]
    """Where targets part first, then what is lost, then what most routes use."""
    routes: int
    ingresses: int
    files: int
    environments: tuple[str, ...] = ()
    """Their names, if they have some; what several have in common counts in each of them."""

    def of(self, *, by_default: bool) -> tuple[Use, ...]:
        """What somebody wrote, or what nobody did."""
        return tuple(use for use in self.uses if use.by_default is by_default)

    def having(self, target: str, *verdicts: Verdict, by_default: bool = False) -> tuple[Use, ...]:
        return tuple(use for use in self.of(by_default=by_default) if use.cells[target].verdict in verdicts)
