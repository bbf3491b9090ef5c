"""The model that controllers write and targets read: what happens to a request."""

from converter.routing.behaviours import (
    Behaviour,
    Hsts,
    PlainHttp,
    RateLimit,
    Redirect,
    RegexPath,
    Rewrite,
    SslRedirect,
)
from converter.routing.table import (
    Backend,
    Certificate,
    Location,
    Match,
    MatchKind,
    Neighbour,
    RoutingTable,
    VirtualHost,
)

__all__ = [
    "Backend",
    "Behaviour",
    "Certificate",
    "Hsts",
    "Location",
    "Match",
    "MatchKind",
    "Neighbour",
    "PlainHttp",
    "RateLimit",
    "Redirect",
    "RegexPath",
    "Rewrite",
    "RoutingTable",
    "SslRedirect",
    "VirtualHost",
]
