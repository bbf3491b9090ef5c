"""Where there are no ListenerSets, listeners of every sort fill a Gateway, and then another one."""

from __future__ import annotations

import pytest
from gateway.limits import violations
from manifests import ingress, path, reading, rule, tls
from shops import option

from converter.controllers.ingress_nginx import Options
from converter.controllers.ingress_nginx.configuration import Configuration
from converter.gateway.releases import release
from converter.pipeline import Conversion, convert
from converter.targets import target

HOSTS = [f"h{number:02}.example.com" for number in range(62)]
SECURE = ingress("shop", *(rule(host, path("/")) for host in HOSTS), tls=[tls(*HOSTS, secret="shop")])


def converted(*others: dict[str, object], ports: int = 0) -> Conversion:
    tcp = {5000 + number: option(str(5000 + number), "shop/db:5432") for number in range(ports)}
    options = Options(configuration=Configuration(tcp=tcp))
    return convert(reading(SECURE, *others), target("traefik", release("1.6", "standard")), options)


def listeners(conversion: Conversion) -> dict[str, int]:
    found = conversion.objects
    assert violations(found) == []
    return {e["metadata"]["name"]: len(e["spec"]["listeners"]) for e in found if e["kind"] == "Gateway"}


@pytest.mark.parametrize(
    ("ports", "expected"), [(0, {"nginx": 63}), (1, {"nginx": 64}), (2, {"nginx": 64, "nginx-2": 2})]
)
def test_ports_take_room(ports: int, expected: dict[str, int]) -> None:
    assert listeners(converted(ports=ports)) == expected


def test_hosts_that_are_passed_on_take_room_and_move_as_a_whole() -> None:
    passed = {"ssl-passthrough": "true"}
    others = [ingress(name, rule(f"{name}.example.org", path("/")), annotations=passed) for name in ("one", "two")]
    found = converted(*others)

    assert listeners(found) == {"nginx": 64, "nginx-2": 2}
    route = next(e for e in found.objects if e["kind"] == "TLSRoute" and e["metadata"]["name"] == "two-example-org")
    assert route["spec"]["parentRefs"] == [{"name": "nginx-2", "sectionName": "tls-two-example-org"}]
