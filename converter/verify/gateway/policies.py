"""What holds for a rule besides its route, read from its filters and fields, and from the policies that name it."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from converter.verify.gateway import (
    agentgateway,
    aws_load_balancer_controller,
    envoy_gateway,
    gke,
    istio,
    kgateway,
    nginx_gateway_fabric,
    snippets,
    traefik,
)
from converter.verify.gateway.kong.plugins import plugin_as_policy
from converter.verify.gateway.kong.words import WORDS as OF_KONG
from converter.verify.gateway.lines import Lines
from converter.verify.words import cors_in_words, seconds, tries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from converter.verify.facts import Facts, Value
    from converter.verify.gateway import Taker
    from converter.verify.gateway.listeners import Listener
    from converter.verify.gateway.routes import Route

Identity = tuple[str, str, str]
"""Kind, namespace and name."""
NAMED = frozenset(
    {
        *("CORS", "mirror", "external auth", "client certificate", "rate limit", "backend TLS"),
        *("request timeout", "backend timeout", "retries", "session cookie"),
        *("addresses", "basic auth", "digest auth", "any one of"),
    }
)
"""Facts that objects have to name; others hold or do not hold without their say."""
_TARGETS = ("targetRefs", "targetRef")
_CLOSEST_ALONE = frozenset({"SecurityPolicy", "BackendTrafficPolicy", "EnvoyExtensionPolicy"})
"""Envoy Gateway: of these the closest one takes the place of all wider ones, rather than being added to them."""
_SEEN = frozenset({"RequestHeaderModifier", "ResponseHeaderModifier", "URLRewrite", "RequestRedirect"})
"""Filters that show in the answer."""


class AttachedPolicies:
    """The policies of one cluster by what they name."""

    def __init__(self, objects: Sequence[Mapping[str, Any]]) -> None:
        self._by_target: dict[Identity, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
        self._backends = {identity_of(entry): entry["spec"] for entry in objects if entry["kind"] == "Backend"}
        self._gateways = {identity_of(entry): entry["spec"] for entry in objects if entry["kind"] == "Gateway"}
        kinds = {snippets.KIND, *(kind for kind, _ in _FACTS)}
        self._lines = Lines(objects)
        self._known = {identity_of(entry): plugin_as_policy(entry) for entry in objects if entry["kind"] in kinds}
        for entry in objects:
            for reference in references_of(entry.get("spec") or {}):
                target = (reference.get("kind", ""), identity_of(entry)[1], reference.get("name", ""))
                self._by_target[target].append((reference.get("sectionName", ""), entry))
            if entry["kind"] == istio.DESTINATION:
                self._by_target["Service", *istio.service_of(entry)].append(("", entry))

    def of(self, taker: Taker) -> Facts:
        """The facts about a rule, as :func:`converter.verify.source.policies.policies_of` puts them."""
        found: Facts = {}
        for name, value in self._facts(taker):
            known = found.get(name)
            found[name] = {**known, **value} if isinstance(known, dict) and isinstance(value, dict) else value
        return snippets.any_one_of(found)

    def _facts(self, taker: Taker) -> Iterator[tuple[str, Value]]:
        route, rule, listener = taker.route, taker.rule, taker.listener
        for entry in rule.get("filters", []):
            named = self._named(entry, route.namespace)
            if not named or named["kind"] != snippets.KIND:
                yield from _of_policy(named) if named else _of_filter(entry, route.namespace)
        yield from self._lines.facts(route, rule)
        yield from _of_fields(rule)
        yield from aws_load_balancer_controller.addresses(route, taker.match)
        gateway = self._gateways["Gateway", *listener.gateway]
        if listener.certificates and "tls" in gateway:
            yield "client certificate", _authorities(gateway, listener.gateway[0])
        for option, value in listener.options:
            yield from _OPTIONS[option](value, "") if option in _OPTIONS else [(f"option {option}", value)]
        yield from self._of(places(listener, route, rule), taker)
        for reference in rule.get("backendRefs", []):
            home = reference.get("namespace", route.namespace)
            if "tls" in self._backends.get((reference.get("kind", ""), home, reference["name"]), {}):
                yield "backend protocol", "https"
        services = [_service(reference, route.namespace) for reference in rule.get("backendRefs", [])]
        yield from self._of(services, taker)
        for reference in rule.get("backendRefs", []):
            place = (reference.get("kind", ""), reference.get("namespace", route.namespace), reference["name"])
            if place in self._known:
                yield from _of_policy(self._known[place])

    def _of(self, places: Iterable[tuple[Identity, str]], taker: Taker) -> Iterator[tuple[str, Value]]:
        host, path = next(iter(taker.route.hostnames), ""), taker.match.get("path", {}).get("value", "/")
        for policy in self._at(places):
            yield from _of_policy(istio.policy_at(policy, host, path))

    def _at(self, places: Iterable[tuple[Identity, str]]) -> Sequence[Mapping[str, Any]]:
        """The widest first, and those for a whole object before those for a part of it."""
        found = [
            policy
            for target, section in places
            for wanted in dict.fromkeys(("", section))
            for named, policy in self._by_target.get(target, ())
            if named == wanted
        ]
        closest = {policy["kind"]: policy for policy in found if policy["kind"] in _CLOSEST_ALONE}
        return [policy for policy in found if closest.get(policy["kind"], policy) is policy]

    def _named(self, entry: Mapping[str, Any], namespace: str) -> Mapping[str, Any] | None:
        """The object that a filter names, where it says what policies say elsewhere."""
        if entry["type"] != "ExtensionRef":
            return None
        reference = entry["extensionRef"]
        return self._known.get((reference["kind"], namespace, reference["name"]))

    def attached(self, listener: Listener, route: Route, rule: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """The policies for a rule and for the listener that it is reached by, and what its filters name."""
        named = (self._named(entry, route.namespace) for entry in rule.get("filters", []))
        policies = self._at(places(listener, route, rule)) if self._by_target else ()
        return [*policies, *(entry for entry in named if entry)]


def places(listener: Listener, route: Route, rule: Mapping[str, Any]) -> list[tuple[Identity, str]]:
    """What a policy for a rule may name, and the name of the part; the widest first."""
    holder = [(listener.owner, listener.name)] if listener.owner[0] == "ListenerSet" else []
    return [
        (("Gateway", *listener.gateway), "" if holder else listener.name),
        *holder,
        ((route.kind, route.namespace, route.name), rule.get("name", "")),
    ]


def identity_of(entry: Mapping[str, Any]) -> Identity:
    metadata = entry["metadata"]
    return entry["kind"], metadata.get("namespace", ""), metadata["name"]


def references_of(spec: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from spec.get("targetRefs") or ()
    if isinstance(spec.get("targetRef"), dict):
        yield spec["targetRef"]


def _service(reference: Mapping[str, Any], namespace: str) -> tuple[Identity, str]:
    return ("Service", reference.get("namespace", namespace), reference.get("name", "")), ""


def _of_filter(entry: Mapping[str, Any], home: str) -> Iterator[tuple[str, Value]]:
    kind = entry["type"]
    if kind == "CORS":
        yield "CORS", cors_in_words(entry["cors"])
    elif kind == "RequestMirror":
        yield "mirror", _backend(entry["requestMirror"]["backendRef"], home)
    elif kind == "ExternalAuth":
        body = entry["externalAuth"]
        yield "external auth", {"asks": f"{_backend(body['backendRef'], home)}{body.get('http', {}).get('path', '')}"}
    elif kind == "ExtensionRef":
        reference = entry["extensionRef"]
        if reference["kind"] not in ("HTTPRouteFilter", "DirectResponse"):
            yield f"filter {reference['kind']}", reference["name"]
    elif kind not in _SEEN:
        yield f"filter {kind}", "set"


def _backend(reference: Mapping[str, Any], home: str) -> str:
    namespace = reference.get("namespace", home)
    name = f"{reference['name']}:{reference['port']}" if "port" in reference else reference["name"]
    return f"{namespace}/{name}" if namespace else name


def _of_fields(rule: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    for field, name in (("request", "request timeout"), ("backendRequest", "backend timeout")):
        text = rule.get("timeouts", {}).get(field)
        # 0 is no limit, as there is none in total without the field's say.
        if text and seconds(text) != "0 s":
            yield name, seconds(text)
    if retry := rule.get("retry"):
        yield "retries", tries(retry.get("attempts", 1) + 1, map(str, retry.get("codes", ())))
    if persistence := rule.get("sessionPersistence"):
        time = persistence.get("absoluteTimeout")
        yield (
            "session cookie",
            {
                "name": persistence.get("sessionName", "chosen by the implementation"),
                **({"lifetime": seconds(time)} if time else {}),
            },
        )


def _authorities(gateway: Mapping[str, Any], home: str) -> dict[str, str]:
    frontend = gateway.get("tls", {}).get("frontend", {})
    validation = frontend.get("default", {}).get("validation", {})
    names = (_backend({"name": each["name"], **each}, home) for each in validation.get("caCertificateRefs", []))
    return {"authorities": ", ".join(names)}


def _of_policy(policy: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    kind, spec = policy["kind"], policy["spec"]
    for field, value in spec.items():
        if field in _TARGETS:
            continue
        words = _WORDS.get((kind, field))
        if (kind, field) in _FACTS:
            yield from _FACTS[kind, field](value, policy["metadata"].get("namespace", ""))
        else:
            yield words(value, policy) if words else (f"{kind} {field}", _compact(value))
    if kind == "BackendTLSPolicy":
        yield "backend protocol", "https"


def _validation(value: Mapping[str, Any], policy: Mapping[str, Any]) -> tuple[str, Value]:
    """A name that is the Service's own goes without saying."""
    home = policy["metadata"].get("namespace", "")
    names = ", ".join(_backend(each, home) for each in value.get("caCertificateRefs", []))
    own = [f"{reference.get('name')}.{home}.svc" for reference in references_of(policy["spec"])]
    name = value.get("hostname", "")
    return "backend TLS", {
        "authorities": names or "those of the system",
        **({"name": name} if name not in own else {}),
    }


def _compact(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(", ", ": "))


_FACTS = {
    **envoy_gateway.WORDS,
    **kgateway.WORDS,
    **agentgateway.WORDS,
    **nginx_gateway_fabric.WORDS,
    **traefik.WORDS,
    **aws_load_balancer_controller.WORDS,
    **gke.WORDS,
    **istio.WORDS,
    **OF_KONG,
}
"""The same for fields of implementations, which may say several things at once."""
_OPTIONS = {**kgateway.OPTIONS}
"""The same for options of TLS of a listener, by name."""
_WORDS: Mapping[tuple[str, str], Callable[[Any, Mapping[str, Any]], tuple[str, Value]]] = {
    ("BackendTLSPolicy", "validation"): _validation,
}
"""Fields that read better in words; of the others every field is a fact by itself."""
FIELDS = frozenset({*_FACTS, *_WORDS})
"""By kind."""
