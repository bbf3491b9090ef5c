"""Policies that keep requests from a backend, as Envoy Gateway has Envoy do it: filters that a route turns on."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from hashlib import sha1
from typing import TYPE_CHECKING, Any

from converter.verify.proxies.envoy import addresses, authorities, overrides
from converter.verify.proxies.envoy.extension import ENVOY, extension
from converter.verify.words import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Asked = Callable[[Mapping[str, Any]], str]
    """The cluster of an authority, by a reference to it."""

Json = dict[str, Any]
_USER, _PASSWORD = "somebody", "known"
IDENTITY = f"Basic {base64.b64encode(f'{_USER}:{_PASSWORD}'.encode()).decode()}"
"""What the one user says whom a list of users is taken to have."""
_FILTERS = f"{ENVOY}.extensions.filters.http"


@dataclass(frozen=True, slots=True)
class Guard:
    order: int
    """Its place among the filters, after ``internal/xds/translator/httpfilters.go``."""
    filter: Json
    """For all routes of a port; by itself it does nothing."""
    config: Json
    """For the route that it guards."""

    @property
    def name(self) -> str:
        return str(self.filter["name"])


def chain(guards: Iterable[Guard]) -> list[Json]:
    """The filters of one port, each once."""
    found = {guard.name: guard for guard in guards}
    return [each.filter for each in sorted(found.values(), key=lambda guard: (guard.order, guard.name))]


def guards_of(policies: Sequence[Mapping[str, Any]], asked: Asked) -> Iterator[Guard]:
    for policy in policies:
        for field, value in policy.get("spec", {}).items():
            made = _GUARDS.get((policy["kind"], field))
            if made:
                yield made(value, asked)


def asking(body: Mapping[str, Any], cluster: str) -> Guard:
    """The authority of an ``ExternalAuth``."""
    return Guard(3, authorities.authority(body, cluster), authorities.ENABLED)


def _external(value: Mapping[str, Any], asked: Asked) -> Guard:
    """One that speaks gRPC is asked over HTTP, since who answers is ours."""
    service = value.get("http") or value.get("grpc") or {}
    references = service.get("backendRefs") or [service["backendRef"]]
    body = {
        "http": {
            "path": service.get("pathOverride", service.get("path", "")),
            "allowedHeaders": value.get("headersToExtAuth", []),
            "allowedResponseHeaders": service.get("headersToBackend", []),
        }
    }
    return asking(body, asked(references[0]))


def _basic(_: Mapping[str, Any], __: Asked) -> Guard:
    digest = base64.b64encode(sha1(_PASSWORD.encode(), usedforsecurity=False).digest()).decode()
    users = {"inline_string": f"{_USER}:{{SHA}}{digest}"}
    kind = f"{_FILTERS}.basic_auth.v3"
    resting = extension("envoy.filters.http.basic_auth", f"{kind}.BasicAuth", users=users) | {"disabled": True}
    return Guard(5, resting, {"@type": f"{kind}.BasicAuthPerRoute", "users": users})


def _buffer(value: Mapping[str, Any], _: Asked) -> Guard:
    kind = f"{_FILTERS}.buffer.v3"
    limit = {"max_request_bytes": count(str(value["limit"]))}
    resting = extension("envoy.filters.http.buffer", f"{kind}.Buffer", **limit) | {"disabled": True}
    return Guard(9, resting, {"@type": f"{kind}.BufferPerRoute", "buffer": limit})


def _authorization(value: Mapping[str, Any], _: Asked) -> Guard:
    return Guard(301, addresses.FILTER, addresses.authorization(value))


def _override(value: Sequence[Mapping[str, Any]], _: Asked) -> Guard:
    return Guard(304, overrides.override(value), authorities.ENABLED)


_GUARDS: Mapping[tuple[str, str], Callable[[Any, Asked], Guard]] = {
    ("SecurityPolicy", "extAuth"): _external,
    ("SecurityPolicy", "basicAuth"): _basic,
    ("SecurityPolicy", "authorization"): _authorization,
    ("BackendTrafficPolicy", "requestBuffer"): _buffer,
    ("BackendTrafficPolicy", "responseOverride"): _override,
}
