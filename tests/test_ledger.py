"""One verdict for everything that came in."""

from __future__ import annotations

from converter.ledger import Origin, Remark, Result, Settlement, Source, Verdict, close, join

WEB = Source("Ingress", "shop", "web", "a.yaml", 5)


def origin(key: str = "key", line: int = 5, file: str = "a.yaml") -> Origin:
    return Origin(Source("Ingress", "shop", "web", file, line), "annotation", key, "value")


def settled(at: Origin, verdict: Verdict, code: str = "code", *paths: str) -> Settlement:
    return Settlement(at, verdict, code, f"{code}.", "", tuple(Result("HTTPRoute", "", "web", path) for path in paths))


def test_what_is_opened_and_never_settled_is_untranslated() -> None:
    (entry,) = close([origin("some/annotation")], [])

    assert (entry.verdict, entry.code) == (Verdict.UNTRANSLATED, "annotation.untranslated")
    assert entry.message == "some/annotation is not carried over."


def test_what_is_settled_but_was_never_opened_is_an_entry_as_well() -> None:
    assert close([], [settled(origin(), Verdict.BUILTIN)]) == (settled(origin(), Verdict.BUILTIN),)


def test_an_entry_keeps_its_worst_verdict_and_all_its_results() -> None:
    good = settled(origin(), Verdict.TRANSLATED, "good", "spec.rules[0]", "spec.rules[1]")
    bad = settled(origin(), Verdict.APPROXIMATED, "bad", "spec.rules[1]", "spec.rules[2]")

    merged = settled(origin(), Verdict.APPROXIMATED, "bad", "spec.rules[0]", "spec.rules[1]", "spec.rules[2]")
    assert close([origin()], [good, bad]) == (merged,)


def test_a_whole_is_as_bad_as_its_worst_part() -> None:
    whole = origin("snippet")
    parts = [Origin(WEB, "directive", "snippet", f"line {number};", whole=whole) for number in (1, 2, 3)]
    said = [
        settled(parts[0], Verdict.TRANSLATED, "good", "spec.rules[0]"),
        settled(parts[1], Verdict.UNTRANSLATED, "lost"),
        settled(parts[2], Verdict.TRANSLATED, "good", "spec.rules[1]"),
    ]
    entries = close([whole], said)

    assert set(said) < set(entries)
    assert [entry for entry in entries if entry.origin == whole] == [
        Settlement(
            whole,
            Verdict.UNTRANSLATED,
            "annotation.in-parts",
            "It was read line by line: 1 untranslated, 2 translated; each has an entry of its own.",
            results=(Result("HTTPRoute", "", "web", "spec.rules[0]"), Result("HTTPRoute", "", "web", "spec.rules[1]")),
        )
    ]


def test_of_equal_verdicts_the_first_tells() -> None:
    first, second = (settled(origin(), Verdict.INERT, code) for code in ("first", "second"))

    assert close([], [first, second]) == (first,)


def test_the_order_of_severity() -> None:
    codes = [verdict.value for verdict in Verdict]
    found = [
        close([], [settled(origin(), a, a.value), settled(origin(), b, b.value)])[0].code
        for a in Verdict
        for b in Verdict
    ]

    assert found == [max(a, b, key=codes.index) for a in codes for b in codes]


def test_entries_are_ordered_by_file_line_and_key_whatever_the_order_of_the_stages() -> None:
    origins = [origin("b", 9), origin("a", 9), origin("z", 1), origin("a", 1, "b.yaml")]
    settlements = [settled(each, Verdict.INERT) for each in origins]
    entries = close(origins, settlements)

    assert [(e.origin.source.file, e.origin.source.line, e.origin.key) for e in entries] == [
        ("a.yaml", 1, "z"),
        ("a.yaml", 9, "a"),
        ("a.yaml", 9, "b"),
        ("b.yaml", 1, "a"),
    ]
    assert close(reversed(origins), reversed(settlements)) == entries


def test_ledgers_of_parts_are_joined_with_the_worst_verdict_and_all_results() -> None:
    origin = Origin(Source("ConfigMap", "a", "b", "c.yaml", 1), "field", "d", "e")
    results = [Result("Gateway", "", name, "") for name in ("one", "two")]
    fine = Settlement(origin, Verdict.TRANSLATED, "a.fine", "Fine.", results=(results[0],))
    near = Settlement(origin, Verdict.APPROXIMATED, "a.near", "Near.", results=(results[1],))
    lost = Settlement(
        origin, Verdict.UNTRANSLATED, "a.lost", "Lost.", also=(Remark(Verdict.APPROXIMATED, "b", "B.", ""),)
    )

    (joined,) = join([[fine], [near], [lost], [lost]])

    assert (joined.verdict, joined.code, joined.results) == (Verdict.UNTRANSLATED, "a.lost", tuple(results))
    assert [remark.code for remark in joined.also] == ["a.near", "b"]
    assert join([[lost], []]) == (lost,)
