"""Values as people and programs see them; where they come from is in ``tests/cli/test_config.py``."""

from __future__ import annotations

import pytest

from converter.cli.settings.listing import plain, strangers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", None),
        (None, None),
        (("", ""), None),
        ((), None),
        (("web", "tls"), "web/tls"),
        ((1, 15, 0), "1.15.0"),
        (["a", "b"], ["a", "b"]),
        (False, False),
        (0, 0),
        ("a", "a"),
    ],
)
def test_a_value_is_shown_as_it_is_written(value: object, expected: object) -> None:
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)


def test_a_variable_that_sets_nothing_is_found(monkeypatch) -> None:
    for name in ("TARGTE", "CONVERT_TARGET", "TRACEBACK", "CONFIG"):
        monkeypatch.setenv(f"INGRESS_MIGRATE_{name}", "x")

    assert strangers() == ["INGRESS_MIGRATE_TARGTE"]
