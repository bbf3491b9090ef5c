"""The addresses that redirects lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.routing import Match, MatchKind, Redirect

if TYPE_CHECKING:
    from converter.routing import Location, SslRedirect
    from converter.verify.messages import Request
    from converter.verify.source.claims import Claims

_START_PAGE = Match(MatchKind.EXACT, "/")


def https_address(redirect: SslRedirect, request: Request) -> str:
    """``lua_ingress.lua``: the address as it was sent, without port, and without one slash at its very end."""
    target = request.target
    if redirect.strips_slash and target.endswith("/"):
        target = target[:-1]
    return f"https://{request.hostname}{target}"


def is_of_server(location: Location) -> bool:
    """Written into the server, not into a location: the start page, and the other name of a host."""
    redirects = (each for each in location.behaviours if isinstance(each, Redirect))
    redirect = next(redirects, None) if not location.origins else None
    return redirect is not None and (redirect.kind == "www-redirect" or location.match == _START_PAGE)


def address_of_server(redirect: Redirect, request: Request, claims: Claims) -> str:
    """To the start page under the name that the client wrote; to the other name with a port in any case."""
    if redirect.kind != "www-redirect":
        return f"{request.scheme}://{request.host}{redirect.path}" + (f"?{redirect.query}" if redirect.query else "")
    return f"{claims.scheme}://{redirect.host}:{claims.port}{request.target.removesuffix('/')}"


def redirect_address(redirect: Redirect, request: Request) -> str:
    """A whole address; what the redirect leaves open is that of the request."""
    path = redirect.path or request.path
    if redirect.relative:
        return path
    query = redirect.query or (request.query if redirect.keeps_query else "")
    host = redirect.host or request.hostname.removesuffix(".")
    port = f":{redirect.port}" if redirect.port else ""
    scheme = redirect.scheme or request.scheme
    return f"{scheme}://{host}{port}{path}" + (f"?{query}" if query else "")
