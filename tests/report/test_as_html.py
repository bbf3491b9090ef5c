"""The report as a page: what stands in it, and that nothing else can."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from manifests import ingress, path, rule
from report.builders import entry, problem, report
from report.pages import GOLDEN, Page, written

from converter.ledger import Entry, Remark, Result, Verdict
from converter.report import Report, ReportedPart, SourceText
from converter.report.as_html import to_html

LOST = entry(Verdict.UNTRANSLATED, "a.lost", key="auth", value="x", message="It is lost.", advice="Do it.", line=3)


def page(*entries: Entry, **parts: object) -> Page:
    return Page(to_html(report(*entries, **parts)))  # type: ignore[arg-type]


def test_the_summary_stands_in_the_page_itself() -> None:
    near = entry(Verdict.APPROXIMATED, "a.near", type="default", key="retries", message="Nearly.")
    found = page(LOST, near, problems=[problem("bad", "Not YAML.", "Mend it.")])
    assert found.texts[: found.texts.index("Every Ingress, entry by entry")] == [
        "Ingress migration: 1 Ingress",
        "Skip to the entries",
        "From Ingress to Gateway API",
        "ingress-migrate 1.2.3 for standard (Gateway API 1.6 standard)",
        "Dark colours",
        "Summary",
        "1 Ingress in 1 file became 1 Gateway, 2 HTTPRoutes.",
        *("!", "1 error: some input is not converted, or would be refused."),
        *("1", "!", "errors", "not converted, or not valid"),
        *("1", "✕", "untranslated", "had effect and is lost"),
        *("1", "≈", "approximated", "nearly the same"),
        *("0", "✓", "translated", "the same"),
        *("0", "◆", "builtin", "done without being told"),
        *("0", "–", "inert", "had no effect before either"),
        "What needs a look",
        "Errors: not converted, or not valid",
        *("!", "Not YAML.", "1 place", "Mend it.", "a.yaml:1", "bad"),
        "Untranslated: nothing in the result does this",
        *("✕", "auth", ": It is lost.", "1 place", "Do it.", "a.yaml:3", "a.lost"),
        "What ingress-nginx did by itself, and is lost or differs",
        *("≈", "retries", ": Nearly.", "1 place", "a.yaml:1", "a.near"),
    ]


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        ([Verdict.UNTRANSLATED], "1 setting had effect and is lost; decide about each."),
        ([Verdict.UNTRANSLATED] * 2, "2 settings had effect and are lost; decide about each."),
        ([Verdict.APPROXIMATED], "1 setting works nearly as before; check the difference."),
        ([Verdict.APPROXIMATED] * 2, "2 settings work nearly as before; check the difference."),
        ([Verdict.TRANSLATED, Verdict.INERT], "Nothing that somebody wrote is lost."),
    ],
)
def test_one_sentence_says_what_a_reviewer_has_to_do(verdicts: list[Verdict], sentence: str) -> None:
    found = page(*(entry(verdict, "a.b", key=str(number)) for number, verdict in enumerate(verdicts)))
    assert sentence in found.texts


def test_nothing_to_look_at_is_said() -> None:
    assert "Nothing: no error, nothing lost, nothing that differs." in page(entry(Verdict.TRANSLATED, "a.b")).texts


def test_entries_are_rows_of_numbers_over_words() -> None:
    route = {"kind": "HTTPRoute", "metadata": {"name": "web"}, "spec": {"hostnames": ["a"], "rules": []}}
    source = SourceText("a.yaml", 1, "kind: Ingress\nmetadata:\n  x: |\n    one\n    two\n\n  y: z\n", "web")
    remark = Remark(Verdict.APPROXIMATED, "a.near", "Near.", "")
    became = (Result("HTTPRoute", "", "web", "spec.hostnames"), Result("HTTPRoute", "", "gone", "spec"))
    given = replace(LOST, results=became, also=(remark,))
    found = Page(to_html(replace(report(given), parts=(ReportedPart("", (source,), (route,)),))))
    data, lines = found.json("data"), found.json("yaml")
    words = data["words"]
    (row,) = data["entries"]
    assert [words[number] for number in data["cards"][0][:6]] == ["", "Ingress", "", "web", "a.yaml", ""]
    assert data["cards"][0][6] == 1
    assert row[0] == 0
    assert [words[number] for number in row[1:4]] == ["annotation", "auth", "x"]
    assert row[4:6] == [3, 5]
    assert (data["verdicts"][row[6]], [words[number] for number in row[7:10]]) == (
        "untranslated",
        ["a.lost", "It is lost.", "Do it."],
    )
    assert row[10] == [[0, 5, 6]]
    assert [(data["verdicts"][each[0]], words[each[1]], words[each[2]]) for each in row[11]] == [
        ("approximated", "a.near", "Near.")
    ]
    assert lines["cards"] == [source.text.rstrip("\n").split("\n")]
    assert "\n".join(lines["objects"][0]) == (
        "kind: HTTPRoute\nmetadata:\n  name: web\nspec:\n  hostnames:\n  - a\n  rules: []"
    )


def test_only_what_was_written_into_the_page_may_run() -> None:
    found = page(LOST)
    (policy,) = (each["content"] for each in found.named("meta") if each.get("http-equiv"))

    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert policy == (
        f"default-src 'none'; style-src {digest(found.raw['style'])}; script-src {digest(found.raw['module'])};"
        " img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def test_nothing_leads_out_of_the_page() -> None:
    text = to_html(report(LOST))
    addresses = [
        value
        for _, attributes in Page(text).elements
        for name, value in attributes.items()
        if name in ("href", "src", "action", "srcset") and value
    ]
    assert [value for value in addresses if not value.startswith("#")] == ["data:,"]
    assert "url(" not in text
    assert "@import" not in text
    assert "fetch(" not in text


HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "<!--<script>",
    "\"'><svg onload=alert(1)>",
    "${policy} $data",
    "javascript:alert(1)",
    "\u202eevil\x1b[2J\u2028",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_somebody_wrote_becomes_markup(text: str) -> None:
    given = replace(
        entry(Verdict.UNTRANSLATED, text, key=text, value=text, message=text, advice=text, file=text),
        also=(Remark(Verdict.APPROXIMATED, text, text, text),),
        results=(Result("HTTPRoute", text, text, text),),
    )
    made = {"kind": "HTTPRoute", "metadata": {"namespace": text, "name": text}, "spec": {text: text}}
    source = SourceText(text, 1, f"kind: Ingress # {text}", "web")
    hostile = replace(
        report(given, problems=[problem(text, text, text)]), parts=(ReportedPart("", (source,), (made,)),), target=text
    )
    harmless = replace(report(LOST, problems=[problem("a", "b", "c")]), parts=(ReportedPart("", (), (made,)),))

    found, usual = Page(to_html(hostile)), Page(to_html(harmless))

    allowed = {"html", *(tag for tag, _ in usual.elements)}
    assert {tag for tag, _ in found.elements} <= allowed
    assert [tag for tag, _ in found.elements].count("script") == 3
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]
    assert found.raw["module"] == usual.raw["module"]
    for hidden in "\u202e\x1b\u2028":
        assert hidden not in to_html(hostile)
    shown = text.replace("\u202e", "\\u202e").replace("\x1b", "\\x1b").replace("\u2028", "\\u2028")
    assert shown in found.json("data")["words"]
    assert found.json("yaml")["cards"] == [[f"kind: Ingress # {shown}"]]


def test_equal_reports_are_equal_pages(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "converter", "convert", str(GOLDEN / "first-example" / "input"), "-q", "--report"]
    for seed in "12":
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        target = str(tmp_path / f"{seed}.html")
        subprocess.run([*command, target], check=True, capture_output=True, env=environment)
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()


def test_many_places_lead_to_the_list(tmp_path: Path) -> None:
    found = page(*(entry(Verdict.UNTRANSLATED, "a.b", line=line) for line in range(1, 26)))
    assert "and 5 more places" in found.texts
    assert {"href": "#own=1&q=a.b"} in found.named("a")


def test_many_groups_are_counted() -> None:
    found = page(*(entry(Verdict.UNTRANSLATED, f"a.b{number}") for number in range(203)))
    assert "… and 3 more groups; the entries below have them all." in found.texts


def test_a_secret_never_reaches_the_page(tmp_path: Path) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {"password": "hunter2"}}
    web = ingress("web", rule("a.example", path("/")))
    content = {"apiVersion": "v1", "kind": "List", "items": [secret, web, secret]}
    manifest = tmp_path / "list.yaml"
    manifest.write_text(yaml.safe_dump(content, sort_keys=False))
    text = written(tmp_path / "report.html", manifest)
    assert "hunter2" not in text
    assert any("a.example" in line for line in Page(text).json("yaml")["cards"][0])


def test_every_entry_leads_to_lines_that_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for case in ("first-example", "the-controller-and-its-options", "a-list-in-json", "more-than-64-hosts"):
        monkeypatch.chdir(GOLDEN / case)
        found = Page(written(tmp_path / "report.html", "input"))
        data, lines = found.json("data"), found.json("yaml")
        assert data["entries"]
        for row in data["entries"]:
            kind, first = data["words"][data["cards"][row[0]][1]], data["cards"][row[0]][6]
            if kind == "Ingress":
                assert first <= row[4] <= row[5] < first + len(lines["cards"][row[0]])
            for number, start, end in row[10]:
                assert 1 <= start <= end <= len(lines["objects"][number])


def test_a_report_without_anything_is_a_page() -> None:
    empty = Report("1", "standard", "1.6", "standard", (), (), (), 0, 0)
    assert "0 Ingresses became nothing." in Page(to_html(empty)).texts


def test_a_place_leads_to_the_first_environment_in_which_it_holds() -> None:
    found = page(*(entry(Verdict.UNTRANSLATED, "a.b", environment=stage) for stage in ("prod", "staging")))
    assert {"href": "#env=prod&at=a.yaml:1"} in found.named("a")
    assert "a.yaml:1 (prod, staging)" in found.texts
