"""Cross-origin headers and preflights: ``define "CORS"`` of the controller's template, ``buildCorsOriginRegex``.

nginx keeps only the headers of the last ``if`` that matched, so the conditions set variables, and the headers are
written from those.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from converter.routing import Cors
from converter.verify.proxies.nginx.words import Lines, block, mapping, quoted, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from converter.routing import RoutingTable

HEADERS = {
    "cors_origin": "Access-Control-Allow-Origin",
    "cors_credentials": "Access-Control-Allow-Credentials",
    "cors_methods": "Access-Control-Allow-Methods",
    "cors_headers": "Access-Control-Allow-Headers",
    "cors_exposed": "Access-Control-Expose-Headers",
    "cors_age": "Access-Control-Max-Age",
}
"""By the variables that their values are set in."""


def cors_maps(table: RoutingTable) -> Iterator[str]:
    """What a response says in the end: the rule's value where it holds, else what the backend says."""
    behaviours = (each for host in table.hosts for place in host.locations for each in place.behaviours)
    if not any(isinstance(each, Cors) for each in behaviours):
        return
    for variable, name in HEADERS.items():
        told = f"$upstream_http_{name.lower().replace('-', '_')}"
        yield from mapping(f"${variable}", f"shown_{variable}", (('""', told), ("default", f"${variable}")))


def cors_lines(cors: Cors) -> Lines:
    return Lines(location=(*_conditions(cors), *_shown()))


def _conditions(cors: Cors) -> Iterator[str]:
    everybody = cors.allow_origins == ("*",)
    yield from (f'set ${variable} "";' for variable in HEADERS)
    yield 'set $cors "true";' if everybody else 'set $cors "";'
    for origin in () if everybody else cors.allow_origins:
        yield from block(f"if ($http_origin ~* {quoted(f'({_pattern(origin)})$')})", ('set $cors "true";',))
    yield from block('if ($request_method = "OPTIONS")', ('set $cors "${cors}options";',))
    values = tuple(_values(cors, everybody=everybody))
    yield from block('if ($cors = "true")', values)
    yield from block('if ($cors = "trueoptions")', (*values, "return 204;"))


def _values(cors: Cors, *, everybody: bool) -> Iterator[str]:
    yield 'set $cors_origin "*";' if everybody else "set $cors_origin $http_origin;"
    if cors.credentials:
        yield 'set $cors_credentials "true";'
    yield f"set $cors_methods {text(cors.allow_methods)};"
    yield f"set $cors_headers {text(cors.allow_headers)};"
    if cors.expose_headers:
        yield f"set $cors_exposed {text(cors.expose_headers)};"
    yield f"set $cors_age {text(str(cors.max_age))};"


def _shown() -> Iterator[str]:
    for variable, name in HEADERS.items():
        yield f"proxy_hide_header {name};"
        yield f"add_header {name} $shown_{variable} always;"


def _pattern(origin: str) -> str:
    """A wildcard is one label of letters, digits and hyphens."""
    return re.escape(origin).replace("\\*", "[A-Za-z0-9\\-]+", 1)
