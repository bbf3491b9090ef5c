"""Two answers to one request."""

from __future__ import annotations

from converter.verify.compare import differences
from converter.verify.messages import Answer


def test_the_same_address_written_otherwise() -> None:
    def redirected(location: str) -> Answer:
        return Answer(308, location=location)

    assert differences(redirected("https://shop.example.com"), redirected("https://Shop.Example.COM:443/")) == ()
    assert differences(redirected("https://a/x"), redirected("https://a/X")) != ()
