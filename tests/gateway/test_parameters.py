"""The object that a Gateway names for what else its implementation is to know."""

from __future__ import annotations

from typing import Any

import pytest
from gateway.builders import EDGE, note

from converter.gateway.drafts import GatewayParameters
from converter.gateway.listeners import Holder
from converter.gateway.names import Names
from converter.gateway.parameters import parameters_of

HOLDER = Holder("Gateway", "edge", "nginx", EDGE, (), ())


def told(key: str, **spec: Any) -> GatewayParameters:
    return GatewayParameters("Proxy", "example.com/v1", spec, (note(key, f"spec.{key}"),))


def test_all_that_is_asked_for_is_one_object_beside_the_gateway() -> None:
    wanted = [told("log", log={"level": "info"}), told("http2", http2=False)]
    infrastructure, found, settled = parameters_of(HOLDER, wanted, Names())
    places = [(entry.results[0].kind, entry.results[0].name, entry.results[0].path) for entry in settled]

    assert infrastructure == {"parametersRef": {"group": "example.com", "kind": "Proxy", "name": "nginx"}}
    assert found == {
        "apiVersion": "example.com/v1",
        "kind": "Proxy",
        "metadata": {"name": "nginx", "namespace": "edge"},
        "spec": {"log": {"level": "info"}, "http2": False},
    }
    assert places == [("Proxy", "nginx", "spec.log"), ("Proxy", "nginx", "spec.http2")]


def test_two_values_for_one_field_are_a_fault() -> None:
    with pytest.raises(ValueError, match="a policy cannot say both 1 and 2"):
        parameters_of(HOLDER, [told("a", a=1), told("a", a=2)], Names())
