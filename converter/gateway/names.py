"""Names for objects: made last, the same on every run, never shared by two identities."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ODD = re.compile(r"[^a-z0-9]+")
MAX_LENGTH = 63
"""Names end up in labels of what an implementation creates, so they stay within a label's length."""


def slug(text: str) -> str:
    """Text as part of a name; ``*`` is spelled out, other odd characters become dashes."""
    plain = _ODD.sub("-", text.lower().replace("*", "wildcard")).strip("-")
    return plain or "any"


def telling_slug(text: str) -> str:
    """A slug that no other text has: a digest stands for what it leaves out."""
    plain = slug(text)
    return plain if plain == text else f"{plain}-{digest(text)}"


def host_slug(host: str) -> str:
    """The empty host is the one for requests that no other host takes."""
    return slug(host) if host else "any-host"


def shorten(name: str, limit: int = MAX_LENGTH) -> str:
    """The name itself if it is short enough, else its head with a digest of the whole."""
    return name if len(name) <= limit else f"{name[: limit - 9].rstrip('-')}-{digest(name)}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def distinct_slugs(hosts: Iterable[str]) -> dict[str, str]:
    """A slug for each host; hosts whose slugs are equal all get a digest, so that none depends on the others' order."""
    by_slug: dict[str, set[str]] = defaultdict(set)
    for host in hosts:
        by_slug[shorten(host_slug(host))].add(host)
    names = {}
    for short, sharing in by_slug.items():
        for host in sharing:
            names[host] = short if len(sharing) == 1 else shorten(f"{short}-{digest(host)}")
    return names


class Names:
    """Names that are given away: no two objects of a kind and namespace share one."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str, str, str], str] = {}

    def take(self, kind: str, namespace: str, name: str, what: str) -> str:
        """The name; with a digest of ``what`` is to be named, if something else has it already."""
        if self._owners.setdefault((kind, namespace, name), what) == what:
            return name
        return self.take(kind, namespace, shorten(f"{name}-{digest(what)}"), what)


def numbered(name: str, index: int, count: int) -> str:
    """One of several parts; numbers are padded so that names sort like the parts."""
    if count == 1:
        return name
    suffix = f"-{index + 1:0{len(str(count))}d}"
    return shorten(name, MAX_LENGTH - len(suffix)) + suffix
