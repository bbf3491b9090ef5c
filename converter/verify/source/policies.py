"""What holds at a location besides its route: limits, access rules, headers of other origins, times, settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter import routing
from converter.routing import behaviour_origins
from converter.targets.standard.parts import in_cluster
from converter.verify.facts import HSTS
from converter.verify.words import cors_of, network, of_line, rate, shortened, size, tries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from converter.ledger import Origin
    from converter.routing import Behaviour, Location
    from converter.verify.facts import Facts, Value
    from converter.verify.messages import Scheme


@dataclass(frozen=True, slots=True)
class Policies:
    facts: Facts
    origins: Mapping[str, tuple[Origin, ...]]
    """Who asked for each fact; also for what is not in force, which a target may carry all the same, and of the
    header that shows in the answer."""


_ALSO_OPTIONS = frozenset({"proxy-connect-timeout", "load-balance", "ssl-ciphers"})
"""Settings of a location that an option of the controller may stand for; of other options the ledger speaks alone."""


def policies_of(location: Location, scheme: Scheme, options: Iterable[routing.Setting] = ()) -> Policies:
    """What holds at the location, with the options of the controller that it has no setting of its own for."""
    facts: Facts = {}
    origins: dict[str, tuple[Origin, ...]] = {}
    own = {behaviour.name for behaviour in location.behaviours if isinstance(behaviour, routing.Setting)}
    further = (option for option in options if option.name in _ALSO_OPTIONS - own)
    for behaviour in (*location.behaviours, *further):
        if isinstance(behaviour, routing.Hsts):
            origins[HSTS] = behaviour.origins
        words = _WORDS.get(type(behaviour))
        if words is None or (isinstance(behaviour, routing.ClientCertificate) and scheme == "http"):
            continue
        name, value = words(behaviour)
        origins[name] = (*origins.get(name, ()), *behaviour_origins(behaviour))
        if value:
            known = facts.get(name)
            facts[name] = {**known, **value} if isinstance(known, dict) and isinstance(value, dict) else value
    return Policies(facts, origins)


def _rate_limit(limit: routing.RateLimit) -> tuple[str, Value]:
    if not limit.enforced:
        return "rate limit", ""
    found = {rate(limit.requests, limit.seconds): f"burst {limit.burst}"}
    lists = [each.value for each in limit.origins if each.key.endswith(("limit-allowlist", "limit-whitelist"))]
    return "rate limit", {**found, "exempt": ", ".join(lists)} if lists else found


def _access_list(rule: routing.AccessList) -> tuple[str, Value]:
    lists = {"allowed": ", ".join(map(network, rule.allow)), "denied": ", ".join(map(network, rule.deny))}
    return "addresses", {name: value for name, value in lists.items() if value}


def _password(rule: routing.Password) -> tuple[str, Value]:
    return "digest auth" if rule.digest else "basic auth", f"users in {_named(rule.namespace, rule.secret)}"


def _external_auth(rule: routing.ExternalAuth) -> tuple[str, Value]:
    service = in_cluster(rule.url)
    asked = f"{service.namespace}/{service.service}:{service.port}{service.path}" if service else rule.url
    signin = {"sign-in": rule.signin} if rule.signin else {}
    return "external auth", {"asks": asked, **signin}


def _client_certificate(rule: routing.ClientCertificate) -> tuple[str, Value]:
    if not rule.demanded and not rule.name:
        return "client certificate", "asked for, not demanded"
    subject = {"subject": rule.name} if rule.name else {}
    return "client certificate", {"authorities": _named(rule.namespace, rule.secret), **subject}


def _any_of(rule: routing.AnyOf) -> tuple[str, Value]:
    parts = []
    for guard in rule.guards:
        name, value = _WORDS[type(guard)](guard)
        parts.append(f"{name} {value if isinstance(value, str) else ', '.join(f'{k} {v}' for k, v in value.items())}")
    return "any one of", "; ".join(parts)


def _block_list(rule: routing.BlockList) -> tuple[str, Value]:
    return f"blocked {rule.header.lower()}", ", ".join(rule.patterns)


def _cors(rule: routing.Cors) -> tuple[str, Value]:
    found = cors_of(
        origins=rule.allow_origins,
        methods=rule.allow_methods.split(","),
        headers=rule.allow_headers.split(","),
        exposed=rule.expose_headers.split(","),
        credentials=rule.credentials,
        max_age=rule.max_age,
    )
    return "CORS", found


def _affinity(rule: routing.Affinity) -> tuple[str, Value]:
    lifetime = {"lifetime": f"{rule.seconds} s"} if rule.seconds is not None else {}
    return "session cookie", {"name": rule.cookie, **lifetime}


def _mirror(rule: routing.Mirror) -> tuple[str, Value]:
    service = in_cluster(rule.url) if not rule.host else None
    return "mirror", f"{service.namespace}/{service.service}:{service.port}" if service else rule.url


def _body_limit(rule: routing.BodyLimit) -> tuple[str, Value]:
    return "body limit", size(rule.size) if rule.size else ""


def _idle_timeout(rule: routing.IdleTimeout) -> tuple[str, Value]:
    return "idle timeout", f"{rule.seconds} s"


def _retries(rule: routing.Retries) -> tuple[str, Value]:
    if not rule.conditions or rule.tries == 1:
        return "retries", ""
    return "retries", tries(rule.tries, (word.removeprefix("http_") for word in rule.conditions))


def _backend_protocol(rule: routing.BackendProtocol) -> tuple[str, Value]:
    return "backend protocol", rule.protocol


def _backend_tls(rule: routing.BackendTls) -> tuple[str, Value]:
    if not rule.verified:
        return "backend TLS", f"not verified, certificate {_named(rule.namespace, rule.secret)}"
    found = {"authorities": _named(rule.namespace, rule.secret)}
    return "backend TLS", {**found, "name": rule.name} if rule.name else found


def _setting(rule: routing.Setting) -> tuple[str, Value]:
    return rule.name, shortened(rule.value)


def _directive(rule: routing.Directive) -> tuple[str, Value]:
    return of_line(rule.name, rule.text)


def _named(namespace: str, name: str) -> str:
    return f"{namespace}/{name}" if namespace else name


_WORDS: Mapping[type[Behaviour], Callable[[Any], tuple[str, Value]]] = {
    routing.RateLimit: _rate_limit,
    routing.AccessList: _access_list,
    routing.Password: _password,
    routing.ExternalAuth: _external_auth,
    routing.ClientCertificate: _client_certificate,
    routing.AnyOf: _any_of,
    routing.BlockList: _block_list,
    routing.Cors: _cors,
    routing.Affinity: _affinity,
    routing.Mirror: _mirror,
    routing.BodyLimit: _body_limit,
    routing.IdleTimeout: _idle_timeout,
    routing.Retries: _retries,
    routing.BackendProtocol: _backend_protocol,
    routing.BackendTls: _backend_tls,
    routing.Setting: _setting,
    routing.Directive: _directive,
}
"""Behaviours that are no policy show in the answer: routes, redirects, rewrites and plain headers."""


def allowed_client(location: Location, otherwise: str) -> str:
    """An address that the access rules let in, so that the answer shows what is behind them."""
    from ipaddress import ip_address, ip_network

    for rule in _access_lists(location.behaviours):
        if not rule.allow:
            continue
        for allowed in rule.allow:
            first = ip_network(allowed, strict=False)
            for address in (str(first[0]), str(first[-1])):
                if not any(ip_address(address) in ip_network(denied, strict=False) for denied in rule.deny):
                    return address
    return otherwise


def _access_lists(behaviours: Iterable[Any]) -> Iterable[routing.AccessList]:
    for behaviour in behaviours:
        if isinstance(behaviour, routing.AccessList):
            yield behaviour
        elif isinstance(behaviour, routing.AnyOf):
            yield from _access_lists(behaviour.guards)
