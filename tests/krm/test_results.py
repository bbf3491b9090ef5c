"""Verdicts and problems as results of a function."""

from __future__ import annotations

from report.builders import entry, problem

from converter.krm.results import refusal, results
from converter.ledger import Entry, Remark, Verdict

ITEM = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "Ingress",
    "metadata": {
        "name": "web",
        "annotations": {"internal.config.kubernetes.io/path": "a.yaml", "internal.config.kubernetes.io/index": "2"},
    },
}
REF = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "name": "web"}


def test_what_is_lost_is_a_warning_with_object_field_and_file() -> None:
    lost = entry(Verdict.UNTRANSLATED, "auth.lost", key="x.io/auth", value="v", message="It is lost.", advice="Do it.")

    assert results([lost], [], [ITEM]) == [
        {
            "message": "x.io/auth: It is lost. Do it.",
            "severity": "warning",
            "resourceRef": REF,
            "file": {"path": "a.yaml", "index": 2},
            "field": {"path": "metadata.annotations['x.io/auth']", "currentValue": "v"},
            "tags": {"code": "auth.lost", "verdict": "untranslated"},
        }
    ]


def test_a_field_is_named_by_its_path() -> None:
    near = entry(Verdict.APPROXIMATED, "path.regex", type="field", key="spec.rules.http.paths", message="Nearly.")
    (found,) = results([near], [], [ITEM])

    assert (found["severity"], found["field"]["path"]) == ("info", "spec.rules.http.paths")


def test_what_is_kept_needs_no_result() -> None:
    kept = [entry(verdict, "a") for verdict in (Verdict.TRANSLATED, Verdict.BUILTIN, Verdict.INERT)]

    assert results(kept, [], [ITEM]) == []


def test_a_default_of_the_controller_is_about_no_object() -> None:
    default = entry(Verdict.UNTRANSLATED, "healthz", type="default", key="healthz", message="It answers 404.")

    assert results([default], [], [ITEM]) == [
        {
            "message": "healthz: It answers 404.",
            "severity": "warning",
            "tags": {"code": "healthz", "verdict": "untranslated"},
        }
    ]


def test_remarks_are_results_too() -> None:
    worst = entry(Verdict.UNTRANSLATED, "burst", message="No burst.")
    both = Entry(
        worst.origin, worst.verdict, worst.code, worst.message, "", (), (Remark(Verdict.APPROXIMATED, "r", "So.", ""),)
    )

    assert [(each["severity"], each["message"]) for each in results([both], [], [])] == [
        ("warning", "key: No burst."),
        ("info", "key: So."),
    ]


def test_problems_are_errors_or_infos_and_errors_come_first() -> None:
    note, error = problem("placeholder", "It has one.", severity="note"), problem("bad", "It is bad.", "Mend it.")
    lost = entry(Verdict.UNTRANSLATED, "a", message="Lost.")
    found = results([lost], [note, error], [])

    assert [(each["severity"], each["message"]) for each in found] == [
        ("error", "It is bad. Mend it."),
        ("warning", "key: Lost."),
        ("info", "It has one."),
    ]
    assert found[0]["file"] == {"path": "a.yaml"}


def test_verdicts_can_be_made_errors() -> None:
    entries = [entry(Verdict.UNTRANSLATED, "a"), entry(Verdict.APPROXIMATED, "b")]

    assert [each["severity"] for each in results(entries, [], [], [Verdict.UNTRANSLATED])] == ["error", "info"]


def test_an_object_of_somebody_else_is_a_warning() -> None:
    found = refusal(("networking.k8s.io", "Ingress", "", "web"), [ITEM])

    assert (found["severity"], found["resourceRef"]) == ("warning", REF)
    assert found["message"].startswith("Ingress web is in the input and was not made by this function, so it stays")
