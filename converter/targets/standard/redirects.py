"""Redirects, rewrites and patterns of paths; and rate limits, which the Gateway API does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import PathMatch
from converter.gateway.paths import MAX_LENGTH
from converter.ingress.names import is_host
from converter.targets.carry import Part
from converter.targets.rewrites import Captures, Full, Identity, NoPath, Prefix, read_rewrite
from converter.targets.standard.parts import FILTER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.routing import Location, PlainHttp, RateLimit, Redirect, RegexPath, Rewrite, SslRedirect
    from converter.targets.carry import Target


def ssl_redirect(behaviour: SslRedirect, _: Location, target: Target) -> Part:
    later = target.release.has("redirect-307-308")
    status = behaviour.status if later or behaviour.status in (301, 302) else 301
    code = "ssl-redirect" if behaviour.strips_slash else "ssl-redirect.exact"
    row = target.table.rows[code if status == behaviour.status else "ssl-redirect.status"]
    redirect = {"scheme": "https", "statusCode": status}
    return Part(filters=(_redirect_filter(redirect),), notes=row.notes(behaviour.origins, FILTER), answers=True)


def plain_http(behaviour: PlainHttp, _: Location, target: Target) -> Part:
    return Part(notes=target.table.rows["plain-http"].notes(behaviour.origins))


def regex_path(behaviour: RegexPath, _: Location, target: Target) -> Part:
    return Part(notes=target.table.rows["regex-path"].notes(behaviour.origins, "matches"))


def redirect(behaviour: Redirect, location: Location, target: Target) -> Part:
    if not is_sayable(behaviour):
        return Part(notes=target.table.rows["redirect.unsayable"].notes(behaviour.origins), answers=True)
    status = _nearest_status(behaviour.status, target)
    body: dict[str, Any] = {}
    if behaviour.scheme in ("http", "https"):
        body["scheme"] = behaviour.scheme
    if behaviour.host:
        body["hostname"] = behaviour.host
    if behaviour.port:
        body["port"] = behaviour.port
    if behaviour.path:
        body["path"] = {"type": "ReplaceFullPath", "replaceFullPath": behaviour.path}
    body["statusCode"] = status
    row = target.table.rows[_redirect_code(behaviour, location, exact_status=status == behaviour.status)]
    return Part(filters=(_redirect_filter(body),), notes=row.notes(behaviour.origins, FILTER), answers=True)


def is_sayable(behaviour: Redirect) -> bool:
    host = behaviour.host
    if "$" in f"{host}{behaviour.path}{behaviour.query}":
        return False
    return (not host or (is_host(host) and not host.startswith("*."))) and len(behaviour.path) <= MAX_LENGTH


def _redirect_code(behaviour: Redirect, _: Location, *, exact_status: bool) -> str:
    if not exact_status:
        return "redirect.status"
    if behaviour.relative:
        return "redirect.relative"
    if behaviour.query:
        return "redirect.query-lost"
    return "redirect.exact" if behaviour.kind == "redirect" and behaviour.keeps_query else behaviour.kind


def _nearest_status(status: int, target: Target) -> int:
    if status in (301, 302):
        return status
    if status in (303, 307, 308) and target.release.has("redirect-307-308"):
        return status
    return 301 if status in (300, 301, 308) else 302


def _redirect_filter(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "RequestRedirect", "requestRedirect": dict(body)}


_LOST = {NoPath: "rewrite.not-a-path", Captures: "rewrite.regex"}


def rewrite(behaviour: Rewrite, _: Location, target: Target) -> Part:
    rows, release = target.table.rows, target.release
    reading = read_rewrite(behaviour.pattern, behaviour.target)
    if isinstance(reading, Full) and release.has("path-rewrite"):
        path = {"type": "ReplaceFullPath", "replaceFullPath": reading.path}
        return Part(filters=(_rewrite_filter(path),), notes=rows["rewrite.full"].notes(behaviour.origins, FILTER))
    if isinstance(reading, Identity):
        match = PathMatch("PathPrefix", "/")
        return Part(match=match, notes=rows["rewrite.identity"].notes(behaviour.origins, "matches"))
    if isinstance(reading, Prefix) and release.has("prefix-rewrite"):
        path = {"type": "ReplacePrefixMatch", "replacePrefixMatch": reading.replacement}
        same = "rewrite.prefix" if behaviour.any_case else "rewrite.prefix-same"
        row = rows[same if reading.exact else "rewrite.prefix-near"]
        match = PathMatch("PathPrefix", reading.prefix)
        return Part(filters=(_rewrite_filter(path),), match=match, notes=row.notes(behaviour.origins, FILTER))
    return Part(notes=rows[_LOST.get(type(reading), "rewrite.lost")].notes(behaviour.origins))


def _rewrite_filter(path: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "URLRewrite", "urlRewrite": {"path": dict(path)}}


def rate_limit(behaviour: RateLimit, _: Location, target: Target) -> Part:
    row = target.table.rows["rate-limit" if behaviour.enforced else "rate-limit.not-enforced"]
    return Part(notes=row.notes(behaviour.origins))
