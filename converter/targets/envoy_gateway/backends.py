"""TLS to backends whose certificate nobody checks: ``Backend``, which is off unless somebody switches it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from converter.gateway.drafts import BackendObject
from converter.ingress.names import is_host
from converter.routing import BackendProtocol, BackendTls
from converter.targets import envoy
from converter.targets.carry import Part
from converter.targets.envoy import TLS
from converter.targets.envoy_gateway.kinds import API_VERSION
from converter.targets.standard import traffic
from converter.targets.standard.parts import notes

if TYPE_CHECKING:
    from converter.gateway.drafts import BackendRef
    from converter.routing import Backend, Location
    from converter.targets.carry import Target


def backend_protocol(behaviour: BackendProtocol, location: Location, target: Target) -> Part:
    """Envoy Gateway: ``Backend.spec.tls.insecureSkipVerify``, at the address of the Service."""
    found = next((each for each in location.behaviours if isinstance(each, BackendTls)), None)
    backend = location.backend
    if behaviour.protocol not in TLS or (found and found.verified) or backend is None:
        return traffic.backend_protocol(behaviour, location, target)
    if not backend.namespace:
        return Part(notes=notes(target, "backend.no-namespace", behaviour.origins))
    told = notes(target, "backend.insecure", (*behaviour.origins, *(found.origins if found else ())), "spec.tls")
    extras = notes(target, "backend.tls-extra", found.extras) if found else ()
    tls = {"insecureSkipVerify": True, **_shown(found, backend)}

    def through(reference: BackendRef) -> BackendObject:
        host = f"{reference.name}.{reference.namespace}.svc.cluster.local"
        spec = {"endpoints": [{"fqdn": {"hostname": host, "port": reference.port}}], "tls": tls}
        return BackendObject("Backend", API_VERSION, f"{reference.port}-tls", spec, (*told, *extras))

    return Part(through=through)


def _shown(tls: BackendTls | None, backend: Backend) -> dict[str, Any]:
    """The certificate that Envoy shows; it has to stand beside the object."""
    if tls is None or tls.namespace != backend.namespace:
        return {}
    found: dict[str, Any] = {"clientCertificateRef": {"kind": "Secret", "name": tls.secret}}
    return {**found, "sni": tls.name} if is_host(tls.name) else found


def backend_tls(behaviour: BackendTls, location: Location, target: Target) -> Part:
    """A Backend is named with its namespace."""
    if location.backend and not location.backend.namespace:
        return traffic.backend_tls(behaviour, location, target)
    return envoy.backend_tls(behaviour, location, target)
