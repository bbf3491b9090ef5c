"""The addresses that redirects lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from converter.routing import Redirect, SslRedirect
    from converter.verify.messages import Request

_PORTS = {"http": 80, "https": 443}


def https_address(redirect: SslRedirect, request: Request) -> str:
    """``lua_ingress.lua``: the address as it was sent, without port, and without one slash at its very end."""
    target = request.target
    if redirect.strips_slash and target.endswith("/"):
        target = target[:-1]
    return f"https://{request.hostname}{target}"


def redirect_address(redirect: Redirect, request: Request) -> str:
    """A whole address; what the redirect leaves open is that of the request."""
    if redirect.kind == "www-redirect":
        target = request.target.removesuffix("/")
        return f"{request.scheme}://{redirect.host}:{_PORTS[request.scheme]}{target}"
    path = redirect.path or request.path
    if redirect.relative:
        return path
    query = redirect.query or (request.query if redirect.keeps_query else "")
    host = redirect.host or request.host
    port = f":{redirect.port}" if redirect.port else ""
    scheme = redirect.scheme or request.scheme
    return f"{scheme}://{host}{port}{path}" + (f"?{query}" if query else "")
