"""What could not be read or converted, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in the input.

    An ``error`` means that something a person wrote is not in the result, or is there although an API server
    would refuse it; the exit code says so. A ``note`` is worth a line and changes nothing.
    """

    file: str
    line: int
    """1 is the first line; 0 when the fault concerns the file as a whole."""

    code: str
    message: str
    """What is wrong, in one sentence."""

    advice: str
    """What a person can do, in one sentence."""

    severity: Severity = "error"
