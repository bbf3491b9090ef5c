"""Policies for a Gateway that are about some of its requests: each rule of them says for which hosts and paths.

They are no listener policies, which say the same of whatever a listener serves: what these say depends on the rules
that ask for them, and on those beside them that do not.

The operations are those of Istio's ``AuthorizationPolicy``. Where one cannot be said exactly it takes in more requests,
never fewer, since it is there to keep requests out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.gateway import objects
from converter.gateway.names import shorten
from converter.gateway.releases import KindForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from converter.gateway.drafts import Extension, PathMatch
    from converter.gateway.listeners import GatewayId
    from converter.gateway.names import Names
    from converter.gateway.objects import Json
    from converter.gateway.rendering import RoutePlan
    from converter.ledger import Settlement

HOW = "gateway"
_RULES = "rules"
_PATTERN = frozenset("*{}")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where requests are served, and what is asked of them there."""

    hosts: tuple[str, ...]
    path: PathMatch
    extensions: tuple[Extension, ...]


def gateway_policies(
    routes: Iterable[tuple[GatewayId, RoutePlan]], names: Names
) -> tuple[list[Json], list[Settlement]]:
    """One policy of a kind for a Gateway and a purpose, whichever routes ask for it."""
    places: dict[GatewayId, list[_Place]] = defaultdict(list)
    for gateway, plan in routes:
        places[gateway].extend(_places(plan))
    made: list[Json] = []
    settlements: list[Settlement] = []
    for gateway, found in places.items():
        for extensions in _by_purpose(found).values():
            policy = _policy(gateway, extensions, found, names)
            made.append(policy)
            metadata = policy["metadata"]
            notes = dict.fromkeys(note for each in extensions for note in each.notes)
            where = (policy["kind"], metadata.get("namespace", ""), metadata["name"], "")
            settlements.extend(note.settle(*where) for note in notes)
    return made, settlements


def _places(plan: RoutePlan) -> Iterable[_Place]:
    """Rules that only send to https are as open as ever: what they lead to is not."""
    for rule in plan.rules:
        if not rule.draft.to_https:
            asked = tuple(each for each in rule.draft.extensions if each.how == HOW)
            yield from (_Place(plan.hostnames or ("",), match, asked) for match, _ in rule.matches)


def _by_purpose(places: Iterable[_Place]) -> Mapping[str, list[Extension]]:
    found: dict[str, list[Extension]] = defaultdict(list)
    for place in places:
        for extension in place.extensions:
            found[repr((extension.kind, extension.word, _base(extension)))].append(extension)
    return found


def _base(extension: Extension) -> Mapping[str, Any]:
    return {key: value for key, value in extension.spec.items() if key != _RULES}


def _policy(gateway: GatewayId, extensions: Sequence[Extension], places: Sequence[_Place], names: Names) -> Json:
    first = extensions[0]
    form, base = KindForm(first.kind, first.api_version), _base(first)
    rules: dict[str, Json] = {}
    for place in places:
        for extension in place.extensions:
            if extension.word == first.word and _base(extension) == base:
                for operation in _operations(place, extension, places):
                    for rule in extension.spec[_RULES]:
                        whole = {**rule, **({"to": [{"operation": operation}]} if operation else {})}
                        rules.setdefault(repr(whole), whole)
    name = names.take(form.kind, gateway.namespace, shorten(f"{gateway.name}-{first.word}"), repr(base))
    reference = {"group": objects.GROUP, "kind": "Gateway", "name": gateway.name}
    spec = {"targetRefs": [reference], **base, _RULES: list(rules.values())}
    metadata = objects.metadata(gateway.namespace, name)
    return {"apiVersion": form.api_version, "kind": form.kind, "metadata": metadata, "spec": spec}


def _operations(place: _Place, extension: Extension, places: Sequence[_Place]) -> Iterable[Json]:
    plain = [host for host in place.hosts if _is_plain(host)]
    paths = _paths_of(place, extension, places)
    if plain:
        yield {"hosts": _with_ports(plain), **paths}
    for host in place.hosts:
        if not _is_plain(host):
            others = dict.fromkeys(name for other in places for name in other.hosts if name not in ("", host))
            yield {**({"notHosts": _with_ports(others)} if others else {}), **paths}


def _is_plain(host: str) -> bool:
    return bool(host) and not host.startswith("*")


def _with_ports(hosts: Iterable[str]) -> list[str]:
    """A client may name any port behind a host; a pattern that begins with ``*`` takes no other at its end."""
    return [form for host in hosts for form in ([host, f"{host}:*"] if _is_plain(host) else [host])]


def _paths_of(place: _Place, extension: Extension, places: Sequence[_Place]) -> Json:
    """The paths of the place without those of more specific places that ask for something else."""
    left = dict.fromkeys(
        form
        for other in places
        if set(other.hosts) & set(place.hosts) and _is_within(other.path, place.path)
        if not any(each.spec == extension.spec for each in other.extensions) and not _PATTERN & set(other.path.value)
        for form in _forms(other.path)
    )
    paths = _forms(place.path)
    return {**({"paths": paths} if paths else {}), **({"notPaths": list(left)} if left else {})}


def _forms(path: PathMatch) -> list[str]:
    """Without any for all paths."""
    if path.type == "Exact":
        return [path.value]
    bare = path.value.rstrip("/")
    return [bare, f"{bare}/*"] if bare else []


def _is_within(inner: PathMatch, outer: PathMatch) -> bool:
    if outer.type != "PathPrefix" or inner == outer or inner.type == "RegularExpression":
        return False
    bare = outer.value.rstrip("/")
    return inner.value.startswith(f"{bare}/") or (inner.type == "Exact" and inner.value == bare)
