"""What Envoy has around it in these tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import trustme

from converter.verify.proxies.certificates import Certificates, write_certificates
from converter.verify.proxies.echo import Echo
from converter.verify.proxies.envoy import find_envoy

if TYPE_CHECKING:
    from pathlib import Path

SENT = ("X-Own", "X-Gone", "Strict-Transport-Security")
"""Headers that every backend puts on its responses."""


@pytest.fixture(scope="session")
def program() -> Path:
    found = find_envoy()
    if found is None:
        pytest.skip("Envoy is not installed (the extra `proxies` brings it)")
    return found


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return write_certificates(tmp_path_factory.mktemp("certificates"), trustme.CA())


@pytest.fixture(scope="module")
def echo(certificates: Certificates) -> Iterator[Echo]:
    with Echo(certificates.server(), SENT) as found:
        yield found
