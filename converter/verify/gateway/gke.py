"""The policies of GKE in words, as :mod:`converter.verify.source.policies` puts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from converter.verify.facts import Value

_ALGORITHMS = {"ROUND_ROBIN": "round_robin", "LEAST_REQUEST": "ewma"}
_COOKIE = "GCLB"
"""The load balancer's own; see its documentation on session affinity."""


def _default(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    affinity = value.get("sessionAffinity", {})
    if affinity.get("type") == "GENERATED_COOKIE":
        lifetime = affinity.get("cookieTtlSec", 0)
        yield "session cookie", {"name": _COOKIE, **({"lifetime": f"{lifetime} s"} if lifetime else {})}
    elif "type" in affinity:
        yield "session affinity", affinity["type"]
    if "timeoutSec" in value:
        yield "backend timeout", f"{value['timeoutSec']} s"


def _distribution(value: Mapping[str, Any], _: str) -> Iterator[tuple[str, Value]]:
    algorithm = value.get("localityLbAlgorithm", "")
    if algorithm:
        yield "load-balance", _ALGORITHMS.get(algorithm, algorithm)


WORDS: Mapping[tuple[str, str], Callable[[Any, str], Iterator[tuple[str, Value]]]] = {
    ("GCPBackendPolicy", "default"): _default,
    ("GCPTrafficDistributionPolicy", "default"): _distribution,
}
"""By kind and field: the facts, from the value and the namespace of the object."""
