"""Answers with another address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.routing import Redirect
from converter.verify.proxies.nginx.words import block, mapping, quoted
from converter.verify.source.redirects import is_of_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from converter.routing import Location, SslRedirect, VirtualHost


def is_nginx_own(location: Location) -> bool:
    """The redirect for a missing slash is nginx's own doing, which is what a real one is asked for."""
    return any(isinstance(each, Redirect) and each.kind == "trailing-slash" for each in location.behaviours)


def app_root_lines(host: VirtualHost) -> Iterator[str]:
    for location in filter(is_of_server, host.locations):
        for each in location.behaviours:
            if isinstance(each, Redirect):
                address = quoted(f"$scheme://$http_host{_path(each)}")
                yield from block("if ($uri = /)", (f"return {each.status} {address};",))


def www_redirect(host: VirtualHost) -> Redirect | None:
    """Of a host that only leads to its twin: a server without locations."""
    behaviours = (behaviour for location in host.locations for behaviour in location.behaviours)
    return next((b for b in behaviours if isinstance(b, Redirect) and b.kind == "www-redirect"), None)


def www_line(redirect: Redirect) -> str:
    """``ngx_srv_redirect.lua``: the port always, and not the slash at the end."""
    return f"return {redirect.status} {quoted(f'$pass_access_scheme://{redirect.host}:$pass_port$stripped_uri')};"


def redirect_line(redirect: Redirect) -> str:
    """Without scheme and host nginx adds those of the request, unless it is told not to."""
    path = quoted(_path(redirect))
    if not redirect.scheme and not redirect.host:
        own = "absolute_redirect off; " if redirect.relative else ""
        return f"{own}return {redirect.status} {path};"
    port = f":{redirect.port}" if redirect.port else ""
    start = f"{redirect.scheme or '$scheme'}://{redirect.host or '$host'}{port}"
    return f"return {redirect.status} {quoted(start + _path(redirect))};"


def _path(redirect: Redirect) -> str:
    """Variables in it are those of the source."""
    query = f"?{redirect.query}" if redirect.query else ""
    if not redirect.path:
        return "$request_uri" if redirect.keeps_query else "$uri"
    return redirect.path + (query or ("$is_args$args" if redirect.keeps_query else ""))


def ssl_redirect_lines(redirect: SslRedirect) -> Iterator[str]:
    """``lua_ingress.lua``: what the client is believed to have used decides."""
    target = "$stripped_uri" if redirect.strips_slash else "$request_uri"
    address = quoted(f"https://$redirect_host{target}")
    yield from block('if ($pass_access_scheme = "http")', (f"return {redirect.status} {address};",))


def redirect_maps() -> Iterator[str]:
    """The target without one slash at its very end, and the host without its port."""
    yield from mapping("$request_uri", "stripped_uri", (('"~^(?<head>.*)/$"', "$head"), ("default", "$request_uri")))
    yield from mapping("$best_http_host", "redirect_host", (('"~^(?<bare>[^:]*)"', "$bare"),))
