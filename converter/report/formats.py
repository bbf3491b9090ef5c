"""Every form of report that goes into a file, by the suffix of the file."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from converter.report.as_html import to_html
from converter.report.as_json import to_json
from converter.report.as_junit import to_junit
from converter.report.as_markdown import to_markdown
from converter.report.as_sarif import to_sarif

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from converter.report.model import Report

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "html": to_html,
    "json": to_json,
    "md": to_markdown,
    "sarif": to_sarif,
    "xml": to_junit,
}


def format_of(file: str) -> str:
    """The form that the name of a file asks for; empty if it asks for none."""
    suffix = PurePath(file).suffix.lower().removeprefix(".")
    return suffix if suffix in FORMATS else ""
