"""What a release of the Gateway API allows in a channel; the facts are in ``mappings/gateway-api.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from converter.tables import load_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Channel = Literal["standard", "experimental"]
_VERSION = re.compile(r"v?(\d+)\.(\d+)(?:\.\d+)?\Z")


class UnknownReleaseError(ValueError):
    """The text names no release that the table knows."""


@dataclass(frozen=True, slots=True)
class KindForm:
    kind: str
    api_version: str

    @property
    def group(self) -> str:
        return self.api_version.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Release:
    """One release with one channel, as far as an implementation knows it."""

    version: str
    channel: Channel
    lacks: frozenset[str] = frozenset()
    """Kinds and features that the release has, and the implementation ignores or refuses."""

    def form(self, kind: str) -> KindForm | None:
        """The newest form of a kind that this release serves; ``None`` when it serves none."""
        if kind in self.lacks:
            return None
        for row in _table()["kinds"][kind]:
            if (
                row.get("kind", kind) not in self.lacks
                and self._serves(row)
                and _number(self.version) <= _number(row.get("until", "999.0"))
            ):
                return KindForm(row.get("kind", kind), row["apiVersion"])
        return None

    def has(self, feature: str) -> bool:
        """Whether a field or value is there."""
        return feature not in self.lacks and self._serves(_table()["features"][feature])

    def limit(self, name: str) -> int:
        """How many of a thing fit into one object."""
        for row in _table()["limits"][name]:
            if _number(self.version) >= _number(row.get("from", "1.0")):
                return int(row["to"])
        raise KeyError(name)

    def _serves(self, row: Mapping[str, Any]) -> bool:
        since = [row["standard"]] if "standard" in row else []
        if self.channel == "experimental" and "experimental" in row:
            since.append(row["experimental"])
        return any(_number(self.version) >= _number(first) for first in since)


def release(version: str, channel: Channel) -> Release:
    """The release that a text such as ``1.4`` or ``v1.4.1`` names.

    Raises:

        UnknownReleaseError: The table has no such release.
    """
    found = _VERSION.match(version)
    name = f"{found[1]}.{found[2]}" if found else version
    if name not in known_releases():
        raise UnknownReleaseError(version)
    return Release(name, channel)


def is_newer(version: str, than: str) -> bool:
    """Whether a release came after another one."""
    return _number(version) > _number(than)


def known_words() -> frozenset[str]:
    """Every kind, also by its name of an experiment, and every feature by the name that tables call it."""
    former = (row["kind"] for rows in _table()["kinds"].values() for row in rows if "kind" in row)
    return frozenset({*_table()["kinds"], *former, *_table()["features"]})


def known_releases() -> Sequence[str]:
    """From the oldest to the newest."""
    releases: list[str] = _table()["releases"]
    return releases


@cache
def _table() -> dict[str, Any]:
    return load_table("gateway-api")


@cache
def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
