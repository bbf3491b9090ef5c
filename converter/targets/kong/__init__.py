"""Kong, by its operator or its Ingress controller: plugins that rules name, and annotations of routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter import routing
from converter.targets import fields, standard
from converter.targets.kong import access, paths, traffic
from converter.targets.kong.sides import with_protocols

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.routing import Location, Setting
    from converter.targets.carry import Carrier, Part, Target

__all__ = ["CARRIERS", "host"]

_SETTINGS: Mapping[str, Carrier] = {
    "upstream-hash-by": traffic.hash_by,
    "load-balance": traffic.algorithm,
    "proxy-connect-timeout": traffic.connect_timeout,
}


def setting(behaviour: Setting, location: Location, target: Target) -> Part:
    return _SETTINGS.get(behaviour.name, fields.setting)(behaviour, location, target)


host = with_protocols
CARRIERS: Mapping[type, Carrier] = {
    **standard.CARRIERS,
    routing.AccessList: access.access_list,
    routing.AnyOf: access.any_of,
    routing.Password: access.password,
    routing.ExternalAuth: access.guard,
    routing.ClientCertificate: access.closing(standard.access.client_certificate),
    routing.Refusal: access.refusal,
    routing.FixedAnswer: access.fixed_answer,
    routing.Conditional: access.conditional,
    routing.Directive: access.directive,
    routing.SslRedirect: paths.ssl_redirect,
    routing.Redirect: paths.redirect,
    routing.Rewrite: paths.rewrite,
    routing.RequestHeaders: paths.request_headers,
    routing.HostHeader: paths.host_header,
    routing.RateLimit: traffic.rate_limit,
    routing.Cors: traffic.cors,
    routing.Affinity: traffic.affinity,
    routing.BodyLimit: traffic.body_limit,
    routing.IdleTimeout: traffic.idle_timeout,
    routing.Retries: traffic.retries,
    routing.BackendProtocol: traffic.backend_protocol,
    routing.BackendTls: traffic.backend_tls,
    routing.Setting: setting,
}
