"""Who gets through: ``SecurityPolicy``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.routing import AccessList, AnyOf
from converter.targets.carry import Part
from converter.targets.envoy import blocked, networks
from converter.targets.envoy_gateway.kinds import security_policy
from converter.targets.standard import access
from converter.targets.standard.parts import notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from converter.routing import BlockList, Location, Password
    from converter.targets.carry import Target

Rule = dict[str, Any]


def access_list(behaviour: AccessList, location: Location, target: Target) -> Part:
    """The first rule that fits decides, so what is denied comes first.

    Envoy Gateway: ``SecurityPolicy.spec.authorization``.
    """
    denied, allowed = networks(behaviour.deny), networks(behaviour.allow)
    if denied is None or allowed is None:
        return access.guard(behaviour, location, target)
    found = [("Deny", denied), ("Allow", allowed)]
    rules = [{"action": action, "principal": {"clientCIDRs": cidrs}} for action, cidrs in found if cidrs]
    told = notes(target, "access.list", behaviour.origins, "spec.authorization")
    return Part(extensions=(security_policy("access", authorization(rules, location), told),))


def authorization(rules: Iterable[Mapping[str, Any]], location: Location) -> Rule:
    """Whoever no rule speaks of gets through, unless the location lists who does."""
    listed = any(isinstance(each, AccessList) and each.allow for each in _guards(location))
    return {"authorization": {"defaultAction": "Deny" if listed else "Allow", "rules": list(rules)}}


def _guards(location: Location) -> Iterable[object]:
    for behaviour in location.behaviours:
        yield from behaviour.guards if isinstance(behaviour, AnyOf) else (behaviour,)


def block_list(behaviour: BlockList, location: Location, target: Target) -> Part:
    """Envoy Gateway: ``SecurityPolicy.spec.authorization.rules[].cel``."""
    cel = blocked(behaviour)
    if cel is None:
        return access.block_list(behaviour, location, target)
    told = notes(target, "access.blocklist", behaviour.origins, "spec.authorization")
    spec = authorization([{"action": "Deny", "cel": cel}], location)
    return Part(extensions=(security_policy("access", spec, told),))


def password(behaviour: Password, location: Location, target: Target) -> Part:
    """Its Secret has another key and knows one kind of hash only, so somebody has to make it; until then all get 500.

    Envoy Gateway: ``SecurityPolicy.spec.basicAuth``.
    """
    if behaviour.digest or not behaviour.secret:
        return access.guard(behaviour, location, target)
    users = f"{behaviour.secret}-htpasswd"
    reference = {"kind": "Secret", "name": users, "namespace": behaviour.namespace}
    names = {"secret": behaviour.secret, "users": users, "namespace": behaviour.namespace or "default"}
    code = "auth.basic-map" if behaviour.key_per_user else "auth.basic"
    realm = [origin for origin in behaviour.origins if origin.key.endswith("auth-realm")]
    others = (origin for origin in behaviour.origins if origin not in realm)
    told = notes(target, code, others, "spec.basicAuth", **names)
    lost = notes(target, "auth.realm-lost", realm)
    kept = {"type": "RequestHeaderModifier", "requestHeaderModifier": {"remove": ["Authorization"]}}
    policy = security_policy("auth", {"basicAuth": {"users": reference}}, (*told, *lost))
    return Part(filters=(kept,), extensions=(policy,))
