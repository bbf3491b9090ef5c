"""Which of two Services gets a request: ``route_to_alternative_balancer`` of the controller's Lua, as maps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from converter.verify.proxies.nginx.words import mapping, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from converter.routing import Split


def choice(split: Split, name: str) -> tuple[str, ...]:
    """Maps that set ``$canary_NAME`` to 1 for the other Service: by header, else by cookie, else by chance."""
    part = min(split.weight / split.total, 1.0)
    return (
        *mapping(_header(split.header), f"by_header_{name}", _by_header(split)),
        *mapping(_cookie(split.cookie), f"by_cookie_{name}", _by_cookie(split)),
        *_by_chance(part, name),
        *mapping(f'"$by_header_{name}:$by_cookie_{name}:$by_chance_{name}"', f"canary_{name}", _together()),
    )


def _header(name: str) -> str:
    return f"$http_{name.lower().replace('-', '_')}" if re.fullmatch(r"[\w-]+", name, re.ASCII) else '""'


def _by_header(split: Split) -> Iterator[tuple[str, str]]:
    yield '""', '""'
    if split.header_value:
        yield quoted(f"~^{re.escape(split.header_value)}$"), "1"
    elif split.header_pattern and _is_pattern(split.header_pattern):
        yield quoted(f"~{split.header_pattern}"), "1"
    elif split.header_pattern:
        yield "default", "0"
    else:
        yield from _words()


def _is_pattern(pattern: str) -> bool:
    """nginx would not start with one that is none; the controller's Lua fails at the request, and stays."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _cookie(name: str) -> str:
    return f"$cookie_{name}" if re.fullmatch(r"\w+", name, re.ASCII) else "$http_cookie" if name else '""'


def _by_cookie(split: Split) -> Iterator[tuple[str, str]]:
    if not split.cookie or re.fullmatch(r"\w+", split.cookie, re.ASCII):
        yield from _words()
        return
    for word, decided in (("always", "1"), ("never", "0")):
        yield quoted(f"~(?:^|;) *(?i:{re.escape(split.cookie)})={word} *(?:;|$)"), decided


def _words() -> Iterator[tuple[str, str]]:
    """Patterns, because a map takes plain text in any letter case."""
    yield '"~^always$"', "1"
    yield '"~^never$"', "0"


def _by_chance(part: float, name: str) -> tuple[str, ...]:
    if part in (0, 1):
        return mapping('""', f"by_chance_{name}", (("default", f"{part:.0f}"),))
    return (f"split_clients $request_id $by_chance_{name} {{", f"    {part:.2%} 1;", "    * 0;", "}")


def _together() -> Iterator[tuple[str, str]]:
    for start in ("", ":", "::"):
        yield quoted(f"~^{start}1"), "1"
        yield quoted(f"~^{start}0"), "0"
    yield "default", "0"
