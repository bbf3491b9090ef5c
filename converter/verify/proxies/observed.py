"""The reply of a real proxy as an answer in the words of the two halves that predict, so that they compare."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from converter.verify.compare import Difference, differences
from converter.verify.messages import Answer, Endpoint, Forwarded, Share
from converter.verify.proxies.echo import HEADER, IDENTIFIED, PROBE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from converter.verify.live.reply import Reply
    from converter.verify.messages import Headers

_OF_THE_CONNECTION = frozenset(
    {"connection", "content-length", "content-type", "date", "server", "transfer-encoding", "keep-alive"}
)
_OF_THE_PROBE = frozenset(name.lower() for name in (HEADER, IDENTIFIED, PROBE))


def observed(reply: Reply, sent_by_backends: Sequence[str], noise: Collection[str] = ()) -> Answer:
    """``noise`` are the headers, in small letters, that the proxy adds by itself to every request or response."""
    quiet = {*_OF_THE_CONNECTION, *_OF_THE_PROBE, *noise}
    cookies = tuple(pair for pair in reply.headers if pair[0].lower() == "set-cookie")
    shown = {name.lower(): (name, value) for name, value in reply.headers}
    of_backends = {name.lower() for name in sent_by_backends}
    own = {
        name: pair
        for name, pair in shown.items()
        if name not in quiet and name not in ("location", "set-cookie") and pair[1] != "of the backend"
    }
    common = Answer(set_headers=tuple(own[name] for name in sorted(own)), added_headers=cookies)
    told = reply.header(HEADER)
    if not told:
        return replace(common, status=reply.status, location=reply.header("Location"))
    removed = tuple(sorted(of_backends - shown.keys()))
    return replace(common, shares=(_share(json.loads(base64.b64decode(told)), quiet),), removed_headers=removed)


def _share(told: dict[str, Any], quiet: Collection[str]) -> Share:
    headers: Headers = tuple((name, value) for name, value in told["headers"] if name.lower() not in quiet)
    host = next((value for name, value in headers if name.lower() == "host"), "")
    rest = tuple(pair for pair in headers if pair[0].lower() != "host")
    return Share(_endpoint(told["backend"]), 1.0, Forwarded(told["method"], host, told["target"], rest))


def _endpoint(name: str) -> Endpoint:
    place, _, port = name.rpartition(":")
    namespace, _, service = place.rpartition("/")
    return Endpoint(namespace, service, int(port) if port.isdigit() else None)


def disagreements(predicted: Answer, seen: Answer, *, besides: Iterable[str] = ()) -> tuple[Difference, ...]:
    """Where a real proxy does not do what was predicted, leaving out some aspects.

    Where chance decides, any of the backends that may be meant is the right one. What is said about one connection is
    not seen, so it is not expected either.
    """
    chosen = {share.endpoint for share in seen.shares}
    possible = tuple(_quiet(replace(share, part=1.0)) for share in predicted.shares if share.endpoint in chosen)
    expected = replace(predicted, shares=possible) if possible else predicted
    return tuple(each for each in differences(expected, seen) if each.aspect not in besides)


def _quiet(share: Share) -> Share:
    if share.forwarded is None:
        return share
    kept = tuple(pair for pair in share.forwarded.headers if pair[0].lower() not in _OF_THE_CONNECTION)
    return replace(share, forwarded=replace(share.forwarded, headers=kept))
