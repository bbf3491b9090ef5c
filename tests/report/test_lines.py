"""Where the fields of an object stand in its text."""

from __future__ import annotations

import pytest

from converter.report.lines import WrittenObject

ROUTE = WrittenObject(
    {
        "kind": "HTTPRoute",
        "metadata": {"name": "web", "annotations": {"a.b/c": "one\ntwo\n", "d": "e"}},
        "spec": {
            "hostnames": ["a", "b"],
            "rules": [
                {"matches": [{"path": {"value": "/a"}}, {"path": {"value": "/b"}}], "filters": []},
                {"matches": [{"path": {"value": "/c"}}]},
            ],
        },
    }
)


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("kind", "kind: HTTPRoute"),
        ("metadata.annotations[a.b/c]", "    a.b/c: |\n      one\n      two"),
        ("metadata.annotations[d]", "    d: e"),
        ("spec.hostnames", "  hostnames:\n  - a\n  - b"),
        ("spec.hostnames[1]", "  - b"),
        ("spec.rules[0].matches[0]", "    - path:\n        value: /a"),
        ("spec.rules[0].matches[1]", "    - path:\n        value: /b"),
        ("spec.rules[0].filters", "    filters: []"),
        ("spec.rules[1]", "  - matches:\n    - path:\n        value: /c"),
    ],
)
def test_a_field_takes_its_lines_and_no_others(path: str, lines: str) -> None:
    first, last = ROUTE.span(path)
    assert "\n".join(ROUTE.text.split("\n")[first - 1 : last]) == lines


@pytest.mark.parametrize("path", ["spec.rules[1].timeouts.request", "spec.rules[1].matches.odd", "spec.rules[1][]"])
def test_what_is_not_there_stands_where_it_would_be(path: str) -> None:
    found = ROUTE.span(path)
    assert found in (ROUTE.span("spec.rules[1]"), ROUTE.span("spec.rules[1].matches"))


def test_no_field_at_all_is_the_whole_object() -> None:
    assert ROUTE.span("") == (1, ROUTE.text.count("\n") + 1)
