"""The carriers of the Gateway API's own fields: one for each kind of behaviour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter import routing
from converter.targets.standard import access, answers, headers, redirects, traffic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.targets.carry import Carrier

CARRIERS: Mapping[type, Carrier] = {
    routing.AccessList: access.guard,
    routing.AnyOf: access.any_of,
    routing.BlockList: access.block_list,
    routing.Password: access.guard,
    routing.ExternalAuth: access.external_auth,
    routing.ClientCertificate: access.client_certificate,
    routing.Refusal: access.refusal,
    routing.FixedAnswer: answers.fixed_answer,
    routing.Conditional: answers.conditional,
    routing.Directive: answers.directive,
    routing.SslRedirect: redirects.ssl_redirect,
    routing.PlainHttp: redirects.plain_http,
    routing.RegexPath: redirects.regex_path,
    routing.Redirect: redirects.redirect,
    routing.Rewrite: redirects.rewrite,
    routing.RateLimit: redirects.rate_limit,
    routing.Hsts: headers.hsts,
    routing.HostHeader: headers.host_header,
    routing.RequestHeaders: headers.request_headers,
    routing.ResponseHeaders: headers.response_headers,
    routing.Cors: headers.cors,
    routing.Split: traffic.split,
    routing.Affinity: traffic.affinity,
    routing.Mirror: traffic.mirror,
    routing.BodyLimit: traffic.body_limit,
    routing.IdleTimeout: traffic.idle_timeout,
    routing.Retries: traffic.retries,
    routing.BackendProtocol: traffic.backend_protocol,
    routing.BackendTls: traffic.backend_tls,
    routing.Setting: traffic.setting,
}
