"""Objects that people might write, served by Envoy: every answer is the predicted one, and some are spelt out."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from verify.objects import (
    API,
    authority,
    backend,
    cors,
    full,
    gateway,
    header,
    http,
    https,
    mirror,
    on_request,
    on_response,
    pattern,
    prefix,
    redirect,
    rewrite,
    route,
    rule,
)

from converter.verify.compare import told
from converter.verify.gateway import Gateways
from converter.verify.messages import Request
from converter.verify.proxies.envoy import World, serving
from converter.verify.proxies.observed import disagreements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from converter.verify.proxies.certificates import Certificates
    from converter.verify.proxies.echo import Echo
    from converter.verify.proxies.envoy.proxy import Proxy

pytestmark = pytest.mark.usefixtures("program")

Json = dict[str, Any]


def preflight(origin: str, method: str = "GET", headers: str = "") -> tuple[tuple[str, str], ...]:
    asked = (("Access-Control-Request-Headers", headers),) if headers else ()
    return (("Origin", origin), ("Access-Control-Request-Method", method), *asked)


def get(address: str, *headers: tuple[str, str], method: str = "GET", **further: Any) -> Request:
    scheme, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return Request(host, f"{slash or '/'}{path}", method, "https" if scheme == "https" else "http", headers, **further)


WORLDS: dict[str, tuple[list[Json], list[tuple[Request, str]]]] = {}
"""By name: objects, and requests with who answers them: a status and where it leads, or a backend and its path."""

WORLDS["host names"] = (
    [
        gateway(),
        route(rule("/", "wide"), name="wide"),
        route(rule("/", "wild"), name="wild", hostnames=["*.example.com"]),
        route(rule("/shop", "exact"), name="exact", hostnames=["a.example.com", "b.example.com"]),
    ],
    [
        (get("http://other.org/"), "team/wide:80 /"),
        (get("http://x.example.com/"), "team/wild:80 /"),
        (get("http://two.labels.example.com/"), "team/wild:80 /"),
        (get("http://example.com/"), "team/wide:80 /"),
        (get("http://a.example.com/shop/cart"), "team/exact:80 /shop/cart"),
        (get("http://A.Example.Com:8080/shop"), "team/exact:80 /shop"),
        # Nobody stands in for the routes of the narrower name.
        (get("http://a.example.com/other"), "404"),
    ],
)
WORLDS["host names of listeners narrow those of routes"] = (
    [
        gateway(http(), http("*.example.com"), http("a.example.com")),
        route(rule("/", "wide"), name="wide", parent={"name": "main", "sectionName": "l0"}),
        route(rule("/", "exact"), name="exact", parent={"name": "main", "sectionName": "l2"}, hostnames=["*.com"]),
        route(rule("/sho", "no"), rule("/shop", "same"), name="same", parent={"name": "main", "sectionName": "l2"}),
    ],
    [
        (get("http://a.example.com/"), "team/exact:80 /"),
        (get("http://a.example.com/shop"), "team/same:80 /shop"),
        # Isolated: what the narrower listener has no route for is not the wider one's.
        (get("http://x.example.com/"), "404"),
        (get("http://other.org/"), "team/wide:80 /"),
    ],
)
WORLDS["who may attach"] = (
    [
        gateway({**http(), "allowedRoutes": {"namespaces": {"from": "Same"}}}, https()),
        {**route(rule("/", "far"), name="far", parent={"name": "main", "namespace": "team"})}
        | {"metadata": {"name": "far", "namespace": "elsewhere"}},
        route(rule("/secure"), name="secure", parent={"name": "main", "port": 443}),
        route(rule("/none"), name="none", parent={"name": "unknown"}),
    ],
    [(get("http://a/"), "404"), (get("http://a/secure"), "404"), (get("https://a/secure"), "team/web:80 /secure")],
)
WORLDS["conditions and their order"] = (
    [
        gateway(),
        route(
            rule("/", "rest"),
            rule("/a", "prefix"),
            rule("/a", "exact", kind="Exact"),
            rule("/(?i:A)b[0-9]{2}", "regex", kind="RegularExpression"),
            rule("/a", "post", method="POST"),
            rule("/a", "header", headers=[header("X-Way", "one"), header("x-way", "never")]),
            rule("/a", "two", headers=[header("X-Way", "one"), pattern("X-More", "a.c|d")]),
            rule("/a", "query", queryParams=[header("q", "one"), header("q", "never"), header("Q", "two")]),
            rule("/a/", "slash"),
        ),
    ],
    [
        (get("http://h/a"), "team/exact:80 /a"),
        (get("http://h/a/"), "team/slash:80 /a/"),
        (get("http://h/ab"), "team/rest:80 /ab"),
        (get("http://h/aB12"), "team/rest:80 /aB12"),
        (get("http://h/Ab12"), "team/regex:80 /Ab12"),
        (get("http://h/Ab123"), "team/rest:80 /Ab123"),
        (get("http://h/a/x", method="POST"), "team/slash:80 /a/x"),
        (get("http://h/a", ("X-Way", "one")), "team/exact:80 /a"),
        (get("http://h/A"), "team/rest:80 /A"),
    ],
)
WORLDS["conditions among equals"] = (
    [
        gateway(),
        route(
            rule("/a", "plain"),
            rule("/a", "post", method="POST"),
            rule("/a", "header", headers=[header("X-Way", "one"), header("x-way", "never")]),
            rule("/a", "two", headers=[header("X-Way", "one"), pattern("X-More", "a.c|d")]),
            rule("/a", "query", queryParams=[header("q", "one"), header("q", "never"), header("Q", "two")]),
            name="b",
        ),
        route(rule("/a", "first by name"), name="a"),
    ],
    [
        (get("http://h/a/x"), "team/first by name:80 /a/x"),
        (get("http://h/a", ("X-Way", "one"), method="POST"), "team/post:80 /a"),
        (get("http://h/a", ("X-Way", "one")), "team/header:80 /a"),
        (get("http://h/a", ("X-Way", "one"), ("X-More", "abc")), "team/two:80 /a"),
        (get("http://h/a", ("X-Way", "one"), ("X-More", "abcd")), "team/header:80 /a"),
        (get("http://h/a?Q=two&q=one"), "team/query:80 /a?Q=two&q=one"),
        (get("http://h/a?q=one"), "team/first by name:80 /a?q=one"),
    ],
)
WORLDS["patterns that RE2 lacks"] = (
    [
        gateway(),
        route(
            {
                "matches": [
                    {"path": {"type": "RegularExpression", "value": "/(?!x).*"}},
                    {"path": {"type": "Exact", "value": "/beside"}},
                ],
                "backendRefs": [backend("lost")],
            },
            rule("/x(?>y)", "lost too", kind="RegularExpression"),
            rule("/x.*", "kept", kind="RegularExpression"),
        ),
    ],
    [(get("http://h/xy"), "team/kept:80 /xy"), (get("http://h/y"), "404"), (get("http://h/beside"), "404")],
)
WORLDS["rewrites"] = (
    [
        gateway(),
        route(
            rule("/a.b(c)", "web", rewrite(path=prefix("/"))),
            rule("/deep/", "web", rewrite(path=prefix("/new/"), hostname="inner.example.com")),
            rule("/shallow", "web", rewrite(path=prefix("/new"))),
            rule("/all", "web", rewrite(path=full(r"/\1%2F\d"))),
            rule("/gone", "web", rewrite(path=prefix(""))),
        ),
        route(rule("/", "web", rewrite(path=prefix("/below"))), name="root", hostnames=["root"]),
    ],
    [
        (get("http://h/a.b(c)"), "team/web:80 /"),
        (get("http://h/a.b(c)/x?q=/a.b(c)"), "team/web:80 /x?q=/a.b(c)"),
        (get("http://h/axb(c)/x"), "404"),
        (get("http://h/deep"), "team/web:80 /new"),
        (get("http://h/deep/x"), "team/web:80 /new/x"),
        (get("http://h/shallow/"), "team/web:80 /new/"),
        (get("http://h/shallow/x/"), "team/web:80 /new/x/"),
        (get("http://h/all/x?q"), r"team/web:80 /\1%2F\d?q"),
        (get("http://h/gone/x"), "team/web:80 /x"),
        (get("http://h/gone"), "team/web:80 /"),
        (get("http://root/"), "team/web:80 /below/"),
        (get("http://root/x"), "team/web:80 /below/x"),
    ],
)
WORLDS["redirects"] = (
    [
        gateway(http(), http("eighty", 8080), https()),
        route(
            rule("/scheme", "", redirect(scheme="https", statusCode=301)),
            rule("/port", "", redirect(port=8443, statusCode=307)),
            rule("/usual", "", redirect(scheme="http", port=443, statusCode=303)),
            rule("/host", "", redirect(hostname="new.example.com", path=full("/x?y"))),
            rule("/cut", "", redirect(path=prefix("/"), statusCode=308)),
            rule("/swap", "", redirect(path=prefix("/new"))),
        ),
    ],
    [
        (get("http://h/scheme/x?q=1"), "301 https://h/scheme/x?q=1"),
        (get("http://h:8080/scheme"), "301 https://h/scheme"),
        (get("https://h/scheme"), "301 https://h/scheme"),
        (get("http://h/port"), "307 http://h:8443/port"),
        (get("http://h/usual"), "303 http://h:443/usual"),
        (get("http://h/cut/x?q"), "308 http://h/x?q"),
        (get("http://h/cut"), "308 http://h/"),
        (get("https://h/swap/x"), "302 https://h/new/x"),
        (get("http://eighty:8080/swap", port=8080), "302 http://eighty:8080/new"),
    ],
)
HEADERS = (
    on_request(set=[header("X-Set", "100% %REQ(HOST)%")], add=[header("X-Add", "more")], remove=["x-client"]),
    on_response(set=[header("X-Own", "set"), header("X-New", "\\1%")], add=[header("Vary", "a")], remove=["X-Gone"]),
)
WORLDS["headers"] = (
    [
        gateway(),
        route(
            rule("/web", "web", *HEADERS),
            rule("/red", "", redirect(hostname="new.example.com"), *HEADERS),
            rule("/none", "", *HEADERS),
            rule("/auth", "web", authority(), *HEADERS),
        ),
    ],
    [
        (get("http://h/web", ("X-Add", "client"), ("X-Client", "1"), ("X-Set", "client")), "team/web:80 /web"),
        (get("http://h/web"), "team/web:80 /web"),
        (get("http://h/web", ("x_y", "1")), "400"),
        (get("http://h/red"), "302 http://new.example.com/red"),
        (get("http://h/none"), "500"),
        (get("http://h/auth"), "401"),
        (get("http://h/auth", identified=True), "team/web:80 /auth"),
    ],
)
WORLDS["who is asked first"] = (
    [
        gateway(),
        route(
            rule("/auth", "web", authority()),
            rule("/red", "", redirect(hostname="new.example.com"), authority()),
            rule("/cors", "web", authority(), cors(allowOrigins=["https://a.b"], allowMethods=["GET"])),
            rule("/elsewhere", "web", authority("auth", namespace="other")),
        ),
    ],
    [
        (get("http://h/auth"), "401"),
        (get("http://h/red"), "401"),
        (get("http://h/red", identified=True), "302 http://new.example.com/red"),
        (get("http://h/cors", *preflight("https://a.b"), method="OPTIONS"), "200"),
        (get("http://h/cors", ("Origin", "https://a.b")), "401"),
        (get("http://h/elsewhere", identified=True), "500"),
    ],
)
ORIGINS = ("https://a.b", "https://A.b", "https://evil.b", "null", "https://x.y.example.com", "http://q:8080")
WORLDS["cross-origin requests"] = (
    [
        gateway(),
        route(
            rule(
                "/some", "web", cors(allowOrigins=["https://a.b"], allowMethods=["GET", "PUT"], exposeHeaders=["X-A"])
            ),
            rule(
                "/all", "web", cors(allowOrigins=["*"], allowMethods=["*"], allowHeaders=["*"], allowCredentials=True)
            ),
            rule("/wild", "web", cors(allowOrigins=["https://*.example.com", "http://*:8080"], maxAge=60)),
            rule("/red", "", cors(allowOrigins=["*"]), redirect(hostname="new.example.com")),
        ),
    ],
    [
        (get(f"http://h{path}", *headers, method=method), "")
        for path in ("/some", "/all", "/wild", "/red")
        for origin in ORIGINS
        for method, headers in (
            ("GET", preflight(origin)[:1]),
            ("OPTIONS", preflight(origin)[:1]),
            ("OPTIONS", preflight(origin, "DELETE", "x-foo, x-bar")),
            ("OPTIONS", ()),
        )
    ],
)
WORLDS["shares, copies and references"] = (
    [
        gateway(),
        {
            "kind": "ReferenceGrant",
            "metadata": {"name": "some", "namespace": "other"},
            "spec": {
                "from": [{"group": API, "kind": "HTTPRoute", "namespace": "team"}],
                "to": [{"group": "", "kind": "Service", "name": "granted"}],
            },
        },
        route(
            rule("/two", "") | {"backendRefs": [backend("one", weight=1), backend("two", weight=3)]},
            rule("/none", "") | {"backendRefs": [backend("one", weight=0)]},
            rule("/granted", "") | {"backendRefs": [backend("granted", namespace="other")]},
            rule("/denied", "") | {"backendRefs": [backend("denied", namespace="other")]},
            rule("/bucket", "") | {"backendRefs": [{"group": "x.example.com", "kind": "Bucket", "name": "files"}]},
            rule("/copies", "web", mirror("one"), mirror("web"), mirror("none", percent=0)),
            rule("/own", "") | {"backendRefs": [backend("web", filters=[rewrite(path=full("/own-path"))])]},
            rule("/heads", "")
            | {
                "backendRefs": [
                    backend(name, filters=[on_request(set=[header("X-To", name)])]) for name in ("one", "two")
                ]
            },
        ),
    ],
    [
        *((get("http://h/two"), "") for _ in range(8)),
        *((get("http://h/heads"), "") for _ in range(4)),
        (get("http://h/none"), "500"),
        (get("http://h/granted"), "other/granted:80 /granted"),
        (get("http://h/denied"), "500"),
        (get("http://h/bucket"), "500"),
        (get("http://h/copies"), "team/web:80 /copies"),
        (get("http://h/own/x"), "team/web:80 /own-path"),
    ],
)
WORLDS["calls of gRPC"] = (
    [
        gateway(),
        route(
            {"matches": [{"method": {"service": "a.B", "method": "C"}}], "backendRefs": [backend("both")]},
            {"matches": [{"method": {"service": "a.B"}}], "backendRefs": [backend("service")]},
            {"matches": [{"method": {"method": "D.E"}}], "backendRefs": [backend("method")]},
            {
                "matches": [{"method": {"type": "RegularExpression", "service": "x|y", "method": "[A-Z]"}}],
                "backendRefs": [backend("regex")],
            },
            {"matches": [{"headers": [header("X-Way", "one")]}], "backendRefs": [backend("header")]},
            kind="GRPCRoute",
        ),
    ],
    [
        (get("http://h/a.B/C", method="POST"), "team/both:80 /a.B/C"),
        (get("http://h/a.B/X", method="POST"), "team/service:80 /a.B/X"),
        (get("http://h/a.BX/C", method="POST"), "404"),
        (get("http://h/q/D.E", method="POST"), "team/method:80 /q/D.E"),
        (get("http://h/q/DxE", method="POST"), "404"),
        (get("http://h/y/Z", method="POST"), "team/regex:80 /y/Z"),
        (get("http://h/z/Z", ("X-Way", "one"), method="POST"), "team/header:80 /z/Z"),
    ],
)
WORLDS["TLS"] = (
    [
        gateway(
            https("a.example.com"),
            https("*.example.com"),
            {"port": 443, "protocol": "TLS", "hostname": "pass.example.com", "tls": {"mode": "Passthrough"}},
            {"port": 443, "protocol": "TLS", "hostname": "end.example.com", "tls": {"mode": "Terminate"}},
            {"port": 443, "protocol": "TLS", "hostname": "alone.example.com", "tls": {"mode": "Passthrough"}},
            {"port": 9000, "protocol": "TCP"},
        ),
        route(rule("/", "web")),
        route({"backendRefs": [backend("raw")]}, name="raw", kind="TLSRoute", hostnames=["*.example.com"],
              parent={"name": "main", "sectionName": "l2"}),
        route({"backendRefs": [backend("ended")]}, name="ended", kind="TLSRoute", hostnames=["end.example.com"]),
        route({"backendRefs": [backend("db")]}, name="db", kind="TCPRoute"),
    ],
    [
        (get("https://a.example.com/"), "team/web:80 /"),
        (get("https://b.example.com/"), "team/web:80 /"),
        (get("https://b.example.com/", server_name="a.example.com"), "421"),
        (get("https://c.example.com/", server_name="b.example.com"), "team/web:80 /"),
        (get("https://other.org/", server_name="a.example.com"), "404"),
        (get("https://other.org/"), "no connection"),
        (get("https://pass.example.com/x"), "team/raw:80 /x"),
        (get("https://end.example.com/x"), "team/ended:80 /x"),
        (get("https://alone.example.com/"), "no connection"),
        (get("http://a.example.com/"), "no connection"),
        (get("http://any/", port=9000), "team/db:80 /"),
    ],
)  # fmt: skip
WORLDS["client certificates"] = (
    [
        gateway(
            https("a.example.com"),
            https("b.example.com", 8443),
            tls={
                "frontend": {
                    "default": {"validation": {"caCertificateRefs": [{"name": "ca"}]}},
                    "perPort": [{"port": 8443, "tls": {}}],
                }
            },
        ),
        route(rule("/", "web")),
    ],
    [
        (get("https://a.example.com/"), "no connection"),
        (get("https://a.example.com/", identified=True), "team/web:80 /"),
        (get("https://b.example.com:8443/", port=8443), "team/web:80 /"),
    ],
)


def policy(kind: str, name: str, section: str = "", target: str = "HTTPRoute", **fields: Any) -> Json:
    reference = {"group": API, "kind": target, "name": name, **({"sectionName": section} if section else {})}
    metadata = {"name": f"{name}{section}{len(fields)}", "namespace": "team"}
    return {"kind": kind, "metadata": metadata, "spec": {"targetRefs": [reference], **fields}}


def asking(to: str) -> Json:
    return {"headersToExtAuth": ["Cookie"], "http": {"backendRefs": [backend(to)], "pathOverride": "/check"}}


def allowed(*cidrs: str) -> Json:
    return {"defaultAction": "Deny", "rules": [{"action": "Allow", "principal": {"clientCIDRs": list(cidrs)}}]}


SIGN_IN = {
    "match": {"statusCodes": [{"type": "Value", "value": 401}]},
    "source": "Local",
    "response": {
        "statusCode": 302,
        "header": {"set": [header("Location", "https://login.example.com/?rd=https://%REQUESTED_SERVER_NAME%/")]},
    },
}
INSIDE, OUTSIDE = {"client": "10.1.2.3"}, {"client": "192.0.2.1"}

WORLDS["addresses of clients"] = (
    [
        gateway(),
        route(rule("/one", "web") | {"name": "one"}, rule("/", "web"), hostnames=["a.example.com"]),
        route(rule("/", "open"), name="open", hostnames=["b.example.com"]),
        route(rule("/", "all", on_response(set=[header("X-Own", "1")])), name="all", hostnames=["c.example.com"]),
        policy("SecurityPolicy", "main", target="Gateway", authorization=allowed("203.0.113.0/24")),
        policy("SecurityPolicy", "web", authorization=allowed("10.0.0.0/8", "2001:db8::/32")),
        policy("SecurityPolicy", "web", "one", authorization=allowed("192.0.2.1/32")),
        policy("SecurityPolicy", "all", authorization={"defaultAction": "Allow"}),
    ],
    [
        (get("http://a.example.com/", **INSIDE), "team/web:80 /"),
        (get("http://a.example.com/", client="2001:db8::1"), "team/web:80 /"),
        (get("http://a.example.com/", **OUTSIDE), "403"),
        # The closest policy takes the place of wider ones.
        (get("http://a.example.com/one", **INSIDE), "403"),
        (get("http://a.example.com/one", **OUTSIDE), "team/web:80 /one"),
        (get("http://b.example.com/", **INSIDE), "403"),
        (get("http://b.example.com/"), "team/open:80 /"),
        (get("http://c.example.com/", **OUTSIDE), "team/all:80 /"),
    ],
)
WORLDS["who has to say who they are"] = (
    [
        gateway(http(), https()),
        route(rule("/", "asked"), name="asked", hostnames=["a.example.com"]),
        route(rule("/", "basic", on_response(set=[header("X-Own", "1")])), name="basic", hostnames=["b.example.com"]),
        route(rule("/", "both"), name="both", hostnames=["c.example.com"]),
        policy("SecurityPolicy", "asked", extAuth=asking("auth")),
        policy("BackendTrafficPolicy", "asked", responseOverride=[SIGN_IN]),
        policy("SecurityPolicy", "basic", basicAuth={"users": {"name": "users"}}),
        policy("SecurityPolicy", "both", extAuth=asking("auth"), authorization=allowed("10.0.0.0/8")),
    ],
    [
        (get("https://a.example.com/", identified=True), "team/asked:80 /"),
        (get("https://a.example.com/"), "302 https://login.example.com/?rd=https://a.example.com/"),
        (get("http://b.example.com/"), "401"),
        (get("http://b.example.com/", identified=True), "team/basic:80 /"),
        # Whoever is asked comes before addresses.
        (get("http://c.example.com/", **OUTSIDE), "401"),
        (get("http://c.example.com/", identified=True, **OUTSIDE), "403"),
        (get("http://c.example.com/", identified=True, **INSIDE), "team/both:80 /"),
    ],
)
WORLDS["origins that a policy allows"] = (
    [
        gateway(),
        route(rule("/", "web")),
        policy("SecurityPolicy", "web", cors={"allowOrigins": ["https://a.org"]}, authorization=allowed("10.0.0.0/8")),
    ],
    [
        # A preflight is answered before anybody is refused.
        (get("http://h/", *preflight("https://a.org"), method="OPTIONS", **OUTSIDE), "200"),
        (get("http://h/", ("Origin", "https://a.org"), **INSIDE), "team/web:80 /"),
        (get("http://h/", ("Origin", "https://a.org"), **OUTSIDE), "403"),
        (get("http://h/", ("Origin", "https://b.org"), **INSIDE), "team/web:80 /"),
    ],
)
WORLDS["bodies that are too large"] = (
    [
        gateway(),
        route(rule("/small", "web") | {"name": "small"}, rule("/", "web")),
        policy("BackendTrafficPolicy", "web", "small", requestBuffer={"limit": "1Ki"}),
    ],
    [
        (get("http://a.example.com/small", method="POST", body=1024), "team/web:80 /small"),
        (get("http://a.example.com/small", method="POST", body=1025), "413"),
        (get("http://a.example.com/", method="POST", body=1025), "team/web:80 /"),
    ],
)
WORLDS["client certificates that a policy asks for"] = (
    [
        gateway(https("a.example.com"), https("b.example.com")),
        route(rule("/", "web")),
        policy("ClientTrafficPolicy", "main", "l0", "Gateway", tls={"clientValidation": {"mode": "RequireAndVerify"}}),
    ],
    [
        (get("https://a.example.com/"), "no connection"),
        (get("https://a.example.com/", identified=True), "team/web:80 /"),
        (get("https://b.example.com/"), "team/web:80 /"),
    ],
)


def direct(**body: Any) -> Json:
    return {
        "kind": "HTTPRouteFilter",
        "metadata": {"name": "own", "namespace": "team"},
        "spec": {"directResponse": body},
    }


OWN = {
    "type": "ExtensionRef",
    "extensionRef": {"group": "gateway.envoyproxy.io", "kind": "HTTPRouteFilter", "name": "own"},
}
WORLDS["answers of Envoy Gateway"] = (
    [gateway(), route(rule("/closed", "", OWN), rule("/", "web")), direct(statusCode=503)],
    [(get("http://h/closed"), "503"), (get("http://h/"), "team/web:80 /")],
)


@pytest.fixture(scope="module")
def proxies(echo: Echo, certificates: Certificates, program: Path) -> Iterator[Mapping[str, Proxy]]:
    with ExitStack() as stack:
        worlds = [World(objects) for objects, _ in WORLDS.values()]
        yield dict(zip(WORLDS, stack.enter_context(serving(worlds, echo, certificates)), strict=True))


@pytest.mark.parametrize("name", WORLDS)
def test_envoy_answers_as_predicted(name: str, proxies: Mapping[str, Proxy]) -> None:
    objects, asked = WORLDS[name]
    predicting = Gateways(objects)
    wrong = []
    for request, expected in asked:
        seen = proxies[name].answer(request)
        found = disagreements(predicting.answer(request), seen, besides=["forwarded-headers"])
        wrong += [f"{request}: {difference}" for difference in found]
        if expected and said(seen) != expected:
            wrong.append(f"{request}: {said(seen)}, not {expected}")
    assert wrong == []


def said(answer: Any) -> str:
    if answer.shares:
        share = answer.shares[0]
        return f"{share.endpoint} {share.forwarded.target}"
    return f"{told(answer)} {answer.location}".strip()
