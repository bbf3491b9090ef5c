"""What shares of one environment have in common although they are converted apart: objects, and hosts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from converter.gateway.names import digest, shorten
from converter.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from converter.cli.conversion import Part
    from converter.cli.settings.model import Override
    from converter.gateway.objects import Json
    from converter.ledger import Source

_WAYS_OUT = {
    "GatewayClass": "Set gateway-class in this override.",
    "Gateway": "Set gateway-name or gateway-namespace in this override.",
}
_NO_WAY_OUT = "Give all Ingresses of the host, or of the Service, the same options."


def reconcile(parts: Sequence[Part]) -> tuple[tuple[Part, ...], tuple[Problem, ...]]:
    """The parts without objects that another has made already, and what they quarrel about."""
    made: dict[tuple[str, ...], tuple[Part, Json]] = {}
    kept, problems = [], []
    for part in parts:
        own = []
        for each in _distinct(part, made):
            other, first = made.setdefault((part.environment, *_identity(each)), (part, each))
            if first is each:
                own.append(each)
            elif first != each:
                problems.append(_collision(each, part, other))
        kept.append(part._replace(conversion=replace(part.conversion, objects=tuple(own))))
    return tuple(kept), (*problems, *_shared_hosts(parts))


def _distinct(part: Part, made: Mapping[tuple[str, ...], tuple[Part, Json]]) -> Iterator[Json]:
    """The objects of a part; grants add up, so that one which says something else than another is one more grant."""
    for each in part.conversion.objects:
        before = made.get((part.environment, *_identity(each)))
        yield _renamed(each) if before and before[1] != each and each["kind"] == "ReferenceGrant" else each


def _identity(each: Json) -> tuple[str, ...]:
    metadata = each["metadata"]
    return each["apiVersion"].rpartition("/")[0], each["kind"], metadata.get("namespace", ""), metadata["name"]


def _renamed(grant: Json) -> Json:
    metadata: dict[str, Any] = grant["metadata"]
    name = shorten(f"{metadata['name']}-{digest(json.dumps(grant['spec'], sort_keys=True))}")
    return {**grant, "metadata": {**metadata, "name": name}}


def _collision(each: Json, part: Part, other: Part) -> Problem:
    _, kind, namespace, name = _identity(each)
    what = f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"
    message = f"{what} is made for {_whose(part)} and differently for {_whose(other)}; the former was left out."
    advice = _WAYS_OUT.get(kind, _NO_WAY_OUT)
    return Problem(*_place(part), "overrides-collide", message, advice)


def _shared_hosts(parts: Sequence[Part]) -> Iterator[Problem]:
    """ingress-nginx merges a host over all its Ingresses; shares know only their own."""
    first: dict[tuple[str, str], tuple[Part, Source]] = {}
    for part in parts:
        for name, owner in _hosts(part).items():
            other, source = first.setdefault((part.environment, name), (part, owner))
            if other is not part:
                yield _shared_host(name, owner, source)


def _hosts(part: Part) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for table in part.conversion.tables:
        for host in table.hosts:
            for name in host.names:
                found.setdefault(name, host.owner)
    return found


def _shared_host(name: str, owner: Source, other: Source) -> Problem:
    message = (
        f"{name or 'The host for all other requests'} is also served by Ingress {other.name} at {other.file}:"
        f"{other.line}, which is converted with other options; ingress-nginx merged the two, and no Gateway does."
    )
    advice = "Let the overrides in .ingress-migrate.yaml give all Ingresses of a host the same options."
    return Problem(owner.file, owner.line, "host-in-several-overrides", message, advice)


def _whose(part: Part) -> str:
    return f"the override of {', '.join(part.override.patterns)}" if part.override else "all other files"


def _place(part: Part) -> tuple[str, int]:
    override: Override | None = part.override
    return (override.file, override.line) if override else ("", 0)
