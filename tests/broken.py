"""Objects of every kind that a prediction reads, and the same with something else in one place."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from conversions import EVERY_TARGET, chosen
from manifests import ingress, path, reading, rule, tls

from converter.controllers.ingress_nginx import Options
from converter.gateway.forms import FORMS, GROUPS
from converter.gateway.forms.words import Fitting, Legible, Named, Parts, Typed
from converter.pipeline import Conversion, convert
from converter.verify.compare import differences
from converter.verify.messages import Answer, Request
from converter.verify.parents import lend
from converter.verify.sides import Target
from converter.verify.ways import ways_of_objects

Json = dict[str, Any]
Step = str | int
GOLDEN = Path(__file__).resolve().parent.parent / "golden"
HOME = {"namespace": "shop"}
OTHERS: tuple[Any, ...] = (
    *(5, -1, True, [], {}, ["x"], {"a": 1}, [None], [{}]),
    *("", "x", "(", "http://[", "/", "12x", r"\9$9${9}", '"', '!(cidr("x"))'),
    r"""request.headers['Origin'] == "\d" || request.headers['Origin'].matches("(")""",
    "return 999 a; rewrite /(o) /$9 break; deny x; allow 10.0.0.0/99; auth_request x;",
    'rewrite "(" /a break; proxy_next_upstream error; proxy_next_upstream_tries x; satisfy any; error_page 401 =302 /;',
)
"""What may stand where something else is meant."""
_GONE = object()
AUTH = {"auth-url": "http://check.auth.svc.cluster.local/check?a=b"}
SIGN_IN = {**AUTH, "auth-signin": "https://shop.example.com/start?rd=$escaped_request_uri"}
CROSS_ORIGIN = {"enable-cors": "true", "cors-allow-origin": "https://app.example.com, https://*.example.org"}
USES: tuple[Json, ...] = (
    {"use-regex": "true", "rewrite-target": "/$2"},
    {"rewrite-target": "/new", "upstream-vhost": "inner.example.com", "x-forwarded-prefix": "/shop"},
    {"allowlist-source-range": "10.0.0.0/8", "denylist-source-range": "192.0.2.0/24"},
    {"auth-type": "basic", "auth-secret": "users"},
    {"auth-type": "digest", "auth-secret": "users"},
    {"satisfy": "any", "allowlist-source-range": "10.0.0.0/8", "auth-type": "basic", "auth-secret": "users"},
    {**AUTH, "auth-response-headers": "X-User"},
    SIGN_IN,
    {"auth-tls-secret": "shop/authority", "auth-tls-match-cn": "CN=shop"},
    {"limit-rps": "5", "limit-burst-multiplier": "2", "limit-connections": "7"},
    {"proxy-body-size": "8m", "proxy-buffering": "on", "proxy-buffer-size": "16k", "proxy-busy-buffers-size": "32k"},
    {**CROSS_ORIGIN, "cors-expose-headers": "X-Token", "cors-max-age": "77"},
    {"affinity": "cookie", "session-cookie-name": "stay", "session-cookie-max-age": "3600"},
    *({"upstream-hash-by": f"${what}"} for what in ("remote_addr", "http_x_user", "cookie_user", "arg_user")),
    {"load-balance": "ewma"},
    {"proxy-connect-timeout": "10", "proxy-read-timeout": "300", "proxy-send-timeout": "200"},
    {"proxy-next-upstream": "error timeout http_502", "proxy-next-upstream-tries": "2"},
    {"backend-protocol": "HTTPS", "proxy-ssl-secret": "shop/authority", "proxy-ssl-verify": "on"},
    {"mirror-target": "http://shadow.shop.svc.cluster.local$request_uri"},
    {"custom-http-errors": "404,503", "default-backend": "pages"},
    {"permanent-redirect": "https://new.example.com/shop"},
    {"configuration-snippet": 'more_set_headers "X-Team: shop"; if ($http_user_agent ~* bot) { return 403; }'},
    {"configuration-snippet": "return 301 https://new.example.com$request_uri;"},
)
"""Annotations whose behaviours are carried by fields of their own on some target."""


class Place(NamedTuple):
    """A place in one of several objects."""

    objects: Sequence[Json]
    index: int
    steps: tuple[Step, ...]

    def changed(self) -> Iterator[Json]:
        """The object with something else there, or nothing."""
        for value in (*OTHERS, _GONE):
            yield _with(self.objects[self.index], self.steps, value)

    def among(self, changed: Json) -> list[Json]:
        return [*self.objects[: self.index], changed, *self.objects[self.index + 1 :]]


def _with(entry: Any, steps: Sequence[Step], value: Any) -> Any:
    """A copy as far as it is another one."""
    if not steps:
        return value
    found, step = copy.copy(entry), steps[0]
    found[step] = _with(entry[step], steps[1:], value)
    if found[step] is _GONE:
        del found[step]
    return found


@cache
def conversions(name: str) -> tuple[Conversion, ...]:
    """What a target makes of one use after the other."""
    found = []
    for use in USES:
        manifest = ingress(
            "web",
            rule(
                "shop.example.com",
                path("/old(/|$)(.*)" if "use-regex" in use else "/old", kind="ImplementationSpecific"),
            ),
            **HOME,
            annotations=use,
            tls=[tls("shop.example.com", secret="shop")],
        )
        found.append(convert(reading(manifest), chosen(name, channel="experimental"), Options()))
    return tuple(found)


def repositories() -> Iterator[list[Json]]:
    """All objects of one conversion, or about one object that somebody wrote."""
    for name in EVERY_TARGET:
        yield from (list(conversion.objects) for conversion in conversions(name))
    yield from written()
    for file in sorted(GOLDEN.glob("*/expected/*/objects.yaml")):
        yield [entry for entry in yaml.safe_load_all(file.read_text()) if entry]


def written() -> Iterator[list[Json]]:
    """For each field of a kind, an object with all that can be read of it, and a route that is concerned."""
    for kind, form in FORMS.items():
        fields = form.get("spec!")
        for spec in _filled(fields) if isinstance(fields, Parts) else ():
            yield [_gateway(), _route(kind), {**_head(kind, "it"), "spec": {**_targets(kind), **spec}}]


def _head(kind: str, name: str) -> Json:
    return {"apiVersion": f"{GROUPS[kind][0]}/v1", "kind": kind, "metadata": {"name": name, **HOME}}


def _gateway() -> Json:
    listeners = [
        {"name": "http", "port": 80, "protocol": "HTTP"},
        {"name": "https", "port": 443, "protocol": "HTTPS", "tls": {"certificateRefs": [{"name": "some"}]}},
    ]
    return {**_head("Gateway", "main"), "spec": {"listeners": listeners}}


def _route(kind: str) -> Json:
    reference = {"group": GROUPS[kind][0], "kind": kind, "name": "it"}
    extension = {"type": "ExtensionRef", "extensionRef": reference}
    rules = [
        {"backendRefs": [{"name": "web", "port": 80}]},
        {
            "matches": [{"path": {"value": "/old"}}],
            "filters": [extension],
            "backendRefs": [{"name": "web", "port": 80}],
        },
        {"matches": [{"path": {"value": "/behind"}}], "backendRefs": [{**reference, "port": 80}]},
    ]
    return {**_head("HTTPRoute", "web"), "spec": {"parentRefs": [{"name": "main"}], "rules": rules}}


def _targets(kind: str) -> Json:
    to = {"ListenerPolicy": ("Gateway", "main"), "ClientTrafficPolicy": ("Gateway", "main")}
    found, name = to.get(kind, ("HTTPRoute", "web"))
    return {
        "targetRefs": [{"group": "x", "kind": found, "name": name}, {"group": "", "kind": "Service", "name": "web"}]
    }


def _filled(form: Any) -> list[Any]:
    """Values of a form; of parts one after the other, and of what has a type one of each."""
    if isinstance(form, Parts):
        names = [key for key in form.fields if key not in ("targetRefs", "targetRef")]
        needed = {key.removesuffix("!"): _filled(form.fields[key])[0] for key in names if key.endswith("!")}
        return [{**needed, key.removesuffix("!"): value} for key in names for value in _filled(form.fields[key])]
    if isinstance(form, Typed):
        return [{**each, "type": name} for name in (*form.needs, "other") for each in _filled(form.fields)]
    if isinstance(form, Named):
        return [{"some": value} for value in _filled(form.form)]
    if isinstance(form, dict):
        columns = [_filled(value) for value in form.values()]
        longest = max(map(len, columns), default=1)
        names = [key.removesuffix("!") for key in form]
        return [dict(zip(names, (each[row % len(each)] for each in columns), strict=True)) for row in range(longest)]
    if isinstance(form, list):
        return [[value] for value in _filled(form[0])]
    if isinstance(form, tuple):
        return list(form)
    if isinstance(form, Fitting | Legible):
        return [form.example]
    return [{bool: True, int: 7, object: {"some": "thing"}}.get(form, "some")]


def places() -> Iterator[Place]:
    """One of each sort."""
    seen = set()
    for objects in repositories():
        for index, entry in enumerate(objects):
            for steps, sort in _places(entry) if entry["kind"] in FORMS else ():
                if (entry["kind"], sort) not in seen:
                    seen.add((entry["kind"], sort))
                    yield Place(objects, index, steps)


def _places(
    value: Any, steps: tuple[Step, ...] = (), sort: tuple[str, ...] = ()
) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Items of a list are of one sort, unless they say otherwise themselves."""
    if isinstance(value, dict):
        sort = (*sort, *(str(value[word]) for word in ("type", "context") if word in value))
        for key, item in value.items():
            if steps or key not in ("apiVersion", "kind"):
                yield (*steps, key), (*sort, key)
                yield from _places(item, (*steps, key), (*sort, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield (*steps, index), (*sort, "")
            yield from _places(item, (*steps, index), (*sort, ""))


def questions(objects: Sequence[Json]) -> list[Request]:
    routes = (entry for entry in objects if entry["kind"] == "HTTPRoute")
    hosts = dict.fromkeys(name for entry in routes for name in entry["spec"].get("hostnames", ["example.com"]))
    asked = product([*hosts][:2], ("/", "/old/a"))
    found = [each for host, target in asked for each in _questions(host, target)]
    return [*found, Request("example.com", "/behind", identified=True)]


def _questions(host: str, target: str) -> Iterator[Request]:
    yield Request(host, target)
    yield Request(host, target, scheme="https", identified=True, headers=(("Origin", "https://app.example.com"),))
    yield Request(host, target, client="10.0.0.1", identified=True, body=1 << 40)
    asking = (("Origin", "https://app.example.com"), ("Access-Control-Request-Method", "PUT"))
    yield Request(host, target, "OPTIONS", "https", asking)


def ask(objects: Sequence[Json], requests: Sequence[Request]) -> int:
    """Everything that a prediction does with objects; how many answers there are."""
    lent = lend(objects, ())
    list(ways_of_objects(objects))
    target = Target([*objects, *lent.objects])
    seen = [target.see(request).answer for request in requests]
    return len([differences(answer, Answer(404)) for answer in seen])
