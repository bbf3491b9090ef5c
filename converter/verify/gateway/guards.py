"""Policies of implementations that keep requests from a backend, and answer in its place."""

from __future__ import annotations

import re
from dataclasses import replace
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from converter.verify.gateway import agentgateway, istio, snippets
from converter.verify.gateway.aws_load_balancer_controller import login
from converter.verify.gateway.kong import answers, filters, plugins
from converter.verify.gateway.nginx_gateway_fabric import most_bytes
from converter.verify.gateway.texts import found_by, is_within, literal
from converter.verify.gateway.traefik import cors_filter
from converter.verify.messages import Answer
from converter.verify.words import count, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from converter.verify.messages import Request

_SIGN_IN = 401
_BASIC_AUTH = "AuthenticationFilter"
_HEADER = re.compile(r"""request\.headers\['([^']+)'\]( == |\.matches\()("(?:[^"\\]|\\.)*")""")


def denial(policies: Sequence[Mapping[str, Any]], request: Request) -> Answer | None:
    """The answer to a request that does not get through; ``None`` for one that does."""
    enough = snippets.is_any(policies)
    by_lines = [_any(policies, request)] if enough else _by_lines(policies, request)
    checks = (
        check(policy["spec"][field], request)
        for (kind, field), check in _CHECKS.items()
        for policy in policies
        if policy["kind"] == kind and field in policy.get("spec", {}) and not (enough and kind == _BASIC_AUTH)
    )
    found = next(filter(None, (*by_lines, *checks)), None)
    return _overridden(found, policies, request) if found else None


def _by_lines(policies: Iterable[Mapping[str, Any]], request: Request) -> list[Answer | None]:
    held = (policy for policy in policies if policy["kind"] == snippets.KIND)
    return [each for policy in held for each in snippets.denials(policy, request)]


def _any(policies: Sequence[Mapping[str, Any]], request: Request) -> Answer | None:
    """nginx, ``satisfy any``: to sign in beats a password, and that a plain refusal."""
    asked = [_identified({}, request) for policy in policies if policy["kind"] == _BASIC_AUTH]
    found = [*_by_lines(policies, request), *asked]
    refused = [each for each in found if each]
    if len(refused) < len(found) or not refused:
        return None
    return max(refused, key=lambda each: (each.status == 302, each.status == _SIGN_IN))


def cors_filters(policies: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Cross-origin rules of policies, as the filters that say the same.

    Envoy Gateway: ``SecurityPolicy.spec.cors``. Traefik: ``Middleware.spec.headers``. Kong: ``cors``.
    """
    found = []
    for policy in policies:
        spec = policy.get("spec", {})
        if policy["kind"] == "SecurityPolicy" and "cors" in spec:
            rule = spec["cors"]
            found.append({**rule, "maxAge": int(float(seconds(rule.get("maxAge", "5s"))[:-2]))})
        elif policy["kind"] == "Middleware" and "headers" in spec:
            found.append(cors_filter(spec["headers"]))
        elif policy["kind"] == plugins.KIND and "cors" in spec:
            found.append(filters.cors_filter(spec["cors"]))
    return [{"type": "CORS", "cors": rule} for rule in found]


def _authorization(value: Mapping[str, Any], request: Request) -> Answer | None:
    """Envoy Gateway: the first rule that fits; without one the default, which is to deny."""
    fitting = (rule["action"] for rule in value.get("rules", []) if _fits(rule, request))
    return Answer(403) if next(fitting, value.get("defaultAction", "Deny")) == "Deny" else None


def _fits(rule: Mapping[str, Any], request: Request) -> bool:
    if "cel" in rule:
        return _holds(rule["cel"], request)
    cidrs: Iterable[str] = rule.get("principal", {}).get("clientCIDRs", [])
    return any(is_within(request.client, cidr) for cidr in cidrs)


def _holds(expression: str, request: Request) -> bool:
    """The expressions that we write: about headers, and about the certificate that a client did not show."""
    if expression.startswith("!connection."):
        return request.scheme == "http" or not request.identified
    return any(_says(request.header(name), test, text) for name, test, text in _HEADER.findall(expression))


def _says(value: str | None, test: str, written: str) -> bool:
    if value is None:
        return False
    return value == literal(written) if test == " == " else found_by(literal(written), value) is not None


def _identified(_: Mapping[str, Any], request: Request) -> Answer | None:
    return None if request.identified else Answer(_SIGN_IN)


def _unless_disabled(value: Mapping[str, Any], request: Request) -> Answer | None:
    """kgateway: a policy that says so asks for nothing."""
    return None if "disable" in value else _identified(value, request)


def _buffered(value: Mapping[str, Any], request: Request) -> Answer | None:
    return Answer(413) if request.body > count(str(value["limit"])) else None


def _overridden(answer: Answer, policies: Sequence[Mapping[str, Any]], request: Request) -> Answer:
    """Envoy Gateway: ``BackendTrafficPolicy.spec.responseOverride`` for what Envoy answers by itself."""
    own = (policy["spec"] for policy in policies if policy["kind"] == "BackendTrafficPolicy")
    for override in (each for spec in own for each in spec.get("responseOverride", [])):
        codes = [code.get("value") for code in override["match"].get("statusCodes", [])]
        if answer.status in codes and "response" in override:
            return answered(override["response"], request, answer)
    return answer


def answered(response: Mapping[str, Any], request: Request, otherwise: Answer) -> Answer:
    """An answer that an object holds: its status, and where it leads."""
    said = response.get("header", {}).get("set", [])
    location = next((header["value"] for header in said if header["name"].lower() == "location"), "")
    name = request.server_name or (request.hostname if request.scheme == "https" else "")
    location = location.replace("%REQUESTED_SERVER_NAME%", name).replace("%%", "%")
    if location.startswith("/"):
        location = f"{request.scheme}://{request.host}{location}"
    return replace(otherwise, status=response.get("statusCode", otherwise.status), location=location)


def _acl(value: Mapping[str, Any], request: Request) -> Answer | None:
    """kgateway: the narrowest network that holds the address."""
    found = [
        (ip_network(cidr, strict=False).prefixlen, rule["action"])
        for rule in value.get("rules", [])
        for cidr in rule["cidrs"]
        if is_within(request.client, cidr)
    ]
    action = max(found)[1] if found else value["defaultAction"]
    return Answer(403) if action == "deny" else None


def _rbac(value: Mapping[str, Any], request: Request) -> Answer | None:
    fits = any(_holds(expression, request) for expression in value["policy"]["matchExpressions"])
    return Answer(403) if fits == (value.get("action", "Allow") == "Deny") else None


def _collected(value: Mapping[str, Any], request: Request) -> Answer | None:
    limit = count(str(value.get("maxRequestSize", "")))
    return Answer(413) if limit and request.body > limit else None


def _agent_traffic(value: Mapping[str, Any], request: Request) -> Answer | None:
    return agentgateway.refused(value, request, _holds)


def _listed(value: Mapping[str, Any], request: Request) -> Answer | None:
    inside = any(is_within(request.client, each) for each in value.get("sourceRange", []))
    return None if inside else Answer(value.get("rejectStatusCode", 403))


def _asked(value: Mapping[str, Any], request: Request) -> Answer | None:
    if request.identified:
        return None
    return Answer(302, location=value["authSigninURL"]) if "authSigninURL" in value else Answer(_SIGN_IN)


def _buffering(value: Mapping[str, Any], request: Request) -> Answer | None:
    limit = value.get("maxRequestBodyBytes", 0)
    return Answer(413) if limit and request.body > limit else None


def _too_long(value: Mapping[str, Any], request: Request) -> Answer | None:
    limit = most_bytes(value) if "maxSize" in value else 0
    return Answer(413) if limit and request.body > limit else None


_CHECKS: Mapping[tuple[str, str], Callable[[Any, Request], Answer | None]] = {
    ("SecurityPolicy", "extAuth"): _identified,
    ("SecurityPolicy", "basicAuth"): _identified,
    ("BackendTrafficPolicy", "requestBuffer"): _buffered,
    ("SecurityPolicy", "authorization"): _authorization,
    ("AgentgatewayPolicy", "traffic"): _agent_traffic,
    ("TrafficPolicy", "acl"): _acl,
    ("TrafficPolicy", "rbac"): _rbac,
    ("TrafficPolicy", "basicAuth"): _unless_disabled,
    ("TrafficPolicy", "extAuth"): _unless_disabled,
    ("TrafficPolicy", "buffer"): _collected,
    ("AuthenticationFilter", "basic"): _identified,
    ("Middleware", "ipAllowList"): _listed,
    ("Middleware", "basicAuth"): _identified,
    ("Middleware", "digestAuth"): _identified,
    ("Middleware", "forwardAuth"): _asked,
    ("Middleware", "buffering"): _buffering,
    ("ClientSettingsPolicy", "body"): _too_long,
    ("ListenerRuleConfiguration", "actions"): login,
    (istio.AUTHORIZATION, "CUSTOM"): istio.asked,
    (istio.AUTHORIZATION, "DENY"): istio.denied,
    (plugins.KIND, "basic-auth"): _identified,
    (plugins.KIND, "ip-restriction"): answers.restricted,
    (plugins.KIND, "request-size-limiting"): answers.too_large,
}
"""In the order in which they are asked. Envoy Gateway: ``internal/xds/translator/httpfilters.go``."""
FIELDS = frozenset(_CHECKS)
"""By kind."""
