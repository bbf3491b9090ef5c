"""What was learned about each probe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from converter.verify.compare import Aspect
    from converter.verify.probes import Probe

SideName = Literal["old", "new"]
Outcome = Literal["same", "announced", "unannounced", "unsteady", "fault"]
"""``unsteady``: a side gave another answer when it was asked again. ``fault``: neither side answered."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One aspect in which the answers differ."""

    aspect: Aspect
    one: str
    """What the old side said; empty for nothing."""
    other: str
    """What the new side said."""
    codes: tuple[str, ...] = ()
    """Of the entries of the ledger that announce it; none if it is not announced."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something went wrong: no answer, or one that says so (5xx, 429)."""

    side: SideName
    words: str


@dataclass(frozen=True, slots=True)
class CheckedProbe:
    probe: Probe
    outcome: Outcome
    differences: tuple[Compared, ...] = ()
    faults: tuple[Fault, ...] = ()


def header_of(difference: Compared) -> str:
    """The name of the header that differs; both sides are told as ``name: value`` or ``no name``."""
    return difference.one.partition(":")[0].removeprefix("no ")
