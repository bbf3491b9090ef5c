"""The tables as they are: complete, in order, readable, and the same after they are compiled for a wheel."""

from __future__ import annotations

import importlib.util
import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
import yaml

from converter.tables import SelfChecked, controller_table, neighbours, read_controller, read_neighbours

ROOT = Path(__file__).parent.parent
MAPPINGS = ROOT / "mappings"
NGINX = controller_table("ingress-nginx")
CATALOGUE = Path(os.environ.get("INGRESS_NGINX_CATALOGUE", ROOT / "../shared/reference/ingress-nginx-annotations.yaml"))


def test_every_annotation_has_its_row():
    sections = (NGINX.annotations, NGINX.aliases, NGINX.removed, NGINX.invented)
    assert [len(section) for section in sections] == [136, 2, 30, 45]


def test_the_head():
    assert (NGINX.controller, NGINX.prefix, NGINX.version, NGINX.source) == (
        "ingress-nginx",
        "nginx.ingress.kubernetes.io/",
        "1.15.1",
        "https://github.com/kubernetes/ingress-nginx",
    )


def test_rows_are_in_order():
    keys = [(row.group, row.name) for row in NGINX.annotations.values()]
    assert keys == sorted(keys)
    for section in (NGINX.aliases, NGINX.removed, NGINX.invented):
        assert list(section) == sorted(section)


def test_how_the_rows_are_spread():
    rows = NGINX.annotations.values()
    assert Counter(row.scope for row in rows) == {"location": 94, "backend": 27, "server": 14, "stream": 1}
    assert Counter(row.risk for row in rows) == {"low": 76, "medium": 45, "high": 10, "critical": 5}
    assert Counter(row.invalid for row in rows) == {
        "default": 86,
        "drop-ingress": 41,
        "deny-location": 6,
        "ignore-group": 3,
    }


def test_whatever_needs_a_pattern_has_one():
    assert [
        r.name for r in NGINX.annotations.values() if r.pattern is None and r.type not in get_args(SelfChecked)
    ] == []


def test_what_an_invalid_value_takes_away_with_it():
    """``ignore-group`` is a statement about the whole group, so the group must be what one parser reads."""
    rows = NGINX.annotations.values()
    taken = {row.group for row in rows if row.invalid == "ignore-group"}
    names = {row.name for row in rows if row.group in taken}
    assert taken == {"authreq"}
    assert len(names) == 15
    assert names.isdisjoint({"auth-type", "auth-tls-secret", "enable-global-auth", "satisfy"})


def sentences():
    for row in (*NGINX.annotations.values(), *NGINX.removed.values()):
        yield row.name, row.effect, 140
    for row in (*NGINX.annotations.values(), *NGINX.aliases.values(), *NGINX.invented.values()):
        yield row.name, row.note, 160
    for row in neighbours().rows.values():
        yield row.match, row.effect, 140
        yield row.match, row.advice, 160


def test_texts_are_short_sentences():
    assert [
        (name, text)
        for name, text, limit in sentences()
        if text and not (len(text) <= limit and text.endswith(".") and text == " ".join(text.split()))
    ] == []


def test_versions_are_versions():
    versions = [row.since for row in (*NGINX.annotations.values(), *NGINX.aliases.values())]
    versions += [row.removed for row in NGINX.removed.values()]
    assert [text for text in versions if not re.fullmatch(r"\d+\.\d+(\.\d+(-beta\.\d+)?)?", text)] == []


def test_other_programs_keep_their_annotations():
    """The rows that lead somewhere; all others lead nowhere."""
    places = {row.match: row.goes_to for row in neighbours().rows.values() if row.goes_to != "none"}
    cert_manager = [match for match in places if match.startswith("cert-manager.io/")]
    assert len(cert_manager) == 25
    assert places == dict.fromkeys(cert_manager, "gateway") | {
        "external-dns.kubernetes.io/hostname": "route",
        "external-dns.kubernetes.io/target": "gateway",
        "external-dns.kubernetes.io/ingress-hostname-source": "route",
        "external-dns.kubernetes.io/*": "route",
        "external-dns.alpha.kubernetes.io/hostname": "route",
        "external-dns.alpha.kubernetes.io/target": "gateway",
        "external-dns.alpha.kubernetes.io/ingress-hostname-source": "route",
        "external-dns.alpha.kubernetes.io/*": "route",
        "gethomepage.dev/*": "route",
        "forecastle.stakater.com/*": "route",
    }


def test_only_one_annotation_changes_its_name():
    assert {row.match: row.as_key for row in neighbours().rows.values() if row.as_key} == {
        "external-dns.kubernetes.io/ingress-hostname-source": "external-dns.kubernetes.io/gateway-hostname-source",
        "external-dns.alpha.kubernetes.io/ingress-hostname-source": (
            "external-dns.alpha.kubernetes.io/gateway-hostname-source"
        ),
    }


def test_what_is_lost_comes_with_advice():
    """Without advice, an annotation that leads nowhere had no effect on the traffic of ingress-nginx."""
    assert sorted(row.match for row in neighbours().rows.values() if row.goes_to == "none" and row.advice) == [
        "acme.cert-manager.io/*",
        "acme.cert-manager.io/http01-edit-in-place",
        "acme.cert-manager.io/http01-ingress-class",
        "acme.cert-manager.io/http01-ingress-ingressclassname",
        "hajimari.io/*",
        "kubernetes.io/tls-acme",
        "monitor.stakater.com/*",
        "prometheus.io/*",
        "rollouts.argoproj.io/*",
    ]


def test_both_prefixes_of_external_dns_say_the_same():
    old, new = "external-dns.alpha.kubernetes.io/", "external-dns.kubernetes.io/"
    rows = neighbours().rows.values()
    assert [str(row).replace(old, new) for row in rows if row.match.startswith(old)] == [
        str(row) for row in rows if row.match.startswith(new)
    ]


@pytest.mark.parametrize(
    ("key", "match"),
    [
        ("cert-manager.io/cluster-issuer", "cert-manager.io/cluster-issuer"),
        ("cert-manager.io/some-day", "cert-manager.io/*"),
        ("external-dns.alpha.kubernetes.io/aws-weight", "external-dns.alpha.kubernetes.io/*"),
        ("alb.ingress.kubernetes.io/actions.ssl-redirect", "alb.ingress.kubernetes.io/*"),
        ("kubernetes.io/tls-acme", "kubernetes.io/tls-acme"),
        ("kubernetes.io/ingress.class", None),
        ("nginx.ingress.kubernetes.io/ssl-redirect", None),
        ("mine.example/owner", None),
        ("foo", None),
    ],
)
def test_who_reads_an_annotation(key, match):
    row = neighbours().find(key)
    assert (row and row.match) == match


def repeated_keys(node):
    if isinstance(node, yaml.MappingNode):
        counts = Counter(key.value for key, _ in node.value)
        yield from (key for key, count in counts.items() if count > 1)
        for _, value in node.value:
            yield from repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from repeated_keys(value)


@pytest.mark.parametrize("path", sorted(MAPPINGS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_no_key_is_written_twice(path):
    """A loader would keep the last and say nothing."""
    assert list(repeated_keys(yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader))) == []


@pytest.fixture(scope="module")
def compiler():
    pytest.importorskip("hatchling", reason="the wheel is built with hatchling")
    spec = importlib.util.spec_from_file_location("compile_tables", MAPPINGS / "compile.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_compiled_tables_say_the_same(compiler, tmp_path):
    files = compiler.compile_tables(MAPPINGS, tmp_path)
    written = {path.relative_to(MAPPINGS).with_suffix(".json").as_posix(): path for path in MAPPINGS.rglob("*.yaml")}
    assert sorted(files.values()) == sorted(written)
    for place, path in files.items():
        assert json.loads(Path(place).read_text("utf-8")) == yaml.safe_load(written[path].read_text("utf-8"))


def test_compiled_tables_load(compiler, tmp_path):
    compiler.compile_tables(MAPPINGS, tmp_path)
    compiled = {
        path.relative_to(tmp_path).as_posix(): json.loads(path.read_text()) for path in tmp_path.rglob("*.json")
    }
    assert read_controller("", compiled["controllers/ingress-nginx.json"]) == NGINX
    assert read_neighbours("", compiled["neighbours.json"]) == neighbours()


@pytest.mark.parametrize("text", ["day: 2026-11-23", "1: a", "true: a", "a: [1, {off: b}]", "a: [", "a: .nan"])
def test_what_json_cannot_say_is_not_compiled(compiler, tmp_path, text):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/mine.yaml").write_text(text)
    with pytest.raises(ValueError, match=r"^rules/mine\.yaml cannot be compiled: "):
        compiler.compile_tables(tmp_path, tmp_path / "out")


def hook(compiler, root):
    return compiler.CustomBuildHook(str(root), {}, None, None, str(root / "dist"), "wheel")


def test_a_wheel_gets_the_tables_and_what_was_compiled(compiler, tmp_path):
    table = tmp_path / "mappings/targets/standard.yaml"
    table.parent.mkdir(parents=True)
    table.write_text("a: 'on'\n")
    data, builder = {"force_include": {"a": "b"}}, hook(compiler, tmp_path)
    builder.initialize("standard", data)
    (place,) = data["force_include"].keys() - {"a", str(table)}
    assert data["force_include"] == {
        "a": "b",
        str(table): "converter/mappings/targets/standard.yaml",
        place: "converter/mappings/targets/standard.json",
    }
    assert Path(place).read_text() == '{"a":"on"}'
    builder.finalize("standard", data, "")
    assert not Path(builder.scratch).exists()


def test_an_editable_wheel_reads_the_checkout(compiler, tmp_path):
    data, builder = {"force_include": {}}, hook(compiler, tmp_path)
    builder.initialize("editable", data)
    builder.finalize("editable", data, "")
    assert data == {"force_include": {}}


@pytest.fixture(scope="module")
def catalogue():
    if not CATALOGUE.is_file():
        pytest.skip("there is no catalogue of ingress-nginx to compare with (INGRESS_NGINX_CATALOGUE names one)")
    return yaml.safe_load(CATALOGUE.read_text("utf-8"))


def test_the_names_are_those_of_the_catalogue(catalogue):
    for section in ("annotations", "aliases", "removed"):
        assert sorted(getattr(NGINX, section)) == sorted(entry["name"] for entry in catalogue[section])


def test_the_aliases_are_those_of_the_catalogue(catalogue):
    assert {row.name: row.of for row in NGINX.aliases.values()} == {
        entry["name"]: entry["alias_of"] for entry in catalogue["aliases"]
    }


def as_in_catalogue(row):
    """The validator of a row, as far as a catalogue tells it."""
    if row.pattern is not None:
        return ("regex", row.pattern, row.spaces)
    if row.type == "enum":
        words = [word.lower() if row.ignores_case else word for word in row.values]
        return ("enum", sorted(words), not row.ignores_case)
    kinds = {"kilobytes": "int", "seconds": "int", "snippet": "none", "service": "dns-1035-label"}
    return (kinds.get(row.type, row.type),)


def expected(entry):
    rule = entry["validation"]
    if rule["kind"] == "regex":
        each = rule["source_name"] == "parser.ValidateArrayOfServerName"
        spaces = rule.get("spaces_removed_before_match", "leading/trailing only" if each else False)
        return ("regex", rule["regex"], {True: "removed", False: None, "leading/trailing only": "trimmed"}[spaces])
    if rule["kind"] == "enum":
        return ("enum", sorted(rule["options"]), rule["case_sensitive"])
    return ("common-name",) if rule["kind"].startswith("CN=") else (rule["kind"],)


def test_the_validators_are_those_of_the_catalogue(catalogue):
    entries = catalogue["annotations"]
    assert {row.name: as_in_catalogue(row) for row in NGINX.annotations.values()} == {
        entry["name"]: expected(entry) for entry in entries
    }


def test_the_other_columns_are_those_of_the_catalogue(catalogue):
    def columns(entry):
        scope = entry["scope"].replace("http(stream)", "stream")
        parser = entry["source"].rstrip("/").rpartition("/")[2]
        return (parser, entry["group"], scope, entry["risk"].lower(), re.match(r"[\d.]+", entry["since"])[0])

    assert {row.name: (row.group, row.topic, row.scope, row.risk, row.since) for row in NGINX.annotations.values()} == {
        entry["name"]: columns(entry) for entry in catalogue["annotations"]
    }


def repeated(node: yaml.Node) -> list[str]:
    """Keys that stand twice in a mapping, of which a reader would take the last without a word."""
    if isinstance(node, yaml.SequenceNode):
        return [key for each in node.value for key in repeated(each)]
    if not isinstance(node, yaml.MappingNode):
        return []
    counts = Counter(key.value for key, _ in node.value)
    below = (key for _, each in node.value for key in repeated(each))
    return [*(key for key, count in counts.items() if count > 1), *below]


@pytest.mark.parametrize("file", sorted(MAPPINGS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_no_key_stands_twice(file):
    assert repeated(yaml.compose(file.read_text(), yaml.SafeLoader)) == []


def test_a_key_that_stands_twice_is_found():
    assert repeated(yaml.compose("a: {b: 1, c: [{d: 1, d: 2}], b: 3}", yaml.SafeLoader)) == ["b", "d"]
