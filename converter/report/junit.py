"""What every report as JUnit XML is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.report.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from xml.etree.ElementTree import Element


def as_text(root: Element) -> str:
    # Few runs ask for it.
    from xml.etree import ElementTree as ET

    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def numbers(*, tests: int, failures: int, errors: int, **others: int) -> dict[str, str]:
    """Those of a suite, or of all of them."""
    found = {"tests": tests, "failures": failures, "errors": errors, **others}
    return {key: str(number) for key, number in found.items()}


def told(case: Element, tag: str, lines: Iterable[str], attributes: Mapping[str, str]) -> None:
    """What a test has to say; XML has no way to write control characters, not even escaped."""
    found = case.makeelement(tag, {key: visible(value) for key, value in attributes.items() if value})
    found.text = "\n".join(map(visible, lines))
    case.append(found)
