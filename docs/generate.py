"""Write the pages that come from tables and commands: ``python docs/generate.py``."""

from __future__ import annotations

from pathlib import Path

from converter.cli.reference import reference
from converter.cli.settings.reference import reference as settings_reference
from converter.tables import controller_table

HERE = Path(__file__).parent
MARK = "<!-- The rest is written from the commands by python docs/generate.py. -->"


def annotations() -> str:
    """The page about every annotation of the controller."""
    return reference(controller_table("ingress-nginx"))


def configuration() -> str:
    """The page about the file of settings: what people wrote, then the tables of all options."""
    written, mark, _ = (HERE / "configuration.md").read_text().partition(MARK)
    return f"{written}{mark}\n\n{settings_reference()}"


if __name__ == "__main__":
    (HERE / "annotations.md").write_text(annotations())
    (HERE / "configuration.md").write_text(configuration())
