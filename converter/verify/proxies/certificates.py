"""Certificates for one run, made up for proxies, backends and clients: those of a migration are never read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from ssl import SSLContext

    import trustme

NAME = "proxy.invalid"
"""In every certificate (RFC 2606); nobody compares it with the name that is asked for."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files in PEM."""

    authority: Path
    certificate: Path
    """Signed by the authority; servers and clients show the same."""
    key: Path

    def server(self) -> SSLContext:
        """Of a backend that takes TLS."""
        import ssl

        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.key)
        return context

    def client(self, *, identified: bool) -> SSLContext:
        """Of whoever asks; shows a certificate when identified, and takes any for right."""
        import ssl

        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if identified:
            context.load_cert_chain(self.certificate, self.key)
        return context


def write_certificates(folder: Path, authority: trustme.CA) -> Certificates:
    """What an authority that was made up for one run signs."""
    signed = authority.issue_cert(NAME)
    found = Certificates(folder / "authority.pem", folder / "certificate.pem", folder / "key.pem")
    authority.cert_pem.write_to_path(str(found.authority))
    found.key.touch(mode=0o600)
    signed.private_key_pem.write_to_path(str(found.key))
    for part in signed.cert_chain_pems:
        part.write_to_path(str(found.certificate), append=True)
    return found
