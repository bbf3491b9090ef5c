"""Who may announce a difference: an Ingress that has a part in the host, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manifests import ingress, path, reading, rule, tls

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import release
from converter.pipeline import convert
from converter.targets import target
from converter.verify.announced import announcements
from converter.verify.compare import differences
from converter.verify.gateway import Gateways
from converter.verify.messages import Request
from converter.verify.source import answer

if TYPE_CHECKING:
    from collections.abc import Sequence

STANDARD = target("standard", release("1.6", "standard"))


def announcing(request: Request, *ingresses: object) -> Sequence[tuple[str, str]]:
    """Code and Ingress of each entry that announces a difference of the answers to the request."""
    result = convert(reading(*ingresses), STANDARD, Options())
    table, gateways = result.tables[0], Gateways(result.objects)
    found = [
        entry
        for each in differences(answer(table, request), gateways.answer(request))
        for entry in announcements(each, request, table, result.entries, STANDARD.table)
    ]
    return [(entry.code, entry.origin.source.name) for entry in found]


def test_the_ingress_whose_certificate_the_host_takes_has_a_part_in_it() -> None:
    section = [tls("shop.example.com", secret="one")]
    hosts = ingress("shop", rule("shop.example.com")), ingress("wide", rule("*.example.com"), tls=section)
    request = Request(host="shop.example.com", target="/", method="GET", scheme="https")
    assert ("tls.silent", "wide") in announcing(request, *hosts)


def test_an_ingress_of_another_host_does_not_speak_for_it() -> None:
    hosts = [
        ingress(name, rule(f"{name}.example.com", path("/", "web", "Prefix")), tls=[tls(f"{name}.example.com")])
        for name in ("near", "far")
    ]
    request = Request(host="near.example.com", target="/a/", method="GET", scheme="http")
    assert announcing(request, *hosts) == [("ssl-redirect", "near")]
