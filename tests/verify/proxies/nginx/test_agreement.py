"""For every known conversion and each of its probes: a real nginx answers what the source half predicts."""

from __future__ import annotations

import ssl

import pytest
import trustme
from verify.known import known, names

from converter.routing import RoutingTable
from converter.verify.messages import Request
from converter.verify.probes import probes
from converter.verify.proxies.echo import Echo
from converter.verify.proxies.nginx import HOW_TO_INSTALL, find_nginx, response_names, serving
from converter.verify.proxies.observed import disagreements
from converter.verify.source import Controller

AUTHORITY = trustme.CA()
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
AUTHORITY.issue_cert("backend.invalid").configure_cert(TLS)

pytestmark = pytest.mark.skipif(find_nginx() is None, reason=f"no nginx: {HOW_TO_INSTALL}")


def disagreeing(table: RoutingTable, requests: list[Request]) -> list[str]:
    controller = Controller(table)
    with Echo(TLS, response_names(table)) as echo, serving(table, echo, AUTHORITY) as proxy:
        return [
            f"{request.method} {request.scheme}://{request.host}{request.target} {request.headers}: {difference}"
            for request in requests
            for difference in disagreements(controller.answer(request), proxy.answer(request))
        ]


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_a_real_nginx_answers_what_is_predicted(name: str) -> None:
    for each in known(name):
        asked = dict.fromkeys([*(probe.request for probe in probes(each.table, each.objects)), *each.requests])
        assert disagreeing(each.table, list(asked)) == []
