"""Hosts that lie in the shadow of a wider one: without a listener of their own, its routes would take their requests.

ingress-nginx never falls back from a declared host to a wildcard or to the host for all others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from converter.routing import Certificate, VirtualHost


def with_lent_certificates(hosts: Sequence[VirtualHost]) -> list[VirtualHost]:
    """A host without a certificate under a wildcard with one is served with that: over https it answers as well.

    The name does not fit then, but neither does ingress-nginx's default certificate.
    """
    wide = [host for host in hosts if host.certificate and host.name.startswith("*.") and not host.passthrough]
    return [replace(host, certificate=_lent(host, wide)) if _needs(host) else host for host in hosts]


def _needs(host: VirtualHost) -> bool:
    return bool(host.name) and host.certificate is None and not host.passthrough


def _lent(host: VirtualHost, wide: Sequence[VirtualHost]) -> Certificate | None:
    fitting = [other for other in wide if host.name.endswith(other.name[1:]) and host.name != other.name]
    longest = max(fitting, key=lambda other: len(other.name), default=None)
    return replace(longest.certificate, guessed=True) if longest and longest.certificate else None
