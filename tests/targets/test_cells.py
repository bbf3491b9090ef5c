"""Every behaviour on every target: the objects pass the CRDs, the ledger speaks of it, and is right about the objects.

The tables at the end of the run count the cells, and name those where the reference knows more than we carry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from cells import Cell, cells, samples, value_at

from converter.advice.behaviours import behaviours
from converter.gateway.releases import Channel
from converter.tables import controller_table
from converter.targets import NAMES, OTHERS
from converter.targets.table import target_table

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "targets.yaml"
TARGETS = (*NAMES, *OTHERS)
CHANNELS: tuple[Channel, ...] = ("standard", "experimental")
FAMILIES = {
    "rate_limit_requests": ["rate-limit"],
    "rate_limit_connections": ["connection-limit"],
    "bandwidth": ["bandwidth"],
    "basic_auth": ["basic-auth"],
    "external_auth": ["external-auth"],
    "auth_signin": ["sign-in"],
    "ip_allow_deny": ["allow-list", "deny-list"],
    "client_mtls": ["client-certificates"],
    "pass_client_cert": ["client-certificates, passed on"],
    "cors": ["cors"],
    "body_size": ["body-size"],
    "timeouts": ["idle-timeouts", "timeouts"],
    "retry": ["retries"],
    "session_affinity": ["affinity"],
    "consistent_hash": ["hashing", "hashing, path"],
    "lb_algorithm": ["balancing"],
    "buffering": ["buffering", "buffering, requests", "buffering, sizes"],
    "compression": ["compression"],
    "response_headers": ["response-headers"],
    "hsts": ["hsts"],
    "error_pages": ["error-pages, known Service"],
    "default_backend": ["error-pages, known Service"],
    "backend_tls": ["backend-tls", "backend-tls, verified"],
    "backend_protocol": ["grpc"],
    "mirror": ["mirror"],
    "canary_weight": ["canary"],
    "canary_header_cookie": ["canary-header", "canary-cookie"],
    "rewrite_regex": ["rewrite-captures", "rewrite-captures, reordered"],
    "upstream_vhost": ["backend-host"],
    "x_forwarded_prefix": ["forwarded-headers"],
    "redirects": ["redirect"],
    "tls_params": ["tls-parameters", "tls-parameters, protocols"],
    "http2": ["protocols, HTTP/2"],
    "proxy_protocol": ["client-address"],
    "real_ip": ["client-address, real ip"],
    "access_log": ["logging"],
    "opentelemetry": ["tracing"],
    "waf": ["waf"],
    "snippets": ["snippets, headers", "snippets, condition", "snippets, rest"],
    "satisfy_any": ["satisfy"],
    "proxy_redirect_cookie": ["answer-rewrites", "answer-rewrites, redirects"],
    "server_alias": ["other-hosts"],
    "ssl_passthrough": ["tls-passthrough"],
}
"""The samples that ask for what the reference calls so."""
ANYTHING = {"path.left-out", "host.silent", "access.silent", "https.silent", "redirect.headers-lost", "canary.nothing"}
"""What may become of any annotation."""
BEYOND = {"jwt_oidc", "websocket", "generic"}
"""What no annotation of ingress-nginx asks for."""


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_the_ledger_tells_of_every_behaviour_what_the_objects_show(name: str, channel: Channel) -> None:
    assert [f"{cell.sample.name}: {fault}" for cell in cells(name, channel) for fault in cell.faults()] == []


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("channel", ["standard", pytest.param("experimental", marks=pytest.mark.slow)])
def test_an_api_server_accepts_the_objects_of_every_behaviour(name: str, channel: Channel, checker: ModuleType) -> None:
    validator = checker.load("v1.6.1", channel)
    wrong = {
        f"{cell.sample.name}: {violation}"
        for cell in cells(name, channel)
        for violation in validator.check_all(list(cell.conversion.objects))
    }
    unknown = {
        entry["kind"]
        for cell in cells(name, channel)
        for entry in cell.conversion.objects
        if "/" in entry["apiVersion"] and not validator.has_crd(entry)
    }

    assert (wrong, unknown) == (set(), set())


@pytest.mark.parametrize("name", TARGETS)
def test_cells_are_counted(name: str, record_property: Callable[[str, object], None]) -> None:
    standard, experimental = (counted(name, channel) for channel in CHANNELS)
    more = experimental["carried"] - standard["carried"]
    row = (name, standard["carried"], standard["reported"], standard["none"], standard.total(), more)
    record_property("cells", row)

    assert standard["carried"] > 0
    assert more >= 0


def counted(name: str, channel: Channel) -> Counter[str]:
    return Counter(cell.kind for cell in cells(name, channel) if cell.sample.has_effect)


@pytest.mark.parametrize("name", TARGETS)
def test_what_the_reference_calls_native_is_looked_for(
    name: str, record_property: Callable[[str, object], None]
) -> None:
    """A list for people: the reference may be wrong, or mean what an Ingress cannot ask for."""
    if not REFERENCE.exists():
        pytest.skip(f"no {REFERENCE.name} beside the repository")
    families = yaml.safe_load(REFERENCE.read_text())["implementations"].get(name, {}).get("families", {})
    found = {cell.sample.name: cell for cell in cells(name, "experimental")}
    for family, word in sorted(families.items()):
        for sample in FAMILIES.get(family, ()):
            if claims_it(word) and found[sample].kind != "carried":
                record_property("claimed", (name, sample, found[sample].kind, support(word), *found[sample].lost))

    assert set(families) <= {*FAMILIES, *BEYOND}


def support(row: Any) -> str:
    return str(row["support"] if isinstance(row, dict) else row)


def claims_it(row: Any) -> bool:
    return support(row).startswith(("native", "standard"))


def test_there_is_a_sample_of_every_behaviour() -> None:
    titles = {sample.behaviour for sample in samples()}

    assert titles == set(behaviours().rows) - {"other"}
    assert len({sample.name for sample in samples()}) == len(samples())


def test_every_family_of_the_reference_has_its_samples() -> None:
    names = {sample.name for sample in samples()}
    assert {name for found in FAMILIES.values() for name in found} <= names


def faulty(cell: Cell, **sample: Any) -> list[str]:
    """The faults of a cell whose sample says something else."""
    return list(replace(cell, sample=replace(cell.sample, **sample)).faults())


def test_a_sample_that_misses_its_behaviour_fails() -> None:
    cell = next(each for each in cells("standard", "standard") if each.sample.name == "body-size")

    assert list(cell.faults()) == []
    assert faulty(cell, behaviour="mirror") == ["no entry is about the behaviour"]
    assert faulty(cell, cells={**cell.sample.cells, "without effect": True}) == ["has an effect"]


def test_a_carried_behaviour_without_its_field_fails() -> None:
    cell = next(each for each in cells("standard", "standard") if each.sample.name == "rewrite")
    bare = replace(cell, conversion=replace(cell.conversion, objects=()))

    (fault,) = bare.faults()
    assert fault.endswith("rewrite-target is not at HTTPRoute/shop-example-com spec.rules[0].filters[0]")


def test_a_place_is_looked_up_step_by_step() -> None:
    entry = {"spec": {"rules": [{"a": 1}]}, "metadata": {"annotations": {"example.com/a.b": "x"}}}

    assert value_at(entry, "spec.rules[0].a") == 1
    assert value_at(entry, "metadata.annotations[example.com/a.b]") == "x"
    assert value_at(entry, "spec.rules[1].a") is None


@pytest.mark.parametrize("name", NAMES)
def test_explain_tells_what_becomes_of_an_annotation(name: str) -> None:
    """Whatever a target's row says of one is among what the table of annotations lists for it."""
    table, rows = controller_table("ingress-nginx"), target_table(name).rows
    untold = set()
    for cell in cells(name, "standard"):
        for entry in cell.conversion.entries:
            row = table.annotations.get(entry.origin.key.removeprefix(table.prefix))
            told = {each.code for each in (entry, *entry.also) if each.code in rows} - ANYTHING
            if row and entry.origin.type == "annotation":
                untold |= {(row.name, code) for code in told.difference(row.becomes)}
    assert untold == set()
