"""NGINX Gateway Fabric: nginx again, with policies for what it knows, and with its own language for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter import routing
from converter.targets import standard
from converter.targets.nginx_gateway_fabric import access, policies, proxy, said, snippets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from converter.targets.carry import Carrier

CARRIERS: Mapping[type, Carrier] = {
    **standard.CARRIERS,
    routing.AccessList: access.access_list,
    routing.AnyOf: access.any_of,
    routing.ExternalAuth: access.external_auth,
    routing.Password: policies.password,
    routing.RateLimit: policies.rate_limit,
    routing.BodyLimit: policies.body_limit,
    routing.IdleTimeout: policies.idle_timeout,
    routing.ResponseHeaders: policies.response_headers,
    routing.Affinity: policies.affinity,
    routing.Setting: said.setting,
    routing.Rewrite: said.rewrite,
    routing.FixedAnswer: said.fixed_answer,
    routing.Refusal: said.refusal,
    routing.Retries: said.retries,
    routing.Directive: snippets.directive,
}
gateway = proxy.gateway
host = snippets.with_snippets
