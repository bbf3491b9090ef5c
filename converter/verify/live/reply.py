"""What came back for a request that was really sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from converter.verify.messages import Headers


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    """0 when there is none: then ``fault`` says why."""
    headers: Headers = ()
    """As they were sent, in their order."""
    fault: str = ""
    """In words for a person, such as ``connection refused``; the same ones for the same fault."""
    seconds: float = 0.0
    body: bytes = b""
    """What was read of it, which may be only its start."""

    def header(self, name: str) -> str:
        """The first value; empty when it is not there."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def values(self, name: str) -> tuple[str, ...]:
        """All values, in their order."""
        return tuple(value for key, value in self.headers if key.lower() == name.lower())
