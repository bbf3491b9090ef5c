"""What the loader makes of a table, and what it says when a table does not hold together."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from converter import tables
from converter.tables import TableError, controller_table, load_table, neighbours, read_controller, read_neighbours

HEAD = {"controller": "mine", "prefix": "mine.example/", "version": "1.0.0", "source": "https://mine.example"}
PLAIN = {
    "group": "limit",
    "topic": "ratelimit",
    "scope": "location",
    "type": "int",
    "risk": "low",
    "invalid": "default",
    "since": "0.8",
    "effect": "Limits requests.",
}
NEIGHBOUR = {"match": "dns.example/*", "program": "dns", "goes-to": "route", "effect": "Publishes the name."}


def table(**sections):
    return HEAD | {"annotations": {"limit": PLAIN}} | sections


def with_row(*without, **columns):
    row = {column: cell for column, cell in (PLAIN | columns).items() if column not in without}
    return table(annotations={"limit": row})


@pytest.fixture
def mappings(tmp_path, monkeypatch):
    """An empty folder that stands in for the tables of the project."""
    monkeypatch.setattr(tables, "root", lambda: tmp_path)
    cached = (load_table, controller_table, neighbours)
    for function in cached:
        function.cache_clear()
    yield tmp_path
    for function in cached:
        function.cache_clear()


def test_a_table_becomes_typed_rows():
    full = PLAIN | {"type": "enum", "values": ["on", "off"], "case": "ignored", "pattern": "^(on|off)$"}
    full |= {"linear": "^on|off$", "spaces": "removed", "default": "on", "configmap": "limit", "note": "Per replica."}
    full |= {"becomes": ["rate-limit", "ssl-redirect"], "unused": "Nothing is limited.", "needs": "limit=5,6"}
    found = read_controller(
        "mine.yaml",
        table(
            annotations={"limit": PLAIN, "switch": full},
            aliases={"max": {"of": "limit", "since": "0.7", "note": "Old."}, "top": {"of": "limit", "since": "0.7"}},
            removed={"cap": {"removed": "0.9", "replacement": "limit", "effect": "Capped."}},
            invented={
                "rate": {"intent": "limit/switch", "becomes": ["rate-limit"]},
                "speed": {"note": "Not read."},
            },
        ),
    )
    plain = tables.AnnotationRow(
        name="limit",
        group="limit",
        topic="ratelimit",
        scope="location",
        type="int",
        values=(),
        ignores_case=False,
        pattern=None,
        linear=None,
        spaces=None,
        default=None,
        configmap=None,
        risk="low",
        invalid="default",
        since="0.8",
        effect="Limits requests.",
        note=None,
        becomes=(),
        unused=None,
        needs=None,
    )
    switch = replace(
        plain,
        name="switch",
        type="enum",
        values=("on", "off"),
        ignores_case=True,
        pattern="^(on|off)$",
        linear="^on|off$",
        spaces="removed",
        default="on",
        configmap="limit",
        note="Per replica.",
        becomes=("rate-limit", "ssl-redirect"),
        unused="Nothing is limited.",
        needs="limit=5,6",
    )
    assert found == tables.ControllerTable(
        **HEAD,
        annotations={"limit": plain, "switch": switch},
        aliases={
            "max": tables.AliasRow("max", "limit", "0.7", "Old."),
            "top": tables.AliasRow("top", "limit", "0.7", None),
        },
        removed={"cap": tables.RemovedRow("cap", "0.9", "limit", "Capped.")},
        invented={
            "rate": tables.InventedRow("rate", "limit/switch", None, ("rate-limit",)),
            "speed": tables.InventedRow("speed", None, "Not read.", ()),
        },
    )


def test_sections_may_be_absent():
    assert read_controller("mine.yaml", HEAD) == tables.ControllerTable(*HEAD.values(), {}, {}, {}, {})


TYPES = (
    "bool, int, kilobytes, seconds, enum, cidr-list, service, common-name, snippet, "
    "size, string, list, path, url, host, host-list, header-list, regex, secret, configmap"
)
SECTIONS = "controller, prefix, version, source, annotations, aliases, removed, invented"
COLUMNS = (
    "group, topic, scope, type, risk, invalid, since, effect, "
    "values, case, pattern, linear, spaces, default, configmap, note, becomes, unused, needs"
)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (with_row(scop="server"), f"limit: has an unknown column scop. Allowed: {COLUMNS}."),
        (with_row("group", "since"), "limit: lacks group, since."),
        (with_row(scope="host"), "limit: scope is host. Allowed: location, server, backend, stream."),
        (with_row(type="integer"), f"limit: type is integer. Allowed: {TYPES}."),
        (with_row(risk="High"), "limit: risk is High. Allowed: low, medium, high, critical."),
        (
            with_row(invalid="drop"),
            "limit: invalid is drop. Allowed: default, ignore-group, deny-location, deny-server, drop-ingress.",
        ),
        (with_row(pattern="a", spaces="kept"), "limit: spaces is kept. Allowed: removed, trimmed."),
        (with_row(type="enum", values=["a"], case="kept"), "limit: case is kept. Allowed: ignored."),
        (with_row(since=0.8), "limit: since is 0.8. Allowed: a text, in quotes."),
        (with_row(default=True), "limit: default is True. Allowed: a text, in quotes."),
        (with_row(note=""), "limit: note is ''. Allowed: a text, in quotes."),
        (with_row(note=None), "limit: note is None. Allowed: a text, in quotes."),
        (with_row(type="enum", values="on"), "limit: values is 'on'. Allowed: a list of texts."),
        (with_row(type="enum", values=[]), "limit: values is []. Allowed: a list of texts."),
        (with_row(type="enum", values=["a", True]), "limit: values is ['a', True]. Allowed: a list of texts."),
        (with_row(type="enum"), "limit: an enum, and nothing else, has values."),
        (with_row(values=["a"]), "limit: an enum, and nothing else, has values."),
        (with_row(linear="a"), "limit: linear and spaces belong to a pattern."),
        (with_row(spaces="removed"), "limit: linear and spaces belong to a pattern."),
        (with_row(pattern="(a"), "limit: pattern does not compile: missing ), unterminated subpattern at position 0."),
        (with_row(pattern="a", linear="*"), "limit: linear does not compile: nothing to repeat at position 0."),
        (table(annotations={"limit": "int"}), "limit: is not a mapping."),
        (table(annotations=[PLAIN]), "annotations: is not a mapping."),
        (table(annotations={True: PLAIN}), "True: is not text. Allowed: a text, in quotes."),
        (table(removed={"limit": {"removed": "1.0", "effect": "x"}}), "limit: stands in two sections."),
        (table(aliases={"max": {"of": "limits", "since": "1.0"}}), "max: refers to limits, which has no row."),
        (table(aliases={"max": {"of": "limit"}}), "max: lacks since."),
        (table(invented={"rate": {"intent": "limit/cap"}}), "rate: refers to cap, which has no row."),
        (table(renamed={}), f"has an unknown section renamed. Allowed: {SECTIONS}."),
        ({"controller": "mine"}, "lacks prefix, version, source."),
    ],
)
def test_a_broken_table_is_refused(broken, message):
    with pytest.raises(TableError) as caught:
        read_controller("mine.yaml", broken)
    assert str(caught.value) == f"mine.yaml: {message}"


def test_an_error_carries_its_parts():
    with pytest.raises(TableError) as caught:
        read_controller("mine.yaml", with_row(spaces="none"))
    fault = caught.value
    assert (fault.file, fault.row, fault.problem) == ("mine.yaml", "limit", "spaces is none")
    assert fault.allowed == ("removed", "trimmed")


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("proxy-body-sise", "proxy-body-size"),
        ("proxy_body_size", "proxy-body-size"),
        ("ssl-redirects", "ssl-redirect"),
        ("whitelist-source-ranges", "whitelist-source-range"),
        ("ssl-redirect", "ssl-redirect"),
        ("use-gzip", None),
        ("rate-limit", None),
        ("", None),
    ],
)
def test_a_misspelt_name_is_recognised(name, suggestion):
    assert controller_table("ingress-nginx").suggestion(name) == suggestion


def test_neighbours_become_typed_rows():
    renamed = NEIGHBOUR | {"match": "dns.example/host", "as": "dns.example/name", "advice": "Restart it."}
    assert read_neighbours("n.yaml", {"neighbours": [NEIGHBOUR, renamed]}) == tables.Neighbours(
        {
            "dns.example/*": tables.NeighbourRow("dns.example/*", "dns", "route", None, "Publishes the name.", None),
            "dns.example/host": tables.NeighbourRow(
                "dns.example/host", "dns", "route", "dns.example/name", "Publishes the name.", "Restart it."
            ),
        }
    )


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({}, "must hold the list neighbours and nothing else."),
        ({"neighbours": [], "more": []}, "must hold the list neighbours and nothing else."),
        ({"neighbours": ["dns"]}, "row 1: is not a mapping."),
        ({"neighbours": [NEIGHBOUR, NEIGHBOUR]}, "row 2: dns.example/* has a row already."),
        (
            {"neighbours": [NEIGHBOUR | {"goes-to": "service"}]},
            "row 1: goes-to is service. Allowed: gateway, route, none.",
        ),
        (
            {"neighbours": [NEIGHBOUR | {"match": "dns.example/a*"}]},
            "row 1: match is dns.example/a*. Allowed: a key, a prefix that ends in /*.",
        ),
        (
            {"neighbours": [NEIGHBOUR | {"key": "x"}]},
            "row 1: has an unknown column key. Allowed: match, program, goes-to, effect, as, advice.",
        ),
        ({"neighbours": [{"match": "a"}]}, "row 1: lacks program, goes-to, effect."),
    ],
)
def test_broken_neighbours_are_refused(broken, message):
    with pytest.raises(TableError) as caught:
        read_neighbours("n.yaml", broken)
    assert str(caught.value) == f"n.yaml: {message}"


@pytest.mark.parametrize(
    ("key", "match"),
    [
        ("dns.example/host", "dns.example/host"),
        ("dns.example/hosts", "dns.example/*"),
        ("dns.example/", "dns.example/*"),
        ("dns.example", None),
        ("a.dns.example/host", None),
        ("host", None),
        ("", None),
    ],
)
def test_the_longest_match_is_found(key, match):
    rows = [NEIGHBOUR, NEIGHBOUR | {"match": "dns.example/host"}]
    found = read_neighbours("n.yaml", {"neighbours": rows}).find(key)
    assert (found and found.match) == match


def test_yaml_is_read(mappings):
    (mappings / "targets").mkdir()
    (mappings / "targets/standard.yaml").write_text("a: 1\n")
    assert load_table("targets/standard") == {"a": 1}
    assert load_table("targets/standard") is load_table("targets/standard")


def test_json_beside_it_is_preferred(mappings):
    (mappings / "rules.yaml").write_text("a: 1\n")
    (mappings / "rules.json").write_text('{"a": 2}')
    assert load_table("rules") == {"a": 2}


def test_controllers_and_neighbours_have_their_places(mappings):
    (mappings / "controllers").mkdir()
    (mappings / "controllers/mine.json").write_text(json.dumps(table()))
    (mappings / "neighbours.json").write_text(json.dumps({"neighbours": [NEIGHBOUR]}))
    assert controller_table("mine") == read_controller("", table())
    assert neighbours() == read_neighbours("", {"neighbours": [NEIGHBOUR]})


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("rules", "a: [", "rules.yaml: cannot be read: while parsing a flow node"),
        ("rules", "- a\n", "rules.yaml: is not a mapping."),
        ("rules", "", "rules.yaml: is not a mapping."),
        ("rules", "a: !!python/name:os.system x\n", "rules.yaml: cannot be read: could not determine a constructor"),
        ("other", "", "other.yaml: cannot be read: [Errno 2]"),
        ("../rules", "a: 1\n", "../rules: is not the name of a table."),
        ("rules.yaml", "a: 1\n", "rules.yaml: is not the name of a table."),
        ("", "a: 1\n", "is not the name of a table."),
    ],
)
def test_what_is_no_table_is_refused(mappings, name, text, message):
    (mappings / "rules.yaml").write_text(text)
    with pytest.raises(TableError) as caught:
        load_table(name)
    assert str(caught.value).startswith(message)


def test_the_tables_of_a_checkout_are_beside_the_package():
    assert tables.root() == tables.root().parent.joinpath("mappings")
    assert (tables.root() / "neighbours.yaml").is_file()


def test_the_tables_of_a_wheel_are_beside_the_modules(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "__file__", str(tmp_path / "converter" / "tables.py"))
    assert tables.root() == tmp_path / "mappings"
    (tmp_path / "converter" / "mappings").mkdir(parents=True)
    assert tables.root() == tmp_path / "converter" / "mappings"
