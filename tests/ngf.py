"""The nginx that NGINX Gateway Fabric makes of HTTPRoutes, as far as snippets need it: for tests with a real one.

It follows ``internal/controller/nginx/config/servers_template.go`` of its repository: what stands where, in what order.
"""

from __future__ import annotations

import http.client
import os
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

from converter.verify.proxies.nginx import find_nginx
from converter.verify.proxies.process import running

_USER = "user root;" if os.getuid() == 0 else ""
"""Workers of a root's nginx could not read what lies in a folder of its own."""
Json = Mapping[str, Any]
Ports = Callable[[str], int]
CLIENT = "X-Client"
"""Of the request: the address that it comes from, as a load balancer would say it."""
_HEADERS = (
    ("Host", "$gw_api_compliant_host"),
    ("X-Forwarded-For", "$proxy_add_x_forwarded_for"),
    ("X-Real-IP", "$remote_addr"),
    ("X-Forwarded-Proto", "$scheme"),
    ("X-Forwarded-Host", "$host"),
    ("X-Forwarded-Port", "$server_port"),
    ("Upgrade", "$http_upgrade"),
    ("Connection", "$connection_upgrade"),
)


def configuration(objects: Sequence[Json], ports: Ports, listen: int) -> str:
    """``ports`` knows where each Service is served, by ``namespace/name``."""
    filters = {_identity(each): each for each in objects if each["kind"] in ("SnippetsFilter", "AuthenticationFilter")}
    servers: dict[tuple[str, str], list[tuple[str, Json]]] = defaultdict(list)
    for route in (each for each in objects if each["kind"] == "HTTPRoute"):
        for host, parent in product(route["spec"].get("hostnames", [""]), route["spec"]["parentRefs"]):
            servers[host, repr(parent)] += ((route["metadata"]["namespace"], rule) for rule in route["spec"]["rules"])
    text = "".join(_server(host, rules, filters, ports, listen) for (host, _), rules in servers.items())
    return (
        f"daemon off; {_USER}worker_processes 1; pid nginx.pid; error_log stderr;\nevents {{}}\nhttp {{\n"
        "access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;\n"
        "uwsgi_temp_path uwsgi; scgi_temp_path scgi; default_type application/octet-stream;\n"
        "server_names_hash_bucket_size 512; server_names_hash_max_size 1024;\n"
        "variables_hash_bucket_size 512; variables_hash_max_size 1024;\n"
        "proxy_headers_hash_bucket_size 512; proxy_headers_hash_max_size 1024;\n"
        "map $http_host $gw_api_compliant_host { '' $host; default $http_host; }\n"
        "map $http_upgrade $connection_upgrade { default upgrade; '' close; }\n"
        f"{text}}}\n"
    )


def _identity(entry: Json) -> tuple[str, str, str]:
    return entry["kind"], entry["metadata"]["namespace"], entry["metadata"]["name"]


def _server(
    host: str, rules: Sequence[tuple[str, Json]], filters: Mapping[Any, Json], ports: Ports, listen: int
) -> str:
    around = [text for home, rule in rules for text in _snippets(home, rule, filters, "http.server")]
    locations = [location for home, rule in rules for location in _locations(home, rule, filters, ports)]
    return "\n".join(
        [
            f"server {{\nlisten 127.0.0.1:{listen};",
            f"server_name {host or '_'};",
            *around,
            f"set_real_ip_from 127.0.0.1;\nreal_ip_header {CLIENT};",
            *locations,
            "}\n",
        ]
    )


def _locations(home: str, rule: Json, filters: Mapping[Any, Json], ports: Ports) -> Iterator[str]:
    for match in rule["matches"]:
        assert set(match) == {"path"}, "njs chooses among rules that match by more than their path"
        kind, value = match["path"]["type"], match["path"]["value"]
        inside = "\n".join(_inside(home, rule, value, filters, ports))
        slashed = kind != "PathPrefix" or value.endswith("/")
        paths = [value] if slashed else [f"{value}/", f"= {value}"]
        sign = {"Exact": "= ", "PathPrefix": "", "RegularExpression": "~ ^"}[kind]
        yield from (f"location {sign}{path} {{\n{inside}\n}}" for path in paths)


def _inside(home: str, rule: Json, path: str, filters: Mapping[Any, Json], ports: Ports) -> Iterator[str]:
    found = {entry["type"]: entry for entry in rule.get("filters", [])}
    yield from _snippets(home, rule, filters, "http.server.location")
    if any(entry["kind"] == "AuthenticationFilter" for entry in _named(home, rule, filters)):
        yield 'auth_basic "realm";\nauth_basic_user_file users;'
    if "CORS" in found:
        yield "if ($request_method = OPTIONS) {\nreturn 200;\n}"
    rewrite = found.get("URLRewrite", {}).get("urlRewrite", {})
    if "path" in rewrite:
        yield f"rewrite {_replaced(rewrite['path'], path)} break;"
    yield "proxy_http_version 1.1;"
    yield from _request_headers(found, rewrite.get("hostname"))
    for backend in rule.get("backendRefs", [])[:1]:
        service = f"{backend.get('namespace', home)}/{backend['name']}"
        yield f"proxy_pass http://127.0.0.1:{ports(service)};"
    if not rule.get("backendRefs"):
        yield "proxy_pass http://unix:nginx-500-server.sock;"
    for header in found.get("ResponseHeaderModifier", {}).get("responseHeaderModifier", {}).get("set", []):
        yield f"proxy_hide_header {header['name']};"
        yield f'add_header {header["name"]} "{header["value"]}" always;'


def _replaced(path: Json, prefix: str) -> str:
    if path["type"] == "ReplaceFullPath":
        return f"^ {path['replaceFullPath']}"
    return f"^{prefix.rstrip('/')}(?:/([^?]*))? {path['replacePrefixMatch'].rstrip('/')}/$1?$args?"


def _request_headers(found: Mapping[str, Json], host: str | None) -> Iterator[str]:
    modifier = found.get("RequestHeaderModifier", {}).get("requestHeaderModifier", {})
    said = {header["name"]: header["value"] for header in modifier.get("set", [])} | dict.fromkeys(
        modifier.get("remove", []), ""
    )
    own = {**dict(_HEADERS), **({"Host": host} if host else {})}
    yield from (f'proxy_set_header {name} "{value}";' for name, value in {**own, **said}.items())


def _snippets(home: str, rule: Json, filters: Mapping[Any, Json], context: str) -> Iterator[str]:
    for entry in _named(home, rule, filters):
        yield from (each["value"] for each in entry["spec"].get("snippets", []) if each["context"] == context)


def _named(home: str, rule: Json, filters: Mapping[Any, Json]) -> Iterator[Json]:
    for entry in rule.get("filters", []):
        if entry["type"] == "ExtensionRef":
            reference = entry["extensionRef"]
            yield filters[reference["kind"], home, reference["name"]]


def refusal(text: str, folder: Path) -> str:
    """What nginx has against a configuration; empty for nothing."""
    file = folder / "nginx.conf"
    file.write_text(text)
    program = find_nginx()
    assert program
    asked = subprocess.run(
        [program, "-t", "-q", "-e", "stderr", "-p", str(folder), "-c", str(file)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        env={"PATH": os.environ.get("PATH", "")},
    )
    return asked.stderr if asked.returncode else ""


@contextmanager
def serving(objects: Sequence[Json], ports: Ports) -> Iterator[Callable[..., tuple[int, dict[str, str], str]]]:
    """An nginx for the objects; what it yields asks one request: status, headers and body."""
    program = find_nginx()
    assert program

    def prepare(folder: Path, free: Sequence[int]) -> Sequence[str]:
        (folder / "users").write_text("probe:{PLAIN}of the probe\n")
        (folder / "nginx.conf").write_text(configuration(objects, ports, free[0]))
        return [program, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]

    with running(prepare, 1) as (port,):

        def ask(host: str, target: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, headers={"Host": host, CLIENT: "10.0.0.1", **named})
            reply = connection.getresponse()
            body = reply.read().decode()
            connection.close()
            return reply.status, {name.lower(): value for name, value in reply.getheaders()}, body

        yield ask
