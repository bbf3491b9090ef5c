"""Files of mappings: what they say, and how every fault in them is told."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from converter.cli.mappings.load import Mappings, load_mappings
from converter.controllers.ingress_nginx.house import VALUE, Carried, Meaning, Means, Settled
from converter.ledger import Verdict
from converter.targets.judgements import Judgement


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def load(*texts: str | bytes) -> Mappings:
    files = []
    for number, text in enumerate(texts, 1):
        files.append(f"{number}.yaml")
        Path(files[-1]).write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_mappings(files)


def faults(*texts: str | bytes) -> list[str]:
    with pytest.raises(click.UsageError) as error:
        load(*texts)
    return error.value.message.splitlines()


def row(text: str):
    return load(f"annotations: {{mine.example/a: {text}}}").house.rows["mine.example/a"]


@pytest.mark.parametrize(
    ("text", "prefixes"),
    [
        ("prefixes: ingress.corp.example", ["ingress.corp.example/"]),
        ("prefixes: [a.example/, b.example]", ["a.example/", "b.example/"]),
        ("prefixes: []", []),
        ("", []),
        ("# nothing yet\n", []),
        ("{}", []),
    ],
)
def test_prefixes(text: str, prefixes: list[str]) -> None:
    assert list(load(text).house.prefixes.items()) == [(prefix, "1.yaml") for prefix in prefixes]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("{means: proxy-body-size}", [Meaning(VALUE, {"proxy-body-size": VALUE})]),
        ("{means: nginx.ingress.kubernetes.io/limit-rps}", [Meaning(VALUE, {"limit-rps": VALUE})]),
        ("{means: whitelist-source-range}", [Meaning(VALUE, {"allowlist-source-range": VALUE})]),
        (
            "{sets: {permanent-redirect: 'https://{value}', permanent-redirect-code: 308}}",
            [Meaning(VALUE, {"permanent-redirect": "https://{value}", "permanent-redirect-code": "308"})],
        ),
        (
            "{values: {true: {ssl-redirect: false, proxy-body-size: 8m}, '{value}s': {proxy-read-timeout: '{value}'}}}",
            [
                Meaning("true", {"ssl-redirect": "false", "proxy-body-size": "8m"}),
                Meaning("{value}s", {"proxy-read-timeout": VALUE}),
            ],
        ),
        ("{values: {off: {}}}", [Meaning("off", {})]),
    ],
)
def test_what_an_annotation_sets(text: str, means: list[Meaning]) -> None:
    assert row(text) == Means(tuple(means), "1.yaml")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{inert: Read by people.}", Settled(Verdict.INERT, "Read by people.")),
        ("{builtin: Done., advice: Look.}", Settled(Verdict.BUILTIN, "Done.", "Look.")),
        ("{untranslated: Lost., advice: Ask.}", Settled(Verdict.UNTRANSLATED, "Lost.", "Ask.")),
        ("{goes-to: route}", Carried("route")),
        ("{goes-to: gateway, as: b.example/c, advice: Look.}", Carried("gateway", "b.example/c", "Look.")),
    ],
)
def test_what_becomes_of_an_annotation(text: str, found: object) -> None:
    assert row(text) == found


def test_judgements() -> None:
    text = """
targets:
  standard:
    body-size: {verdict: inert, message: None., advice: ''}
    healthz: {advice: Look.}
    enable-modsecurity: {verdict: builtin, message: There is one.}
  envoy-gateway:
    rate-limit: {verdict: translated}
"""
    assert load(text).judgements == (
        Judgement("standard", "body-size", "1.yaml", Verdict.INERT, "None.", ""),
        Judgement("standard", "healthz", "1.yaml", advice="Look."),
        Judgement("standard", "enable-modsecurity", "1.yaml", Verdict.BUILTIN, "There is one."),
        Judgement("envoy-gateway", "rate-limit", "1.yaml", Verdict.TRANSLATED),
    )


def test_of_two_files_with_the_same_row_the_later_one_counts() -> None:
    one = "prefixes: a.example\nannotations: {a: {inert: One.}, b: {inert: One.}}\n"
    two = "prefixes: b.example\nannotations: {b: {inert: Two.}}\n"
    found = load(
        f"{one}targets: {{standard: {{healthz: {{verdict: inert}}}}}}",
        f"{two}targets: {{standard: {{healthz: {{verdict: builtin}}}}}}",
    )

    assert found.house.prefixes == {"a.example/": "1.yaml", "b.example/": "2.yaml"}
    assert {key: row.message for key, row in found.house.rows.items() if isinstance(row, Settled)} == {
        "a": "One.",
        "b": "Two.",
    }
    assert found.judgements == (Judgement("standard", "healthz", "2.yaml", Verdict.BUILTIN),)


IN_A_ROW = "annotations:\n  mine.example/a:\n    "
KEYS = "means, sets, values, inert, builtin, untranslated, goes-to"
WHERE = "annotations: mine.example/a: "


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("prefixs: a", "1: there is no key prefixs; did you mean prefixes?"),
        ("a: 1", "1: there is no key a; there are prefixes, annotations, targets."),
        ("prefixes:", "1: prefixes: write a prefix, for example ingress.corp.example."),
        ("prefixes: 5", "1: prefixes: it is a text; write it in quotes."),
        (
            "targets: {standard: {healthz: {message: true}}}",
            "1: targets: standard: healthz: message: it is a text; write it in quotes.",
        ),
        ("prefixes:\n- {}", "2: prefixes: write a prefix, for example ingress.corp.example."),
        (
            "prefixes: [a, B_c]",
            "1: prefixes: B_c is no prefix of annotations, which is a DNS name such as ingress.corp.example.",
        ),
        (
            "prefixes: a/b",
            "1: prefixes: a/b is no prefix of annotations, which is a DNS name such as ingress.corp.example.",
        ),
        ("annotations: [a]", "1: annotations: write annotations with what they mean below them."),
        (
            "annotations:\n  a b: {inert: x}",
            (
                "2: annotations: a b: it is no key of an annotation, such as platform.example.com/team, nor a prefix"
                " that ends in /*."
            ),
        ),
        (
            "annotations: {kubernetes.io/ingress.class: {inert: x}}",
            (
                "1: annotations: kubernetes.io/ingress.class: it chooses the controller; say with --class which classes"
                " ingress-nginx serves."
            ),
        ),
        (
            "annotations: {nginx.ingress.kubernetes.io/*: {inert: x}}",
            (
                "1: annotations: nginx.ingress.kubernetes.io/*: it would take away all annotations of ingress-nginx;"
                " name single ones."
            ),
        ),
        (
            "prefixes: a.example\nannotations: {a.example/*: {inert: x}}",
            (
                "2: annotations: a.example/*: a.example is one of the prefixes, so its annotations mean something; name"
                " single ones."
            ),
        ),
        (
            "annotations: {a.example/*: {means: limit-rps}}",
            (
                "1: annotations: a.example/*: means: it is for one annotation; for all below a prefix there is the"
                " section prefixes."
            ),
        ),
        (
            "annotations: {mine.example/a: b}",
            f"1: {WHERE}write a mapping with {KEYS}, advice, as.",
        ),
        ("annotations: {mine.example/a: {}}", f"1: {WHERE}nothing says what it means; write one of {KEYS}."),
        (
            "annotations: {mine.example/a: {inert: x, means: limit-rps}}",
            f"1: {WHERE}inert and means exclude each other; write one of {KEYS}.",
        ),
        (IN_A_ROW + "inert: x\n    advise: x", f"4: {WHERE}there is no key advise; did you mean advice?"),
        (
            IN_A_ROW + "means: limit-rps\n    advice: x",
            f"4: {WHERE}advice: it goes with inert, builtin, untranslated, goes-to, not with means.",
        ),
        (IN_A_ROW + "inert:", f"3: {WHERE}inert: write the reason, in one sentence."),
        (IN_A_ROW + "inert: [a]", f"3: {WHERE}inert: write the reason, in one sentence."),
        (IN_A_ROW + "goes-to: httproute", f"3: {WHERE}goes-to: httproute is not known; did you mean route?"),
        (
            IN_A_ROW + "goes-to: route\n    as: a b",
            f"4: {WHERE}as: a b is no key of an annotation.",
        ),
        (
            IN_A_ROW + "means: proxy-body-sise",
            f"3: {WHERE}means: ingress-nginx reads no annotation proxy-body-sise; did you mean proxy-body-size?",
        ),
        (
            IN_A_ROW + "means: rate-limit",
            f"3: {WHERE}means: ingress-nginx reads no annotation rate-limit; did you mean limit-rpm or limit-rps?",
        ),
        (
            IN_A_ROW + "sets: {limit-rps: 5}",
            f"3: {WHERE}sets: it would be set whatever the value is, even false; write values, or {{value}} in it.",
        ),
        (
            IN_A_ROW + "values:\n      'on': {proxy-body-size: 50MB}",
            (
                f"4: {WHERE}values: on: proxy-body-size: 50MB is refused by ingress-nginx; "
                "proxy-body-size is of type size."
            ),
        ),
        (
            IN_A_ROW + "values: {a: {auth-type: bearer}}",
            f"3: {WHERE}values: a: auth-type: bearer is refused by ingress-nginx; auth-type is one of basic, digest.",
        ),
        (
            IN_A_ROW + "values: {a: {limit-rps: '{value}'}}",
            (
                f"3: {WHERE}values: a: limit-rps: {{value}} stands for a part of the value that is open, and this value"
                " has none."
            ),
        ),
        (
            IN_A_ROW + "values: {'{value}{value}': {limit-rps: '{value}'}}",
            f"3: {WHERE}values: {{value}}{{value}}: {{value}} stands there more than once.",
        ),
        (
            IN_A_ROW + "values: {a: {whitelist-source-range: 1.1.1.1, allowlist-source-range: 1.1.1.1}}",
            f"3: {WHERE}values: a: allowlist-source-range: allowlist-source-range is set twice, once by another name.",
        ),
        (IN_A_ROW + "values: {a: }", f"3: {WHERE}values: a: write {{}} if it sets nothing."),
        (
            IN_A_ROW + "values: {a: limit-rps}",
            (
                f"3: {WHERE}values: a: write annotations of ingress-nginx and their values, for example"
                " {proxy-body-size: 50m}."
            ),
        ),
        (IN_A_ROW + "values: {a: {limit-rps: }}", f"3: {WHERE}values: a: limit-rps: write its value."),
        (
            IN_A_ROW + "values: [a]",
            (
                f"3: {WHERE}values: write values with what they set below them, for example "
                "'true': {ssl-redirect: true}."
            ),
        ),
        ("targets: {standart: {}}", "1: targets: there is no key standart; did you mean standard?"),
        ("targets: {envoy-gatway: {}}", "1: targets: there is no key envoy-gatway; did you mean envoy-gateway?"),
        (
            "targets: {standard: [a]}",
            "1: targets: standard: write codes of the report, with another verdict below them.",
        ),
        (
            "targets:\n  standard:\n    body-sice: {verdict: inert}",
            "3: targets: standard: body-sice: no row has this code; did you mean body-size?",
        ),
        (
            "targets: {standard: {waf.untranslated: {verdict: inert}}}",
            (
                "1: targets: standard: waf.untranslated: the report says that of annotations without a row; write the"
                " name of the annotation."
            ),
        ),
        (
            "targets: {standard: {limit-rps: {verdict: inert}}}",
            "1: targets: standard: limit-rps: the annotation has rows of its own; write one of rate-limit.",
        ),
        (
            "targets: {standard: {enable-modsecurity: {verdict: inert}}}",
            (
                "1: targets: standard: enable-modsecurity: no target has a row for it yet, "
                "so it needs verdict and message."
            ),
        ),
        (
            "targets: {standard: {healthz: {}}}",
            "1: targets: standard: healthz: it says nothing; write verdict, message, advice.",
        ),
        (
            "targets: {standard: {healthz: x}}",
            "1: targets: standard: healthz: write a mapping with verdict, message, advice.",
        ),
        (
            "targets: {standard: {healthz: {verdict: fine}}}",
            (
                "1: targets: standard: healthz: verdict: fine is not known; there are inert, builtin, translated,"
                " approximated, untranslated."
            ),
        ),
        (
            "targets: {standard: {healthz: {message: ''}}}",
            "1: targets: standard: healthz: message: write one sentence.",
        ),
        (
            "targets: {standard: {healthz: {advice: }}}",
            "1: targets: standard: healthz: advice: write one sentence, or '' for none.",
        ),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_is_right(text: str, told: str) -> None:
    assert faults(text) == [f"1.yaml:{told}"]


WANTED = (
    "The file is a mapping with prefixes, annotations and targets; ingress-migrate config schema mappings has more."
)
BOMB = "\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a", f"1: {WANTED}"),
        ("a", f"1: {WANTED}"),
        ("a: 1\n- b", "2: This is no YAML: did not find expected key."),
        ("a: [", "2: This is no YAML: did not find expected node content."),
        ("? [a]\n: b", "1: This is no YAML: a key is not a plain text."),
        (b"a: \xff\xfe", "1: This is not UTF-8 text."),
        (b"a: \0", "1: This is not UTF-8 text."),
        (BOMB, "6: Aliases make the file far larger than it is written, or lead back into themselves."),
        ("&a a: &b [*b]", "1: Aliases make the file far larger than it is written, or lead back into themselves."),
        ("[" * 70, "1: The file is nested too deeply."),
        ("[" * 5000, "1: This is no YAML: exceeded maximum nesting depth."),
        ("prefixes: []\n---\nprefixes: []", "2: A second document begins here; the file has only one."),
        ("prefixes: []\nprefixes: []", "2: prefixes stands twice; remove one of them."),
        ("annotations:\n  a: {inert: One.}\n  a: {inert: Two.}", "3: a stands twice; remove one of them."),
        ("a: *b", "1: This is no YAML: the alias b has no anchor."),
    ],
    ids=range(15),
)
def test_what_is_no_such_file_at_all_is_told_too(text: str | bytes, told: str) -> None:
    assert faults(text) == [f"1.yaml:{told}"]


def test_tags_mean_nothing() -> None:
    assert list(load("prefixes: !!python/object/apply:os.system ['true']").house.prefixes) == ["true/"]


def test_a_file_that_is_too_large_or_none_is_said() -> None:
    Path("big.yaml").write_text("# x\n" * 300_000)
    Path("folder").mkdir()
    with pytest.raises(click.UsageError) as error:
        load_mappings(["big.yaml", "none.yaml", "folder"])

    assert error.value.message.splitlines() == [
        "big.yaml: It is larger than 1 MB.",
        "none.yaml: It cannot be read: no such file or directory.",
        "folder: It is no regular file.",
    ]


def test_all_faults_of_all_files_are_told_at_once_in_their_order() -> None:
    one = "targets: {a: {}}\nannotations:\n  a: {means: b}\n  b: {}\nprefixes: A\n"

    assert [line.partition(": ")[0] for line in faults(one, "a: 1")] == [
        "1.yaml:1",
        "1.yaml:3",
        "1.yaml:4",
        "1.yaml:5",
        "2.yaml:1",
    ]


def test_an_anchor_may_stand_for_a_row() -> None:
    text = "annotations:\n  a: &row {means: limit-rps}\n  b: *row\n  c:\n    <<: *row\n"

    assert list(load(text).house.rows) == ["a", "b", "c"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.binary(max_size=200) | st.text(alphabet="annotions: prefixes{}[]&*!<>-'\"\n\t%?|", max_size=120).map(str.encode)
)
def test_whatever_the_file_holds_it_is_read_or_refused(data: bytes) -> None:
    with suppress(click.UsageError):
        load(data)
