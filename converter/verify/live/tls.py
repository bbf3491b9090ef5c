"""Whom a probe trusts."""

from __future__ import annotations

import ssl


def trusting(authorities: str = "", *, anybody: bool = False) -> ssl.SSLContext:
    """The authorities of browsers and of the system, and those in a file; or ``anybody``.

    Raises :class:`OSError` when the file cannot be read, and :class:`ssl.SSLError` when it holds no certificate.
    """
    import httpx

    # A small container has no list of its own; where the system has one, a company's authorities are on it.
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    # Strict by default from Python 3.13: it refuses certificates that browsers and curl take.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if authorities:
        context.load_verify_locations(authorities)
    if anybody:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
