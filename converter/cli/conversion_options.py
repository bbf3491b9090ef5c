"""What every command that converts asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from converter.cli.options import (
    PATH,
    controller_name,
    controller_version,
    gateway_api_releases,
    gateway_api_version,
    namespace,
    object_name,
    object_reference,
)
from converter.cli.settings.hook import config_options
from converter.cli.sources import source_options
from converter.targets import NAMES, OTHERS

if TYPE_CHECKING:
    from collections.abc import Callable

mappings_option = click.option(
    "--mappings",
    metavar="FILE",
    type=PATH,
    multiple=True,
    help="File that says what annotations of your own mean, and judges verdicts anew; repeatable.",
)
_TARGET = click.option(
    "-t",
    "--target",
    "target_name",
    type=click.Choice((*NAMES, *OTHERS)),
    metavar="TARGET",
    default="standard",
    show_default=True,
    help=f"Implementation to write for: {', '.join(NAMES)}; or, with standard fields alone, {', '.join(OTHERS)}.",
)
_OPTIONS = (
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
        show_default="the newest that the target serves",
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
    mappings_option,
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
    click.option(
        "--allow-snippets",
        is_flag=True,
        help="Say in nginx's own language what nothing else says, in SnippetsFilters of nginx-gateway-fabric, which"
        " are off by default; other targets have none, so nothing changes for them.",
    ),
)


def conversion_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what is converted, and to what, and where else they may be set."""
    return source_options(_TARGET(_without_target(command)))


def any_target_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same without the option that names one target."""
    return source_options(_without_target(command))


def _without_target(command: Callable[..., Any]) -> Callable[..., Any]:
    command = config_options(command)
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
