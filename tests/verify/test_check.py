"""What becomes of a difference: the ledger announces it, somebody takes it, or nobody knows of it."""

from __future__ import annotations

import copy
from typing import Any

from manifests import ingress, path, reading, rule, tls

from converter.controllers.ingress_nginx import Options
from converter.gateway.releases import release
from converter.pipeline import convert
from converter.targets import target
from converter.verify.accepted import Acceptance, accept
from converter.verify.check import Case, Checked, check, shows
from converter.verify.compare import Difference
from converter.verify.kept import check_policies
from converter.verify.messages import Answer, Request
from converter.verify.probes import Probe, probes
from converter.verify.written import Written, identity_of

Json = dict[str, Any]
STANDARD = target("standard", release("1.6", "standard"))
HOST = "shop.example.com"
SHOP = ingress(
    "shop",
    rule(HOST, path("/api", "api"), path("/")),
    tls=[tls(HOST, secret="one")],
    namespace="shop",
    annotations={"proxy-read-timeout": "30"},
)
LISTED = ingress("shop", rule(HOST, path("/")), namespace="shop", annotations={"allowlist-source-range": "10.0.0.0/8"})


def case(*manifests: Json, change: Any = None, to: Any = STANDARD) -> Case:
    """``change`` alters a copy of the objects, as somebody does by hand."""
    found = convert(reading(*manifests), to, Options())
    objects = copy.deepcopy(list(found.objects))
    if change is None:
        return Case(found.tables[0], found.entries, to.table, found.objects, found.objects)
    change({f"{each['kind']} {each['metadata']['name']}": each for each in objects})
    written = {identity_of(each): Written(each, "routes.yaml", number) for number, each in enumerate(objects, 1)}
    return Case(found.tables[0], found.entries, to.table, found.objects, objects, written)


def ask(given: Case, target: str = "/", scheme: Any = "https", **request: Any) -> Checked:
    (found,) = check(given, [Probe(Request(HOST, target, scheme=scheme, **request), "a test")])
    return found


def judged(row: Checked) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    return [(each.outcome, each.aspect, each.before, each.after, each.codes) for each in row.differences]


def test_a_request_that_gets_the_same_is_the_same() -> None:
    row = ask(case(SHOP), "/", scheme="http")
    assert (row.outcome, row.differences, row.host, row.location) == ("same", (), HOST, "prefix /")


def test_a_difference_that_the_ledger_is_about_is_announced_with_its_code() -> None:
    assert judged(ask(case(SHOP), "/", method="POST", body=2_000_000)) == [
        ("announced", "status", "413", "shop/web:80", ("body-size",))
    ]


def test_what_the_objects_of_a_conversion_would_do_as_well_is_announced_for_those_of_others() -> None:
    assert judged(ask(case(SHOP, change=lambda _: None), "/", method="POST", body=2_000_000)) == [
        ("announced", "status", "413", "shop/web:80", ("body-size",))
    ]


def wrong_service(objects: dict[str, Json]) -> None:
    objects["HTTPRoute shop-example-com"]["spec"]["rules"][0]["backendRefs"][0]["name"] = "other"


def test_a_difference_of_objects_that_were_edited_is_not_announced_and_leads_to_both_places() -> None:
    row = ask(case(SHOP, change=wrong_service), "/api")
    assert ("unannounced", "backend", "shop/api:80", "shop/other:80", ()) in judged(row)
    assert str(row.source) == "Ingress shop/shop, path /api (<stdin>:18)"
    assert str(row.target) == ("HTTPRoute shop/shop-example-com, rule 0 (api), PathPrefix /api (routes.yaml:3)")


def test_the_ledger_does_not_excuse_another_difference_of_the_same_aspect() -> None:
    """That a large body is let through is announced; that it goes elsewhere is not."""
    row = ask(case(SHOP, change=wrong_service), "/api", method="POST", body=2_000_000)
    assert judged(row) == [("unannounced", "status", "413", "shop/other:80", ())]


def with_the_header(objects: dict[str, Json]) -> None:
    for each in objects["HTTPRoute shop-example-com"]["spec"]["rules"]:
        header = {"name": "X-Scheme", "value": "https"}
        each["filters"] = [
            *each.get("filters", []),
            {"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": [header]}},
        ]


def test_objects_that_are_better_than_ours_are_no_difference() -> None:
    """Less of what is announced is announced, too."""
    (before,) = ask(case(SHOP)).differences
    (after,) = ask(case(SHOP, change=with_the_header)).differences
    assert (before.outcome, after.outcome) == ("announced", "announced")
    assert "x-scheme" in before.before
    assert "x-scheme" not in after.before


def opened(objects: dict[str, Json]) -> None:
    """The path that was closed because its list of addresses is lost."""
    each = objects["HTTPRoute shop-example-com"]["spec"]["rules"][0]
    each["backendRefs"] = [{"name": "web", "port": 80}]


def test_what_nobody_wrote_is_excused_where_ours_let_another_answer() -> None:
    inside = {"client": "10.0.0.1"}
    assert judged(ask(case(LISTED), scheme="http", **inside))[0][:4] == ("announced", "status", "shop/web:80", "500")
    row = ask(case(LISTED, change=opened), scheme="http", **inside)
    assert [(each.outcome, each.aspect, each.codes) for each in row.differences] == [
        ("announced", "forwarded-headers", ("forwarded-headers",))
    ]


def test_a_door_that_ours_close_and_theirs_open_is_not_announced() -> None:
    assert judged(ask(case(LISTED, change=opened), scheme="http")) == [
        ("unannounced", "status", "403", "shop/web:80", ())
    ]
    lost = [each for row in check_policies(case(LISTED, change=opened)) for each in row.differences]
    assert ("unannounced", "addresses, allowed") in {(each.outcome, each.subject) for each in lost} or (
        "unannounced",
        "addresses",
    ) in {(each.outcome, each.subject) for each in lost}


def without_times(objects: dict[str, Json]) -> None:
    del objects["HTTPRoute shop-example-com"]["spec"]["rules"][0]["timeouts"]


def policies(given: Case) -> set[tuple[str, str, str]]:
    rows = check_policies(given)
    return {(row.location, each.outcome, each.subject) for row in rows for each in row.differences}


def test_a_limit_that_is_switched_off_has_to_stay_so() -> None:
    """Without the field an implementation has its own limit."""
    more = policies(case(SHOP, change=without_times)) - policies(case(SHOP))
    assert more == {("prefix /api", "unannounced", "request timeout")}


def test_policies_are_told_once_for_each_location() -> None:
    locations = [row.location for row in check_policies(case(SHOP)) if row.probe.request.scheme == "https"]
    assert sorted(locations) == ["prefix /", "prefix /api"]


def test_either_side_may_be_real() -> None:
    class Dead:
        def answer(self, request: Request) -> Answer:
            return Answer(503)

    (row,) = check(case(SHOP), [Probe(Request(HOST), "a test")], after=Dead())
    assert (row.outcome, row.after) == ("unannounced", Answer(503))


def test_lists_of_headers_may_differ_in_less_and_nothing_else_may() -> None:
    excused = [Difference("request-headers", "a: 1; b: 2", "c: 3"), Difference("status", "200", "404")]
    assert shows(excused, Difference("request-headers", "a: 1", ""))
    assert not shows(excused, Difference("request-headers", "a: 1", "a: 2"))
    assert not shows(excused, Difference("status", "200", ""))
    assert not shows(excused, Difference("path", "/", "/x"))


def rows_of(given: Case) -> tuple[Checked, ...]:
    return (*check(given, probes(given.table, given.concerned())), *check_policies(given))


def test_a_decision_takes_what_it_names_and_nothing_else() -> None:
    rows = rows_of(case(SHOP, change=wrong_service))
    taken = Acceptance("moved to another team", host="shop.*", path="/api*", aspect="backend")
    found, stale = accept(rows, [taken])
    outcomes = {(each.outcome, each.aspect) for row in found for each in row.differences if each.accepted}
    assert outcomes == {("accepted", "backend")}
    assert stale == ()
    assert {row.location for row in found if row.outcome == "unannounced"} <= {"prefix /api"}


def test_a_decision_that_nothing_needs_is_stale() -> None:
    known = Acceptance("everybody knows", aspect="forwarded-headers")
    found, stale = accept(rows_of(case(SHOP)), [known])
    assert stale == (known,)
    assert not any(each.accepted for row in found for each in row.differences)


def test_hosts_that_only_others_have_are_not_asked_for() -> None:
    def beside(objects: dict[str, Json]) -> None:
        route = objects["HTTPRoute shop-example-com"]
        route["spec"]["hostnames"] = ["elsewhere.example.org"]

    names = [each["metadata"]["name"] for each in case(SHOP, change=beside).concerned()]
    assert "shop-example-com" not in names
    assert "shop-example-com-http" in names


def test_a_missing_grant_is_named() -> None:
    other = ingress("admin", rule(HOST, path("/admin", "admin")), namespace="admin")

    def ungranted(objects: dict[str, Json]) -> None:
        for name, each in objects.items():
            if name.startswith("ReferenceGrant"):
                each["spec"]["from"] = []

    assert str(ask(case(SHOP, other, change=ungranted), "/").target).startswith(
        "listener https-shop-example-com of Gateway gateway-system/nginx (routes.yaml:2) has no ReferenceGrant for its"
        " certificate in shop"
    )


def test_where_nobody_listens_the_gateway_and_the_route_are_named() -> None:
    def closed(objects: dict[str, Json]) -> None:
        gateway = objects["Gateway nginx"]
        gateway["spec"]["listeners"] = [each for each in gateway["spec"]["listeners"] if each["protocol"] == "HTTP"]

    row = ask(case(SHOP, change=closed), "/api")
    assert str(row.target) == (
        "no listener of Gateway shop/nginx (routes.yaml:2) takes https for it, which HTTPRoute shop/shop-example-com"
        " (routes.yaml:3) would need"
    )
