"""Paths, tries, bodies and endpoints: ``AgentgatewayPolicy.spec.traffic``, and for a Service ``spec.backend``."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from converter.gateway.regex import is_re2, prefix_pattern
from converter.ingress.names import is_host
from converter.routing import BackendProtocol, BackendTls
from converter.targets import envoy, fields
from converter.targets.agentgateway.kinds import backend_policy, traffic_policy
from converter.targets.carry import Part
from converter.targets.envoy import TLS
from converter.targets.rewrites import CAPTURE, Captures, read_rewrite, with_known_captures
from converter.targets.standard import redirects, traffic
from converter.targets.standard.parts import notes

if TYPE_CHECKING:
    from converter.routing import BodyLimit, Location, Retries, Rewrite, Setting
    from converter.targets.carry import Target

_REPEATABLE = 'request.method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"]'
_UNLIMITED = 10
"""Tries where ingress-nginx has no limit but the number of endpoints."""
UNLOGGED = "unlogged"
"""The name of the mark on requests that are written into no log."""
_NAMED = r"${\1}"
"""A capture, which a letter behind it does not become part of."""
_QUERY = 'request.pathAndQuery.regexReplace("^[^?]*", "")'
"""With its question mark; the path that an expression sets takes the place of both."""


def rewrite(behaviour: Rewrite, location: Location, target: Target) -> Part:
    """What has a word in the Gateway API keeps it.

    agentgateway: ``AgentgatewayPolicy.spec.traffic.transformation.request.set`` of ``:path``.
    """
    reading = read_rewrite(behaviour.pattern, behaviour.target)
    if not isinstance(reading, Captures) or not is_re2(behaviour.pattern):
        return redirects.rewrite(behaviour, location, target)
    if "?" in behaviour.target:
        return Part(notes=notes(target, "rewrite.own-query", behaviour.origins))
    pattern = prefix_pattern("(?i)^", behaviour.pattern, ".*$")
    found = with_known_captures(behaviour.pattern, behaviour.target)
    path = f"request.path.regexReplace({json.dumps(pattern)}, {json.dumps(CAPTURE.sub(_NAMED, found))})"
    told = notes(target, "rewrite.regex", behaviour.origins, "spec.traffic.transformation")
    changed = {"request": {"set": [{"name": ":path", "value": f"{path} + {_QUERY}"}]}}
    return Part(extensions=(traffic_policy("rewrite", {"transformation": changed}, told),))


def access_log(behaviour: Setting, _: Location, target: Target) -> Part:
    """A mark that the filter of the Gateway's log looks for.

    agentgateway: ``AgentgatewayPolicy.spec.traffic.transformation.request.metadata``.
    """
    if behaviour.value.strip() != "false":
        return Part(notes=target.table.settings["logging"].notes(behaviour.origins))
    told = target.table.settings["enable-access-log"].notes(behaviour.origins, "spec.traffic.transformation")
    marked = {"request": {"metadata": {UNLOGGED: "true"}}}
    return Part(extensions=(traffic_policy("log", {"transformation": marked}, told),))


def retries(behaviour: Retries, location: Location, target: Target) -> Part:
    """It can tell methods that may be repeated, as nginx does.

    agentgateway: ``AgentgatewayPolicy.spec.traffic.retry``.
    """
    written = any(origin.type != "default" for origin in behaviour.origins)
    if not written or not behaviour.conditions or behaviour.tries == 1:
        return traffic.retries(behaviour, location, target)
    retry: dict[str, Any] = {"attempts": behaviour.tries - 1 if behaviour.tries else _UNLIMITED}
    if codes := sorted({int(word[5:]) for word in behaviour.conditions if re.fullmatch(r"http_[45]\d\d", word)}):
        retry["codes"] = codes
    if not behaviour.every_method:
        retry["precondition"] = _REPEATABLE
    told = notes(target, "retries", behaviour.origins, "spec.traffic.retry")
    return Part(extensions=(traffic_policy("retry", {"retry": retry}, told),))


_by_field = fields.by_row("body-size", traffic.body_limit)


def body_limit(behaviour: BodyLimit, location: Location, target: Target) -> Part:
    """The limit collects each body first, which no stream of gRPC survives."""
    if behaviour.size and envoy.streams(location):
        return Part(notes=notes(target, "body-size.grpc", behaviour.origins))
    return _by_field(behaviour, location, target)


def backend_protocol(behaviour: BackendProtocol, location: Location, target: Target) -> Part:
    """agentgateway: ``AgentgatewayPolicy.spec.backend.tls.insecureSkipVerify``."""
    found = next((each for each in location.behaviours if isinstance(each, BackendTls)), None)
    backend = location.backend
    if behaviour.protocol not in TLS or (found and found.verified) or backend is None:
        return traffic.backend_protocol(behaviour, location, target)
    tls: dict[str, Any] = {"insecureSkipVerify": "All"}
    if found and is_host(found.name):
        tls["sni"] = found.name
    if found and found.namespace == backend.namespace:
        tls["mtlsCertificateRef"] = [{"name": found.secret}]
    told = (
        *notes(target, "backend.insecure", (*behaviour.origins, *(found.origins if found else ())), "spec.backend.tls"),
        *notes(target, "backend.tls-extra", found.extras if found else ()),
    )
    return Part(service_policies=(backend_policy(backend, {"tls": tls}, told),))
