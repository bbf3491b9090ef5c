"""Plugins in words, as :mod:`converter.verify.source.policies` puts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.verify.gateway.kong.filters import cors_filter
from converter.verify.gateway.kong.plugins import KIND, UNITS
from converter.verify.words import cors_in_words, rate, size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from converter.verify.facts import Value


def _cors(config: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    yield "CORS", cors_in_words(cors_filter(config))


def _addresses(config: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    words = {"allow": "allowed", "deny": "denied"}
    yield "addresses", {word: ", ".join(config[name]) for name, word in words.items() if name in config}


def _users(config: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    yield "basic auth", f"users in {', '.join(config['allow'])}"


def _rate(config: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    yield "rate limit", {rate(config[unit], UNITS[unit]): "no burst" for unit in UNITS if unit in config}


def _size(config: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    yield "body limit", size(config["allowed_payload_size"])


def _shown(_: Any, __: str) -> Iterator[tuple[str, Value]]:
    """It shows in the answer."""
    yield from ()


WORDS: Mapping[tuple[str, str], Callable[[Any, str], Iterator[tuple[str, Value]]]] = {
    (KIND, "cors"): _cors,
    (KIND, "ip-restriction"): _addresses,
    (KIND, "basic-auth"): _shown,
    (KIND, "acl"): _users,
    (KIND, "rate-limiting"): _rate,
    (KIND, "request-size-limiting"): _size,
    (KIND, "request-transformer"): _shown,
    (KIND, "request-termination"): _shown,
    (KIND, "redirect"): _shown,
    (KIND, "pre-function"): _shown,
}
"""By kind and plugin: the facts, from what it is told and the namespace of the object."""
