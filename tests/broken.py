"""Objects of every kind that a prediction reads, and the same with something else in one place."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from cells import samples
from conversions import EVERY_TARGET, chosen
from manifests import reading

from converter.controllers.ingress_nginx import Options
from converter.gateway.forms import FORMS, GROUPS
from converter.gateway.forms.kong import PLUGINS
from converter.gateway.forms.words import Fitting, Legible, Named, Parts, Typed
from converter.pipeline import convert
from converter.verify.compare import differences
from converter.verify.messages import Answer, Request
from converter.verify.parents import lend
from converter.verify.sides import Target
from converter.verify.ways import ways_of_objects

Json = dict[str, Any]
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Step = str | int
TESTS = Path(__file__).resolve().parent
GOLDEN = TESTS.parent / "golden"
BY_HAND = TESTS / "data" / "by-hand.yaml"
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
_FOR_GATEWAYS = ("AuthorizationPolicy", "ClientTrafficPolicy", "ListenerPolicy")


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
def repositories() -> tuple[list[Json], ...]:
    """All objects of one conversion, or about one object that somebody wrote."""
    return (_of_file(BY_HAND), *_made(), *written(), *map(_of_file, sorted(GOLDEN.glob("*/expected/*/objects.yaml"))))


def _made() -> Iterator[list[Json]]:
    for name in EVERY_TARGET:
        to = chosen(name, channel="experimental")
        yield from (list(convert(reading(*each.manifests()), to, Options()).objects) for each in samples())


def _of_file(file: Path) -> list[Json]:
    return [entry for entry in yaml.load_all(file.read_text(), _LOADER) if entry]


def written() -> Iterator[list[Json]]:
    """For each field of a kind, an object with all that can be read of it, and a route that is concerned."""
    for kind, form in FORMS.items():
        fields = form.get("spec!")
        for spec in _filled(fields) if isinstance(fields, Parts) else ():
            yield [_gateway(), _route(kind), {**_head(kind, "it"), "spec": {**spec, **_aims(kind)}}]
    for plugin, fields in PLUGINS.items():
        for config in _filled(fields):
            entry = {**_head("KongPlugin", "it"), "plugin": plugin, "config": config}
            yield [_gateway(), _route("KongPlugin"), entry]


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


def _aims(kind: str) -> Json:
    """What the object says to be about."""
    if kind == "DestinationRule":
        return {"host": "web"}
    to = ("Gateway", "main") if kind in _FOR_GATEWAYS else ("HTTPRoute", "web")
    targets = (to, ("Service", "web"))
    return {"targetRefs": [{"group": "x", "kind": found, "name": name} for found, name in targets]}


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
    passed = [Request("passed.example.com", scheme="https"), Request("example.com", port=5432)]
    return [*found, Request("example.com", "/behind", identified=True), *passed]


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
