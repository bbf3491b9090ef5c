"""Another verdict, message or advice for rows of a target; what is made stays what it is."""

from __future__ import annotations

from converter.ledger import Verdict
from converter.targets import NAMES
from converter.targets.judgements import Judgement
from converter.targets.table import target_table


def test_what_is_not_said_stays() -> None:
    usual = target_table("envoy-gateway").rows["rate-limit"]
    by = Judgement("envoy-gateway", "rate-limit", "own.yaml", Verdict.TRANSLATED)
    found = target_table("envoy-gateway", (by,)).rows["rate-limit"]

    assert (found.verdict, found.message, found.advice) == (
        Verdict.TRANSLATED,
        f"{usual.message} The verdict is that of own.yaml.",
        usual.advice,
    )
    assert (found.differs, found.carry) == (usual.differs, usual.carry)


def test_a_new_message_takes_the_advice_away() -> None:
    by = Judgement("envoy-gateway", "rate-limit", "own.yaml", message="Fine.")
    found = target_table("envoy-gateway", (by,)).rows["rate-limit"]

    assert (str(found.verdict), found.message, found.advice) == ("approximated", "Fine.", "")


def test_advice_alone_and_none() -> None:
    usual = target_table("standard").rows["body-size"]
    one = target_table("standard", (Judgement("standard", "body-size", "own.yaml", advice="Ask us."),))
    none = target_table("standard", (Judgement("standard", "body-size", "own.yaml", advice=""),))

    assert [(each.rows["body-size"].message, each.rows["body-size"].advice) for each in (one, none)] == [
        (usual.message, "Ask us."),
        (usual.message, ""),
    ]


def test_a_code_of_a_default_counts_for_both() -> None:
    by = Judgement("standard", "body-size", "own.yaml", Verdict.INERT)
    found = target_table("standard", (by,))

    assert (found.rows["body-size"].verdict, found.defaults["body-size"].verdict) == (Verdict.INERT, Verdict.INERT)


def test_standard_counts_for_targets_without_a_row_of_their_own() -> None:
    by = tuple(Judgement("standard", code, "own.yaml", Verdict.INERT) for code in ("healthz", "rate-limit"))
    found = target_table("envoy-gateway", by)

    assert found.defaults["healthz"].verdict is Verdict.INERT
    assert found.rows["rate-limit"].verdict is Verdict.APPROXIMATED


def test_a_target_without_a_table_of_its_own_is_judged_too() -> None:
    by = (
        Judgement("standard", "healthz", "own.yaml", Verdict.INERT),
        Judgement("contour", "rate-limit", "own.yaml", Verdict.BUILTIN),
    )
    found = target_table("contour", by)

    assert (found.name, found.defaults["healthz"].verdict, found.rows["rate-limit"].verdict) == (
        "contour",
        Verdict.INERT,
        Verdict.BUILTIN,
    )
    assert target_table("standard", by).rows["rate-limit"] == target_table("standard").rows["rate-limit"]


def test_another_target_is_not_concerned() -> None:
    by = (Judgement("envoy-gateway", "healthz", "own.yaml", Verdict.INERT),)

    assert target_table("standard", by) == target_table("standard")
    assert [target_table(name, ()) is target_table(name, ()) for name in NAMES] == [True] * len(NAMES)


def test_an_annotation_without_a_row_gets_one() -> None:
    by = (Judgement("standard", "enable-modsecurity", "own.yaml", Verdict.BUILTIN, "There is one.", "Look."),)
    found = target_table("envoy-gateway", by).settings["enable-modsecurity"]

    assert (found.verdict, found.message, found.advice) == (
        Verdict.BUILTIN,
        "There is one. The verdict is that of own.yaml.",
        "Look.",
    )
