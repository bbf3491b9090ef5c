"""One file for each object, at a path that says what is in it."""

from __future__ import annotations

import itertools

import pytest

from converter.write import OutputFile, dump, layout, write_directory


def _object(kind, name, namespace=None, version="v1"):
    metadata = {"name": name} if namespace is None else {"name": name, "namespace": namespace}
    return {"apiVersion": version, "kind": kind, "metadata": metadata}


def _paths(*objects):
    return [file.path for file in layout({"": objects})]


def test_files():
    objects = [
        _object("HTTPRoute", "shop", "web"),
        _object("Gateway", "public", "gateways"),
        _object("GatewayClass", "eg"),
        _object("HTTPRoute", "shop"),
        _object("BackendTrafficPolicy", "shop", "api"),
    ]
    assert layout({"": objects}) == (
        OutputFile("api/backendtrafficpolicy-shop.yaml", dump([objects[4]])),
        OutputFile("gateway-public.yaml", dump([objects[1]])),
        OutputFile("gatewayclass-eg.yaml", dump([objects[2]])),
        OutputFile("httproute-shop.yaml", dump([objects[3]])),
        OutputFile("web/httproute-shop.yaml", dump([objects[0]])),
    )


def test_no_objects():
    assert layout({"": []}) == ()


@pytest.mark.parametrize(
    ("each", "path"),
    [
        (_object("HTTPRoute", "a.b-c_d", "web-1"), "web-1/httproute-a.b-c_d.yaml"),
        (_object("HTTPRoute", "Über/Shop", "web"), "web/httproute-_ber_shop.yaml"),
        (_object("HTTPRoute", "../../etc", "web"), "web/httproute-.._.._etc.yaml"),
        (_object("HTTPRoute", "a", ".."), "__/httproute-a.yaml"),
        (_object("HTTPRoute", "a", "../b"), "___b/httproute-a.yaml"),
        (_object("HTTPRoute", "${NAME}", "${NS}"), "__ns_/httproute-__name_.yaml"),
        (_object("HTTPRoute", "x" * 253, "web"), f"web/httproute-{'x' * 200}.yaml"),
        (_object("HTTPRoute", "a", ""), "httproute-a.yaml"),
    ],
)
def test_parts_of_a_path(each, path):
    assert _paths(each) == [path]


def test_no_two_objects_share_a_path():
    objects = [
        _object("HTTPRoute", "a b", "web"),
        _object("HTTPRoute", "a_b", "web"),
        _object("HTTPRoute", "a_b", "web", "v2"),
        _object("HTTPRoute", "a_b-2", "web"),
        _object("Gateway", "a", "one"),
        _object("Gateway", "a", "two"),
        _object("HTTPRoute", "x", "gateway-a.yaml"),
    ]
    expected = {
        "gateway-a-2.yaml": "two",
        "gateway-a.yaml": "one",
        "gateway-a_yaml/httproute-x.yaml": "gateway-a.yaml",
        "web/httproute-a_b-2-2.yaml": "web",
        "web/httproute-a_b-2.yaml": "web",
        "web/httproute-a_b-3.yaml": "web",
        "web/httproute-a_b.yaml": "web",
    }
    files = layout({"": objects})
    assert {file.path: file.text.split("namespace: ")[1].strip() for file in files} == expected
    assert [file.path for file in files] == sorted(expected)


def test_the_order_of_objects_does_not_matter():
    objects = [
        _object("HTTPRoute", "a b", "web"),
        _object("HTTPRoute", "a/b", "web"),
        _object("HTTPRoute", "a_b", "web"),
    ]
    assert len({layout({"": order}) for order in itertools.permutations(objects)}) == 1


def test_every_layout_can_be_written(tmp_path):
    objects = [
        _object("HTTPRoute", "x" * 253, "n" * 63),
        _object("HTTPRoute", "../x", ".."),
        _object("HTTPRoute", "y", "httproute-z"),
    ]
    write_directory(str(tmp_path / "out"), layout({"": [*objects, _object("HTTPRoute", "z")]}))
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 4


def test_each_environment_has_a_folder() -> None:
    gateway, route = _object("Gateway", "nginx"), _object("HTTPRoute", "shop", "web")

    assert [file.path for file in layout({"prod": [gateway, route], "": [gateway]})] == [
        "gateway-nginx.yaml",
        "prod/gateway-nginx.yaml",
        "prod/web/httproute-shop.yaml",
    ]
