"""Write the pages that come from the tables and from the commands: ``python docs/generate.py``."""

from __future__ import annotations

from pathlib import Path

from manual import as_man, as_markdown, entries
from target_page import as_markdown as targets

from converter.cli.reference import reference
from converter.cli.settings.reference import reference as settings_reference
from converter.tables import controller_table

HERE = Path(__file__).parent
MARK = "<!-- The rest is written from the commands by python docs/generate.py. -->"


def pages() -> dict[str, str]:
    """The text of each page, by the name of its file."""
    commands = tuple(entries())
    return {
        "annotations.md": reference(controller_table("ingress-nginx")),
        "configuration.md": configuration(),
        "commands.md": as_markdown(commands),
        "targets.md": targets(),
        "ingress-migrate.1": as_man(commands),
    }


def configuration() -> str:
    """The page about the file of settings: what people wrote, then the tables of all options."""
    written, mark, _ = (HERE / "configuration.md").read_text().partition(MARK)
    return f"{written}{mark}\n\n{settings_reference()}"


if __name__ == "__main__":
    for name, text in pages().items():
        (HERE / name).write_text(text)
