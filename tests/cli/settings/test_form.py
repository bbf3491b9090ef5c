"""How values are written in the file; values of today's options are in ``test_load`` and ``test_schema``."""

from __future__ import annotations

import click
import pytest

from converter.cli.settings.form import Form, form_of


@pytest.mark.parametrize(
    ("option", "form"),
    [
        (click.Option(["--a"], is_flag=True), Form("boolean")),
        (click.Option(["--a/--no-a"]), Form("boolean")),
        (click.Option(["--a"], count=True), Form("integer")),
        (click.Option(["--a"], type=int, multiple=True), Form("integer", many=True)),
        (click.Option(["--a"], type=click.IntRange(0, 9)), Form("integer")),
        (click.Option(["--a"], type=float), Form("number")),
        (click.Option(["--a"], type=click.Choice(["b", "c"])), Form("string", ("b", "c"))),
        (click.Option(["--a"], multiple=True), Form("string", many=True)),
    ],
)
def test_the_declaration_of_an_option_says_its_form(option: click.Option, form: Form) -> None:
    assert form_of(option) == form


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        (Form("integer"), [0, 3], [True, 1.5, "1"]),
        (Form("number"), [0, 1.5], [False, "1"]),
        (Form("integer", many=True), [1, [1, 2], []], [["a"], [None]]),
    ],
)
def test_numbers_are_numbers(form: Form, right: list[object], wrong: list[object]) -> None:
    assert [form.fault(value) for value in right] == [""] * len(right)
    assert all(form.fault(value).endswith("number, without quotes.") for value in wrong)
