"""What a controller was told, and what its version makes of the rest."""

from __future__ import annotations

import pytest

from converter.controllers.ingress_nginx.config_table import flags, options
from converter.controllers.ingress_nginx.configuration import Configuration, UnknownVersionError, parse_version
from converter.ledger import Origin, Source

SOURCE = Source("ConfigMap", "ingress-nginx", "controller", "controller.yaml", 1)


def told(version: tuple[int, int, int] = (1, 15, 1), known: bool = True, **data: str) -> Configuration:
    entries = {name.replace("_", "-"): Origin(SOURCE, "field", f"data.{name}", value) for name, value in data.items()}
    return Configuration(version=version, options=entries, known=known)


@pytest.mark.parametrize(
    ("text", "version"),
    [("1.11", (1, 11, 0)), ("v1.11.2", (1, 11, 2)), ("1.9.0-beta.0", (1, 9, 0)), ("0.51.0", (0, 51, 0))],
)
def test_a_version(text: str, version: tuple[int, int, int]) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize("text", ["", "latest", "1", "one.two"])
def test_no_version(text: str) -> None:
    with pytest.raises(UnknownVersionError):
        parse_version(text)


def test_an_option_that_is_set_beats_its_default() -> None:
    assert (told().text("proxy-body-size"), told(proxy_body_size="8m").text("proxy-body-size")) == ("1m", "8m")


@pytest.mark.parametrize(("value", "on"), [("false", False), ("0", False), ("off", True), ("", True)])
def test_a_bool_that_go_does_not_read_is_the_default(value: str, on: bool) -> None:
    assert told(hsts=value).flag("hsts") == on


def test_a_number_that_is_none_is_the_default() -> None:
    assert told(http_redirect_code="moved").number("http-redirect-code") == 308


@pytest.mark.parametrize(
    ("version", "validates", "risk", "snippets"),
    [
        ((1, 8, 0), False, "critical", True),
        ((1, 9, 0), False, "critical", False),
        ((1, 11, 9), False, "critical", False),
        ((1, 12, 0), True, "high", False),
        ((1, 15, 1), True, "high", False),
    ],
)
def test_the_cliffs_of_1_9_and_1_12(version: tuple[int, int, int], validates: bool, risk: str, snippets: bool) -> None:
    one = told(version)

    assert (one.validates_annotations, one.risk_level, one.allows_snippets) == (validates, risk, snippets)


def test_snippets_count_where_nobody_knows_what_the_controller_was_told() -> None:
    """Whoever wrote them had them work."""
    unknown = told(known=False)

    assert (unknown.risk_level, unknown.allows_snippets) == ("critical", True)


def test_what_is_set_beats_the_version() -> None:
    one = told(annotations_risk_level="Critical", allow_snippet_annotations="true")

    assert (one.risk_level, one.allows_snippets) == ("critical", True)


def test_blocked_words_are_listed() -> None:
    assert told(annotation_value_word_blocklist="load_module, ,_by_lua").blocked_words == ("load_module", "_by_lua")


def test_the_table_of_options() -> None:
    assert len(options()) == 190
    assert (options()["hsts"].heeded, options()["worker-processes"].effect) == (True, "")
    texts = [row.effect for row in (*options().values(), *flags().values()) if row.effect]
    assert [text for text in texts if not text.endswith(".") or len(text) > 140] == []


def test_every_option_that_replaces_a_default_of_an_annotation_is_there() -> None:
    from converter.tables import controller_table

    names = {row.configmap for row in controller_table("ingress-nginx").annotations.values() if row.configmap}
    assert names - options().keys() == set()
