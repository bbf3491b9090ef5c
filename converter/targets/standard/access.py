"""Who gets through. The Gateway API can ask another service, and for client certificates; nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from converter.targets.carry import Part
from converter.targets.standard.parts import FILTER, HEADER_NAME, auth_service, notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from converter.gateway.drafts import Note
    from converter.ledger import Origin
    from converter.routing import AnyOf, Behaviour, BlockList, ClientCertificate, ExternalAuth, Location, Refusal
    from converter.targets.carry import Target

_ASKED_WITH = ("Cookie", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto")
"""What auth services read besides what is always sent; nginx sends them every header."""


def guard(behaviour: Behaviour, _: Location, target: Target, code: str = "access.closed") -> Part:
    """An open door is worse than a closed one, so the rule has no backend unless somebody asked for it.

    ``code`` is the row that says why.
    """
    origins = (*behaviour.origins, *getattr(behaviour, "extras", ()))
    if target.lost_access == "emit":
        return Part(notes=target.table.rows["access.open"].notes(origins, "backendRefs"))
    return Part(notes=tuple(_closed(origins, target, code)), answers=True, path_code="path.closed")


def _closed(origins: Iterable[Origin], target: Target, code: str) -> Iterator[Note]:
    """A sign-in has another way round than the rule that it belongs to."""
    for origin in origins:
        yield target.table.rows["auth.signin-closed" if "signin" in origin.key else code].note(origin)


def any_of(behaviour: AnyOf, location: Location, target: Target) -> Part:
    """Every filter and policy has its say, so one of several rules is never enough; one of one is."""
    if len(behaviour.guards) > 1:
        return guard(behaviour, location, target)
    (only,) = behaviour.guards
    satisfy = [origin for origin in behaviour.origins if origin not in only.origins]
    part = target.carry(only, location)
    return replace(part, notes=(*part.notes, *notes(target, "access.any-of-one", satisfy)))


def block_list(behaviour: BlockList, _: Location, target: Target) -> Part:
    return Part(notes=notes(target, "access.blocklist-lost", behaviour.origins))


def refusal(behaviour: Refusal, _: Location, target: Target) -> Part:
    return Part(
        notes=target.table.rows["access.refused"].notes(behaviour.origins), answers=True, path_code="path.refused"
    )


def external_auth(behaviour: ExternalAuth, location: Location, target: Target) -> Part:
    """Gateway API: ``HTTPRouteFilter.externalAuth``, of the experimental channel.

    The path of the address is put before that of the request, where nginx asks for the address as it is.
    """
    service = auth_service(behaviour)
    sayable = service and service.scheme == "http" and "$" not in service.path and "?" not in service.path
    if not (sayable and service and target.release.has("external-auth")) or len(behaviour.response_headers) > 64:
        return guard(behaviour, location, target)
    http: dict[str, Any] = {"allowedHeaders": list(_ASKED_WITH)}
    if service.path.rstrip("/"):
        http["path"] = service.path.rstrip("/")
    if found := [name for name in dict.fromkeys(behaviour.response_headers) if HEADER_NAME.match(name)]:
        http["allowedResponseHeaders"] = found
    body = {"protocol": "HTTP", "backendRef": dict(service.reference), "http": http}
    return Part(
        filters=({"type": "ExternalAuth", "externalAuth": body},),
        notes=(*_asked(behaviour, target), *notes(target, "auth.external-extra", behaviour.extras)),
    )


def _asked(behaviour: ExternalAuth, target: Target) -> Iterable[Note]:
    for origin in behaviour.origins:
        lost = "signin" in origin.key and behaviour.signin
        method = origin.key.endswith("auth-method") and behaviour.method != "GET"
        code = "auth.signin-lost" if lost else "auth.method-lost" if method else "auth.external"
        yield target.table.rows[code].note(origin, FILTER)


def client_certificate(behaviour: ClientCertificate, location: Location, target: Target) -> Part:
    """Gateway API: ``Gateway.spec.tls.frontend`` holds for all https listeners of a Gateway alike.

    It looks at the authority alone: where the name counts, every other name of that authority would get in.
    """
    if not behaviour.demanded and not behaviour.name:
        origins = (*behaviour.origins, *behaviour.extras)
        return Part(notes=target.table.rows["tls.client-optional"].notes(origins))
    possible = target.client_certificates and target.release.has("client-certificates")
    if behaviour.name or not possible:
        return guard(behaviour, location, target)
    return Part(notes=target.table.rows["tls.client-extra"].notes(behaviour.extras))
