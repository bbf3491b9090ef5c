"""Variables of nginx that values of annotations hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from converter.verify.messages import Request
    from converter.verify.source.claims import Claims

_VARIABLE = re.compile(r"\$(\w+)|\$\{(\w+)\}")


def expanded(value: str, request: Request, claims: Claims) -> str:
    """With what the request has for the variables that addresses usually hold; others stay as they are written."""
    known = {
        "scheme": request.scheme,
        "pass_access_scheme": claims.scheme,
        "host": request.hostname.removesuffix("."),
        "http_host": request.host,
        "best_http_host": claims.host,
        "request_uri": request.target,
        "escaped_request_uri": quote(request.target, safe=""),
        "args": request.query,
        "is_args": "?" if request.query else "",
    }
    return _VARIABLE.sub(lambda found: known.get(found[1] or found[2], found[0]), value)
