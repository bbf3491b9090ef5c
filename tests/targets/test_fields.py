"""What a row of a target's table says is done without code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from manifests import ingress, path, reading, rule, tls

from converter.controllers.ingress_nginx import Options
from converter.controllers.ingress_nginx.configuration import Configuration
from converter.gateway.releases import release
from converter.gateway.topology import Topology
from converter.ledger import Origin, Source, Verdict
from converter.pipeline import Conversion, convert
from converter.routing import BodyLimit, Setting
from converter.targets import standard, target
from converter.targets.carry import Target
from converter.targets.fields import by_row, nginx_size, quantity, said, setting
from converter.targets.table import Carry, Row

STANDARD = target("standard", release("1.6", "standard"))
OPTION = Origin(
    Source("ConfigMap", "ingress-nginx", "controller", "c.yaml", 3), "field", "data.proxy-connect-timeout", "9"
)


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


def saying_of_setting(name: str, **columns: Any) -> Target:
    """A target whose row for a setting is done as data."""
    carry = Carry(**{"kind": "Limit", "api_version": "example.com/v1", "how": "policy", "word": "size"} | columns)
    row = Row(name, Verdict.TRANSLATED, "Words.", "", carry=carry)
    lost = Row(f"{name}.lost", Verdict.UNTRANSLATED, "Other words.", "")
    carriers = {**standard.CARRIERS, Setting: setting}
    table = replace(STANDARD.table, settings={**STANDARD.table.settings, name: row, f"{name}.lost": lost})
    return replace(STANDARD, table=table, carriers=carriers)


BALANCED = saying_of_setting(
    "load-balance", field="spec.balancer.type", form="word", targets="targetRefs", words={"ewma": "LeastRequest"}
)


@pytest.mark.parametrize(
    ("value", "specs", "code"),
    [("ewma", [{"type": "LeastRequest"}], "load-balance"), ("round_robin", [], "load-balance.lost")],
)
def test_a_setting_is_said_in_the_words_of_the_field_or_is_lost(
    value: str, specs: list[dict[str, str]], code: str
) -> None:
    web = ingress("web", rule("shop.example.com", path("/")), annotations={"load-balance": value})
    result = convert(reading(web), BALANCED, Options())

    assert [entry["spec"]["balancer"] for entry in limits(result)] == specs
    assert code in {entry.code for entry in result.entries}


def test_an_option_of_the_controller_holds_where_no_annotation_says_otherwise() -> None:
    to = saying_of_setting("proxy-connect-timeout", field="spec.connect", form="duration", targets="targetRefs")
    options = Options(configuration=Configuration(options={"proxy-connect-timeout": OPTION}))
    own = ingress("own", rule("shop.example.com", path("/own")), annotations={"proxy-connect-timeout": "7"})
    result = convert(reading(own, ingress("web", rule("shop.example.com", path("/")))), to, options)
    told = [entry.code for entry in result.entries if entry.origin == OPTION]

    assert [(entry["metadata"]["name"], entry["spec"]["connect"]) for entry in limits(result)] == [
        ("shop-example-com-own-size", "7s"),
        ("shop-example-com-root-size", "9s"),
    ]
    assert told == ["proxy-connect-timeout"]


def test_an_option_that_no_row_carries_is_lost_once() -> None:
    options = Options(configuration=Configuration(options={"proxy-connect-timeout": OPTION}))
    result = convert(reading(ingress("web", rule("shop.example.com", path("/")))), STANDARD, options)

    assert [entry.code for entry in result.entries if entry.origin == OPTION] == ["option.untranslated"]


def row_for_an_option(verdict: Verdict) -> Target:
    row = Row("proxy-connect-timeout", verdict, "A time of its own.", "Set it there.")
    return replace(STANDARD, table=replace(STANDARD.table, settings={row.code: row}))


@pytest.mark.parametrize(
    ("verdict", "code"),
    [(Verdict.UNTRANSLATED, "proxy-connect-timeout"), (Verdict.TRANSLATED, "option.untranslated")],
)
def test_an_option_is_lost_in_the_words_of_the_target_unless_these_are_about_carrying_it(verdict, code) -> None:
    options = Options(configuration=Configuration(options={"proxy-connect-timeout": OPTION}))
    to = row_for_an_option(verdict)
    result = convert(reading(ingress("web", rule("shop.example.com", path("/")))), to, options)
    told = [(entry.verdict, entry.code) for entry in result.entries if entry.origin == OPTION]

    assert told == [(Verdict.UNTRANSLATED, code)]


ENCRYPTED = saying_of_setting(
    "ssl-ciphers", how="listener", field="spec.tls.ciphers", form="text", targets="targetRefs"
)


def secured(name: str, host: str, ciphers: str, **parts: Any) -> dict[str, Any]:
    annotations = {"ssl-ciphers": ciphers} if ciphers else {}
    return ingress(name, rule(host, path("/")), annotations=annotations, **parts)


def test_a_policy_for_the_https_listeners_of_a_host_leaves_those_of_others_alone() -> None:
    certificate = [tls("a.example.com", "b.example.com", secret="shop")]
    one = secured("one", "a.example.com", "HIGH", tls=certificate)
    result = convert(reading(one, secured("two", "b.example.com", "", tls=certificate)), ENCRYPTED, Options())

    assert limits(result) == [
        {
            "apiVersion": "example.com/v1",
            "kind": "Limit",
            "metadata": {"name": "nginx-https-a-example-com-size"},
            "spec": {
                "targetRefs": [
                    {
                        "group": "gateway.networking.k8s.io",
                        "kind": "Gateway",
                        "name": "nginx",
                        "sectionName": "https-a-example-com",
                    }
                ],
                "tls": {"ciphers": "HIGH"},
            },
        }
    ]


def test_listeners_that_ask_for_the_same_share_a_policy() -> None:
    certificate = [tls("a.example.com", "b.example.com", secret="shop")]
    found = (secured(host, f"{host}.example.com", "HIGH", tls=certificate) for host in "ab")
    result = convert(reading(*found), ENCRYPTED, Options())
    (policy,) = limits(result)

    assert [each["sectionName"] for each in policy["spec"]["targetRefs"]] == [
        "https-a-example-com",
        "https-b-example-com",
    ]
    assert {e.code for e in result.entries if e.origin.key.endswith("ssl-ciphers")} == {"ssl-ciphers"}


def test_a_host_with_nothing_but_the_default_certificate_gets_a_listener_of_its_own_for_its_policy() -> None:
    manifests = reading(secured("one", "a.example.com", "HIGH"), secured("two", "b.example.com", ""))
    result = convert(manifests, ENCRYPTED, Options(), Topology(default_certificate=("edge", "default")), "edge")
    gateway = next(entry for entry in result.objects if entry["kind"] == "Gateway")
    (policy,) = limits(result)

    assert [(each["name"], each.get("hostname")) for each in gateway["spec"]["listeners"]] == [
        ("http", None),
        ("https-a-example-com", "a.example.com"),
        ("https", None),
    ]
    assert [each["sectionName"] for each in policy["spec"]["targetRefs"]] == ["https-a-example-com"]


def test_what_holds_for_https_is_lost_where_nothing_listens_for_it() -> None:
    result = convert(reading(secured("one", "a.example.com", "HIGH")), ENCRYPTED, Options())

    assert limits(result) == []
    assert "https.silent" in {entry.code for entry in result.entries if entry.origin.key.endswith("ssl-ciphers")}


def tls_option(name: str, option: str, form: str, words: dict[str, Any] | None = None) -> Target:
    carry = Carry("", "", "tls-option", "", option, form, "", words or {})
    row = Row(name, Verdict.TRANSLATED, "The listeners of the host are told so.", "", carry=carry)
    table = replace(STANDARD.table, settings={**STANDARD.table.settings, name: row})
    return replace(STANDARD, table=table, carriers={**STANDARD.carriers, Setting: setting})


CIPHERED = tls_option("ssl-ciphers", "example.com/ciphers", "words", {"A": "TLS_A", "B": "TLS_B"})


def https_listeners(result: Conversion) -> dict[str, dict[str, Any]]:
    gateway = next(entry for entry in result.objects if entry["kind"] == "Gateway")
    return {each["name"]: each["tls"] for each in gateway["spec"]["listeners"] if each["protocol"] == "HTTPS"}


def test_an_option_of_tls_stands_at_the_listeners_of_its_host_alone() -> None:
    certificate = [tls("a.example.com", "b.example.com", secret="shop")]
    one = secured("one", "a.example.com", "A:B:!C", tls=certificate)
    result = convert(reading(one, secured("two", "b.example.com", "", tls=certificate)), CIPHERED, Options())
    (entry,) = (entry for entry in result.entries if entry.origin.key.endswith("ssl-ciphers"))
    (place,) = entry.results

    assert https_listeners(result) == {
        "https-a-example-com": {
            "mode": "Terminate",
            "certificateRefs": [{"kind": "Secret", "name": "shop"}],
            "options": {"example.com/ciphers": "TLS_A,TLS_B"},
        },
        "https-b-example-com": {"mode": "Terminate", "certificateRefs": [{"kind": "Secret", "name": "shop"}]},
    }
    assert (place.kind, place.path) == ("Gateway", "spec.listeners[1].tls.options[example.com/ciphers]")


def test_a_host_with_nothing_but_the_default_certificate_gets_a_listener_of_its_own_for_its_option() -> None:
    manifests = reading(secured("one", "a.example.com", "A"), secured("two", "b.example.com", ""))
    result = convert(manifests, CIPHERED, Options(), Topology(default_certificate=("edge", "default")), "edge")

    assert {name: tls.get("options") for name, tls in https_listeners(result).items()} == {
        "https-a-example-com": {"example.com/ciphers": "TLS_A"},
        "https": None,
    }


def test_an_option_of_tls_is_lost_where_nothing_listens_for_https() -> None:
    result = convert(reading(secured("one", "a.example.com", "A")), CIPHERED, Options())

    assert "https.silent" in {entry.code for entry in result.entries if entry.origin.key.endswith("ssl-ciphers")}


def test_what_the_host_says_of_its_listeners_comes_before_an_option_of_the_controller() -> None:
    """For all its paths, whichever Ingress they are from."""
    certificate = [tls("a.example.com", secret="shop")]
    one = secured("one", "a.example.com", "A", tls=certificate)
    two = ingress("two", rule("a.example.com", path("/two")), tls=certificate)
    told = Options(configuration=Configuration(options={"ssl-ciphers": replace(OPTION, value="B")}, known=True))
    other = ingress("other", rule("b.example.com", path("/")), tls=[tls("b.example.com", secret="shop")])
    result = convert(reading(one, two, other), CIPHERED, told)

    assert https_listeners(result)["https-b-example-com"]["options"] == {"example.com/ciphers": "TLS_B"}
    assert https_listeners(result)["https-a-example-com"]["options"] == {"example.com/ciphers": "TLS_A"}


def test_names_take_their_place_in_message_and_advice() -> None:
    row = Row("a.code", Verdict.APPROXIMATED, "See {secret}.", "Copy {namespace}/{secret}, not {other}.")
    note = row.note(OPTION, secret="users", namespace="team")

    assert (note.message, note.advice) == ("See users.", "Copy team/users, not {other}.")


STREAMED = saying_of_setting(
    "proxy-request-buffering",
    how="annotation",
    field="example.com/buffering",
    form="word",
    targets="",
    words={"off": "false"},
)


def test_an_annotation_holds_for_a_whole_route_so_that_others_get_one_of_their_own() -> None:
    paths = [
        ("/", {}),
        ("/a", {"proxy-request-buffering": "off"}),
        ("/b", {"proxy-request-buffering": "off"}),
    ]
    found = [
        ingress(f"web{at}", rule("shop.example.com", path(value)), annotations=annotations)
        for at, (value, annotations) in enumerate(paths)
    ]
    result = convert(reading(*found), STREAMED, Options())
    routes = [entry for entry in result.objects if entry["kind"] == "HTTPRoute"]

    assert [
        (entry["metadata"].get("annotations"), [each["matches"][0]["path"]["value"] for each in entry["spec"]["rules"]])
        for entry in routes
    ] == [({"example.com/buffering": "false"}, ["/b", "/a"]), (None, ["/"])]
    assert {result.path for entry in result.entries for result in entry.results if entry.origin.value == "off"} == {
        "metadata.annotations[example.com/buffering]"
    }


def test_a_service_policy_without_targets_is_named_by_its_service() -> None:
    to = saying(how="service", field="spec.size", form="bytes", targets="")
    (policy,) = limits(converted(to, "8m"))

    assert policy["spec"] == {"size": 8 << 20}


def test_a_text_that_does_not_fit_cannot_be_said() -> None:
    carry = Carry("", "", "tls-option", "", "example.com/ciphers", "text", "", fits="[A-Z]+")

    assert said(carry, ciphers(" HIGH\n")) == "HIGH"
    assert said(carry, ciphers("HIGH low")) is None


def ciphers(value: str) -> Setting:
    return Setting("ssl-ciphers", "tls", "", value, (OPTION,))
