from __future__ import annotations

import pytest

from converter.report.words import counted


@pytest.mark.parametrize(
    ("number", "noun", "text"),
    [
        (1, "HTTPRoute", "1 HTTPRoute"),
        (2, "HTTPRoute", "2 HTTPRoutes"),
        (0, "file", "0 files"),
        (2, "GatewayClass", "2 GatewayClasses"),
        (3, "BackendTrafficPolicy", "3 BackendTrafficPolicies"),
        (2, "Gateway", "2 Gateways"),
    ],
)
def test_numbers_and_nouns(number: int, noun: str, text: str) -> None:
    assert counted(number, noun) == text
