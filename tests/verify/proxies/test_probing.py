"""``ingress-migrate probe`` between the two real proxies: nginx as the Ingresses have it, Envoy as the objects do."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from manifests import ingress, path, reading, rule, tls

from converter.cli import group
from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import release
from converter.pipeline import convert
from converter.targets import target
from converter.verify.proxies.real import missing, serving

Json = dict[str, Any]
HOST = "shop.example.com"
SHOP = ingress(
    "shop",
    rule(
        *(HOST, path("/"), path("/api", "api"), path("/login", "login", "Exact")),
        *(path(f"/{name}", name) for name in ("basket", "images", "search", "account", "orders", "help")),
    ),
    tls=[tls(HOST, secret="shop")],
    annotations={"enable-cors": "true", "cors-allow-origin": "https://a.example.com"},
)

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"not here: {', '.join(missing())}")


def routes(objects: Sequence[Json]) -> Iterator[Json]:
    return (
        entry for entry in objects if entry["kind"] == "HTTPRoute" and not entry["metadata"]["name"].endswith("http")
    )


def rules(objects: Sequence[Json]) -> Iterator[Json]:
    return (each for entry in routes(objects) for each in entry["spec"]["rules"])


def nothing(_: Sequence[Json]) -> None:
    """The objects as they are."""


def other_backend(objects: Sequence[Json]) -> None:
    next(each for each in rules(objects) if each["name"] == "api")["backendRefs"][0]["name"] = "web"


def other_case(objects: Sequence[Json]) -> None:
    next(each for each in rules(objects) if each["name"] == "api")["matches"][0]["path"]["value"] = "/API"


def other_path_type(objects: Sequence[Json]) -> None:
    next(each for each in rules(objects) if each["name"] == "login")["matches"][0]["path"]["type"] = "PathPrefix"


def no_header(objects: Sequence[Json]) -> None:
    for each in rules(objects):
        each["filters"] = [found for found in each["filters"] if found["type"] != "ResponseHeaderModifier"]


def no_redirect(objects: Sequence[Json]) -> None:
    """Plain http is served like https."""
    plain = next(entry for entry in objects if entry["metadata"]["name"].endswith("-http"))
    plain["spec"]["rules"] = deepcopy(next(routes(objects))["spec"]["rules"])


@pytest.fixture
def probed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Probes nginx and an Envoy whose objects somebody changed."""
    file = tmp_path / "shop.yaml"
    file.write_text(yaml.safe_dump(SHOP))
    monkeypatch.chdir(tmp_path)

    def run(fault: Callable[[Sequence[Json]], None], *extra: str) -> Result:
        result = convert(reading(SHOP), target("standard", release("1.6", "standard")), Options())
        objects = deepcopy(list(result.objects))
        fault(objects)
        with ExitStack() as stack:
            engines = stack.enter_context(serving(result.tables[0], objects))
            sides = {
                "old": engines.before.proxy.address,
                "new": next(iter(engines.after.proxy.proxies.values())).address,
            }
            arguments = [
                word
                for name, address in sides.items()
                for scheme, port in address.ports.items()
                for word in (f"--{name}", f"{scheme}://127.0.0.1:{port}")
            ]
            fast = ("--rate", "1000", "--insecure", "--marker", "header:X-Served-By")
            return CliRunner().invoke(group, ["probe", *arguments, *fast, *extra, "shop.yaml"])

    return run


def test_two_proxies_that_do_the_same_and_200_requests_take_seconds(probed: Callable[..., Result]) -> None:
    start = time.perf_counter()
    result = probed(nothing)

    assert result.exit_code == 0, result.output
    sent = int(re.findall(r"(\d+) probes on", result.output)[0])
    assert sent > 150
    assert time.perf_counter() - start < 30


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (other_backend, "/api"),
        (other_case, "/api"),
        (other_path_type, "/login/below"),
        (no_header, "strict-transport-security"),
        (no_redirect, "308"),
    ],
)
def test_a_fault_in_one_of_them_is_found(
    fault: Callable[[Sequence[Json]], None], word: str, probed: Callable[..., Result]
) -> None:
    result = probed(fault)

    assert result.exit_code == 1, result.output
    assert word in result.output.lower()
