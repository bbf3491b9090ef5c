"""What is told once: what has the same code and the same words, whoever asked for it."""

from __future__ import annotations

from report.builders import entry

from converter.ledger import Verdict
from converter.report.groups import Group, Place, of_entries

CORS = "nginx.ingress.kubernetes.io/enable-cors"
ORIGIN = "nginx.ingress.kubernetes.io/cors-allow-origin"


def test_what_has_the_same_words_is_one_group() -> None:
    found = of_entries(
        [
            entry(Verdict.APPROXIMATED, "cors", key=CORS, message="Nearly.", advice="Look.", line=3),
            entry(Verdict.APPROXIMATED, "cors", key=ORIGIN, message="Nearly.", advice="Look.", line=4),
            entry(Verdict.APPROXIMATED, "cors", key=CORS, message="Nearly.", advice="Look.", line=9),
        ],
        Verdict.APPROXIMATED,
    )
    places = tuple(Place("a.yaml", line) for line in (3, 4, 9))
    assert found == [Group("approximated", "cors", "Nearly.", "Look.", (CORS, ORIGIN), places)]
    assert found[0].subject == "nginx.ingress.kubernetes.io/enable-cors, cors-allow-origin"


def test_other_words_are_another_group() -> None:
    told = [entry(Verdict.UNTRANSLATED, "auth", key="auth-url", message=text) for text in ("Lost.", "Gone.")]
    assert [group.message for group in of_entries(told, Verdict.UNTRANSLATED)] == ["Lost.", "Gone."]


def test_another_prefix_is_written_out() -> None:
    group = Group("approximated", "a", "", "", (CORS, "corp.example/cors", "spec.tls", f"{CORS} a/b", ORIGIN), ())
    assert group.subject == f"{CORS}, corp.example/cors, spec.tls, {CORS} a/b, cors-allow-origin"


def test_many_subjects_are_counted() -> None:
    group = Group("approximated", "a", "", "", tuple(f"x/{number}" for number in range(10)), ())
    assert group.subject == "x/0, 1, 2, 3, 4, 5, 6, 7 and 2 more"
