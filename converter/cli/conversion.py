"""What every command that converts asks for, and the conversion itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from converter._version import __version__
from converter.cli.options import (
    controller_name,
    controller_version,
    gateway_api,
    namespace,
    object_name,
    object_reference,
    read_values,
)
from converter.cli.sources import gather, source_options
from converter.controllers.ingress_nginx import Options
from converter.controllers.ingress_nginx.discovery import Given
from converter.gateway.topology import Topology
from converter.pipeline import convert
from converter.read import Environment
from converter.report import Report
from converter.targets import NAMES, target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from converter.gateway.objects import Json
    from converter.ledger import Entry
    from converter.pipeline import Conversion
    from converter.read import Reading
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
        default="1.6",
        show_default=True,
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
    """Add the options that say what is converted, and to what."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return source_options(command)


class Part(NamedTuple):
    """What became of one environment."""

    environment: str
    reading: Reading
    conversion: Conversion
    target: Target
    options: dict[str, Any]
    """Those that it was converted with."""

    def without(self, places: AbstractSet[tuple[str, int]]) -> Part:
        """The same without the Ingresses of these files and numbers."""
        left = tuple(
            each
            for each in self.reading.documents
            if each.value.get("kind") != "Ingress" or (each.file, each.index) not in places
        )
        return _convert(Environment(self.environment, replace(self.reading, documents=left)), self.options)


class Converted(NamedTuple):
    parts: tuple[Part, ...]
    report: Report
    """Of all parts."""

    def without(self, places: AbstractSet[tuple[str, int]]) -> Converted:
        """The conversion of what is left without the Ingresses of these files and numbers."""
        return Converted(tuple(part.without(places) for part in self.parts), self.report)

    @property
    def by_environment(self) -> dict[str, tuple[Json, ...]]:
        return {part.environment: part.conversion.objects for part in self.parts}

    @property
    def objects(self) -> tuple[Json, ...]:
        return tuple(each for part in self.parts for each in part.conversion.objects)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(each for part in self.parts for each in part.conversion.entries)


def convert_paths(
    paths: tuple[str, ...], options: dict[str, Any], namespace_of: Callable[[str], str] | None = None
) -> Converted:
    """Read and convert, as the options of :func:`conversion_options` say.

    ``namespace_of`` tells where the Gateway of an environment stands, if that is settled.
    """
    parts = []
    for environment in gather(paths, options):
        own = {**options, "gateway_namespace": namespace_of(environment.name)} if namespace_of else options
        parts.append(_convert(environment, own))
    return Converted(tuple(parts), _report(parts))


def _convert(environment: Environment, options: dict[str, Any]) -> Part:
    release = gateway_api(options["version"], options["channel"])
    chosen = target(options["target_name"], release, "emit" if options["lost_access"] == "emit" else "omit")
    source = Options(options["classes"], options["classless"] == "serve", options["strict_source"], _given(options))
    conversion = convert(environment.reading, chosen, source, _topology(options), options["namespace"])
    return Part(environment.name, environment.reading, conversion, chosen, options)


def _given(options: dict[str, Any]) -> Given:
    values = read_values(options["controller_values"]) if options["controller_values"] else None
    return Given(options["controller_version"], options["controller_config"], values)


def _topology(options: dict[str, Any]) -> Topology:
    return Topology(
        sharing=options["sharing"],
        name=options["gateway_name"],
        namespace=options["gateway_namespace"],
        gateway_class=options["gateway_class"],
        controller_name=options["controller_name"],
        default_certificate=options["default_certificate"],
    )


def _report(parts: Sequence[Part]) -> Report:
    problems = {problem for part in parts for problem in part.conversion.problems}
    return Report(
        tool_version=__version__,
        target=_listed(part.target.table.name for part in parts),
        gateway_api=_listed(part.target.release.version for part in parts),
        channel=_listed(part.target.release.channel for part in parts),
        objects=tuple(each for part in parts for each in part.conversion.objects),
        entries=tuple(each for part in parts for each in part.conversion.entries),
        problems=tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, problem.code))),
        documents=sum(part.conversion.ingresses for part in parts),
        files=sum(part.conversion.files for part in parts),
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))
