"""Compile the tables to JSON for the wheel: a tool that reads YAML at every start is slow to start.

People edit YAML and a checkout reads YAML; the compiled files exist in wheels only, beside the YAML for people.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_table(text: str) -> str:
    """The same table in JSON. What JSON cannot say, such as a date or a key that is a number, needs quotes."""
    table = yaml.safe_load(text)
    compiled = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    if json.loads(compiled) != table:
        raise ValueError("JSON cannot say the same")
    return compiled


def compile_tables(root: Path, target: Path) -> dict[str, str]:
    """Compile every table below ``root``; the place of each compiled file and its path below ``root``."""
    files = {}
    for source in sorted(root.rglob("*.yaml")):
        path = source.relative_to(root).with_suffix(".json")
        compiled = target / path
        compiled.parent.mkdir(parents=True, exist_ok=True)
        try:
            compiled.write_text(compile_table(source.read_text("utf-8")), "utf-8")
        except (ValueError, TypeError, yaml.YAMLError) as fault:
            raise ValueError(f"{source.relative_to(root).as_posix()} cannot be compiled: {fault}") from fault
        files[str(compiled)] = path.as_posix()
    return files


class CustomBuildHook(BuildHookInterface[Any]):
    """Hatchling calls it around every wheel."""

    scratch = ""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """An editable wheel leads to the checkout, where there is YAML only."""
        if version == "editable":
            return
        self.scratch = tempfile.mkdtemp(prefix="tables-")
        tables = Path(self.root) / "mappings"
        files = {str(source): source.relative_to(tables).as_posix() for source in tables.rglob("*.yaml")}
        files |= compile_tables(tables, Path(self.scratch))
        build_data["force_include"] |= {place: f"converter/mappings/{path}" for place, path in files.items()}

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        if self.scratch:
            shutil.rmtree(self.scratch, ignore_errors=True)
