"""What a Gateway makes of a request before it looks for a route, which may be an answer already.

As Envoy Gateway sets Envoy up: a name of a header with an underscore is refused.
"""

from __future__ import annotations

from dataclasses import replace

from converter.verify.gateway.paths import has_escaped_slashes, is_refused, normalised
from converter.verify.messages import Answer, Request


def entered(request: Request) -> Request | Answer:
    """The request as routes are held against it."""
    if is_refused(request.path) or any("_" in name for name, _ in request.headers):
        return Answer(400)
    path = normalised(request.path)
    target = f"{path}?{request.query}" if "?" in request.target else path
    if has_escaped_slashes(request.path):
        return Answer(307, location=f"{request.scheme}://{request.host}{target}")
    return replace(request, target=target)
