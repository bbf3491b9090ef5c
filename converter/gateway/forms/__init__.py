"""What a prediction reads of objects, and so the form that they must have, by kind.

Each implementation's kinds are a module: ``FORMS`` are the forms of their ``spec``, or ``OBJECTS`` of what they have in
its place, ``GROUPS`` those that they are of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.forms import (
    agentgateway,
    aws_load_balancer_controller,
    envoy_gateway,
    gateway_api,
    gke,
    istio,
    kgateway,
    kong,
    nginx_gateway_fabric,
    traefik,
)
from converter.gateway.forms.words import NAME, TARGETS, Named, Parts

if TYPE_CHECKING:
    from collections.abc import Mapping

_IMPLEMENTATIONS = (
    agentgateway,
    aws_load_balancer_controller,
    envoy_gateway,
    gke,
    istio,
    kgateway,
    nginx_gateway_fabric,
    traefik,
)
_METADATA = {**NAME, "namespace": str, "annotations": Named(str), "labels": Named(str), "creationTimestamp": object}
OF_THE_CLUSTER: Mapping[str, tuple[str, ...]] = {"GatewayClass": gateway_api.GROUPS, "Namespace": ("",)}
"""Kinds that stand in no namespace, with their groups. What is read of them is who they are."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    **OF_THE_CLUSTER,
    **{kind: module.GROUPS for module in (gateway_api, *_IMPLEMENTATIONS) for kind in module.FORMS},
    **dict.fromkeys(kong.OBJECTS, kong.GROUPS),
}
FORMS: Mapping[str, Any] = {
    **{kind: {"metadata!": _METADATA, "spec": TARGETS} for kind in OF_THE_CLUSTER},
    **{kind: {"metadata!": _METADATA, "spec!": {**TARGETS, **form}} for kind, form in gateway_api.FORMS.items()},
    **{
        kind: {"metadata!": _METADATA, "spec!": Parts({**TARGETS, **form})}
        for module in _IMPLEMENTATIONS
        for kind, form in module.FORMS.items()
    },
    **{kind: {"metadata!": _METADATA, "spec": TARGETS, **form} for kind, form in kong.OBJECTS.items()},
}
"""The whole object. Whatever has targets is taken for a policy."""


def has_form(entry: Mapping[str, Any]) -> bool:
    """Whether the object is of one of the kinds, rather than of another that has the same name."""
    return str(entry.get("apiVersion")).rpartition("/")[0] in GROUPS.get(entry["kind"], ())
