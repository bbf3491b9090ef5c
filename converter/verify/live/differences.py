"""Two replies to one request, compared in the aspects in which predicted answers are."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from converter.verify.compare import same_address
from converter.verify.live.compared import Compared, Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from converter.verify.live.compared import SideName
    from converter.verify.live.marker import Marker
    from converter.verify.live.reply import Reply
    from converter.verify.messages import Request

COOKIES = "set-cookie"
HEADERS = ("access-control-*", "allow", "cache-control", COOKIES, "strict-transport-security", "www-authenticate")
"""Patterns of the headers that are compared unless the user chooses others."""
_TOO_MANY_REQUESTS = 429


def differences(
    old: Reply, new: Reply, request: Request, headers: Collection[str], marker: Marker | None
) -> tuple[Compared, ...]:
    """What a client would notice; after another status nothing further is compared."""
    if old.status != new.status or old.fault != new.fault:
        return () if old.fault and new.fault else (Compared("status", _status(old), _status(new)),)
    return tuple(_further(old, new, request, headers, marker))


def faults(old: Reply, new: Reply) -> tuple[Fault, ...]:
    """What went wrong on either side."""
    sides: tuple[tuple[SideName, Reply], ...] = (("old", old), ("new", new))
    return tuple(
        Fault(side, _status(reply))
        for side, reply in sides
        if reply.fault or reply.status >= 500 or reply.status == _TOO_MANY_REQUESTS
    )


def _status(reply: Reply) -> str:
    return reply.fault or str(reply.status)


def _further(
    old: Reply, new: Reply, request: Request, headers: Collection[str], marker: Marker | None
) -> Iterator[Compared]:
    one, other = old.header("Location"), new.header("Location")
    if not _lead_to_the_same(one, other, request):
        yield Compared("location", one, other)
    if marker and marker.read(old) != marker.read(new):
        yield Compared("backend", marker.read(old), marker.read(new))
    for name in sorted({key.lower() for key, _ in (*old.headers, *new.headers)}):
        if any(fnmatchcase(name, pattern) for pattern in headers):
            yield from _in_header(name, old, new)


def _in_header(name: str, old: Reply, new: Reply) -> Iterator[Compared]:
    """Of cookies only the names: their values are another on every answer, and nobody else's business."""
    if name == COOKIES:
        one, other = _cookies(old), _cookies(new)
        if one != other:
            yield Compared("cookie", one, other)
        return
    one, other = ", ".join(old.values(name)), ", ".join(new.values(name))
    if one != other:
        yield Compared("response-headers", _told(name, one), _told(name, other))


def _told(name: str, value: str) -> str:
    return f"{name}: {value}" if value else f"no {name}"


def _cookies(reply: Reply) -> str:
    return ", ".join(sorted({value.partition("=")[0].strip() for value in reply.values(COOKIES)}))


def _lead_to_the_same(one: str, other: str, request: Request) -> bool:
    """Where a client ends up: an address may be told relative to the request."""
    base = f"{request.scheme}://{request.host}{request.target}"
    try:
        return bool(one) == bool(other) and same_address(urljoin(base, one), urljoin(base, other))
    except ValueError:
        return one == other
