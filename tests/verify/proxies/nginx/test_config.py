"""What is written for a table, line by line; that nginx does with it what ingress-nginx does is shown elsewhere."""

from __future__ import annotations

from typing import Any

from manifests import ingress, path, rule, table, tls

from converter.verify.proxies.nginx import left_out
from converter.verify.proxies.nginx.config import configuration
from converter.verify.proxies.nginx.site import Site

HOST = "shop.example.com"


class Numbered:
    """Backends whose ports are numbers in the order in which they are asked for."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def backend(self, name: str, *, tls: bool = False) -> int:
        return self._number(f"{name} {tls}")

    def authority(self, name: str) -> int:
        return self._number(name)

    def _number(self, name: str) -> int:
        if name not in self._names:
            self._names.append(name)
        return 9001 + self._names.index(name)


def servers(*manifests: Any) -> str:
    """From the first server on."""
    text = configuration(table(*manifests), Site(8080, 8443, Numbered()))
    return "    server {" + text.partition("    server {")[2]


def test_a_whole_configuration() -> None:
    annotations = {"proxy-body-size": "8m", "ssl-redirect": "false"}
    shop = ingress("shop", rule(HOST, path("/docs")), namespace="team", annotations=annotations)

    assert configuration(table(shop), Site(8080, 8443, Numbered())) == WHOLE


def locations(text: str) -> list[str]:
    return [line.strip().removesuffix(" {") for line in text.splitlines() if line.strip().startswith("location ")]


def test_a_prefix_is_two_locations_and_an_exact_path_takes_the_place_of_one() -> None:
    paths = path("/a"), path("/b/"), path("/c", kind="Exact"), path("/d", kind="Exact"), path("/d")

    assert locations(servers(ingress("shop", rule(HOST, *paths)))) == [
        'location "/b/"',
        'location = "/b/"',
        'location = "/d"',
        'location "/d/"',
        'location = "/c"',
        'location "/a/"',
        'location = "/a"',
        'location "/"',
        'location "/healthz"',
        'location "/"',
    ]


def test_one_pattern_makes_patterns_of_all_paths_of_its_host() -> None:
    shop = ingress("shop", rule(HOST, path('/v[0-9]"+'), path("/a")), annotations={"use-regex": "true"})

    assert locations(servers(shop))[:3] == ['location ~* "^/v[0-9]\\"+"', 'location ~* "^/a"', 'location ~* "^/"']


def names(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("server_name ")]


def test_a_wildcard_is_one_label_and_an_alias_stays_as_it_is_written() -> None:
    shop = ingress("shop", rule("*.example.com", path("/")), annotations={"server-alias": "other.example.org"})

    assert names(servers(shop)) == [
        'server_name "~^(?<subdomain>[\\\\w-]+)\\\\.example\\\\.com$" "other.example.org";',
        'server_name "_";',
    ]


def test_what_ends_tls_behind_the_controller_is_told_apart_before_nginx_ends_it() -> None:
    found = table(
        ingress("raw", rule("raw.example.com", path("/")), annotations={"ssl-passthrough": "true"}),
        ingress("shop", rule(HOST, path("/")), tls=[tls(HOST, secret="s")]),
    )
    text = configuration(found, Site(8080, 8443, Numbered(), passes_on=True, stream_module="/modules/stream.so"))

    assert text.startswith('load_module "/modules/stream.so";\n')
    assert (
        text[text.index("stream {") :]
        == """\
stream {
    map $ssl_preread_server_name $passed_to {
        default unix:https.sock;
        "raw.example.com" 127.0.0.1:9001;
    }
    server {
        listen 127.0.0.1:8443;
        ssl_preread on;
        proxy_pass $passed_to;
    }
}
"""
    )
    assert "listen unix:https.sock ssl" in text
    assert "listen 127.0.0.1:8443 ssl" not in text


def test_what_a_real_nginx_is_not_asked_about_is_told() -> None:
    annotations = {
        "limit-rps": "5",
        "proxy-read-timeout": "5",
        "backend-protocol": "GRPC",
        "auth-type": "digest",
        "auth-secret": "users",
        "satisfy": "any",
    }

    assert left_out(table(ingress("shop", rule(HOST, path("/")), annotations=annotations))) == (
        "rate limits: they show only over time",
        "timeouts: no backend here is slow",
        "digest authentication: a module of others does it, so a plain password stands for it",
        "gRPC: backends here speak HTTP/1.1",
    )


def test_of_a_table_without_such_wishes_nothing_is_left_out() -> None:
    """Timeouts and tries hold by default, and nobody wants to hear of them."""
    assert left_out(table(ingress("shop", rule(HOST, path("/"))))) == ()


WHOLE = """\
daemon off;
master_process off;
worker_processes 1;
pid nginx.pid;
error_log stderr error;
events {
    worker_connections 512;
}
http {
    access_log off;
    client_body_temp_path client_body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server_names_hash_max_size 65536;
    server_names_hash_bucket_size 512;
    map_hash_max_size 65536;
    map_hash_bucket_size 1024;
    variables_hash_max_size 65536;
    variables_hash_bucket_size 256;
    proxy_headers_hash_max_size 4096;
    proxy_headers_hash_bucket_size 256;
    real_ip_header X-Probe-Client;
    set_real_ip_from 127.0.0.1;
    set_real_ip_from unix:;
    ssl_certificate server.pem;
    ssl_certificate_key server.pem;
    proxy_http_version 1.1;
    proxy_redirect off;
    proxy_buffering off;
    server_name_in_redirect off;
    port_in_redirect off;
    uninitialized_variable_warn off;
    geo $literal_dollar {
        default "$";
    }
    map $http_upgrade $connection_upgrade {
        default upgrade;
        "" "";
    }
    map $http_x_request_id $req_id {
        default $http_x_request_id;
        "" $request_id;
    }
    map $http_x_probe_escaped $escaped_request_uri {
        default $http_x_probe_escaped;
    }
    map $https $usual_port {
        default 80;
        on 443;
    }
    map $http_x_forwarded_proto $pass_access_scheme {
        default $scheme;
    }
    map $http_x_forwarded_port $pass_port {
        default $usual_port;
    }
    map $http_x_forwarded_host $best_http_host {
        default $http_host;
    }
    map $request_uri $stripped_uri {
        "~^(?<head>.*)/$" $head;
        default $request_uri;
    }
    map $best_http_host $redirect_host {
        "~^(?<bare>[^:]*)" $bare;
    }
    map $scheme $hsts_0_0 {
        https "max-age=31536000; includeSubDomains";
        default $upstream_http_strict_transport_security;
    }
    map $scheme $hsts_0_1 {
        https "max-age=31536000; includeSubDomains";
        default $upstream_http_strict_transport_security;
    }
    server {
        listen 127.0.0.1:8080;
        listen 127.0.0.1:8443 ssl;
        server_name "shop.example.com";
        location "/docs/" {
            set $namespace "team";
            set $ingress_name "shop";
            set $service_name "web";
            set $service_port "80";
            set $location_path "/docs";
            client_max_body_size 8388608;
            proxy_set_header Host $best_http_host;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header X-Request-ID $req_id;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Host $best_http_host;
            proxy_set_header X-Forwarded-Port $pass_port;
            proxy_set_header X-Forwarded-Proto $pass_access_scheme;
            proxy_set_header X-Forwarded-Scheme $pass_access_scheme;
            proxy_set_header X-Scheme $pass_access_scheme;
            proxy_set_header X-Original-Forwarded-For $http_x_forwarded_for;
            proxy_set_header X-Original-Forwarded-Host $http_x_forwarded_host;
            proxy_set_header Proxy "";
            proxy_set_header X-Probe-Client "";
            proxy_set_header X-Probe-Escaped "";
            proxy_set_header X-Probe-Identified "";
            proxy_hide_header Strict-Transport-Security;
            add_header Strict-Transport-Security $hsts_0_0 always;
            proxy_pass http://127.0.0.1:9001;
        }
        location = "/docs" {
            set $namespace "team";
            set $ingress_name "shop";
            set $service_name "web";
            set $service_port "80";
            set $location_path "/docs";
            client_max_body_size 8388608;
            proxy_set_header Host $best_http_host;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header X-Request-ID $req_id;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Host $best_http_host;
            proxy_set_header X-Forwarded-Port $pass_port;
            proxy_set_header X-Forwarded-Proto $pass_access_scheme;
            proxy_set_header X-Forwarded-Scheme $pass_access_scheme;
            proxy_set_header X-Scheme $pass_access_scheme;
            proxy_set_header X-Original-Forwarded-For $http_x_forwarded_for;
            proxy_set_header X-Original-Forwarded-Host $http_x_forwarded_host;
            proxy_set_header Proxy "";
            proxy_set_header X-Probe-Client "";
            proxy_set_header X-Probe-Escaped "";
            proxy_set_header X-Probe-Identified "";
            proxy_hide_header Strict-Transport-Security;
            add_header Strict-Transport-Security $hsts_0_0 always;
            proxy_pass http://127.0.0.1:9001;
        }
        location "/" {
            set $namespace "team";
            set $ingress_name "shop";
            set $service_name "";
            set $service_port "";
            set $location_path "/";
            client_max_body_size 8388608;
            proxy_set_header Host $best_http_host;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header X-Request-ID $req_id;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Host $best_http_host;
            proxy_set_header X-Forwarded-Port $pass_port;
            proxy_set_header X-Forwarded-Proto $pass_access_scheme;
            proxy_set_header X-Forwarded-Scheme $pass_access_scheme;
            proxy_set_header X-Scheme $pass_access_scheme;
            proxy_set_header X-Original-Forwarded-For $http_x_forwarded_for;
            proxy_set_header X-Original-Forwarded-Host $http_x_forwarded_host;
            proxy_set_header Proxy "";
            proxy_set_header X-Probe-Client "";
            proxy_set_header X-Probe-Escaped "";
            proxy_set_header X-Probe-Identified "";
            proxy_hide_header Strict-Transport-Security;
            add_header Strict-Transport-Security $hsts_0_1 always;
            proxy_pass http://unix:default-backend.sock:;
        }
    }
    map $scheme $hsts_rest {
        https "max-age=31536000; includeSubDomains";
        default $upstream_http_strict_transport_security;
    }
    server {
        listen 127.0.0.1:8080 default_server;
        listen 127.0.0.1:8443 ssl default_server;
        server_name "_";
        location "/healthz" {
            return 200;
        }
        location "/" {
            proxy_hide_header Strict-Transport-Security;
            add_header Strict-Transport-Security $hsts_rest always;
            proxy_pass http://unix:default-backend.sock:;
        }
    }
    server {
        listen unix:default-backend.sock;
        return 404;
    }
}
"""
