"""What a person's file looks like is seen in it."""

from __future__ import annotations

import pytest

from converter.write.repository.style import Style, style_of

CASES = {
    "as kubectl writes": ("spec:\n  rules:\n  - host: a\n", Style()),
    "indented lists": ("spec:\n  rules:\n    - host: a\n", Style(list_indent="  ")),
    "a comment above the list": ("rules:\n  # first\n\n  - host: a\n", Style(list_indent="  ")),
    "lists on one line alone": ("spec: {rules: [{host: a}]}\n", Style()),
    "other line ends": ("rules:\r\n- host: a\r\n", Style(line_end="\r\n")),
    "a mark at the head": ("---\nkind: Ingress\n", Style(marked=True)),
    "a mark below a comment": ("# The way in.\n\n---\nkind: Ingress\n", Style(marked=True)),
    "a mark further down": ("kind: Service\n---\nkind: Ingress\n", Style()),
    "nothing": ("", Style()),
}


@pytest.mark.parametrize("case", CASES)
def test_the_style_of_a_file(case: str) -> None:
    text, style = CASES[case]

    assert style_of(text) == style


def test_a_text_is_written_with_the_line_ends_of_the_style() -> None:
    assert Style(line_end="\r\n").written("a\nb\n") == "a\r\nb\r\n"
