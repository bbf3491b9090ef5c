"""Policies in words, the same ones whichever side they are read from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LONGEST = 60
_SETTINGS = frozenset(
    {
        *("client_body_buffer_size", "limit_rate", "limit_rate_after", "proxy_cookie_domain", "proxy_cookie_path"),
        *("proxy_max_temp_file_size", "proxy_request_buffering"),
    }
)
"""Directives that annotations of the same name write."""
_UNITS = {1: "s", 60: "m", 3600: "h"}
_DURATION = re.compile(r"(\d+)(h|ms|m|s)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_QUANTITIES = {"": 1, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "k": 1000, "K": 1000, "M": 1000**2, "G": 1000**3}
_SIZES = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))


def shortened(text: str) -> str:
    """The first line; snippets have many, and the facts name them."""
    lines = text.strip().splitlines() or [""]
    found = lines[0][:_LONGEST]
    return found if found == text.strip() else f"{found} …"


def of_line(name: str, text: str) -> tuple[str, str]:
    """The fact that a line of nginx is; some say what a setting of ingress-nginx says."""
    if name not in _SETTINGS:
        return f"nginx {name}", shortened(text)
    value = text.removesuffix(";").partition(" ")[2]
    return name.replace("_", "-"), value.removesuffix("k") if name.startswith("limit_rate") else value


def rate(requests: int, seconds: int) -> str:
    """``5 r/s``, as nginx writes it."""
    unit = _UNITS.get(seconds)
    return f"{requests} r/{unit}" if unit else f"{requests} in {seconds} s"


def size(count: int) -> str:
    """Bytes, in the largest unit that needs no fraction."""
    for unit, word in _SIZES:
        if count % unit == 0:
            return f"{count // unit} {word}"
    return f"{count} bytes"


def count(quantity: str) -> int:
    """Bytes of a Kubernetes quantity such as ``8Mi``; one that is none counts as 0."""
    number = quantity.rstrip("kKMGi")
    unit = _QUANTITIES.get(quantity[len(number) :], 0)
    return int(number) * unit if number.isdigit() else 0


def network(text: str) -> str:
    """A network of one address is that address."""
    return text.removesuffix("/128" if ":" in text else "/32")


def address(location: str) -> SplitResult:
    """The parts of an address; what is none is a path."""
    try:
        return urlsplit(location)
    except ValueError:
        return SplitResult("", "", location, "", "")


def seconds(duration: str) -> str:
    """A duration of the Gateway API (GEP-2257) such as ``1h30m``, in seconds."""
    total = sum(int(number) * _SECONDS[unit] for number, unit in _DURATION.findall(duration))
    return f"{total:g} s"


def tries(number: int, conditions: Iterable[str]) -> dict[str, str]:
    """``number`` is with the first; 0 for no limit."""
    found = {"up to": f"{number} {'try' if number == 1 else 'tries'}" if number else "any number of tries"}
    words = ", ".join(conditions)
    return {**found, "after": words} if words else found


def cors_of(
    origins: Iterable[str],
    methods: Iterable[str],
    headers: Iterable[str],
    exposed: Iterable[str],
    *,
    credentials: bool,
    max_age: int,
) -> dict[str, str]:
    """The parts of a cross-origin rule; the order and the case of lists say nothing."""
    parts = {
        "origins": ", ".join(origins),
        "methods": _sorted(methods),
        "headers": _sorted(headers),
        "exposed": _sorted(exposed),
        "credentials": "allowed" if credentials else "",
        "max age": f"{max_age} s",
    }
    return {name: value for name, value in parts.items() if value}


def cors_in_words(body: Mapping[str, Any]) -> dict[str, str]:
    """Gateway API: ``HTTPCORSFilter``."""
    return cors_of(
        origins=body.get("allowOrigins", []),
        methods=body.get("allowMethods", []),
        headers=body.get("allowHeaders", []),
        exposed=body.get("exposeHeaders", []),
        credentials=body.get("allowCredentials") is True,
        max_age=body.get("maxAge", 5),
    )


def _sorted(words: Iterable[str]) -> str:
    found = {word.strip().lower(): word.strip() for word in words if word.strip()}
    return ", ".join(found[key] for key in sorted(found))


def cipher(name: str) -> str:
    """A cipher as OpenSSL and nginx name it, from its name in the registry of TLS."""
    exchange, _, rest = name.removeprefix("TLS_").partition("_WITH_")
    short = re.sub(r"AES_(\d+)", r"AES\1", rest).replace("_CBC", "").replace("POLY1305_SHA256", "POLY1305")
    return (short if exchange == "RSA" else f"{exchange}_{short}").replace("_", "-")
