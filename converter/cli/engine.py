"""Who answers for the two sides of ``verify``: their predictions, or real proxies on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from converter.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from converter.cli.progress import Work
    from converter.verify.check import Answering, Case, Checked
    from converter.verify.messages import Answer, Request
    from converter.verify.probes import Probe
    from converter.verify.proxies.real import Engines, Surprise

_MOST_SURPRISES = 5


def asked_of_predictions(case: Case) -> tuple[Checked, ...]:
    from converter.verify.check import check
    from converter.verify.probes import probes

    return check(case, probes(case.table, case.concerned()))


def asked_of_proxies(case: Case, work: Work) -> tuple[tuple[Checked, ...], tuple[Problem, ...]]:
    """What nginx and Envoy answer, and what has to be said of that; both have ended when this returns.

    Raises:

        ClickException: A proxy does not start.
    """
    from converter.verify.check import check
    from converter.verify.probes import probes
    from converter.verify.proxies.process import ProxyError
    from converter.verify.proxies.real import serving

    questions = probes(case.table, case.concerned())
    if not questions:
        return (), ()
    try:
        with serving(case.table, case.objects) as engines:
            found = check(case, questions, _Followed(engines.before, work, questions), engines.after)
            return found, tuple(_told(engines))
    except ProxyError as error:
        raise click.ClickException(f"A proxy did not start: {error}") from None


def check_engine(engine: str) -> None:
    """Whether what is asked for is installed.

    Raises:

        ClickException: It is not; the message says how to install it.
    """
    if engine == "real":
        from converter.verify.proxies.real import missing

        if found := missing():
            raise click.ClickException(f"--engine real needs {' and '.join(found)}.")


class _Followed:
    """Tells how far the work is."""

    def __init__(self, side: Answering, work: Work, questions: Sequence[Probe]) -> None:
        self._side, self._work, self._number = side, work, len(questions)

    def answer(self, request: Request) -> Answer:
        found = self._side.answer(request)
        self._work.asked(f"{request.method} {request.scheme}://{request.host}{request.target}", self._number)
        return found


def _told(engines: Engines) -> Iterator[Problem]:
    sides = " and ".join(f"{side.name} {side.asked} requests" for side in (engines.before, engines.after))
    agreed = "" if engines.surprises else "; every answer was as predicted"
    yield _note("engine.asked", f"Asked for real: {sides}{agreed}.")
    if engines.left_out:
        yield _note("engine.left-out", f"Not shown by them, and so as predicted: {'; '.join(engines.left_out)}.")
    yield from _surprises(engines.surprises)


def _surprises(found: Sequence[Surprise]) -> Iterable[Problem]:
    for each in found[:_MOST_SURPRISES]:
        request, difference = each.request, each.difference
        yield _note(
            "engine.surprise",
            f"{each.proxy} answers {request.method} {request.scheme}://{request.host}{request.target} otherwise than"
            f" predicted: {difference.aspect}: {difference.source or 'none'} → {difference.target or 'none'}.",
            "Please report it: the prediction, or how the proxy is set up here, is wrong.",
        )
    if len(found) > _MOST_SURPRISES:
        yield _note("engine.surprise", f"So do {len(found) - _MOST_SURPRISES} further answers.")


def _note(code: str, message: str, advice: str = "") -> Problem:
    return Problem("", 0, code, message, advice, "note")
