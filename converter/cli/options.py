"""Values of options that need more than click's own types.

A shell that completes a word loads the options of a command, so what only a run needs is loaded by the run.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from converter.ingress.names import is_label, is_subdomain

if TYPE_CHECKING:
    from converter.controllers.ingress_nginx.configuration import Configuration, Version

_LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_PART = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_RELEASE = re.compile(rf"(?=.{{1,53}}\Z){_PART}(\.{_PART})*\Z")
_CONTROLLER = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+\Z")


class _Path(click.Path):
    """Several in one variable of the environment are parted by spaces, as values of every other option are."""

    envvar_list_splitter = None  # type: ignore[assignment]  # click's own Path says str


PATH = _Path(readable=False)
DIRECTORY = _Path(file_okay=False, readable=False)
"""Names of what may be there or not; a shell completes them."""


def gateway_api_releases(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """For a shell: the releases of the Gateway API, the newest first."""
    from converter.gateway.releases import known_releases

    return [name for name in reversed(known_releases()) if name.startswith(incomplete)]


def object_name(_: click.Context, parameter: click.Parameter, value: str) -> str:
    """A name as an API server takes it; empty when the option is not given."""
    if value and not is_subdomain(value):
        message = f"{value} cannot be a name; use lower case letters, digits, dashes and dots"
        raise click.BadParameter(message, param=parameter)
    return value


def namespace(_: click.Context, parameter: click.Parameter, value: str) -> str:
    """The name of a namespace; empty when the option is not given."""
    if value and not is_label(value):
        message = f"{value} cannot be a namespace; use up to 63 lower case letters, digits and dashes"
        raise click.BadParameter(message, param=parameter)
    return value


def release_name(_: click.Context, parameter: click.Parameter, value: str) -> str:
    """The name of a Helm release; empty when the option is not given."""
    if value and not _RELEASE.match(value):
        message = f"{value} cannot be a release; use up to 53 lower case letters, digits, dashes and dots"
        raise click.BadParameter(message, param=parameter)
    return value


def controller_name(_: click.Context, parameter: click.Parameter, value: str) -> str:
    """Gateway API: ``GatewayController``, a domain with a path."""
    if value and not _CONTROLLER.match(value):
        raise click.BadParameter("write it as DOMAIN/PATH, for example example.com/gateway", param=parameter)
    return value


def controller_version(_: click.Context, parameter: click.Parameter, value: str | None) -> Version | None:
    """A version such as ``1.11`` or ``v1.11.2``."""
    if not value:
        return None
    from converter.controllers.ingress_nginx.configuration import UnknownVersionError, parse_version

    try:
        return parse_version(value)
    except UnknownVersionError:
        raise click.BadParameter(f"{value} is no version; write it as 1.11 or 1.11.2", param=parameter) from None


def read_values(file: str) -> Configuration:
    """The values of the ingress-nginx chart in a file."""
    from converter.controllers.ingress_nginx.discovery import from_values
    from converter.read.located import FaultError, load

    try:
        values, _ = load(Path(file).read_text("utf-8"), 1)
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} could not be read: {getattr(error, 'strerror', None) or error}.") from None
    except FaultError as fault:
        raise click.ClickException(f"{file}:{fault.line} is no YAML: {fault.message}.") from None
    if not isinstance(values, dict):
        raise click.ClickException(f"{file} holds no values of a chart, which are a mapping.")
    return from_values(values, file)


def object_reference(__: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, str]:
    """``NAMESPACE/NAME`` as a pair."""
    if not value:
        return "", ""
    space, _, name = value.partition("/")
    if not is_label(space) or not is_subdomain(name):
        raise click.BadParameter("write it as NAMESPACE/NAME", param=parameter)
    return space, name


def gateway_api_version(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A release that is known, such as ``1.6`` or ``v1.4.1``."""
    if ctx.resilient_parsing or value is None:
        return value
    from converter.gateway.releases import UnknownReleaseError, known_releases, release

    try:
        release(value, "standard")
    except UnknownReleaseError:
        known = ", ".join(known_releases())
        raise click.BadParameter(f"{value} is not known; choose one of {known}", param=parameter) from None
    return value
