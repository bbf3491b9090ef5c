"""What is no longer as it was pinned is told in words, the worst first."""

from __future__ import annotations

from converter.report.drift import drift
from converter.write import HEADER

WEB = "a.yaml: Ingress web: "


def pinned(*verdicts: str, problems: str = "", folder: str = "", **objects: str) -> dict[str, str]:
    return {
        f"{folder}verdicts.txt": HEADER + "".join(f"{line}\n" for line in verdicts),
        f"{folder}problems.txt": HEADER + problems,
        **{f"{folder}objects/{name}.txt": HEADER + text for name, text in objects.items()},
    }


def test_nothing_is_different_so_nothing_is_said() -> None:
    files = pinned(f"{WEB}spec.rules: translated path", route="kind: HTTPRoute\n")

    assert drift(files, files) == []


def test_an_ingress_that_came_is_told_without_its_verdicts() -> None:
    after = pinned("b.yaml: Ingress team-a/api: spec.rules: translated path", "b.yaml: Ingress team-a/api: x: inert y")

    assert drift(pinned(), after) == ["1 Ingress is new: team-a/api (b.yaml)"]
    assert drift(after, pinned()) == ["1 Ingress is gone: team-a/api (b.yaml)"]


def test_an_ingress_in_another_file_is_another_one() -> None:
    before = pinned("a.yaml: Ingress web: x: inert y")
    after = pinned("b.yaml: Ingress web: x: inert y")

    assert drift(before, after) == ["1 Ingress is new: web (b.yaml)", "1 Ingress is gone: web (a.yaml)"]


def test_verdicts_that_got_worse_come_before_those_that_did_not() -> None:
    before = pinned(f"{WEB}a: untranslated lost", f"{WEB}b: inert unknown", f"{WEB}c: translated path")
    after = pinned(f"{WEB}a: translated kept", f"{WEB}b: untranslated lost", f"{WEB}c: approximated path.regex")

    assert drift(before, after) == [
        "2 verdicts are worse:",
        "  web b inert unknown → untranslated lost",
        "  web c translated path → approximated path.regex",
        "1 verdict is different: web a untranslated lost → translated kept",
    ]


def test_a_further_verdict_on_the_same_thing_is_a_change() -> None:
    before = pinned(f"{WEB}spec.rules: translated path")
    after = pinned(f"{WEB}spec.rules: translated path", f"{WEB}spec.rules: untranslated path.lost")

    assert drift(before, after) == [
        "1 verdict is worse: web spec.rules translated path → translated path, untranslated path.lost"
    ]


def test_verdicts_come_and_go_in_an_ingress_that_stays() -> None:
    before = pinned(f"{WEB}a: inert unknown", f"{WEB}b: inert unknown")
    after = pinned(f"{WEB}a: inert unknown", f"{WEB}c: translated c", "ingress-nginx: hsts: approximated hsts")

    assert drift(before, after) == [
        "2 verdicts are new:",
        "  ingress-nginx hsts approximated hsts",
        "  web c translated c",
        "1 verdict is gone: web b inert unknown",
    ]


def test_objects_are_told_by_their_file() -> None:
    before = pinned(old="a\n", same="b\n", other="c\n")
    after = pinned(new="a\n", same="b\n", other="d\n")

    assert drift(before, after) == [
        "1 object is new: new",
        "1 object is gone: old",
        "1 object is different: other",
    ]


def test_problems_are_counted() -> None:
    one = pinned(problems="a.yaml: error template\n")
    two = pinned(problems="a.yaml: error template\n" * 2)

    assert drift(one, two) == ["1 problem is new: a.yaml: error template"]
    assert drift(two, one) == ["1 problem is gone: a.yaml: error template"]


def test_an_environment_is_named() -> None:
    before = pinned(f"{WEB}a: inert unknown", folder="production/", route="a\n")
    after = pinned(f"{WEB}a: translated a", folder="production/", route="b\n")

    assert drift(before, after) == [
        "1 verdict is different: production/web a inert unknown → translated a",
        "1 object is different: production/route",
    ]


def test_many_are_not_all_listed() -> None:
    after = pinned(**{f"route{number}": "a\n" for number in range(9)})

    assert drift(pinned(), after) == ["9 objects are new:", *(f"  route{n}" for n in range(7)), "  and 2 more"]
    assert drift(pinned(), pinned(**{f"r{n}": "" for n in range(8)}))[-1] == "  r7"
