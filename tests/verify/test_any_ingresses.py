"""Whatever Ingresses come in and whatever is asked: no difference that the ledger does not announce."""

from __future__ import annotations

from typing import Any

from conversions import EVERY_TARGET, chosen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manifests import PREFIX, ingress, path, reading, rule, tls

from converter.controllers.ingress_nginx import Options
from converter.pipeline import Conversion, convert
from converter.verify.announced import announcements
from converter.verify.compare import differences
from converter.verify.gateway import Gateways
from converter.verify.messages import Request
from converter.verify.source import answer

Json = dict[str, Any]
HOSTS = ["shop.example.com", "*.example.com", "", "api.shop.example.com"]
ASKED = ["shop.example.com", "other.example.com", "api.shop.example.com", "a.b.example.com", "elsewhere.org"]
PATHS = ["/", "/a", "/a/", "/a/b", "/A", "/ab", "/a(/|$)(.*)", "/v[0-9]+", "/(.*)"]
TARGETS = [
    "/",
    "/a",
    "/a/",
    "/a/b",
    "/a/b/c",
    "/A",
    "/ab",
    "/abc",
    "/v1",
    "/v12/x",
    "/V1",
    "/none",
    "/a//b",
    "/a/../b?x=1",
]
ANNOTATIONS: dict[str, list[str]] = {
    "rewrite-target": ["/", "/$1", "/$2", "/new", "https://example.com/x"],
    "use-regex": ["true"],
    "ssl-redirect": ["false"],
    "force-ssl-redirect": ["true"],
    "permanent-redirect": ["https://example.com/new", "/here"],
    "temporal-redirect": ["https://example.com"],
    "app-root": ["/home"],
    "from-to-www-redirect": ["true"],
    "server-alias": ["elsewhere.org"],
    "canary": ["true"],
    "canary-weight": ["0", "30", "100"],
    "canary-by-header": ["X-Canary"],
    "canary-by-header-value": ["yes"],
    "canary-by-cookie": ["canary"],
    "enable-cors": ["true"],
    "cors-allow-origin": ["https://a.example.com", "https://*.example.com", "*"],
    "allowlist-source-range": ["10.0.0.0/8", "bad"],
    "auth-url": ["http://auth.team-a.svc.cluster.local/check"],
    "auth-tls-secret": ["team-a/clients"],
    "auth-tls-match-cn": ["CN=shop"],
    "satisfy": ["any"],
    "auth-signin": ["https://login.example.com/?rd=$escaped_request_uri"],
    "upstream-vhost": ["inner.example.com"],
    "proxy-body-size": ["8m"],
    "affinity": ["cookie"],
    "mirror-target": ["http://shadow.team-a.svc.cluster.local$request_uri"],
    "ssl-passthrough": ["true"],
    "configuration-snippet": [
        "return 403;",
        "return 301 https://new.example.com$request_uri;",
        "if ($http_x_canary) { return 403; } if ($request_method = POST) { return 405; }",
        "if ($http_x_canary != yes) { return 302 /sign-in; } more_set_headers 'X-Frame-Options: DENY';",
        "if ($request_method = POST) { more_set_headers 'X-Posted: yes' 'Server:'; }",
        "rewrite ^/a(/|$)(.*) /$2 break; more_set_input_headers 'Host: inner.example.com';",
        "if ($scheme = http) { return 301 https://$host$request_uri; } deny 10.0.0.0/8; add_header X-A a;",
        "if ($remote_addr = 10.0.0.1) { return 403; } sub_filter a b;",
        "rewrite ^/a/(.*)$ /x/$1 break; set $x $uri; add_header X $x; limit_except GET { deny all; }",
    ],
    "server-snippet": [
        "if ($http_cookie ~ canary) { return 302 https://canary.example.com$request_uri; }",
        "location /a { deny all; } location ~* ^/v[0-9]+$ { return 404; } location = /none { return 301 /a; }",
        "if ($host = shop.example.com) { return 301 https://www.example.com$request_uri; } add_header X-A b;",
        "if ($request_method !~ ^(GET|HEAD|OPTIONS)$) { return 405; } more_clear_headers X-A;",
    ],
}
HEADERS = [
    (),
    (("X-Canary", "always"),),
    (("X-Canary", "yes"),),
    (("Cookie", "a=b; canary=always"),),
    (("Origin", "https://a.example.com"), ("Access-Control-Request-Method", "GET")),
]

paths = st.builds(
    path,
    st.sampled_from(PATHS),
    st.sampled_from(["web", "api"]),
    st.sampled_from(["Prefix", "Exact", "ImplementationSpecific"]),
)
rules = st.builds(lambda host, found: rule(host, *found), st.sampled_from(HOSTS), st.lists(paths, max_size=3))
requests = st.builds(
    Request,
    host=st.sampled_from(ASKED),
    target=st.sampled_from(TARGETS),
    method=st.sampled_from(["GET", "GET", "POST", "OPTIONS"]),
    scheme=st.sampled_from(["http", "https"]),
    headers=st.sampled_from(HEADERS),
    identified=st.booleans(),
)


@st.composite
def ingress_sets(draw: st.DrawFn) -> list[Json]:
    """Up to three Ingresses of two namespaces that are in each other's way."""
    found = []
    for index in range(draw(st.integers(1, 3))):
        names = draw(st.lists(st.sampled_from(sorted(ANNOTATIONS)), max_size=3, unique=True))
        parts: Json = {
            "namespace": draw(st.sampled_from(["team-a", "team-b"])),
            "annotations": {name: draw(st.sampled_from(ANNOTATIONS[name])) for name in names},
            "tls": draw(st.sampled_from([[], [tls("shop.example.com", secret="one")], [tls(secret="two")]])),
        }
        if draw(st.integers(0, 4)) == 0:
            parts["defaultBackend"] = {"service": {"name": "rest", "port": {"number": 80}}}
        found.append(ingress(f"web-{index}", *draw(st.lists(rules, min_size=1, max_size=2)), **parts))
    return found


def converted(ingresses: list[Json], to: str) -> Conversion:
    return convert(reading(*ingresses), chosen(to), Options())


def unannounced(ingresses: list[Json], asked: list[Request], to: str) -> list[str]:
    result = converted(ingresses, to)
    if not result.tables:
        return []
    gateways, rows = Gateways(result.objects), chosen(to).table
    return [
        f"{request.method} {request.scheme}://{request.host}{request.target}: {each}"
        for request in asked
        for each in differences(answer(result.tables[0], request), gateways.answer(request))
        if not announcements(each, request, result.tables[0], result.entries, rows)
    ]


@given(ingress_sets(), st.lists(requests, min_size=8, max_size=24), st.sampled_from(EVERY_TARGET))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_differs_in_silence(ingresses: list[Json], asked: list[Request], to: str) -> None:
    assert unannounced(ingresses, asked, to) == []


def open_doors(ingresses: list[Json], asked: list[Request], to: str) -> list[str]:
    """Requests of clients who show nothing, which the source refuses and the target passes on to a backend."""
    result = converted(ingresses, to)
    if not result.tables:
        return []
    gateways, table = Gateways(result.objects), result.tables[0]
    return [
        f"{request.method} {request.scheme}://{request.host}{request.target}"
        for request in asked
        if answer(table, request).status in REFUSED and gateways.answer(request).shares
    ]


REFUSED = (400, 401, 403, 503)
CLOSED_HOSTS = [host for host in ASKED if host.count(".") < 3 or host.startswith("api.")]
PLAIN = [target for target in TARGETS if "//" not in target and ".." not in target]
strangers = st.builds(
    Request,
    host=st.sampled_from(CLOSED_HOSTS),
    target=st.sampled_from(PLAIN),
    method=st.sampled_from(["GET", "OPTIONS"]),
    scheme=st.sampled_from(["http", "https"]),
    headers=st.sampled_from(HEADERS),
)


@st.composite
def guarded_sets(draw: st.DrawFn) -> list[Json]:
    """Sets with more guards than chance would give them; hosts under a wildcard are declared, so nothing is shared."""
    found = draw(ingress_sets())
    for each in found:
        name = draw(st.sampled_from(["allowlist-source-range", "auth-url", "auth-tls-secret"]))
        each["metadata"].setdefault("annotations", {})[PREFIX + name] = ANNOTATIONS[name][0]
    return found


@given(guarded_sets(), st.lists(strangers, min_size=8, max_size=24), st.sampled_from(EVERY_TARGET))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_door_opens(ingresses: list[Json], asked: list[Request], to: str) -> None:
    """Whatever the ledger announces: by default nobody gets in who was kept out."""
    assert open_doors(ingresses, [each for each in asked if not is_deep(ingresses, each)], to) == []


def is_deep(ingresses: list[Json], request: Request) -> bool:
    """Two labels under the wildcard: the host belongs to nobody in nginx, and to the wildcard in the Gateway API."""
    declared = {entry.get("host") for each in ingresses for entry in each["spec"].get("rules", [])}
    return request.host.count(".") == 3 and request.host not in declared
