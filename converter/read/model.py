"""What reading gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from converter.problems import Problem
    from converter.read.documents import Document


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found, in the order of the arguments and then of the files' names."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    files: int


@dataclass(frozen=True, slots=True)
class Environment:
    """A part of the input that stands for one cluster, or one stage of it, and is converted by itself."""

    name: str
    """Empty for what belongs to all, or to none in particular."""
    reading: Reading
