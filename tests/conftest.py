"""Options and helpers that several tests share."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from apiserver import ApiServer

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
CHECKER = ROOT.parent / "shared" / "tools" / "crd_validate.py"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what golden cases give now as expected")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tests that saw a corpus say how much of it: ``record_property("saw", text)``; those with real proxies, and those
    with every behaviour on every target, make a table."""
    told: dict[str, list[Any]] = {"saw": [], "agreement": [], "cells": [], "claimed": []}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for key, value in getattr(report, "user_properties", ()):
                if key in told and report.when == "call":
                    told[key].append(value)
    for line in (*told["saw"], *agreement(told["agreement"]), *coverage(told["cells"]), *claimed(told["claimed"])):
        terminalreporter.write_line(line)


def agreement(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """What real proxies had to say, a line for each group of cases."""
    if not rows:
        return
    heads = ("cases", "probes", "nginx as predicted", "Envoy as predicted", "same", "announced", "unannounced")
    sums = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)]
    width = max(len(row[0]) for row in rows)
    yield " ".join([f"{'real proxies':<{width}}", *heads])
    for name, *numbers in [*sorted(rows), ("all", *sums)]:
        yield " ".join([f"{name:<{width}}", *(f"{n:>{len(head)}}" for n, head in zip(numbers, heads, strict=True))])


def coverage(rows: Sequence[tuple[Any, ...]]) -> Iterator[str]:
    """How many behaviours a target carries, a line for each."""
    if not rows:
        return
    heads = ("carried", "reported", "none", "total", "more by the experimental channel")
    sums = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)]
    width = max(len(row[0]) for row in rows)
    yield " ".join([f"{'behaviours':<{width}}", *heads])
    for name, *numbers in [*rows, ("all", *sums)]:
        yield " ".join([f"{name:<{width}}", *(f"{n:>{len(head)}}" for n, head in zip(numbers, heads, strict=True))])


def claimed(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """What a target does not get although the reference says that the implementation has it."""
    for name, behaviour, kind, support, *codes in rows:
        yield f"{name}: {behaviour} is {kind} ({', '.join(codes)}); the reference says: {support}"


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def checker() -> ModuleType:
    """What an API server would say, asked without a cluster; the checker lives outside the repository."""
    if not CHECKER.exists():
        pytest.skip(f"no {CHECKER.name} beside the repository")
    pytest.importorskip("cel_expr_python", reason="cel-expr-python is not installed")
    spec = importlib.util.spec_from_file_location(CHECKER.stem, CHECKER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[CHECKER.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """An API server that is never asked for more than it may be."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "KUBECONFIG", "KUBERNETES_SERVICE_HOST"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    server = ApiServer()
    server.start()
    yield server
    server.stop()
    assert server.faults == []
