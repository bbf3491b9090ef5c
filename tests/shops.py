"""One shop with the annotations that a test is about, converted for a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conversions import only
from manifests import ingress, path, reading, rule, tls

from converter.controllers.ingress_nginx import Options
from converter.controllers.ingress_nginx.configuration import Configuration
from converter.gateway.releases import release
from converter.ledger import Origin, Source
from converter.pipeline import Conversion, convert
from converter.targets import target

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

Json = dict[str, Any]
HOST = "shop.example.com"
TLS = [tls(HOST, secret="shop")]
ROUTE = {"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "name": "shop-example-com"}
GATEWAY = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "nginx"}


def option(name: str, value: str) -> Origin:
    return Origin(Source("ConfigMap", "ingress-nginx", "controller", "c.yaml", 3), "field", f"data.{name}", value)


def shop(*paths: Json, secure: bool = False, name: str = "shop", host: str = HOST, **annotations: str) -> Json:
    named = {key.replace("_", "-"): value for key, value in annotations.items()}
    parts = {"tls": [tls(host, secret="shop")]} if secure else {}
    return ingress(name, rule(host, *(paths or (path("/"),))), namespace="shop", annotations=named, **parts)


def converted_for(to: str, *manifests: Json, version: str = "1.6", **options: str) -> Conversion:
    """``options`` are those of the controller."""
    told = {name.replace("_", "-"): option(name.replace("_", "-"), value) for name, value in options.items()}
    chosen = Options(configuration=Configuration(options=told, known=True)) if told else Options()
    return convert(reading(*manifests), target(to, release(version, "standard")), chosen)


def accepting(to: str, checker: ModuleType) -> Callable[..., Conversion]:
    """Converts, and asks what an API server would say to the objects."""
    validator = checker.load("v1.6.1", "standard")

    def found(*manifests: Json, **options: str) -> Conversion:
        result = converted_for(to, *manifests, **options)
        assert [str(violation) for violation in validator.check_all(list(result.objects))] == []
        return result

    return found


def spec(result: Conversion, kind: str) -> Json:
    """Of the only object of a kind."""
    found: Json = only(result, kind)["spec"]
    return found
