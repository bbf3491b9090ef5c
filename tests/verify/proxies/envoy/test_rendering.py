"""What Envoy is told of objects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from verify.objects import (
    full,
    gateway,
    header,
    http,
    https,
    on_request,
    prefix,
    redirect,
    rewrite,
    route,
    rule,
)

from converter.verify.proxies.certificates import Certificates
from converter.verify.proxies.envoy.clusters import Clusters
from converter.verify.proxies.envoy.worlds import Surroundings, World, bootstrap, places

if TYPE_CHECKING:
    from converter.verify.proxies.echo import Echo

Json = dict[str, Any]
FILES = Certificates(Path("/run/authority.pem"), Path("/run/certificate.pem"), Path("/run/key.pem"))
HTTP = """\
- name: envoy.filters.network.http_connection_manager
  typed_config:
    '@type': type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
    stat_prefix: http
    codec_type: HTTP1
    use_remote_address: true
    server_header_transformation: PASS_THROUGH
    normalize_path: true
    merge_slashes: true
    path_with_escaped_slashes_action: UNESCAPE_AND_REDIRECT
    common_http_protocol_options: {headers_with_underscores_action: REJECT_REQUEST}
    http_filters:
    - name: envoy.filters.http.cors
      typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors}
    - name: envoy.filters.http.router
      typed_config:
        '@type': type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
        suppress_envoy_headers: true
    route_config:
      name: routes
      ignore_port_in_host_matching: true
      validate_clusters: false
"""
PLAIN_HOSTS = """\
- name: shop.example.com
  domains: [shop.example.com]
  routes:
  - match: {path_separated_prefix: /cart}
    route:
      cluster_not_found_response_code: INTERNAL_SERVER_ERROR
      upgrade_configs: [{upgrade_type: websocket}]
      cluster: plain team/cart:80
      regex_rewrite: {pattern: {regex: ^/cart/*}, substitution: /}
  - match: {prefix: /}
    redirect: {response_code: MOVED_PERMANENTLY, port_redirect: 443, scheme_redirect: https}
"""
TLS_HOSTS = """\
- name: '*.example.com'
  domains: ['*.example.com']
  routes:
  - match:
      path: /
      headers: [{name: ':method', string_match: {exact: GET}}]
    direct_response: {status: 500}
- name: pay.example.com
  domains: [pay.example.com]
  routes: [{match: {prefix: /}, direct_response: {status: 421}}]
"""
TLS = """\
name: tls
typed_config:
  '@type': type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
  common_tls_context:
    alpn_protocols: [http/1.1]
    tls_certificates:
    - certificate_chain: {filename: /run/certificate.pem}
      private_key: {filename: /run/key.pem}
"""


def rendered(echo: Echo, *objects: Json) -> Json:
    world = World(objects)
    open_at = [(place, 8000 + index) for index, place in enumerate(places([world]))]
    resources: Json = bootstrap([world], open_at, Surroundings(Clusters(echo), FILES, frozenset()))["static_resources"]
    return resources


def manager(hosts: str) -> list[Json]:
    (found,) = yaml.safe_load(HTTP)
    found["typed_config"]["route_config"]["virtual_hosts"] = yaml.safe_load(hosts)
    return [found]


def test_a_small_shop(echo: Echo) -> None:
    port = echo.backend("team/cart:80")
    objects = [
        gateway(http("shop.example.com"), https("*.example.com"), https("pay.example.com")),
        route(
            rule("/", "", redirect(scheme="https", statusCode=301)),
            rule("/cart/", "cart", rewrite(path=prefix("/"))),
            parent={"name": "main", "sectionName": "l0"},
        ),
        route(rule("/", "", kind="Exact", method="GET"), name="tls", parent={"name": "main", "sectionName": "l1"}),
    ]
    found = rendered(echo, *objects)

    plain, secured = found["listeners"]
    assert plain == {
        "name": "0 80",
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": 8000}},
        "filter_chains": [{"filters": manager(PLAIN_HOSTS)}],
    }
    assert secured["name"] == "0 443"
    assert secured["filter_chains"][0] == {
        "filter_chain_match": {"server_names": ["*.example.com"]},
        "filters": manager(TLS_HOSTS),
        "transport_socket": yaml.safe_load(TLS),
    }
    assert [each["filter_chain_match"] for each in secured["filter_chains"][1:]] == [
        {"server_names": ["pay.example.com"]}
    ]
    address = {"socket_address": {"address": "127.0.0.1", "port_value": port}}
    assert found["clusters"] == [
        {
            "name": "plain team/cart:80",
            "connect_timeout": "5s",
            "load_assignment": {
                "cluster_name": "plain team/cart:80",
                "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address}}]}],
            },
        }
    ]


def test_no_value_means_anything_else_than_itself(echo: Echo) -> None:
    """Percent signs are commands in headers, backslashes captures in substitutions, a prefix is no pattern."""
    hostile = '%DOWNSTREAM_REMOTE_ADDRESS%"\n- name: x'
    objects = [
        gateway(),
        route(
            rule("/a", "web", on_request(set=[header("X-A", hostile)]), rewrite(path=full(r"/\0\1"))),
            rule("/b.*(?P<x>[^", "web", rewrite(path=prefix("/"))),
        ),
    ]
    (listener,) = rendered(echo, *objects)["listeners"]
    config = listener["filter_chains"][0]["filters"][0]["typed_config"]["route_config"]
    later, first = config["virtual_hosts"][0]["routes"]

    assert first["request_headers_to_add"] == [
        {
            "header": {"key": "X-A", "value": '%%DOWNSTREAM_REMOTE_ADDRESS%%"\n- name: x'},
            "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
        }
    ]
    assert first["route"]["regex_rewrite"]["substitution"] == r"/\\0\\1"
    assert later["route"]["regex_rewrite"]["pattern"] == {"regex": r"^/b\.\*\(\?P<x>\[\^/*"}


def test_what_no_route_names_is_not_opened(echo: Echo) -> None:
    found = rendered(echo, gateway(), route(rule("/"), parent={"name": "another"}))

    assert found["clusters"] == []
    config = found["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]
    assert config["route_config"]["virtual_hosts"] == [{"name": "*", "domains": ["*"], "routes": []}]
