"""The files of a repository as they are to be, while a run thinks about them; nothing is written here."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from converter.write.together import Change

_BOM = "\ufeff"


class NotEditableFileError(Exception):
    """A file that cannot be read as text."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path)
        self.path, self.reason = path, reason


@dataclass
class Draft:
    """Texts by path; those that nobody has put yet are read from the disk, with the line ends they have there."""

    before: dict[str, str | None] = field(default_factory=dict)
    after: dict[str, str | None] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """By real path, what a file was called first: a folder and an option may lead to it in two ways."""

    def text(self, path: str) -> str | None:
        """The text as it is to be, without a byte order mark; ``None`` if there is to be no file.

        Raises ``NotEditableFileError``.
        """
        path = self._name(path)
        if path not in self.before:
            self.before[path] = self.after[path] = _read(path)
        found = self.after[path]
        return None if found is None else found.removeprefix(_BOM)

    def put(self, path: str, text: str | None) -> None:
        """Say what a file is to hold; a byte order mark that it has stays."""
        self.text(path)
        path = self._name(path)
        marked = text is not None and (self.before[path] or "").startswith(_BOM)
        self.after[path] = f"{_BOM}{text}" if marked else text

    def _name(self, path: str) -> str:
        return self.names.setdefault(os.path.realpath(path), os.path.normpath(path))

    def copy(self) -> Draft:
        return Draft(dict(self.before), dict(self.after), dict(self.names))

    def changes(self) -> tuple[Change, ...]:
        """What is to be other than it is, by path."""
        paths = sorted(path for path, text in self.after.items() if text != self.before[path])
        return tuple(Change(path, self.before[path], self.after[path]) for path in paths)


def _read(path: str) -> str | None:
    try:
        with open(path, "rb") as handle:
            return handle.read().decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise NotEditableFileError(path, "it is not UTF-8 text") from None
    except OSError as error:
        raise NotEditableFileError(path, (error.strerror or "it cannot be read").lower()) from None
