"""What a command says besides its result, when the result speaks for itself."""

from __future__ import annotations

import pytest

ERROR = "elsewhere.yaml: There is no such file or directory. Check how it is written.\n"


@pytest.mark.parametrize("arguments", [[], ["-q"]])
def test_errors_are_told_and_notes_are_not(ingress, run, arguments) -> None:
    ingress.write_text(ingress.read_text().replace("nginx", "traefik"))

    result = run("diff", "ingress.yaml", "elsewhere.yaml", "-o", "patch", *arguments)

    assert (result.exit_code, result.stderr) == (2, ERROR)


def test_verbose_tells_notes_too(ingress, run) -> None:
    ingress.write_text(ingress.read_text().replace("nginx", "traefik"))

    result = run("diff", "ingress.yaml", "-o", "patch", "-v")

    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1].startswith("ingress.yaml:6: ")


def test_a_name_cannot_give_orders_to_the_terminal(ingress, run) -> None:
    assert run("convert", "\x1b[31mred.yaml", "-q").stderr.startswith("\\x1b[31mred.yaml: There is no such file")
