"""What each line of a snippet becomes, and what it says for itself in the ledger."""

from __future__ import annotations

from typing import Any

import pytest
from conversions import converted, only
from manifests import PREFIX, ingress, path, rule

from converter.controllers.ingress_nginx.conduct.snippets import read_snippet
from converter.controllers.ingress_nginx.conduct.snippets.table import lost, own_directives
from converter.ledger import Origin, Source
from converter.pipeline import Conversion
from converter.routing import Condition, Conditional, Directive
from converter.tables import controller_table, load_table


def shop(snippet: str, to: str = "standard", **annotations: str) -> Conversion:
    return converted(
        ingress(
            "web",
            rule("shop.example.com", path("/")),
            namespace="shop",
            annotations={"configuration-snippet": snippet, **annotations},
        ),
        to=to,
    )


def lines(conversion: Conversion) -> list[tuple[str, str, str]]:
    """Directive, verdict and code, in the order of the file."""
    found = [entry for entry in conversion.entries if entry.origin.type == "directive"]
    return [(entry.origin.key.rpartition(" ")[2], str(entry.verdict), entry.code) for entry in found]


LINES = {
    "more_set_headers 'X-A: a';": ("translated", "headers.response"),
    "more_set_headers -s 404 'X-A: a';": ("untranslated", "snippets.form"),
    "more_set_headers 'X-A: $host';": ("untranslated", "snippets.value"),
    "more_set_headers '<script>: alert(1)';": ("untranslated", "headers.unsayable"),
    "more_clear_headers X-A;": ("translated", "headers.response"),
    "more_clear_headers 'X-*';": ("untranslated", "snippets.form"),
    "add_header X-A a always;": ("translated", "headers.response"),
    "add_header X-A a;": ("approximated", "headers.response-some"),
    "add_header X-A '';": ("inert", "snippets.no-effect"),
    "proxy_hide_header X-A;": ("translated", "headers.response"),
    "expires 1d;": ("approximated", "headers.expires"),
    "expires off;": ("inert", "snippets.no-effect"),
    "proxy_set_header X-A a;": ("translated", "headers.request"),
    "proxy_set_header X-A $namespace;": ("translated", "headers.request"),
    "proxy_set_header X-A $remote_addr;": ("untranslated", "snippets.value"),
    "proxy_set_header Host $host;": ("inert", "snippets.repeated"),
    "proxy_set_header Host inner;": ("untranslated", "snippets.host-twice"),
    "proxy_set_header X-Forwarded-Proto https;": ("approximated", "headers.request-twice"),
    "more_set_input_headers 'Host: inner.example.com';": ("translated", "headers.host"),
    "more_clear_input_headers X-A;": ("translated", "headers.request"),
    "return 301 https://new.example.com$request_uri;": ("translated", "redirect.exact"),
    "return 302 /other;": ("approximated", "redirect"),
    "return 302 https://$arg_a.example.com;": ("untranslated", "redirect.unsayable"),
    "return 410;": ("approximated", "answer.status"),
    "return 200 ok;": ("untranslated", "answer.lost"),
    "return 99;": ("untranslated", "snippets.answer"),
    "rewrite ^/(.*)$ /app/$1 break;": ("translated", "rewrite.prefix-same"),
    "rewrite ^/(.*)$ /app/$1 last;": ("untranslated", "snippets.rewrite"),
    "rewrite ^/old$ /new permanent;": ("untranslated", "snippets.rewrite"),
    "rewrite ^(.*)$ https://new.example.com$1 permanent;": ("translated", "redirect.exact"),
    "if ($http_x = a) { return 302 /a; }": ("approximated", "redirect"),
    "if ($http_x) { return 403; }": ("approximated", "answer.status"),
    "if ($request_method = POST) { return 204; }": ("untranslated", "answer.passed"),
    "if ($request_method = PROPFIND) { return 302 /a; }": ("untranslated", "condition.lost"),
    "if ($arg_a = 1) { add_header X-A a always; }": ("translated", "headers.response"),
    "if ($request_uri ~ a) { return 302 /a; }": ("untranslated", "snippets.condition"),
    "if ($remote_addr = 10.0.0.1) { return 403; }": ("untranslated", "access.closed"),
    "if ($http_x ~ (?=a)) { return 403; }": ("untranslated", "access.closed"),
    "if ($http_x = a) { set $a b; return 403; }": ("untranslated", "access.closed"),
    "deny 10.0.0.1;": ("untranslated", "access.closed"),
    "allow 10.0.0.1;": ("untranslated", "access.closed"),
    "auth_basic realm;": ("untranslated", "access.closed"),
    "auth_basic off;": ("inert", "snippets.no-effect"),
    "proxy_read_timeout 300;": ("inert", "snippets.duplicate"),
    "sub_filter a b;": ("untranslated", "snippets.response-body"),
    "header_filter_by_lua_block { ngx.header.a = 1 }": ("untranslated", "snippets.code"),
    "set $a b;": ("untranslated", "snippets.variables"),
    "frobnicate on;": ("untranslated", "snippets.unknown"),
}


@pytest.mark.parametrize("text", LINES)
def test_a_line_and_its_verdict(text: str) -> None:
    name = text.partition(" ")[0]
    assert lines(shop(text)) == [(name, *LINES[text])]


def test_each_line_has_the_line_of_the_file() -> None:
    """Only in a literal block are lines of the value lines of the file."""
    whole = Origin(Source("Ingress", "shop", "web", "a.yaml", 7), "annotation", "snippet", "a b;\n\nc d;", text_line=8)
    folded = Origin(Source("Ingress", "shop", "web", "a.yaml", 7), "annotation", "snippet", "a b; c d;")

    assert [line.written.origin.source.line for line in read_snippet(whole, "location").lines] == [8, 10]
    assert [line.written.origin.source.line for line in read_snippet(folded, "location").lines] == [7, 7]


def test_the_entry_of_the_snippet_sums_up_its_lines() -> None:
    found = shop("more_set_headers 'X-A: a';\nsub_filter a b;\nadd_header X-B '';")
    (entry,) = [e for e in found.entries if e.origin.key == f"{PREFIX}configuration-snippet"]

    assert (str(entry.verdict), entry.code) == ("untranslated", "annotation.in-parts")
    assert entry.message == (
        "It was read line by line: 1 untranslated, 1 translated, 1 inert; each has an entry of its own."
    )
    assert [result.path for result in entry.results] == ["spec.rules[0].filters[0]"]


def test_nothing_of_a_broken_snippet_is_carried_over() -> None:
    found = shop("more_set_headers 'X-A: a';\nreturn 403")

    assert lines(found) == []
    assert [(problem.code, problem.severity) for problem in found.problems] == [("snippet-broken", "error")]
    assert "filters" not in only(found, "HTTPRoute")["spec"]["rules"][0]


def test_lines_after_an_answer_have_no_effect_unless_they_are_headers() -> None:
    found = shop("more_set_headers 'X-A: a';\nreturn 403;\nif ($http_x) { return 404; }\nsub_filter a b;")
    assert lines(found) == [
        ("if", "inert", "snippets.unreached"),
        ("more_set_headers", "approximated", "redirect.headers-lost"),
        ("return", "approximated", "answer.status"),
        ("sub_filter", "inert", "snippets.unreached"),
    ]


def test_envoy_gateway_answers_with_the_status_and_the_text() -> None:
    found = shop("if ($http_x = a) { return 418 '100% tea'; }", to="envoy-gateway")
    answer = {"contentType": "text/plain", "body": {"type": "Inline", "inline": "100%% tea"}, "statusCode": 418}

    assert only(found, "HTTPRouteFilter")["spec"] == {"directResponse": answer}
    assert lines(found) == [("if", "translated", "answer.exact")]


def matched(found: Conversion) -> list[Any]:
    return [
        {key: value for key, value in match.items() if key != "path"}
        for entry in only(found, "HTTPRoute")["spec"]["rules"]
        for match in entry["matches"]
    ]


def test_whoever_lacks_a_header_is_refused_by_the_rule_behind() -> None:
    token = {"headers": [{"type": "Exact", "name": "X-Token", "value": "a"}]}

    assert matched(shop("if ($http_x_token != a) { return 403; }")) == [token, {}]
    assert matched(shop("if ($http_x_token = a) { return 403; }")) == [token, {}]


def test_a_canary_decides_only_about_requests_that_pass() -> None:
    web = ingress(
        "web",
        rule("shop.example.com", path("/")),
        annotations={"configuration-snippet": "if ($request_method = DELETE) { return 405; }"},
    )
    new = ingress(
        "new",
        rule("shop.example.com", path("/", "new")),
        annotations={"canary": "true", "canary-by-header": "X-Canary"},
    )
    rules = only(converted(web, new), "HTTPRoute")["spec"]["rules"]

    assert [(entry["name"], "backendRefs" in entry) for entry in rules] == [
        ("root-method", False),
        ("root-canary", True),
        ("root", True),
    ]


def test_a_condition_on_the_host_is_known_beforehand() -> None:
    assert matched(shop("if ($host = shop.example.com) { return 302 /a; }")) == [{}]
    assert lines(shop("if ($host = other.example.com) { return 302 /a; }")) == [("if", "inert", "snippets.unreached")]
    assert lines(shop("if ($host = a) { return 302 /a; }", **{"server-alias": "a.example.com"})) == [
        ("if", "untranslated", "snippets.condition")
    ]


def test_what_no_behaviour_says_stays_on_the_table_as_it_was_written() -> None:
    table = shop('sub_filter "a b" c;', **{"server-snippet": "root /var/www;"}).tables[0]
    found = [b for b in table.hosts[0].locations[0].behaviours if isinstance(b, Directive)]

    assert [(each.context, each.text) for each in found] == [
        ("server", "root /var/www;"),
        ("location", "sub_filter 'a b' c;"),
    ]


CONDITIONS = {
    "$http_x_api_key = a": Condition("header", "X-Api-Key", "a"),
    "$http_x != ''": Condition("header", "X", ""),
    "$http_x = ''": Condition("header", "X", "", negated=True),
    "$http_x": Condition("header", "X", "[^0]|..", pattern=True),
    "$http_x ~* '^a$'": Condition("header", "X", "^a$", pattern=True, ignores_case=True),
    "$http_x !~ a": Condition("header", "X", "a", pattern=True, negated=True),
    "$arg_page = 1": Condition("query", "page", "1"),
    "$request_method = POST": Condition("method", "", "POST"),
    "$cookie_a = b": Condition("header", "Cookie", r"(?:^|;\s*)a=b(?:;|$)", pattern=True),
}


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition(text: str) -> None:
    location = shop(f"if ({text}) {{ return 302 /a; }}").tables[0].hosts[0].locations[0]
    assert next(each.condition for each in location.behaviours if isinstance(each, Conditional)) == CONDITIONS[text]


def test_own_directives_name_annotations_that_exist() -> None:
    assert set(own_directives().values()) <= set(controller_table("ingress-nginx").annotations)


def test_a_directive_belongs_to_one_group() -> None:
    groups = load_table("controllers/nginx-directives")["directives"].values()
    names = [name for group in groups for name in group["names"]]

    assert len(names) == len(set(names))
    assert not set(names) & set(own_directives())


def test_the_reason_is_told_in_place_of_the_group() -> None:
    (line,) = read_snippet(
        Origin(Source("Ingress", "", "web", "a", 1), "annotation", "s", "return 99;"), "server"
    ).lines
    assert lost(line.written, "answer").code == "snippets.answer"
    assert lost(line.written).code == "snippets.unknown"
