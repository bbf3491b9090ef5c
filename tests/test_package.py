"""The wheel: what travels inside, and that it works outside the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "golden" / "first-example"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(directory.glob("*.whl"))


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(wheel).extractall(directory)
    return directory


def test_the_wheel_holds_the_package_its_tables_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    folders = {name.split("/")[0] for name in names}
    tables = [path.relative_to(ROOT) for path in (ROOT / "mappings").rglob("*.yaml")]
    expected = {
        f"converter/{table.with_suffix(suffix).as_posix()}" for table in tables for suffix in (".json", ".yaml")
    }

    assert {folder for folder in folders if not folder.endswith((".dist-info", ".data"))} == {"converter"}
    shared = [name.partition(".data/data/")[2] for name in names if ".data/" in name]
    assert shared == ["share/man/man1/ingress-migrate.1"]
    assert "converter/py.typed" in names
    schemas = {f"converter/report/{name}.json" for name in ("schema", "verified_schema", "advice_schema")}
    assert schemas <= set(names)
    assert {name for name in names if name.startswith("converter/report/web/")} == {
        f"converter/report/web/{path.name}" for path in (ROOT / "converter/report/web").iterdir()
    }
    assert {name for name in names if name.startswith("converter/mappings/")} == expected
    assert {"converter/mappings/gateway-api.json", "converter/mappings/targets/others.json"} < expected


def test_the_wheel_says_what_it_is(unpacked: Path) -> None:
    info = next(unpacked.glob("*.dist-info"))
    metadata = (info / "METADATA").read_text()

    assert "\nName: ingress-migrate\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
    assert (info / "entry_points.txt").read_text() == (
        "[console_scripts]\n"
        "ingress-migrate = converter.cli:main\n"
        "kubectl-ingress_migrate = converter.cli:main\n"
        "kubectl_complete-ingress_migrate = converter.cli.kubectl:complete\n"
        "\n"
        "[pytest11]\n"
        "ingress_migrate = converter.pytest_plugin\n"
    )


def test_the_wheel_works_outside_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}

    def run(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout

    (tmp_path / "input").symlink_to(EXAMPLE / "input")
    where = run("-c", "import converter; print(converter.__file__)").strip()
    objects = run(
        "-m", "converter", "convert", "input/ingress.yaml", "-q", "--report", "report.json", "--report", "report.html"
    )

    assert Path(where) == unpacked / "converter" / "__init__.py"
    assert objects == (EXAMPLE / "expected/standard/objects.yaml").read_text()
    expected = json.loads((EXAMPLE / "expected/standard/report.json").read_text())
    assert json.loads((tmp_path / "report.json").read_text()) == expected
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")
