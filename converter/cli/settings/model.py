"""What a file says, checked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class Setting:
    """One option, and the line that sets it."""

    parameter: str
    """The name of the option in the program, which is not always its long one."""
    given: Any
    """As the command line would have it."""
    value: Any
    """What the option makes of it."""
    line: int


@dataclass(frozen=True, slots=True)
class Override:
    """Options for the files that patterns match."""

    file: str
    line: int
    patterns: tuple[str, ...]
    spec: GitIgnoreSpec
    settings: Mapping[str, Setting]
    """By the long names of the options, as everywhere in this module."""


@dataclass(frozen=True, slots=True)
class Settings:
    file: str
    """As a person would type it."""
    folder: str
    """The real path, which patterns are relative to."""
    shared: Mapping[str, Setting] = field(default_factory=dict)
    sections: Mapping[str, Mapping[str, Setting]] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()

    def find(self, section: str, name: str) -> Setting | None:
        """What holds for an option of a command: its section counts more than what is said for all."""
        return self.sections.get(section, {}).get(name) or self.shared.get(name)

    def without(self, names: Collection[str]) -> Settings:
        """With no override of options that somebody set for this run."""
        kept = (
            replace(each, settings={name: setting for name, setting in each.settings.items() if name not in names})
            for each in self.overrides
        )
        return replace(self, overrides=tuple(each for each in kept if each.settings))
