"""Values of the options of ``ingress-migrate probe``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from converter.cli.options import PATH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from converter.verify.live.marker import Marker
    from converter.verify.live.sender import Address
    from converter.verify.messages import Headers, Scheme

_FIELD = re.compile(r"(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(?P<value>[\x20-\x7e\t]*)\Z")
_OWN = frozenset({"host", "content-length", "transfer-encoding", "connection", "upgrade"})
"""What a probe is about, or what its connection needs."""
_PORTS: dict[Scheme, int] = {"http": 80, "https": 443}


def address(_: click.Context, parameter: click.Parameter, values: Sequence[str]) -> Address | None:
    """A name or IP address, or URLs with the port of each scheme; ``None`` when it is not given."""
    if not values:
        return None
    from converter.verify.live.sender import Address

    if not any("://" in value for value in values):
        if len(values) > 1:
            raise click.BadParameter("name one address, or a URL for each of http and https", param=parameter)
        return Address(_bare(values[0], parameter), _PORTS)
    found = [_of_url(value, parameter) for value in values]
    hosts, schemes = {host for host, _, _ in found}, {scheme for _, scheme, _ in found}
    if len(hosts) > 1 or len(schemes) < len(found):
        raise click.BadParameter("the URLs have to name one host, and http and https once each", param=parameter)
    return Address(found[0][0], {scheme: port for _, scheme, port in found})


def _bare(value: str, parameter: click.Parameter) -> str:
    from ipaddress import ip_address

    text = value.removeprefix("[").removesuffix("]") if value.startswith("[") else value
    if ":" in text:
        try:
            return str(ip_address(text))
        except ValueError:
            raise click.BadParameter(
                f"{value} says no scheme for its port; write it as http://HOST:PORT or https://HOST:PORT",
                param=parameter,
            ) from None
    if not re.fullmatch(r"[A-Za-z0-9._-]+", text):
        raise click.BadParameter(f"{value!r} is neither a name, an IP address nor a URL", param=parameter)
    return text


def _of_url(value: str, parameter: click.Parameter) -> tuple[str, Scheme, int]:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise click.BadParameter(f"{value} is no URL: {error}", param=parameter) from None
    beside = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in _PORTS or not host or beside:
        raise click.BadParameter(f"{value} is more or less than http://HOST:PORT or https://HOST:PORT", param=parameter)
    scheme: Scheme = "https" if parts.scheme == "https" else "http"
    return host, scheme, _PORTS[scheme] if port is None else port


def headers(_: click.Context, parameter: click.Parameter, values: Iterable[str]) -> Headers:
    """``NAME: VALUE`` each, or ``@FILE`` with one a line, as curl has it; a value is never shown, not even here."""
    lines: list[str] = []
    for value in values:
        lines += _lines(value[1:], parameter) if value.startswith("@") else [value]
    return tuple(_field(line, parameter) for line in lines)


def _lines(file: str, parameter: click.Parameter) -> list[str]:
    try:
        with open(file, encoding="utf-8") as handle:
            return [line for line in handle.read().splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise click.BadParameter(f"{file} could not be read: {reason}", param=parameter) from None


def _field(line: str, parameter: click.Parameter) -> tuple[str, str]:
    found = _FIELD.match(line)
    if not found:
        raise click.BadParameter("write it as 'NAME: VALUE', in ASCII, or as @FILE", param=parameter)
    if found["name"].lower() in _OWN:
        raise click.BadParameter(f"{found['name']} is what a probe sets by itself", param=parameter)
    return found["name"], found["value"].strip()


def marker(_: click.Context, parameter: click.Parameter, value: str | None) -> Marker | None:
    """What tells backends apart."""
    if not value:
        return None
    from converter.verify.live.marker import MarkerError, parse_marker

    try:
        return parse_marker(value)
    except MarkerError as error:
        raise click.BadParameter(str(error), param=parameter) from None


_OPTIONS = (
    click.option(
        "--old",
        metavar="ADDRESS",
        multiple=True,
        callback=address,
        help="Where the Ingresses are served: a name or IP address, or http://HOST:PORT and https://HOST:PORT.",
    ),
    click.option(
        "--new",
        metavar="ADDRESS",
        multiple=True,
        callback=address,
        help="Where the Gateways are; both are connected to directly, whatever DNS says of the hosts.",
    ),
    click.option("--dry-run", is_flag=True, help="List the requests, and send none."),
    click.option(
        "--host",
        "hosts",
        metavar="PATTERN",
        multiple=True,
        help="Ask for these hosts only, such as '*.example.com'; repeatable.",
    ),
    click.option(
        "--header",
        "extra",
        metavar="'NAME: VALUE'|@FILE",
        multiple=True,
        callback=headers,
        help="Send it with each request, or those in a file; no report shows its value; repeatable.",
    ),
    click.option(
        "--allow-unsafe",
        is_flag=True,
        help="Send requests that may change something, too: POST and other methods than GET, HEAD and OPTIONS.",
    ),
    click.option(
        "--rate",
        type=click.FloatRange(0, min_open=True),
        metavar="NUMBER",
        default=20.0,
        show_default=True,
        help="Requests a second to each side, at most.",
    ),
    click.option(
        "--concurrency",
        type=click.IntRange(1, 256),
        metavar="NUMBER",
        default=4,
        show_default=True,
        help="Requests at a time to each side, at most.",
    ),
    click.option(
        "--max-requests",
        type=click.IntRange(1),
        metavar="NUMBER",
        default=2000,
        show_default=True,
        help="Requests to each side in all; each host gets its share of them.",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(0, min_open=True),
        metavar="SECONDS",
        default=10.0,
        show_default=True,
        help="For one request from connecting to the end of its answer.",
    ),
    click.option("--insecure", is_flag=True, help="Do not check the certificates."),
    click.option(
        "--ca-file", metavar="FILE", type=PATH, help="Trust the authorities in it besides those of the system."
    ),
    click.option(
        "--compare-header",
        "compared",
        metavar="NAME",
        multiple=True,
        help="Compare this response header, or those of a pattern such as 'x-*'; repeatable."
        "  [default: CORS, HSTS, caching, names of cookies and the like; what the conversion names in any case]",
    ),
    click.option(
        "--marker",
        metavar="PLACE:WHAT",
        callback=marker,
        help="What tells backends apart: header:NAME, header:NAME:REGEX or body:REGEX; the first group counts.",
    ),
)


def probe_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say whom to ask, how, and what to compare."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
