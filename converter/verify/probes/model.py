"""A request that is worth asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from converter.verify.messages import Request


@dataclass(frozen=True, slots=True)
class Probe:
    request: Request
    reason: str
    """What it may show, in a few words, such as ``/api with a slash at its end``."""
