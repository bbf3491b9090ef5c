"""What carriers have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from converter.ingress.names import is_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.gateway.drafts import Note
    from converter.ledger import Origin
    from converter.routing import ExternalAuth
    from converter.targets.carry import Target

FILTER = "filters"
"""As the path of a note: the filter that the part brings; the rule knows its index."""
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+\-.^_`|~]{1,256}\Z")
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH")
"""Those that a match may name."""
MOST_HEADERS = 16
"""A header modifier holds so many."""
_IN_CLUSTER = re.compile(
    r"(?P<scheme>https?)://(?P<service>[a-z0-9-]+)\.(?P<namespace>[a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?"
    r"(?::(?P<port>\d{1,5}))?(?P<path>/.*|\$request_uri|)\Z"
)


def back_to(behaviour: ExternalAuth) -> str:
    """The parameter of the sign-in page that says where to come back to (``auth-signin-redirect-param``)."""
    return next((o.value for o in behaviour.origins if o.key.endswith("auth-signin-redirect-param")), "rd")


def signin_address(behaviour: ExternalAuth) -> str:
    """With nginx's variables; ingress-nginx adds where to come back to, unless the address says it.

    ingress-nginx: ``buildAuthSignURL``.
    """
    address, parameter = behaviour.signin, back_to(behaviour)
    if f"{parameter}=" in address:
        return address
    mark = "&" if "?" in address else "?"
    return f"{address}{mark}{parameter}=$pass_access_scheme://$http_host$escaped_request_uri"


def notes(target: Target, code: str, origins: Iterable[Origin], path: str = "", **names: str) -> tuple[Note, ...]:
    """The row's note for each origin; one that nobody wrote takes the row of its default, where there is one."""
    table = target.table
    return tuple(
        table.defaults[origin.key].note(origin, **names)
        if origin.type == "default" and origin.key in table.defaults
        else table.rows[code].note(origin, path, **names)
        for origin in origins
    )


def duration(seconds: int) -> str:
    """GEP-2257: at most five digits for each unit."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [f"{amount}{unit}" for amount, unit in ((min(hours, 99999), "h"), (minutes, "m"), (left, "s")) if amount]
    return "".join(parts) or "0s"


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """A Service that is named by an address inside the cluster."""

    scheme: str
    service: str
    namespace: str
    port: int
    path: str

    @property
    def reference(self) -> Mapping[str, Any]:
        return {"name": self.service, "namespace": self.namespace, "port": self.port}


def in_cluster(url: str) -> ClusterAddress | None:
    """The Service behind ``http://service.namespace.svc``; ``None`` for an address that may be outside."""
    found = _IN_CLUSTER.match(url)
    if found is None or not is_label(found["service"]) or not is_label(found["namespace"]):
        return None
    port = int(found["port"]) if found["port"] else 443 if found["scheme"] == "https" else 80
    if not 0 < port < 1 << 16:
        return None
    return ClusterAddress(found["scheme"], found["service"], found["namespace"], port, found["path"])


def auth_service(behaviour: ExternalAuth) -> ClusterAddress | None:
    """The Service that is asked; ``None`` for an address that may be outside."""
    found = behaviour.service
    if found is None or found.port is None:
        return in_cluster(behaviour.url)
    parts = urlsplit(behaviour.url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return ClusterAddress("http", found.service, found.namespace, found.port, path)
