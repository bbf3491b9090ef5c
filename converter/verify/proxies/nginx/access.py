"""Who gets through: nginx's own access modules, as the controller's template uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from converter.routing import AccessList, AnyOf, BlockList, BodyLimit, ClientCertificate, Cors, ExternalAuth, Password
from converter.verify.proxies.nginx.cors import cors_lines
from converter.verify.proxies.nginx.site import AUTHORITIES, CLIENT, ESCAPED, USERS
from converter.verify.proxies.nginx.words import Lines, block, joined, mapping, quoted, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from converter.routing import Location
    from converter.verify.proxies.nginx.site import Site


def guard_lines(location: Location, name: str, site: Site) -> Lines:
    """The rules of a location. nginx goes through them in an order of its own, whatever order they stand in."""
    return joined(_guard(behaviour, location, name, site) for behaviour in location.behaviours)


def _guard(behaviour: object, location: Location, name: str, site: Site) -> Lines:
    if isinstance(behaviour, AnyOf):
        inner = joined(_guard(each, location, name, site) for each in behaviour.guards)
        return inner + Lines(location=("satisfy any;",))
    if isinstance(behaviour, AccessList):
        return Lines(location=tuple(_addresses(behaviour)))
    if isinstance(behaviour, Password):
        return Lines(location=(f"auth_basic {text(behaviour.realm)};", f"auth_basic_user_file {USERS};"))
    if isinstance(behaviour, ExternalAuth):
        return _external(behaviour, location, name, site)
    return Lines()


def _addresses(rule: AccessList) -> Iterator[str]:
    yield from (f"deny {quoted(network)};" for network in rule.deny)
    yield from (f"allow {quoted(network)};" for network in rule.allow)
    if rule.allow:
        yield "deny all;"


def _external(rule: ExternalAuth, location: Location, name: str, site: Site) -> Lines:
    asked, signin = f"/_external-auth-{name}", f"@sign-in-{name}"
    port = site.behind.authority(urlsplit(rule.url).netloc)
    asking = (
        "internal;",
        "proxy_pass_request_body off;",
        'proxy_set_header Content-Length "";',
        f'proxy_set_header {CLIENT} "";',
        f'proxy_set_header {ESCAPED} "";',
        *((f"proxy_method {quoted(rule.method)};",) if rule.method else ()),
        *limit_lines(location),
        f"proxy_pass http://127.0.0.1:{port};",
    )
    own = [f"auth_request {asked};"]
    for index, header in enumerate(rule.response_headers):
        told = f"$upstream_http_{header.lower().replace('-', '_')}"
        own += [f"auth_request_set $told_{index} {told};", f"proxy_set_header {quoted(header)} $told_{index};"]
    server = block(f"location = {asked}", asking)
    if rule.signin:
        own.append(f"error_page 401 = {signin};")
        server += block(f"location {signin}", _signing_in(rule.signin, location))
    return Lines(server=server, location=tuple(own))


def limit_lines(location: Location) -> Iterator[str]:
    """nginx holds the request that asks against the limit as well, although it has no body."""
    limits = (behaviour for behaviour in location.behaviours if isinstance(behaviour, BodyLimit))
    yield from (f"client_max_body_size {limit.size};" for limit in limits)


def _signing_in(address: str, location: Location) -> Iterator[str]:
    """``buildAuthSignURL``. Of the headers of the location, the location for signing in has those of CORS alone."""
    yield "internal;"
    for behaviour in location.behaviours:
        if isinstance(behaviour, Cors):
            yield from cors_lines(behaviour).location
    fields = parse_qs(urlsplit(address).query, keep_blank_values=True)
    if not any(fields.get("rd", ())):
        address += f"{'&' if fields else '?'}rd=$pass_access_scheme://$http_host$escaped_request_uri"
    yield f"return 302 {quoted(address)};"


def certificate_lines(rule: ClientCertificate) -> Iterator[str]:
    """A check of its name comes first, and over plain http as well, where there is no certificate that has one."""
    if rule.name:
        yield from block(f"if ($ssl_client_s_dn !~ {quoted(f'CN={rule.name}')})", ("return 403;",))
    yield f"ssl_client_certificate {AUTHORITIES};"
    yield f"ssl_verify_client {'on' if rule.demanded else 'optional_no_ca'};"


def block_maps(lists: Iterable[BlockList]) -> Iterator[str]:
    for index, rule in enumerate(lists):
        header = rule.header.lower().replace("-", "_")
        pairs = [("default", "0"), *((quoted(pattern), "1") for pattern in rule.patterns)]
        yield from mapping(f"$http_{header}", f"blocked_{index}", pairs)


def block_lines(lists: Iterable[BlockList]) -> Iterator[str]:
    for index, _ in enumerate(lists):
        yield from block(f"if ($blocked_{index})", ("return 403;",))
