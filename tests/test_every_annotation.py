"""What becomes of every annotation on the standard target: one with effect, with the annotations that it needs.

The expectation is ``tests/data/every-annotation.txt``; ``--update-golden`` writes it anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conversions import converted
from manifests import PREFIX, ingress, path, rule, tls

from converter.tables import AnnotationRow, controller_table

EXPECTED = Path(__file__).parent / "data" / "every-annotation.txt"
TABLE = controller_table("ingress-nginx")
BY_TYPE = {
    "int": "7",
    "seconds": "77",
    "kilobytes": "70",
    "size": "7m",
    "cidr-list": "10.0.0.0/8",
    "service": "fallback",
    "common-name": "CN=shop",
    "snippet": "more_set_headers X-A;",
    "url": "https://a.example.com/x",
    "host": "inner.example.com",
    "host-list": "b.example.com",
    "header-list": "X-Token",
    "regex": "^(red|blue)$",
    "secret": "shop/secret",
    "configmap": "shop/extra",
    "string": "text",
    "path": "/new",
    "list": "GET, POST",
}
BY_NAME = {
    "affinity-canary-behavior": "legacy",
    "auth-cache-duration": "200 10m",
    "auth-cache-key": "$remote_user",
    "auth-method": "POST",
    "auth-url": "http://auth.shop.svc.cluster.local/check",
    "canary-weight": "20",
    "cors-allow-origin": "https://a.example.com",
    "custom-http-errors": "404,503",
    "mirror-target": "http://shadow.shop.svc.cluster.local",
    "permanent-redirect-code": "308",
    "proxy-next-upstream": "error http_502",
    "proxy-cookie-domain": "inner.example.com shop.example.com",
    "proxy-redirect-from": "http://a/",
    "proxy-ssl-protocols": "TLSv1.3",
    "rewrite-target": "/new",
    "session-cookie-samesite": "None",
    "session-cookie-conditional-samesite-none": "true",
    "temporal-redirect-code": "307",
    "upstream-hash-by": "$request_uri",
}
BESIDE = {
    "auth-tls-verify-client": {"auth-tls-secret": "shop/secret"},
    "canary": {"canary-weight": "20"},
    "auth-secret": {"auth-type": "basic"},
    "auth-type": {"auth-secret": "shop/secret"},
    "limit-allowlist": {"limit-rps": "5"},
    "limit-burst-multiplier": {"limit-rps": "5"},
    "permanent-redirect-code": {"permanent-redirect": "https://a.example.com"},
    "temporal-redirect-code": {"temporal-redirect": "https://a.example.com"},
    "preserve-trailing-slash": {"ssl-redirect": "true"},
    "proxy-redirect-to": {"proxy-redirect-from": "http://a/"},
    "satisfy": {"allowlist-source-range": "10.0.0.0/8"},
    "relative-redirects": {"permanent-redirect": "/here"},
}


def sample(row: AnnotationRow) -> str:
    """A value that is not the default."""
    if row.name in BY_NAME:
        return BY_NAME[row.name]
    if row.type == "bool":
        return "false" if row.default == "true" else "true"
    if row.type == "enum":
        return next(value for value in row.values if value != row.default)
    return BY_TYPE[row.type]


def annotations_for(row: AnnotationRow) -> dict[str, str]:
    found = {**BESIDE.get(row.name, {}), row.name: sample(row)}
    needs = row.needs
    while needs:
        name, _, words = needs.partition("=")
        found.setdefault(name, words.split(",")[0] if words else sample(TABLE.annotations[name]))
        found |= {key: value for key, value in BESIDE.get(name, {}).items() if key not in found}
        needs = TABLE.annotations[name].needs
    return found


def outcome(row: AnnotationRow) -> str:
    """``name: value → verdict code``, and the first field that it became; a canary stands beside a main Ingress."""
    certificate = [tls("shop.example.com", secret="t")]
    web = ingress("web", rule("shop.example.com", path("/")), tls=certificate, namespace="shop")
    annotations = annotations_for(row)
    canary = row.group == "canary"
    one = ingress(
        "next" if canary else "web",
        rule("shop.example.com", path("/", "next" if canary else "web")),
        annotations=annotations,
        tls=[] if canary else certificate,
        namespace="shop",
    )
    result = converted(*([web, one] if canary else [one]))
    entry = next(entry for entry in result.entries if entry.origin.key == PREFIX + row.name)
    became = next((f" → {each.kind} {each.path}" for each in entry.results), "")
    return f"{row.name}: {annotations[row.name]} → {entry.verdict} {entry.code}{became}"


def test_every_annotation_has_its_verdict(pytestconfig: pytest.Config) -> None:
    found = "".join(f"{outcome(row)}\n" for _, row in sorted(TABLE.annotations.items()))

    if pytestconfig.getoption("--update-golden"):
        EXPECTED.write_text(found)
    assert EXPECTED.read_text() == found


def test_no_sample_is_without_effect() -> None:
    """A row that nothing can give effect to would show nothing; these are so by themselves."""
    inert = {line.partition(":")[0] for line in EXPECTED.read_text().splitlines() if "→ inert" in line}

    assert inert == {"auth-tls-verify-client", "http2-push-preload"}
