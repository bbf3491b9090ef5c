"""What one ingress-nginx controller was told: its version, its ConfigMap and its flags."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from converter.validity import parse_bool, parse_int

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.ledger import Origin

LAST = (1, 15, 1)
_DEFAULTS = {
    "hsts": "true",
    "hsts-max-age": "31536000",
    "hsts-include-subdomains": "true",
    "hsts-preload": "false",
    "no-auth-locations": "/.well-known/acme-challenge",
    "no-tls-redirect-locations": "/.well-known/acme-challenge",
    "http-redirect-code": "308",
}


@dataclass(frozen=True, slots=True)
class Configuration:
    version: tuple[int, int, int] = LAST
    options: Mapping[str, Origin] = field(default_factory=dict)
    flags: Mapping[str, Origin] = field(default_factory=dict)
    tcp: Mapping[int, Origin] = field(default_factory=dict)
    udp: Mapping[int, Origin] = field(default_factory=dict)
    known: bool = False

    def origin(self, name: str) -> Origin | None:
        return self.options.get(name)

    def text(self, name: str) -> str:
        found = self.options.get(name)
        return found.value if found else _DEFAULTS.get(name, "")

    def flag(self, name: str) -> bool | None:
        return parse_bool(self.text(name))

    def number(self, name: str) -> int | None:
        return parse_int(self.text(name))

    def argument(self, name: str) -> str:
        found = self.flags.get(name)
        return found.value if found else ""

    @property
    def validates_annotations(self) -> bool:
        written = parse_bool(self.argument("--enable-annotation-validation"))
        return self.version >= (1, 12, 0) if written is None else written

    @property
    def risk_level(self) -> str:
        if not self.known:
            return "critical"
        return self.text("annotations-risk-level").lower() or ("high" if self.version >= (1, 12, 0) else "critical")

    @property
    def allows_snippets(self) -> bool:
        if not self.known:
            return True
        written = self.flag("allow-snippet-annotations")
        return self.version < (1, 9, 0) if written is None else written

    @property
    def blocked_words(self) -> tuple[str, ...]:
        return tuple(word.strip() for word in self.text("annotation-value-word-blocklist").split(",") if word.strip())

    @property
    def cross_namespace(self) -> bool:
        written = self.flag("allow-cross-namespace-resources")
        return self.version < (1, 12, 0) if written is None else written
