"""The report as a comment on a pull request."""

from __future__ import annotations

from report.builders import entry, problem, report

from converter.ledger import Verdict
from converter.report.as_markdown import to_markdown


def test_the_numbers_stand_above_the_folded_details() -> None:
    lost = [
        entry(Verdict.UNTRANSLATED, "a.lost", key="auth", message="It is lost.", advice="Do it by hand.", line=line)
        for line in (3, 9)
    ]
    near = entry(Verdict.APPROXIMATED, "a.near", type="default", key="retries", message="Nearly.")
    assert to_markdown(report(*lost, near, problems=[problem("bad", "Not YAML.", line=7)], files=2)) == (
        "## ingress-migrate for standard (Gateway API 1.6 standard)\n"
        "\n"
        "1 Ingress in 2 files became 1 Gateway, 2 HTTPRoutes.\n"
        "\n"
        "| translated | approximated | builtin | inert | untranslated | errors |\n"
        "| --: | --: | --: | --: | --: | --: |\n"
        "| 0 | 1 | 0 | 0 | 2 | 1 |\n"
        "\n"
        "### Errors: not converted, or not valid\n"
        "\n"
        "<details><summary>Not YAML. (1 place, <code>bad</code>)</summary>"
        "<ul><li><code>a.yaml:7</code></li></ul></details>\n"
        "\n"
        "### Untranslated: nothing in the result does this\n"
        "\n"
        "<details><summary><code>auth</code>: It is lost. (2 places, <code>a.lost</code>)</summary>"
        "<p>→ Do it by hand.</p><ul><li><code>a.yaml:3</code></li><li><code>a.yaml:9</code></li></ul></details>\n"
        "\n"
        "### What ingress-nginx did by itself, and is lost or differs\n"
        "\n"
        "<details><summary><code>retries</code>: Nearly. (1 place, <code>a.near</code>)</summary>"
        "<ul><li><code>a.yaml:1</code></li></ul></details>\n"
    )


def test_nothing_but_numbers_when_all_went_over() -> None:
    text = to_markdown(report(entry(Verdict.TRANSLATED, "a.fine")))
    assert "<details>" not in text
    assert text.endswith("| 1 | 0 | 0 | 0 | 0 | 0 |\n")


def test_what_a_manifest_says_is_neither_markup_nor_a_new_line() -> None:
    text = to_markdown(report(entry(Verdict.UNTRANSLATED, "a.b", key="<b>`*\n\n# x\x1b", message="</details>")))
    assert "<code>&lt;b&gt;`*  # x\\x1b</code>: &lt;/details&gt;" in text


def test_many_places_are_counted() -> None:
    text = to_markdown(report(*(entry(Verdict.UNTRANSLATED, "a.b", line=line) for line in range(1, 26))))
    assert text.count("<li>") == 21
    assert "<li>and 5 more places</li>" in text


def test_the_longest_report_fits_a_comment_and_says_what_is_hidden() -> None:
    lost = [entry(Verdict.UNTRANSLATED, f"a.b{index}", message="It is lost. " * 20) for index in range(900)]
    text = to_markdown(report(*lost))
    assert len(text) < 65_536
    shown = text.count("<details>")
    assert f"… and {900 - shown} more groups; the JSON report has them all." in text


def test_one_group_that_is_too_long_does_not_hide_the_others() -> None:
    long = entry(Verdict.UNTRANSLATED, "a.long", message="It is lost. " * 6000)
    text = to_markdown(report(long, entry(Verdict.UNTRANSLATED, "a.short", key="other", message="Lost.")))
    assert "a.short" in text
    assert "… and 1 more group; the JSON report has them all." in text


def test_a_place_says_in_which_environments_it_holds() -> None:
    text = to_markdown(report(*(entry(Verdict.UNTRANSLATED, "a.b", environment=name) for name in ("prod", "staging"))))
    assert "(1 place, <code>a.b</code>)" in text
    assert "<li><code>a.yaml:1 (prod, staging)</code></li>" in text
