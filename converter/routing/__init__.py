"""The model that controllers write and targets read: what happens to a request."""

from converter.routing.behaviours import (
    Behaviour,
    Guard,
    Hsts,
    PlainHttp,
    RateLimit,
    Redirect,
    Refusal,
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
    "Guard",
    "Hsts",
    "Location",
    "Match",
    "MatchKind",
    "Neighbour",
    "PlainHttp",
    "RateLimit",
    "Redirect",
    "Refusal",
    "RegexPath",
    "Rewrite",
    "RoutingTable",
    "SslRedirect",
    "VirtualHost",
]
