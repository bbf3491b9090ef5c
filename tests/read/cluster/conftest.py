"""Readings of the API server that a test has filled."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from apiserver import ApiServer, kubeconfig

from converter.controllers.ingress_nginx.discovery import USUAL_NAMESPACE, option_config_maps
from converter.inventory import take_stock
from converter.read import Document, Reading
from converter.read.cluster import Patience, Scope, read_cluster

BRIEF = Patience(connect=2, read=0.5, tries=2, pause=0, longest_pause=1)

ReadIt = Callable[..., Reading]


@pytest.fixture
def read_it(api: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReadIt:
    """Read with the scope that the arguments say; ``kubeconfig`` is one that the test wrote."""
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path, api.url)))

    def call(patience: Patience = BRIEF, **scope: Any) -> Reading:
        return read_cluster(Scope(**{"controllers": USUAL_NAMESPACE, **scope}), options, patience)

    return call


def options(controllers: Sequence[Document] | None) -> tuple[tuple[str, str], ...]:
    return option_config_maps(None if controllers is None else take_stock(controllers)[0].workloads)


@pytest.fixture
def free_port() -> int:
    """A port on the loopback where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
