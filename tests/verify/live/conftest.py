"""Certificates that a test makes for itself."""

from __future__ import annotations

import ssl
from collections.abc import Callable

import pytest
import trustme

from converter.verify.live.tls import trusting


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def trust(authority: trustme.CA) -> ssl.SSLContext:
    """Of a client who trusts that authority as well."""
    context = trusting()
    authority.configure_trust(context)
    return context


@pytest.fixture(scope="session")
def certified(authority: trustme.CA) -> Callable[..., ssl.SSLContext]:
    """A server with a certificate; by that authority unless another is named."""

    def make(*names: str, by: trustme.CA | None = None, **dates: object) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        (by or authority).issue_cert(*names, **dates).configure_cert(context)
        return context

    return make
