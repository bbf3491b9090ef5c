"""Certificates that are made up for one run."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import trustme

from converter.verify.proxies.certificates import write_certificates

if TYPE_CHECKING:
    from pathlib import Path


def test_both_ends_take_what_was_made(tmp_path: Path) -> None:
    found = write_certificates(tmp_path, trustme.CA())

    assert {path.name for path in tmp_path.iterdir()} == {"authority.pem", "certificate.pem", "key.pem"}
    assert found.server().cert_store_stats()["x509_ca"] == 0
    assert not found.client(identified=True).check_hostname


def test_nobody_else_may_read_the_key(tmp_path: Path) -> None:
    assert stat.S_IMODE(write_certificates(tmp_path, trustme.CA()).key.stat().st_mode) == 0o600
