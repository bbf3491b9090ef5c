"""What a row of a target's table says is done without code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from manifests import ingress, path, reading, rule, tls

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import release
from converter.pipeline import Conversion, convert
from converter.routing import BodyLimit
from converter.targets import standard, target
from converter.targets.carry import Target
from converter.targets.fields import by_row, nginx_size, quantity
from converter.targets.table import Carry

STANDARD = target("standard", release("1.6", "standard"))


def saying(**columns: Any) -> Target:
    """A target whose row for body sizes is done as data."""
    carry = Carry(**{"kind": "Limit", "api_version": "example.com/v1", "how": "policy", "word": "size"} | columns)
    rows = {**STANDARD.table.rows, "body-size": replace(STANDARD.table.rows["body-size"], carry=carry)}
    carriers = {**standard.CARRIERS, BodyLimit: by_row("body-size", standard.CARRIERS[BodyLimit])}
    return replace(STANDARD, table=replace(STANDARD.table, rows=rows), carriers=carriers)


def converted(to: Target, *sizes: str, host: str = "shop.example.com") -> Conversion:
    manifests = [
        ingress(f"web-{index}", rule(host, path(f"/{index}")), annotations={"proxy-body-size": size} if size else {})
        for index, size in enumerate(sizes)
    ]
    return convert(reading(*manifests), to, Options())


def limits(result: Conversion) -> list[dict[str, Any]]:
    return [entry for entry in result.objects if entry["kind"] == "Limit"]


def test_a_policy_for_the_rule() -> None:
    found = limits(converted(saying(field="spec.body.most", form="quantity", targets="targetRefs"), "8m", ""))

    assert found == [
        {
            "apiVersion": "example.com/v1",
            "kind": "Limit",
            "metadata": {"name": "shop-example-com-0-size"},
            "spec": {
                "targetRefs": [
                    {
                        "group": "gateway.networking.k8s.io",
                        "kind": "HTTPRoute",
                        "name": "shop-example-com",
                        "sectionName": "0",
                    }
                ],
                "body": {"most": "8Mi"},
            },
        }
    ]


def test_a_filter_of_a_kind_without_spec() -> None:
    result = converted(saying(how="filter", field="config.most", form="bytes", targets="targetRefs"), "1k")
    route = next(entry for entry in result.objects if entry["kind"] == "HTTPRoute")

    assert limits(result)[0]["config"] == {"most": 1024}
    assert route["spec"]["rules"][0]["filters"] == [
        {
            "type": "ExtensionRef",
            "extensionRef": {"group": "example.com", "kind": "Limit", "name": "shop-example-com-0-size"},
        }
    ]


def test_one_policy_for_a_service_whichever_routes_lead_there() -> None:
    result = converted(saying(how="service", field="spec.most", form="nginx-size", targets="targetRef"), "8m", "8m")

    assert [entry["spec"] for entry in limits(result)] == [
        {"targetRef": {"group": "", "kind": "Service", "name": "web"}, "most": "8m"}
    ]


def test_of_two_that_disagree_about_a_service_the_first_stays_and_the_other_is_told() -> None:
    result = converted(saying(how="service", field="spec.most", form="nginx-size", targets="targetRef"), "8m", "9m")
    told = {(e.origin.source.name, e.code) for e in result.entries if e.origin.key.endswith("proxy-body-size")}

    assert [entry["spec"]["most"] for entry in limits(result)] == ["9m"]
    assert told == {("web-1", "body-size"), ("web-0", "service-policy.beaten")}


@pytest.mark.parametrize("size", ["", "0"])
def test_what_nobody_wrote_and_what_the_field_cannot_say_goes_another_way(size: str) -> None:
    assert limits(converted(saying(field="spec.most", form="quantity", targets="targetRefs"), size)) == []


@pytest.mark.parametrize(
    ("size", "as_quantity", "as_nginx"),
    [(1 << 30, "1Gi", "1g"), (8 << 20, "8Mi", "8m"), (1536, "1536", "1536"), (2048, "2Ki", "2k"), (7, "7", "7")],
)
def test_sizes_are_written_in_the_largest_unit_without_a_fraction(size: int, as_quantity: str, as_nginx: str) -> None:
    assert (quantity(size), nginx_size(size)) == (as_quantity, as_nginx)


@pytest.mark.parametrize(
    ("feature", "annotations", "code"),
    [
        ("mirror", {"mirror-target": "http://shadow.team.svc"}, "mirror.lost"),
        ("host-rewrite", {"upstream-vhost": "inner.example.com"}, "headers.host-kept"),
        ("path-rewrite", {"rewrite-target": "/new"}, "rewrite.lost"),
        ("prefix-rewrite", {"rewrite-target": "/$2"}, "rewrite.lost"),
        ("cors", {"enable-cors": "true"}, "cors.lost"),
        ("regex-path", {"use-regex": "true"}, "path.regex-lost"),
    ],
)
def test_what_an_implementation_lacks_is_reported_and_not_written(
    feature: str, annotations: dict[str, str], code: str
) -> None:
    manifest = ingress("web", rule("shop.example.com", path("/api(/|$)(.*)")), annotations=annotations)
    lacking = replace(STANDARD, release=replace(STANDARD.release, lacks=frozenset({feature})))
    with_it, without = (convert(reading(manifest), to, Options()) for to in (STANDARD, lacking))

    assert code in {entry.code for entry in without.entries}
    assert code not in {entry.code for entry in with_it.entries}


def test_headers_and_hsts_are_not_written_where_the_implementation_cannot_set_them() -> None:
    lacking = replace(STANDARD, release=replace(STANDARD.release, lacks=frozenset({"response-headers"})))
    section = [tls("shop.example.com", secret="shop")]
    result = convert(reading(ingress("web", rule("shop.example.com", path("/")), tls=section)), lacking, Options())

    assert "ResponseHeaderModifier" not in str(result.objects)
    assert "hsts.lost" in {entry.code for entry in result.entries} | {
        remark.code for entry in result.entries for remark in entry.also
    }
