"""The summary for a terminal: short, and what needs a hand before the rest."""

from __future__ import annotations

import pytest
from report.builders import entry, problem, report

from converter.ledger import Verdict
from converter.report import summary
from converter.report.terminal import full_summary
from converter.targets.switches import OFF


def text(*arguments, width: int = 100, **fields) -> str:
    lines = summary(report(*arguments, **fields), width)
    return "\n".join("".join(piece for piece, _ in line) for line in lines)


def test_a_run_that_leaves_nothing_to_do() -> None:
    assert (
        text(entry(Verdict.TRANSLATED, "path"))
        == """\
Made 1 Gateway, 2 HTTPRoutes for standard (Gateway API 1.6 standard).
translated 1 · approximated 0 · built in 0 · inert 0 · untranslated 0

Nothing is left to do by hand."""
    )


def test_what_is_lost_comes_with_its_place_and_advice() -> None:
    lost = entry(Verdict.UNTRANSLATED, "auth.lost", key="auth-url", message="Nobody asks.", advice="Ask.", line=7)

    assert text(lost).splitlines()[3:] == [
        "Untranslated: nothing in the result does this",
        "  auth-url [auth.lost]",
        "    Nobody asks.",
        "    → Ask.",
        "    a.yaml:7",
    ]


def test_what_repeats_is_told_once_with_its_first_places() -> None:
    lost = [
        entry(Verdict.UNTRANSLATED, "auth.lost", key="auth-url", message="Nobody asks.", line=n) for n in (3, 5, 8, 9)
    ]

    assert text(*lost).splitlines()[-2:] == ["    Nobody asks.", "    a.yaml:3, a.yaml:5, a.yaml:8 and 1 more"]


def test_what_holds_most_often_comes_first() -> None:
    rare = entry(Verdict.APPROXIMATED, "rare", key="rare", line=1)
    often = [entry(Verdict.APPROXIMATED, "often", key="often", line=n) for n in (2, 3)]

    heads = [line for line in text(rare, *often).splitlines() if line.startswith("  ") and "[" in line]
    assert heads == ["  often [often]", "  rare [rare]"]


def test_many_groups_end_with_where_the_rest_is() -> None:
    lost = [entry(Verdict.UNTRANSLATED, f"code-{n:02}", key=f"key-{n:02}") for n in range(14)]

    assert text(*lost).splitlines()[-1] == "  … and 2 more groups; --report FILE has them all"


def test_a_default_is_told_once_with_its_worst_verdict() -> None:
    defaults = [
        entry(Verdict.TRANSLATED, "hsts", type="default", key="hsts", message="Kept.", line=1),
        entry(Verdict.APPROXIMATED, "hsts", type="default", key="hsts", message="Nearly kept.", line=9),
    ]

    assert text(*defaults).splitlines()[3:] == [
        "What ingress-nginx did by itself",
        "  approximated  hsts: Nearly kept.",
    ]


def test_errors_come_before_verdicts_and_notes_are_counted() -> None:
    lost = entry(Verdict.UNTRANSLATED, "lost", key="auth-url")
    told = [problem("broken", "It is broken.", "Mend it.", line=4), problem("odd", "It is odd.", severity="note")]

    assert text(lost, problems=told).splitlines()[3:8] == [
        "1 error: not converted, or not valid",
        "  It is broken. [broken]",
        "    → Mend it.",
        "    a.yaml:4",
        "",
    ]
    assert text(lost, problems=told).splitlines()[-1] == "1 note; --verbose shows it."


def test_what_has_to_be_switched_on_stands_before_the_verdicts_and_is_something_to_do() -> None:
    off = problem(OFF, "limit-rps is off.", "Switch on the limiter.", line=4, severity="note")

    assert text(entry(Verdict.TRANSLATED, "path"), problems=[off]).splitlines()[3:] == [
        "See to this first: the implementation ignores it until then",
        "  limit-rps is off. [off-by-default]",
        "    → Switch on the limiter.",
        "    a.yaml:4",
    ]


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    assert text(problems=[problem("empty", "It is empty.", line=0)]).splitlines()[-1] == "    a.yaml"


@pytest.mark.parametrize(("files", "told"), [(0, ""), (1, " in 1 file"), (7, " in 7 files")])
def test_a_run_without_any_ingress(files: int, told: str) -> None:
    assert text(documents=0, files=files) == f"Found no Ingress{told}."


@pytest.mark.parametrize("width", [20, 60, 80, 200])
def test_lines_keep_to_the_width_but_names_stay_whole(width: int) -> None:
    place = "a/very/long/path/to/a/manifest/in/a/repository/with/many/levels/ingress.yaml"
    lost = entry(Verdict.UNTRANSLATED, "lost", key="auth-url", message="word " * 60, file=place)
    lines = text(lost, width=width).splitlines()

    assert f"    {place}:1" in lines
    assert max(len(line) for line in lines if place not in line) <= max(40, min(width, 100))


def test_a_long_message_is_cut_after_five_lines() -> None:
    lost = entry(Verdict.UNTRANSLATED, "lost", key="auth-url", message="word " * 200)
    told = [line for line in text(lost).splitlines() if line.startswith("    word")]

    assert len(told) == 5
    assert told[-1].endswith(" …")


def test_what_a_terminal_would_obey_is_spelled_out() -> None:
    nasty = entry(Verdict.UNTRANSLATED, "lost", key="evil\x1b[31m\u202e\nname")

    assert "  evil\\x1b[31m\\u202e name [lost]" in text(nasty).splitlines()


def test_styles_follow_the_verdicts() -> None:
    lines = summary(report(entry(Verdict.UNTRANSLATED, "lost"), entry(Verdict.APPROXIMATED, "near")), 100)
    styles = {piece: style for line in lines for piece, style in line if style.startswith("bold ")}

    assert styles == {
        "Untranslated: nothing in the result does this": "bold red",
        "Approximated: nearly the same; check the difference": "bold yellow",
    }


def test_the_full_summary_ends_with_every_note_and_all_its_places() -> None:
    told = [problem("odd", "It is odd.", "Look.", line=line, severity="note") for line in range(1, 6)]

    assert ["".join(piece for piece, _ in line) for line in full_summary(report(problems=told, documents=1), 100)] == [
        "Made 1 Gateway, 2 HTTPRoutes for standard (Gateway API 1.6 standard).",
        "translated 0 · approximated 0 · built in 0 · inert 0 · untranslated 0",
        "",
        "Nothing is left to do by hand.",
        "",
        "Notes: nothing to do, but good to know",
        "  It is odd. [odd]",
        "    → Look.",
        "    a.yaml:1, a.yaml:2, a.yaml:3, a.yaml:4, a.yaml:5",
    ]


def test_the_full_summary_without_a_note_is_the_summary() -> None:
    assert full_summary(report(), 100) == summary(report(), 100)


def test_a_place_says_in_which_environments_it_holds() -> None:
    stages = ("prod", "qa", "staging", "test")
    everywhere = [entry(Verdict.UNTRANSLATED, "a.lost", message="Lost.", environment=stage) for stage in stages]
    elsewhere = entry(Verdict.UNTRANSLATED, "a.lost", message="Lost.", file="b.yaml")

    assert text(*everywhere, elsewhere).splitlines()[-1] == "    a.yaml:1 (prod, qa, staging and 1 more), b.yaml:1"
