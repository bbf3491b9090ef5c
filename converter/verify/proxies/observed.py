"""The reply of a real proxy as an answer in the words of the two halves that predict, so that they compare."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from converter.verify.compare import Difference, differences
from converter.verify.messages import Answer, Endpoint, Forwarded, Share
from converter.verify.proxies.echo import HEADER, IDENTIFIED, OF_THE_BACKEND, PROBE, SERVED_BY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from converter.verify.live.reply import Reply
    from converter.verify.messages import Headers

_OF_THE_CONNECTION = frozenset(
    {"connection", "content-length", "content-type", "date", "server", "transfer-encoding", "keep-alive"}
)
_OF_THE_PROBE = frozenset(name.lower() for name in (HEADER, IDENTIFIED, PROBE, SERVED_BY))


def observed(reply: Reply, sent_by_backends: Sequence[str], noise: Collection[str] = ()) -> Answer:
    """``noise`` are the headers, in small letters, that the proxy adds by itself to every request or response."""
    quiet = {*_OF_THE_CONNECTION, *_OF_THE_PROBE, *noise, "location", "set-cookie"}
    cookies = tuple(("Set-Cookie", value) for name, value in reply.headers if name.lower() == "set-cookie")
    shown = _joined(pair for pair in reply.headers if pair[1] != OF_THE_BACKEND)
    kept = {name.lower() for name, value in reply.headers if value == OF_THE_BACKEND}
    own = [shown[name] for name in sorted(shown) if name not in quiet]
    common = Answer(
        set_headers=tuple(pair for pair in own if pair[0].lower() not in kept),
        added_headers=(*cookies, *(pair for pair in own if pair[0].lower() in kept)),
    )
    told = reply.header(HEADER)
    if not told:
        return replace(common, status=reply.status, location=reply.header("Location"))
    removed = tuple(sorted({name.lower() for name in sent_by_backends} - kept - shown.keys()))
    return replace(common, shares=(_share(json.loads(base64.b64decode(told)), quiet),), removed_headers=removed)


def _joined(headers: Iterable[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """By name in small letters; several lines of one header mean what one line with commas does."""
    found: dict[str, tuple[str, str]] = {}
    for name, value in headers:
        known = found.get(name.lower())
        found[name.lower()] = (known[0], f"{known[1]},{value}") if known else (name, value)
    return found


def _share(told: dict[str, Any], quiet: Collection[str]) -> Share:
    headers: Headers = tuple(pair for name, pair in _joined(told["headers"]).items() if name not in quiet)
    host = next((value for name, value in headers if name.lower() == "host"), "")
    rest = tuple(pair for pair in headers if pair[0].lower() != "host")
    return Share(endpoint(told["backend"]), 1.0, Forwarded(told["method"], host, told["target"], rest))


def endpoint(name: str) -> Endpoint:
    """The one that a backend is named after: ``str(endpoint)``."""
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
    return tuple(each for each in differences(_told(expected), _told(seen)) if each.aspect not in besides)


def _told(answer: Answer) -> Answer:
    """What is added to a header counts like what is set: a response does not show which of the two it was."""
    more = [pair for pair in answer.added_headers if pair[0].lower() != "set-cookie"]
    return replace(answer, set_headers=tuple(_joined((*answer.set_headers, *more)).values()))


def _quiet(share: Share) -> Share:
    if share.forwarded is None:
        return share
    kept = tuple(pair for pair in share.forwarded.headers if pair[0].lower() not in _OF_THE_CONNECTION)
    return replace(share, forwarded=replace(share.forwarded, headers=kept))
