"""The table of behaviours: everything that the other tables name has its one row."""

from __future__ import annotations

from typing import Any

import pytest

from converter.advice.behaviours import behaviours, read_behaviours
from converter.controllers.ingress_nginx.config_table import flags, options
from converter.ledger import Origin, Source
from converter.tables import TableError, controller_table, load_table, neighbours
from converter.targets import NAMES
from converter.targets.table import target_table

NGINX = controller_table("ingress-nginx")
KNOWN = behaviours()
RAW = load_table("behaviours")


def origin(kind: Any, key: str, value: str = "x", *, of: str = "Ingress") -> Origin:
    return Origin(Source(of, "shop", "web", "a.yaml", 1), kind, key, value)


def behaviour(kind: Any, key: str, value: str = "x", *, code: str = "a.code", of: str = "Ingress") -> str:
    found = KNOWN.of(code, origin(kind, key, value, of=of))
    return found.id if found else ""


@pytest.mark.parametrize("name", [*NGINX.annotations, *NGINX.aliases])
def test_every_annotation_has_its_row(name) -> None:
    assert behaviour("annotation", NGINX.prefix + name) != "other"


@pytest.mark.parametrize("name", sorted({name for target in NAMES for name in target_table(target).defaults}))
def test_every_default_has_its_row(name) -> None:
    assert behaviour("default", name.removesuffix(".named")) != "other"


@pytest.mark.parametrize("name", ["hsts", "ssl-redirect", "ingress-class", "trailing-slash", "body-size", "retries"])
def test_so_have_the_defaults_that_stand_on_a_location(name) -> None:
    assert behaviour("default", name) != "other"


@pytest.mark.parametrize("name", options())
def test_every_option_of_the_configmap_has_its_row(name) -> None:
    assert behaviour("field", f"data.{name}", of="ConfigMap") != "other"


@pytest.mark.parametrize("name", sorted(name for name, row in flags().items() if row.effect and not row.heeded))
def test_every_flag_that_is_reported_is_known_but_one(name) -> None:
    found = behaviour("field", "spec.template.spec.containers.args", f"{name}=x", of="Deployment")
    assert (found == "other") == (name == "--watch-namespace-selector")


@pytest.mark.parametrize(
    "key",
    ["spec.rules.host", "spec.rules.http.paths", "spec.defaultBackend", "spec.tls", "spec.ingressClassName"],
)
def test_every_field_has_its_row(key) -> None:
    assert behaviour("field", key) != "other"


def test_programs_whose_annotations_are_moved_or_lost_have_their_rows() -> None:
    told = {row.program for row in neighbours().rows.values() if row.goes_to != "none" or row.advice}
    assert told == KNOWN.named["programs"].keys()


def test_nothing_is_listed_that_no_table_has() -> None:
    topics = {row.topic for row in NGINX.annotations.values()} | {row.topic for row in options().values()}
    codes = {code for name in NAMES for code in target_table(name).rows}
    annotations = {*NGINX.annotations, "kubernetes.io/ingress.class"}
    assert KNOWN.named["topics"].keys() == topics
    assert {*KNOWN.named["annotations"], *KNOWN.valued} <= annotations
    assert KNOWN.named["options"].keys() <= {*options(), *flags()}
    assert {*KNOWN.named["codes"], *KNOWN.follows, *KNOWN.closed, *KNOWN.open} - {"option.heeded"} <= codes


def test_titles_are_short_and_each_is_its_own() -> None:
    titles = [row.title for row in KNOWN.rows.values()]
    assert len(set(titles)) == len(titles)
    assert [title for title in titles if len(title) > 24] == []


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("limit-rps", "5", "rate-limit"),
        ("limit-whitelist", "10.0.0.0/8", "rate-limit"),
        ("limit-connections", "5", "connection-limit"),
        ("rewrite-target", "/", "rewrite"),
        ("rewrite-target", "/$2", "rewrite-captures"),
        ("backend-protocol", "GRPC", "grpc"),
        ("backend-protocol", "HTTPS", "backend-tls"),
        ("auth-url", "http://auth", "external-auth"),
        ("auth-signin", "http://auth", "sign-in"),
        ("rate-limit-rps", "5", "rate-limit"),
        ("add-base-url", "true", "other"),
        ("never-heard-of", "x", "other"),
    ],
)
def test_what_an_annotation_is_about(key, value, expected) -> None:
    assert behaviour("annotation", NGINX.prefix + key, value) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("kubernetes.io/ingress.class", "class"),
        ("cert-manager.io/cluster-issuer", "certificates"),
        ("external-dns.alpha.kubernetes.io/ttl", "dns"),
        ("kubernetes.io/tls-acme", "certificates"),
        ("example.com/own", "other"),
    ],
)
def test_annotations_of_other_programs_go_by_the_program(key, expected) -> None:
    assert behaviour("annotation", key) == expected


def test_a_code_counts_more_than_what_the_entry_is_about() -> None:
    assert behaviour("field", "spec.rules.http.paths", code="path") == "paths"
    assert behaviour("field", "spec.rules.http.paths", code="path.regex") == "regex-paths"


@pytest.mark.parametrize(
    ("code", "expected"),
    [("rate-limit", "rate-limit"), ("errors.untranslated", "error-pages"), ("access.closed", "other")],
)
def test_of_a_name_that_no_table_has_the_code_tells_where_it_can(code, expected) -> None:
    assert behaviour("annotation", "example.com/own", code=code) == expected


def test_a_part_goes_by_its_whole() -> None:
    assert behaviour("directive", f"{NGINX.prefix}configuration-snippet add_header") == "snippets"
    assert behaviour("directive", "data.http-snippet deny", of="ConfigMap") == "snippets"


def test_what_stands_on_a_path_that_is_left_out_is_lost_with_it() -> None:
    assert behaviour("annotation", NGINX.prefix + "rewrite-target", "/$1", code="path.left-out") == "rewrite-captures"
    assert behaviour("field", "spec.rules.http.paths", code="path.regex-lost") == "regex-paths"


def test_where_the_address_of_a_client_is_read_is_one_row_whatever_carries_it() -> None:
    assert behaviour("field", "data.enable-real-ip", of="ConfigMap", code="trusted-headers") == "client-address"
    assert (
        behaviour("field", "data.use-forwarded-headers", of="ConfigMap", code="trusted-headers") == "forwarded-headers"
    )


def test_what_only_follows_from_another_entry_is_in_no_row() -> None:
    assert behaviour("field", "spec.rules.http.paths", code="path.closed") == ""


def table(**rows: Any) -> dict[str, Any]:
    return {"behaviours": rows, "other": {"title": "rest"}, "follows": [], "nowhere": [], "closed": [], "open": []}


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (table(a={"titel": "x"}), "a: has an unknown column titel."),
        (table(a={"topics": ["x"]}), "a: lacks title."),
        (table(a={"title": "a", "topics": ["x"]}, b={"title": "b", "topics": ["x"]}), "b: x stands in a already."),
        ({**table(), "more": {}}, "behaviours.yaml: has an unknown section more."),
    ],
)
def test_a_broken_table_is_refused(broken, message) -> None:
    with pytest.raises(TableError) as caught:
        read_behaviours(broken)
    assert message in str(caught.value)
