"""What is pinned of a conversion says what a reviewer has to know, and stays the same when nothing else changes."""

from __future__ import annotations

from report.builders import entry, problem

from converter.ledger import Entry, Remark, Verdict
from converter.problems import Problem
from converter.report.pinned import Outcome, pinned, seen_from, summary, verdict_of
from converter.report.pinned import Verdict as Line

ROUTE = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "shop"}}


def files(*outcomes: Outcome, root: str = ".") -> dict[str, str]:
    return {file.path: file.text for file in pinned(outcomes, root)}


def verdicts(*entries: Entry, root: str = ".") -> str:
    return files(Outcome("", (), entries, ()), root=root)["verdicts.txt"]


def test_objects_verdicts_and_problems_are_files_of_their_own() -> None:
    found = files(
        Outcome("", [ROUTE], [entry(Verdict.TRANSLATED, "path", key="spec.rules")], [problem("template", "It is one.")])
    )

    assert found == {
        "objects/httproute-shop.txt": (
            "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: shop\n"
        ),
        "verdicts.txt": "a.yaml: Ingress web: spec.rules: translated path\n",
        "problems.txt": "a.yaml: error template\n",
    }


def test_an_environment_has_a_folder_of_its_own() -> None:
    outcomes = [Outcome(name, [ROUTE], (), ()) for name in ("", "overlays/production", "overlays/staging")]

    assert [path for path in files(*outcomes) if path.endswith("shop.txt")] == [
        "objects/httproute-shop.txt",
        "overlays/production/objects/httproute-shop.txt",
        "overlays/staging/objects/httproute-shop.txt",
    ]


def test_two_environments_never_share_a_folder_and_none_leads_out_of_it() -> None:
    outcomes = [Outcome(name, (), (), ()) for name in ("a b", "a:b", "A_B", "../../etc", "/etc", "./etc")]

    assert [path for path in files(*outcomes) if path.endswith("verdicts.txt")] == [
        "a_b/verdicts.txt",
        "a_b-2/verdicts.txt",
        "A_B-3/verdicts.txt",
        "_/_/etc/verdicts.txt",
        "etc/verdicts.txt",
        "etc-2/verdicts.txt",
    ]


def test_neither_wording_nor_lines_nor_the_order_of_entries_matter() -> None:
    one = entry(Verdict.TRANSLATED, "path", key="spec.rules", message="Said so.", line=7)
    other = entry(Verdict.INERT, "unknown", key="x/y")
    moved = entry(Verdict.TRANSLATED, "path", key="spec.rules", message="Said otherwise.", advice="Do.", line=900)

    assert verdicts(one, other) == verdicts(other, moved)


def test_another_code_matters() -> None:
    assert verdicts(entry(Verdict.INERT, "a")) != verdicts(entry(Verdict.INERT, "b"))


def test_remarks_are_verdicts_too() -> None:
    worst = entry(Verdict.UNTRANSLATED, "burst-lost", key="x/limit")
    also = Remark(Verdict.APPROXIMATED, "per-route", "It counts otherwise.", "")
    both = Entry(worst.origin, worst.verdict, worst.code, "", "", (), (also,))

    assert verdicts(both) == (
        "a.yaml: Ingress web: x/limit: approximated per-route\na.yaml: Ingress web: x/limit: untranslated burst-lost\n"
    )


def test_a_default_of_the_controller_belongs_to_no_ingress() -> None:
    """The ledger hangs it on the first one, which is another one as soon as a file is added."""
    defaults = [entry(Verdict.UNTRANSLATED, "body-size", type="default", key="body-size", file=f) for f in ("a", "b")]

    assert verdicts(*defaults) == "ingress-nginx: body-size: untranslated body-size\n"


def test_files_are_named_from_the_folder_that_was_converted() -> None:
    assert verdicts(entry(Verdict.INERT, "a", file="k8s/web/a.yaml"), root="k8s").startswith("web/a.yaml: ")
    assert seen_from("k8s", "<stdin>") == "<stdin>"


def test_a_line_is_a_line_whatever_somebody_wrote() -> None:
    text = verdicts(entry(Verdict.INERT, "a", key="one\ntwo\x1b[31m"))

    assert text == "a.yaml: Ingress web: one two\\x1b[31m: inert a\n"


def test_a_line_can_be_read_back() -> None:
    line = Line("a.yaml", "Ingress team-a/web", "x/limit", "inert unknown")

    assert verdict_of(line.line) == line
    assert verdict_of("ingress-nginx: healthz: untranslated healthz") == Line(
        "", "ingress-nginx", "healthz", "untranslated healthz"
    )


def test_the_same_problem_twice_is_two_lines() -> None:
    twice = [Problem("a.yaml", line, "invalid-yaml", "", "") for line in (1, 9)]

    assert files(Outcome("", (), (), twice))["problems.txt"] == "a.yaml: error invalid-yaml\n" * 2


def test_a_sentence_counts_what_is_pinned() -> None:
    outcome = Outcome("", [ROUTE], [entry(Verdict.INERT, "a")], ())

    assert summary(pinned([outcome], ".")) == "1 object, 1 verdict and no problems"
    assert summary(pinned([outcome, Outcome("b", [ROUTE], (), [problem("template", "")])], ".")) == (
        "2 objects, 1 verdict and 1 problem"
    )
