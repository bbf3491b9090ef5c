"""HTML reports of real conversions, and what stands in one."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from converter.cli import group

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


def written(page: Path, *paths: Path | str, options: tuple[str, ...] = ()) -> str:
    arguments = ["convert", *map(str, paths), "--quiet", "--report", str(page), *options]
    result = CliRunner().invoke(group, arguments, catch_exceptions=False)
    assert result.exit_code in (0, 1), result.output
    return page.read_text()


class Page(HTMLParser):
    """Elements with their attributes, and the text of scripts and styles, as a browser takes them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, str] = {}
        self.texts: list[str] = []
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        self._inside = (found.get("id") or found.get("type") or tag) if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.raw[self._inside] = self.raw.get(self._inside, "") + data
        elif data.strip():
            self.texts.append(data.strip())

    def json(self, name: str) -> Any:
        return json.loads(self.raw[name])

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]
