"""Values of options that need more than click's own types."""

from __future__ import annotations

import click

from converter.gateway.releases import Release, UnknownReleaseError, known_releases, release


def secret_reference(_: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, str]:
    """``NAMESPACE/NAME`` as a pair."""
    if not value:
        return "", ""
    namespace, slash, name = value.partition("/")
    if not slash or not namespace or not name or "/" in name:
        raise click.BadParameter("write it as NAMESPACE/NAME", param=parameter)
    return namespace, name


def gateway_api(version: str, channel: str) -> Release:
    """The release that the options name; a version nobody knows is a usage error."""
    try:
        return release(version, "experimental" if channel == "experimental" else "standard")
    except UnknownReleaseError:
        known = ", ".join(known_releases())
        raise click.BadParameter(f"{version} is not known; choose one of {known}", param_hint="--gateway-api") from None
