"""From a conversion to the questions for two addresses, and from their answers to a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import click

from converter._version import __version__
from converter.report.probe_model import IN_WORDS, ProbeReport, asked
from converter.report.words import counted
from converter.verify.live.differences import HEADERS
from converter.verify.live.faults import ADVICE
from converter.verify.live.foreseen import Foreseen, Migration
from converter.verify.live.inquiry import Inquiry, Manner, Question
from converter.verify.live.marker import MOST_BODY
from converter.verify.live.reach import reach
from converter.verify.live.selection import LeftOut, Wishes, at_usual_port, select
from converter.verify.live.sender import AsyncSender
from converter.verify.live.tls import trusting
from converter.verify.messages import Scheme
from converter.verify.probes import probes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from ssl import SSLContext

    from converter.cli.conversion import Converted
    from converter.cli.progress import Work
    from converter.verify.live.compared import CheckedProbe
    from converter.verify.live.reach import Reached
    from converter.verify.live.selection import Selection
    from converter.verify.live.sender import Address
    from converter.verify.probes import Probe

_UNMARKED = "Backends were not told apart; --marker names a header or a pattern in bodies that does."
_SCHEMES: tuple[Scheme, ...] = get_args(Scheme)


@dataclass(frozen=True, slots=True)
class Plan:
    selection: Selection
    foreseen: Mapping[Probe, Foreseen]
    order: Mapping[Probe, int]
    """Where a probe stands in a report."""
    gateways: int
    """How many the conversion makes."""


@dataclass(frozen=True, slots=True)
class Result:
    report: ProbeReport
    interrupted: bool = False


def plan(converted: Converted, options: Mapping[str, Any]) -> Plan:
    """What to ask of the addresses that the options name."""
    found: dict[Probe, Foreseen] = {}
    for part in converted.parts:
        for table in part.conversion.tables:
            objects = converted.by_environment[part.environment]
            migration = Migration(table, objects, part.conversion.entries, part.target.table)
            foreseen = Foreseen(migration)
            for probe in probes(table, objects):
                found.setdefault(at_usual_port(probe), foreseen)
    given = [options[side].ports for side in ("old", "new") if options[side]]
    schemes = {scheme for scheme in _SCHEMES if all(scheme in ports for ports in given)}
    if not schemes:
        raise click.UsageError("--old and --new have no scheme in common; name http or https for both.")
    wishes = Wishes(schemes, options["hosts"], options["allow_unsafe"], options["max_requests"])
    order = {probe: index for index, probe in enumerate(found)}
    gateways = sum(entry["kind"] == "Gateway" for entry in converted.objects)
    return Plan(select(found, wishes), found, order, gateways)


def ask(plan: Plan, options: Mapping[str, Any], work: Work) -> Result:
    """Ask, and wait for the answers; an interrupt ends it with what was learned so far."""
    import asyncio

    tls = _trust(options)
    with work.stage("Connecting"):
        sides = asyncio.run(_reach(options))
    _refuse(sides, options)
    senders = _senders(sides, tls, options)
    total = len(plan.selection.probes)
    inquiry = Inquiry(*senders, _manner(options), lambda row: work.asked(_told(row), total))
    interrupted = False
    with work.stage("Asking"):
        try:
            asyncio.run(_inquire(inquiry, senders, _questions(plan, options)))
        except KeyboardInterrupt:
            interrupted = True
    return Result(_report(plan, inquiry, sides, options, interrupted=interrupted), interrupted)


def _trust(options: Mapping[str, Any]) -> SSLContext:
    try:
        return trusting(options["ca_file"] or "", anybody=options["insecure"])
    except OSError as error:
        from ssl import SSLError

        reason = "it holds no certificate in PEM" if isinstance(error, SSLError) else error.strerror
        raise click.UsageError(f"{options['ca_file']} could not be used: {reason}.") from None


async def _reach(options: Mapping[str, Any]) -> tuple[Reached, Reached]:
    import asyncio

    old, new = await asyncio.gather(*(reach(options[side], options["timeout"]) for side in ("old", "new")))
    return old, new


def _refuse(sides: tuple[Reached, Reached], options: Mapping[str, Any]) -> None:
    """Say once what is dead, instead of once a request."""
    for side, reached in zip(("old", "new"), sides, strict=True):
        faults = [f"port {reached.address.ports[scheme]}: {words}" for scheme, words in reached.dead]
        if reached.is_dead:
            advice = ADVICE.get(reached.dead[0][1], "")
            raise click.ClickException(
                f"--{side} {options[side].host} takes no connection ({'; '.join(faults)}). {advice}".rstrip()
            )
        if faults and not options["quiet"]:
            click.echo(f"--{side} {options[side].host} takes connections, but not on {faults[0]}.", err=True)
    old, new = (reached.address for reached in sides)
    if (old.host, old.ports) == (new.host, new.ports):
        raise click.UsageError(f"--old and --new both lead to {old.host}, so nothing could differ.")


def _senders(
    sides: tuple[Reached, Reached], tls: SSLContext, options: Mapping[str, Any]
) -> tuple[AsyncSender, AsyncSender]:
    body = MOST_BODY if options["marker"] and options["marker"].place == "body" else 0
    old, new = (AsyncSender(side.address, tls, timeout=options["timeout"], body=body) for side in sides)
    return old, new


def _manner(options: Mapping[str, Any]) -> Manner:
    """Whoever reads the log of a proxy sees who asks; ``--header`` may say something else."""
    usual = (("User-Agent", f"ingress-migrate/{__version__} (probe)"), ("Accept", "*/*"))
    given = {name.lower() for name, _ in options["extra"]}
    extra = (*(pair for pair in usual if pair[0].lower() not in given), *options["extra"])
    return Manner(options["rate"], options["concurrency"], options["max_requests"], extra)


async def _inquire(inquiry: Inquiry, senders: Sequence[AsyncSender], questions: Iterator[Question]) -> None:
    async with senders[0], senders[1]:
        await inquiry.ask(questions)


def _questions(plan: Plan, options: Mapping[str, Any]) -> Iterator[Question]:
    chosen = tuple(name.lower() for name in options["compared"]) or HEADERS
    for probe in plan.selection.probes:
        foreseen = plan.foreseen[probe]
        marker = None if foreseen.by_chance(probe.request) else options["marker"]
        yield Question(probe, (*chosen, *foreseen.headers(probe.request)), marker, foreseen.codes)


def _told(row: CheckedProbe) -> str:
    return f"{asked(row.probe.request)}: {IN_WORDS[row.outcome]}"


def _report(
    plan: Plan, inquiry: Inquiry, sides: tuple[Reached, Reached], options: Mapping[str, Any], *, interrupted: bool
) -> ProbeReport:
    old, new = (_name(options[side], reached) for side, reached in zip(("old", "new"), sides, strict=True))
    return ProbeReport(
        tool_version=__version__,
        old=old,
        new=new,
        rows=tuple(sorted(inquiry.checked, key=lambda row: plan.order[row.probe])),
        left_out=(*plan.selection.left_out, *_unasked(plan, inquiry, interrupted=interrupted)),
        notes=tuple(_notes(plan, options)),
        stopped=bool(inquiry.deaths),
    )


def _unasked(plan: Plan, inquiry: Inquiry, *, interrupted: bool) -> Iterator[LeftOut]:
    known = {row.probe for row in inquiry.checked}
    left = [probe.request.scheme for probe in plan.selection.probes if probe not in known]
    for scheme, death in sorted(inquiry.deaths.items()):
        reason = f"over {scheme}, as --{death.side} failed there again and again ({death.words})"
        yield LeftOut(left.count(scheme), reason)
    if interrupted:
        yield LeftOut(sum(scheme not in inquiry.deaths for scheme in left), "because of the interrupt")


def _name(given: Address, reached: Reached) -> str:
    """``192.0.2.1 (lb.example.com), http on port 80, https on port 443``."""
    host = reached.address.host
    name = host if given.host == host else f"{host} ({given.host})"
    return ", ".join([name, *(f"{scheme} on port {port}" for scheme, port in given.ports.items())])


def _notes(plan: Plan, options: Mapping[str, Any]) -> Iterator[str]:
    if plan.gateways > 1:
        number = counted(plan.gateways, "Gateway")
        yield f"The conversion makes {number}, each with an address of its own; --host asks for the hosts of one."
    if not options["marker"]:
        yield _UNMARKED
    if options["insecure"]:
        yield "Certificates were not checked."
    if options["extra"]:
        names = ", ".join(dict.fromkeys(name for name, _ in options["extra"]))
        yield f"Each request was sent with {names} of your own."
