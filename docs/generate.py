"""Write the pages that come from the tables: ``python docs/generate.py``."""

from __future__ import annotations

from pathlib import Path

from converter.cli.reference import reference
from converter.tables import controller_table

HERE = Path(__file__).parent


def annotations() -> str:
    """The page about every annotation of the controller."""
    return reference(controller_table("ingress-nginx"))


if __name__ == "__main__":
    (HERE / "annotations.md").write_text(annotations())
