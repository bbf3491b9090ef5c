"""What every command that converts asks for, and the conversion itself."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from converter._version import __version__
from converter.cli.options import (
    PATH,
    controller_name,
    controller_version,
    gateway_api_releases,
    gateway_api_version,
    namespace,
    object_name,
    object_reference,
    read_values,
)
from converter.cli.progress import following
from converter.cli.settings.hook import config_options
from converter.cli.settings.overrides import shares
from converter.cli.sources import gather, source_options
from converter.ledger import join
from converter.targets import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from converter.cli.settings.model import Override
    from converter.cli.settings.overrides import Share
    from converter.controllers.ingress_nginx.discovery import Given
    from converter.gateway.objects import Json
    from converter.gateway.topology import Topology
    from converter.ledger import Entry, Remark
    from converter.pipeline import Conversion
    from converter.problems import Problem
    from converter.read import Environment, Reading
    from converter.report import Report
    from converter.targets.carry import Target

_OPTIONS = (
    click.option(
        "-t",
        "--target",
        "target_name",
        type=click.Choice(NAMES),
        default="standard",
        show_default=True,
        help="Implementation to write for.",
    ),
    click.option(
        "-n",
        "--namespace",
        metavar="NAMESPACE",
        default="",
        callback=namespace,
        help="Namespace of objects that name none, and the one of a cluster to read."
        "  [default: left open, or default where others name theirs; that of the context]",
    ),
    click.option(
        "--gateway",
        "sharing",
        type=click.Choice(["shared", "namespace", "ingress"]),
        default="shared",
        show_default=True,
        help="One Gateway for a class, for each namespace of it, or for each Ingress.",
    ),
    click.option(
        "--gateway-name",
        metavar="NAME",
        default="",
        callback=object_name,
        help="Name of the Gateway; with several classes, theirs is appended.  [default: the Ingress class]",
    ),
    click.option(
        "--gateway-namespace",
        metavar="NAMESPACE",
        default="",
        callback=namespace,
        help="Where a shared Gateway stands.  [default: the Ingresses' own, or gateway-system for several]",
    ),
    click.option(
        "--gateway-class",
        metavar="NAME",
        default="",
        callback=object_name,
        help="Name of the GatewayClass.  [default: that of the target, or the Ingress class]",
    ),
    click.option(
        "--controller-name",
        metavar="DOMAIN/PATH",
        default="",
        callback=controller_name,
        help="spec.controllerName of the GatewayClass.  [default: that of the target]",
    ),
    click.option(
        "--default-certificate",
        metavar="NAMESPACE/NAME",
        callback=object_reference,
        help="Secret that ingress-nginx serves where no other fits; listeners for such hosts use it.",
    ),
    click.option(
        "--gateway-api",
        "version",
        metavar="VERSION",
        shell_complete=gateway_api_releases,
        default="1.6",
        show_default=True,
        callback=gateway_api_version,
        help="Release of the Gateway API in the cluster.",
    ),
    click.option(
        "--channel",
        type=click.Choice(["standard", "experimental"]),
        default="standard",
        show_default=True,
        help="Its channel.",
    ),
    click.option(
        "--class",
        "classes",
        metavar="NAME",
        multiple=True,
        help="Ingress class that ingress-nginx serves; repeatable.  [default: nginx]",
    ),
    click.option(
        "--classless",
        type=click.Choice(["serve", "skip"]),
        default="serve",
        show_default=True,
        help="Ingresses that name no class.",
    ),
    click.option(
        "--controller-version",
        metavar="VERSION",
        callback=controller_version,
        help="Version of ingress-nginx.  [default: that of its image in the input, or the last, 1.15.1]",
    ),
    click.option(
        "--controller-config",
        metavar="NAMESPACE/NAME",
        callback=object_reference,
        help="ConfigMap in the input with the controller's options.  [default: the one that its Deployment names]",
    ),
    click.option(
        "--controller-values",
        metavar="FILE",
        type=PATH,
        help="Values of the ingress-nginx chart; what they say about the controller counts.",
    ),
    click.option(
        "--strict-source",
        is_flag=True,
        help="Leave out annotations that ingress-nginx never read although their intent is plain.",
    ),
    click.option(
        "--on-lost-access-control",
        "lost_access",
        type=click.Choice(["omit", "emit", "fail"]),
        default="omit",
        show_default=True,
        help="Paths whose access rule is lost: omit makes them answer 500, emit opens them, fail writes no object.",
    ),
)


def conversion_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what is converted, and to what, and where else they may be set."""
    command = config_options(command)
    for option in reversed(_OPTIONS):
        command = option(command)
    return source_options(command)


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
    from converter.controllers.ingress_nginx import Options
    from converter.gateway.releases import release
    from converter.pipeline import convert
    from converter.targets import target

    options = share.options
    chosen = target(
        options["target_name"],
        release(options["version"], options["channel"]),
        "emit" if options["lost_access"] == "emit" else "omit",
    )
    source = Options(
        options["classes"],
        options["classless"] == "serve",
        options["strict_source"],
        _given(options),
        serve_ports=share.override is None,
    )
    environment = share.environment
    conversion = convert(environment.reading, chosen, source, _topology(options), options["namespace"])
    refused = options["lost_access"] == "fail" and any(told.code == "access.closed" for told in _told(conversion))
    return Part(environment.name, environment.reading, conversion, chosen, share.override, refused)


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

    problems = {*quarrels, *(problem for part in parts for problem in part.conversion.problems)}
    used = [part for part in parts if part.conversion.entries] or parts
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
