"""What one ingress-nginx controller was told: its version, its ConfigMap and its flags."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from converter.controllers.ingress_nginx.config_table import flags, options
from converter.validity import parse_bool, parse_int

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from converter.ledger import Origin

Version = tuple[int, int, int]
LAST: Version = (1, 15, 1)
_VALIDATES_SINCE: Version = (1, 12, 0)
_NO_SNIPPETS_SINCE: Version = (1, 9, 0)
_VERSION = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?(?![\d.])")


class UnknownVersionError(ValueError):
    """The text is no version of the controller."""


def parse_version(text: str) -> Version:
    """``1.11`` or ``v1.11.2`` as numbers; what follows them, such as ``-beta.1``, does not count.

    Raises:

        UnknownVersionError: There is no version in the text.
    """
    found = _VERSION.match(text)
    if found is None:
        raise UnknownVersionError(text)
    return int(found[1]), int(found[2]), int(found[3] or 0)


@dataclass(frozen=True, slots=True)
class Configuration:
    """Options and flags by name; what nobody set has the default of the version."""

    version: Version = LAST
    options: Mapping[str, Origin] = field(default_factory=dict)
    """Keys of the ConfigMap."""
    flags: Mapping[str, Origin] = field(default_factory=dict)
    tcp: Mapping[int, Origin] = field(default_factory=dict)
    """Entries of ``tcp-services`` by port."""
    udp: Mapping[int, Origin] = field(default_factory=dict)
    known: bool = False
    """Whether somebody said what the controller was told; else only the defaults are known."""

    def origin(self, name: str) -> Origin | None:
        """What set an option; an empty value counts as not set."""
        found = self.options.get(name)
        return found if found and found.value.strip() else None

    def text(self, name: str) -> str:
        """The option, or its default."""
        found = self.origin(name)
        return found.value if found else _default(name)

    def flag(self, name: str) -> bool | None:
        """One that is no bool counts as the default; ``None`` when there is none."""
        found = parse_bool(self.text(name))
        return parse_bool(_default(name)) if found is None else found

    def number(self, name: str) -> int | None:
        found = parse_int(self.text(name))
        return parse_int(_default(name)) if found is None else found

    def argument(self, name: str) -> str:
        """A flag of the command line, or its default."""
        found = self.flags.get(name)
        row = flags().get(name)
        return found.value if found else row.default if row else ""

    def has_argument(self, name: str) -> bool:
        return name in self.flags

    def origins(self) -> Iterator[Origin]:
        """Options and ports: each has an entry."""
        for entries in (self.options, self.tcp, self.udp):
            yield from entries.values()

    @property
    def validates_annotations(self) -> bool:
        """``--enable-annotation-validation``, on by default since 1.12."""
        written = parse_bool(self.argument("--enable-annotation-validation"))
        return self.version >= _VALIDATES_SINCE if written is None else written

    @property
    def risk_level(self) -> str:
        """``annotations-risk-level``: High since 1.12, Critical before; unknown counts as Critical.

        Whoever writes a snippet had the controller read it, so without a ConfigMap in the input it is allowed.
        """
        written = self.text("annotations-risk-level").lower()
        if written in ("low", "medium", "high", "critical"):
            return written
        return "high" if self.known and self.version >= _VALIDATES_SINCE else "critical"

    @property
    def allows_snippets(self) -> bool:
        """``allow-snippet-annotations``: off by default since 1.9."""
        written = self.flag("allow-snippet-annotations")
        if written is not None:
            return written
        return not self.known or self.version < _NO_SNIPPETS_SINCE

    @property
    def blocked_words(self) -> tuple[str, ...]:
        found = (word.strip() for word in self.text("annotation-value-word-blocklist").split(","))
        return tuple(word for word in found if word)


def _default(name: str) -> str:
    row = options().get(name)
    return row.default if row else ""
