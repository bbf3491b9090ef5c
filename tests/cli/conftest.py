"""Runs of the command line, in a directory of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from converter.cli import group

INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: { service: { name: web, port: { number: 80 } } }
"""

Run = Callable[..., Result]


@pytest.fixture
def ingress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with one plain Ingress in it, where the run takes place."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    file = tmp_path / "ingress.yaml"
    file.write_text(INGRESS)
    return file


@pytest.fixture
def run() -> Run:
    def call(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(group, arguments, input=stdin, catch_exceptions=False, prog_name="ingress-migrate")

    return call
