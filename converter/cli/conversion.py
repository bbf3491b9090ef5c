"""What every command that converts asks for, and the conversion itself."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from converter._version import __version__
from converter.cli.options import (
    read_values,
)
from converter.cli.progress import following
from converter.cli.settings.overrides import shares
from converter.cli.sources import gather
from converter.ledger import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from converter.cli.settings.model import Override
    from converter.cli.settings.overrides import Share
    from converter.controllers.ingress_nginx import Options as ControllerOptions
    from converter.controllers.ingress_nginx.discovery import Given
    from converter.controllers.ingress_nginx.house import House
    from converter.gateway.objects import Json
    from converter.gateway.topology import Topology
    from converter.ledger import Entry, Remark
    from converter.pipeline import Conversion
    from converter.problems import Problem
    from converter.read import Environment, Reading
    from converter.report import Report
    from converter.targets.carry import LostAccess, Target
    from converter.targets.judgements import Judgement


class Part(NamedTuple):
    """What became of one environment, or of a share of it that has options of its own."""

    environment: str
    reading: Reading
    conversion: Conversion
    target: Target
    override: Override | None = None
    """What gave the share its options."""
    refused: bool = False
    """An access rule was lost, and that is not to pass."""


class Converted(NamedTuple):
    parts: tuple[Part, ...]
    report: Report
    """Of all parts."""
    environments: tuple[Environment, ...]
    """What was converted."""

    @property
    def by_environment(self) -> dict[str, tuple[Json, ...]]:
        """What stands in one cluster together."""
        found: dict[str, tuple[Json, ...]] = {}
        for part in self.parts:
            found[part.environment] = (*found.get(part.environment, ()), *part.conversion.objects)
        return found

    @property
    def objects(self) -> tuple[Json, ...]:
        return tuple(each for part in self.parts for each in part.conversion.objects)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.report.entries

    @property
    def refused(self) -> bool:
        """Whether nothing may be written, because an access rule was lost where that is not to pass."""
        return any(part.refused for part in self.parts)


def convert_paths(
    paths: tuple[str, ...], options: dict[str, Any], namespace_of: Callable[[str], str] | None = None
) -> Converted:
    """Read and convert, as the options of :func:`conversion_options` and ``verbosity_options`` say.

    ``namespace_of`` tells where the Gateway of an environment stands, if that is settled.
    """
    _mappings(options)  # Its faults are told before time is spent on reading.
    with following(options) as work:
        with work.stage("Reading"):
            environments = gather(paths, options, work)
        with work.stage("Converting"):
            return convert_environments(environments, options, namespace_of)


def convert_environments(
    environments: Sequence[Environment], options: dict[str, Any], namespace_of: Callable[[str], str] | None = None
) -> Converted:
    """The same for what has been read."""
    converted: list[Part] = []
    for environment in environments:
        own = {**options, "gateway_namespace": namespace_of(environment.name)} if namespace_of else options
        converted.extend(map(_convert, shares(environment, own)))
    if len(converted) == 1:
        return Converted(tuple(converted), _report(converted, ()), tuple(environments))
    from converter.cli.settings.collisions import reconcile

    parts, problems = reconcile(converted)
    return Converted(parts, _report(parts, problems), tuple(environments))


def _convert(share: Share) -> Part:
    from converter.pipeline import convert

    options = share.options
    environment = share.environment
    chosen = target_of(options, options["target_name"])
    conversion = convert(environment.reading, chosen, *settled(share))
    refused = options["lost_access"] == "fail" and any(told.code == "access.closed" for told in _told(conversion))
    return Part(environment.name, environment.reading, conversion, chosen, share.override, refused)


def target_of(options: Mapping[str, Any], name: str) -> Target:
    """The target of that name, for the release and the channel that the options name."""
    from converter.gateway.releases import release
    from converter.targets import newest_release, target

    lost_access: LostAccess = "emit" if options["lost_access"] == "emit" else "omit"
    _, judgements = _mappings(options)
    chosen = release(options["version"] or newest_release(name), options["channel"])
    return target(name, chosen, lost_access, judgements, snippets=options["allow_snippets"])


def settled(share: Share) -> tuple[ControllerOptions, Topology, str]:
    """What else a conversion is told, whatever its target."""
    from converter.controllers.ingress_nginx import Options

    options = share.options
    house, _ = _mappings(options)
    source = Options(
        options["classes"],
        options["classless"] == "serve",
        options["strict_source"],
        _given(options),
        serve_ports=share.override is None,
        house=house,
    )
    return source, _topology(options), options["namespace"]


def _mappings(options: Mapping[str, Any]) -> tuple[House, tuple[Judgement, ...]]:
    """The user's own rows, about annotations and about targets."""
    from converter.controllers.ingress_nginx.house import House

    if not options["mappings"]:
        return House(), ()
    from converter.cli.mappings.load import load_mappings

    return load_mappings(options["mappings"])


def _told(conversion: Conversion) -> Iterator[Entry | Remark]:
    """A lost access rule may stand beside something else that is lost."""
    for entry in conversion.entries:
        yield entry
        yield from entry.also


def _given(options: Mapping[str, Any]) -> Given:
    from converter.controllers.ingress_nginx.discovery import Given

    values = read_values(options["controller_values"]) if options["controller_values"] else None
    return Given(options["controller_version"], options["controller_config"], values)


def _topology(options: Mapping[str, Any]) -> Topology:
    from converter.gateway.topology import Topology

    return Topology(
        sharing=options["sharing"],
        name=options["gateway_name"],
        namespace=options["gateway_namespace"],
        gateway_class=options["gateway_class"],
        controller_name=options["controller_name"],
        default_certificate=options["default_certificate"],
    )


def _report(parts: Sequence[Part], quarrels: Iterable[Problem]) -> Report:
    from converter.report import Report, ReportedPart
    from converter.report.sources import source_texts
    from converter.targets.switches import switched_off, unserved

    used = [part for part in parts if part.conversion.entries] or parts
    ignored = [each for part in parts for each in switched_off(part.conversion.entries, part.target.table)]
    ignored += [each for part in used for each in unserved(part.target.release, part.target.table)]
    problems = {*quarrels, *(problem for part in parts for problem in part.conversion.problems), *ignored}
    return Report(
        tool_version=__version__,
        target=_listed(part.target.table.name for part in used),
        gateway_api=_listed(part.target.release.version for part in used),
        channel=_listed(part.target.release.channel for part in used),
        parts=tuple(
            ReportedPart(part.environment, source_texts(part.reading.documents), part.conversion.objects)
            for part in parts
        ),
        entries=tuple(_entries(parts)),
        problems=tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, problem.code))),
        documents=sum(part.conversion.ingresses for part in parts),
        files=sum(part.conversion.files for part in parts),
    )


def _entries(parts: Iterable[Part]) -> Iterator[Entry]:
    """Shares of one environment have their controller in common, and so what it was told."""
    for _, together in groupby(parts, key=lambda part: part.environment):
        yield from join(part.conversion.entries for part in together)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))
