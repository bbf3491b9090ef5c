"""Virtual hosts become drafts: their rules on both sides, their certificate, and what is said of them as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.gateway.drafts import ClientCa, HostDraft
from converter.ingress.names import is_host
from converter.routing import MatchKind
from converter.targets.authorities import certificate_of
from converter.targets.layer4 import draft_passthrough
from converter.targets.order import marked, needs_order
from converter.targets.plan import Planner
from converter.targets.sides import sides_of, without_needless_redirects

if TYPE_CHECKING:
    from converter.gateway.drafts import Note
    from converter.routing import VirtualHost
    from converter.targets.carry import Target


def draft_host(host: VirtualHost, target: Target, *, https_everywhere: bool) -> HostDraft:
    """What the target serves for a host.

    ``https_everywhere`` is for a default certificate: hosts that did not ask for TLS are served over https as well.
    """
    slashed = {place.match.value for place in host.locations if place.match.kind is MatchKind.PREFIX}
    exact = {place.match.value for place in host.locations if place.match.kind is MatchKind.EXACT}
    last = host.locations[-1].match if host.locations else None
    planner = Planner(target, frozenset(slashed), frozenset(exact), last)
    for location in host.locations:
        planner.add(location)
    http = tuple(marked(planner.http, target.table))
    https = tuple(marked(planner.https, target.table))
    both = (host.certificate is not None or https_everywhere) and not host.passthrough
    notes, listener_notes = _host_notes(host, target, ".named" if https_everywhere else "")
    passthrough, lost = draft_passthrough(host, target) if host.passthrough else (None, [])
    return HostDraft(
        name=host.name,
        names=(host.name, *(name for name in host.aliases if is_host(name))),
        owner=host.owner,
        certificate=host.certificate,
        sides=sides_of(without_needless_redirects(http), https, both=both),
        ordered=needs_order((*http, *https)),
        notes=notes,
        listener_notes=listener_notes,
        homeless=(*planner.settlements(https=both, passes=bool(host.passthrough)), *lost),
        passthrough=passthrough,
        client_ca=_client_ca(host, target) if both else None,
        listener_policies=tuple(planner.listener_policies) if both else (),
        listener_options=tuple(planner.listener_options) if both else (),
    )


def _client_ca(host: VirtualHost, target: Target) -> ClientCa | None:
    found = certificate_of(host)
    if found is None or not target.client_certificates or not target.release.has("client-certificates"):
        return None
    return ClientCa(found.namespace, found.secret, target.table.rows["tls.client"].notes(found.origins))


def _host_notes(
    host: VirtualHost, target: Target, default_certificate: str
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    rows = target.table.rows
    notes = [
        rows["server-alias" if origin.type == "annotation" else "host"].note(origin, "spec.hostnames")
        for origin in host.origins
    ]
    if not all(is_host(alias) for alias in host.aliases):
        notes = [rows["server-alias.regex"].note(n.origin) if n.origin.type == "annotation" else n for n in notes]
    certificate = host.certificate
    if certificate is None:
        return tuple(notes), ()
    if not target.release.has("listener-certificate"):
        return tuple(notes), rows["tls.elsewhere"].notes(certificate.origins)
    code = "tls" if certificate.secret else f"tls.default-certificate{default_certificate}"
    row = rows["tls.guessed" if certificate.secret and certificate.guessed else code]
    return tuple(notes), row.notes(certificate.origins, "tls.certificateRefs")
