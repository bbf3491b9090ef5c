"""Which file gets which form of report."""

from __future__ import annotations

import pytest

from converter.report import FORMATS, format_of


@pytest.mark.parametrize(
    ("file", "form"),
    [
        ("a.json", "json"),
        ("out/a.MD", "md"),
        ("a.b.sarif", "sarif"),
        ("a.xml", "xml"),
        ("a.html", "html"),
        ("a.txt", ""),
        ("report", ""),
    ],
)
def test_the_suffix_names_the_form(file: str, form: str) -> None:
    assert format_of(file) == form
    assert not form or form in FORMATS
