"""The file becomes settings; every fault in it is told with its line, and none of them is passed over."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from converter.cli.settings.discovery import shown
from converter.cli.settings.form import form_of
from converter.cli.settings.keys import (
    OVERRIDES,
    PATHS,
    is_path,
    overridable_options,
    own_options,
    sections,
    shared_options,
)
from converter.cli.settings.model import Override, Setting, Settings
from converter.cli.yaml_file import content_of, mapping_of
from converter.read.located import Map, Seq

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pathspec import GitIgnoreSpec


def load_settings(file: str, *, confined: bool) -> Settings:
    """What the file says; ``confined`` when nobody named it, so that it may point only at what lies beside or below it.

    Converting somebody else's repository must not write where that repository says.

    Raises:

        click.UsageError: The file cannot be read, or says what no option takes; with every fault.
    """
    reader = _Reader(shown(file), os.path.dirname(os.path.realpath(file)), confined)
    settings = reader.read(file)
    if reader.faults:
        lines = [f"{reader.file}:{line}: {message}" for line, message in sorted(reader.faults)]
        raise click.UsageError("\n".join(lines))
    return settings


@dataclass
class _Reader:
    file: str
    folder: str
    confined: bool
    faults: list[tuple[int, str]] = field(default_factory=list)

    def read(self, file: str) -> Settings:
        data = content_of(file, self.file)
        content = mapping_of(data, "The file is a mapping of options, such as target: standard.", self._fault)
        return self._settings(content) if content else Settings(self.file, self.folder)

    def _settings(self, content: Map) -> Settings:
        below: dict[str, Mapping[str, Setting]] = {}
        overrides: tuple[Override, ...] = ()
        plain = {}
        for key, value in content.items():
            line = content.at[key][0]
            if key == OVERRIDES:
                overrides = tuple(self._overrides(value, line))
            elif key in sections() and isinstance(value, Map):
                below[key] = self._options(value, value, sections()[key], key)
            elif key in sections():
                self._fault(line, f"{key}: write its options below it, indented.")
            else:
                plain[key] = value
        shared = self._options(content, plain, shared_options(), "")
        return Settings(self.file, self.folder, shared, below, overrides)

    def _options(
        self, place: Map, values: Mapping[str, Any], known: Mapping[str, click.Option], section: str
    ) -> dict[str, Setting]:
        found = {}
        for name, value in values.items():
            line = place.at[name][0]
            if name not in known:
                self._fault(line, _unknown(name, known, section))
            elif setting := self._setting(name, known[name], value, line):
                found[name] = setting
        return found

    def _setting(self, name: str, option: click.Option, value: Any, line: int) -> Setting | None:
        form = form_of(option)
        if wrong := form.fault(value):
            self._fault(line, f"{name}: {wrong}")
            return None
        if form.many and not isinstance(value, list):
            value = [value]
        if is_path(option):
            value = [self._path(name, each, line) for each in value] if form.many else self._path(name, value, line)
        try:
            made = option.process_value(click.Context(click.Command(name)), value)
        except click.BadParameter as error:
            self._fault(line, f"{name}: {error.message.rstrip('.')}.")
            return None
        return Setting(option.name or name, value, made, line)

    def _path(self, name: str, path: str, line: int) -> str:
        """Relative to where the program runs instead of to the file."""
        if path in ("", "-"):
            return path
        full = os.path.join(self.folder, path)
        if self.confined and os.path.commonpath([os.path.realpath(full), self.folder]) != self.folder:
            self._fault(
                line, f"{name}: {path} leads out of the folder of this file; name the file with --config to allow it."
            )
        return path if os.path.isabs(path) else os.path.relpath(full)

    def _overrides(self, entries: Any, line: int) -> Iterable[Override]:
        if not isinstance(entries, Seq):
            self._fault(line, f"{OVERRIDES}: write a list of entries, each with {PATHS} and options.")
            return
        for entry, (at, _) in zip(entries, entries.at, strict=True):
            if not isinstance(entry, Map):
                self._fault(at, f"{OVERRIDES}: an entry has {PATHS} and options.")
            elif made := self._override(entry, at):
                yield made

    def _override(self, entry: Map, line: int) -> Override | None:
        values = {name: value for name, value in entry.items() if name != PATHS}
        settings = self._options(entry, values, overridable_options(), OVERRIDES)
        spec = self._spec(entry.get(PATHS), entry.at.get(PATHS, (line, 0))[0])
        if not values:
            self._fault(line, f"{OVERRIDES}: the entry sets no option.")
        return Override(self.file, line, *spec, settings) if spec else None

    def _spec(self, patterns: Any, line: int) -> tuple[tuple[str, ...], GitIgnoreSpec] | None:
        listed = [patterns] if isinstance(patterns, str) else patterns
        if not isinstance(listed, list) or not listed or not all(each and isinstance(each, str) for each in listed):
            self._fault(line, f"{PATHS}: write patterns as in .gitignore, for example [team-a/**, '*.old.yaml'].")
            return None
        from pathspec import GitIgnoreSpec

        try:
            return tuple(listed), GitIgnoreSpec.from_lines(listed)
        except ValueError as error:
            self._fault(line, f"{PATHS}: {str(error).rstrip('.')}.")
            return None

    def _fault(self, line: int, message: str) -> None:
        self.faults.append((line, message))


def _unknown(name: str, known: Mapping[str, click.Option], section: str) -> str:
    owners = [each for each in sections() if name in own_options(each)]
    if owners and section == OVERRIDES:
        return f"{name} cannot differ by path; set it below {' or '.join(owners)}."
    if name in shared_options():
        return f"{name} cannot differ by path; set it outside of {OVERRIDES}."
    if owners:
        return f"{name} is no option of all commands; write it below {' or '.join(owners)}."
    near = _near(name, [*known, *({"": [OVERRIDES, *sections()], OVERRIDES: [PATHS]}.get(section, []))])
    hint = f"did you mean {near}?" if near else "see ingress-migrate config show for all."
    return f"There is no option {name}; {hint}"


def _near(name: str, known: Iterable[str]) -> str | None:
    import difflib

    plain = name.lower().replace("_", "-").lstrip("-")
    return next(iter(difflib.get_close_matches(plain, known, n=1, cutoff=0.7)), None)
