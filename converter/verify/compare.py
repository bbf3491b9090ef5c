"""Two answers to one request, compared aspect by aspect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from converter.verify.words import address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from converter.verify.messages import Answer, Forwarded, Headers

Aspect = Literal[
    "status",
    "location",
    "backend",
    "path",
    "host",
    "request-headers",
    "forwarded-headers",
    "response-headers",
    "cookie",
    "mirror",
]
_CLOSE = 1e-9
_ABOUT_THE_CLIENT = ("x-forwarded-", "x-original-forwarded-", "x-real-ip", "x-scheme")
"""Each proxy says in its own way who the client is, so this is an aspect by itself."""


@dataclass(frozen=True, slots=True)
class Difference:
    aspect: Aspect
    source: str
    target: str


def differences(source: Answer, target: Answer) -> tuple[Difference, ...]:
    """What a client or a backend would notice; after another status nothing further is compared."""
    if source.status != target.status:
        return (Difference("status", told(source), told(target)),)
    return tuple(_further(source, target))


def same_address(one: str, other: str) -> bool:
    """Whether two redirects lead to the same place."""
    return _address(one) == _address(other)


def _further(source: Answer, target: Answer) -> Iterator[Difference]:
    if _address(source.location) != _address(target.location):
        yield Difference("location", source.location, target.location)
    if not _same_shares(source, target):
        yield Difference("backend", told(source), told(target))
    elif source.shares and target.shares:
        yield from _as_forwarded(source.shares[0].forwarded, target.shares[0].forwarded)
    headers = (_by_name(source.set_headers), _by_name(target.set_headers))
    if headers[0] != headers[1] or set(source.removed_headers) != set(target.removed_headers):
        yield Difference("response-headers", *map(_listed, _unequal(*headers)))
    if ("Set-Cookie" in dict(source.added_headers)) != ("Set-Cookie" in dict(target.added_headers)):
        yield Difference("cookie", _listed(dict(source.added_headers)), _listed(dict(target.added_headers)))
    if len(source.mirrors) != len(target.mirrors):
        yield Difference("mirror", ", ".join(map(str, source.mirrors)), ", ".join(map(str, target.mirrors)))


def told(answer: Answer) -> str:
    """Who answers, in a word or two."""
    if answer.status is not None:
        return {0: "no connection"}.get(answer.status, str(answer.status))
    return ", ".join(f"{share.endpoint or 500} {share.part:.0%}" for share in answer.shares)


def _same_shares(source: Answer, target: Answer) -> bool:
    ours = {share.endpoint: share.part for share in source.shares}
    theirs = {share.endpoint: share.part for share in target.shares}
    return ours.keys() == theirs.keys() and all(abs(ours[key] - theirs[key]) < _CLOSE for key in ours)


def _as_forwarded(source: Forwarded | None, target: Forwarded | None) -> Iterator[Difference]:
    if source is None or target is None:
        return
    if source.target != target.target:
        yield Difference("path", source.target, target.target)
    if source.host != target.host:
        yield Difference("host", source.host, target.host)
    ours, theirs = _unequal(_by_name(source.headers), _by_name(target.headers))
    about_client = {name for name in (*ours, *theirs) if is_about_client(name)}
    aspects: tuple[tuple[Aspect, set[str]], ...] = (
        ("request-headers", {*ours, *theirs} - about_client),
        ("forwarded-headers", about_client),
    )
    for aspect, names in aspects:
        if names:
            yield Difference(aspect, _listed(_only(ours, names)), _listed(_only(theirs, names)))


def is_about_client(name: str) -> bool:
    """Whether a header, in small letters, tells the backend who asked for what."""
    return name.startswith(_ABOUT_THE_CLIENT)


def _by_name(headers: Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def _unequal(one: dict[str, str], other: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    return (
        {name: value for name, value in one.items() if other.get(name) != value},
        {name: value for name, value in other.items() if one.get(name) != value},
    )


def _only(headers: dict[str, str], names: set[str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name in names}


def _listed(headers: dict[str, str]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in sorted(headers.items()))


def _address(location: str) -> tuple[str, str, str, str]:
    """Without path is the same as with ``/``; the scheme's own port and capitals in the host say nothing."""
    parts = address(location)
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return parts.scheme, parts.netloc.lower().removesuffix(usual), parts.path or ("/" if location else ""), parts.query
