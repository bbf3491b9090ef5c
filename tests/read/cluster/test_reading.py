"""What is read from a cluster, and what is told about what may not be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from apiserver import Answer, ApiServer, Request, Rule
from manifests import ingress, path, rule, service, tls

from converter.inventory import take_stock
from converter.read import Reading

from .conftest import ReadIt

NETWORKING = "networking.k8s.io"
TOO_OLD = Answer(410, b'{"kind": "Status", "code": 410, "message": "The provided continue parameter is too old"}')


def web(namespace: str = "shop", name: str = "web", **parts: Any) -> dict[str, Any]:
    return ingress(name, rule(f"{name}.example.com", path("/")), namespace=namespace, **parts)


def backend(namespace: str = "shop") -> dict[str, Any]:
    made = service("web", {"port": 80, "name": "http"})
    made["metadata"]["namespace"] = namespace
    return made


def controller(namespace: str = "ingress-nginx", kind: str = "Deployment", *arguments: str) -> dict[str, Any]:
    container = {
        "name": "controller",
        "image": "registry.k8s.io/ingress-nginx/controller:v1.11.2",
        "args": ["/nginx-ingress-controller", *arguments],
        "env": [{"name": "PASSWORD", "value": "hunter2"}],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"namespace": namespace, "name": "controller"},
        "spec": {"template": {"spec": {"containers": [container]}}},
    }


def config_map(name: str, namespace: str = "ingress-nginx", **data: str) -> dict[str, Any]:
    metadata = {"namespace": namespace, "name": name}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def secret(name: str, namespace: str = "shop") -> dict[str, Any]:
    metadata = {"namespace": namespace, "name": name, "annotations": {"last-applied": "c2VjcmV0"}}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": {"tls.key": "c2VjcmV0"}}


def places(reading: Reading) -> list[str]:
    return [document.file for document in reading.documents]


def told(reading: Reading) -> list[tuple[str, str, str]]:
    return [(problem.file, problem.code, problem.severity) for problem in reading.problems]


def sentences(reading: Reading, code: str) -> list[str]:
    return [f"{problem.message} {problem.advice}" for problem in reading.problems if problem.code == code]


def test_everything_a_conversion_needs_is_read_and_named_by_its_place(api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [
        web(tls=[tls("web.example.com", secret="cert")]),
        {"kind": "IngressClass", "metadata": {"name": "nginx"}, "spec": {"controller": "k8s.io/ingress-nginx"}},
        backend(),
        controller("infra", "DaemonSet", "--configmap=$(POD_NAMESPACE)/options"),
        config_map("options", "infra", hsts="false"),
        config_map("unrelated", "infra", password="hunter2"),
        secret("cert"),
        secret("unrelated"),
    ]

    reading = read_it(everywhere=True)

    assert places(reading) == [
        "cluster:prod/shop/ingress/web",
        "cluster:prod/ingressclass/nginx",
        "cluster:prod/shop/service/web",
        "cluster:prod/infra/daemonset/controller",
        "cluster:prod/infra/configmap/options",
        "cluster:prod/shop/secret/cert",
    ]
    assert reading.problems == ()
    assert api.requests == [
        Request("list", NETWORKING, "ingresses", "", ""),
        Request("list", NETWORKING, "ingressclasses", "", ""),
        Request("list", "", "services", "", ""),
        Request("list", "apps", "deployments", "", ""),
        Request("list", "apps", "daemonsets", "", ""),
        Request("get", "", "configmaps", "infra", "options"),
        Request("list", "", "secrets", "shop", ""),
    ]


def test_what_the_server_adds_is_left_out_and_the_age_is_kept(api: ApiServer, read_it: ReadIt) -> None:
    made = web(foreign={"kubectl.kubernetes.io/last-applied-configuration": "{}", "team": "shop"})
    made["metadata"] |= {"uid": "1", "managedFields": [{}], "creationTimestamp": "2020-01-01T00:00:00Z"}
    api.objects = [{**made, "status": {"loadBalancer": {}}}]

    (document,) = read_it(everywhere=True).documents

    assert document.text == (
        "apiVersion: networking.k8s.io/v1\n"
        "kind: Ingress\n"
        "metadata:\n"
        "  name: web\n"
        "  namespace: shop\n"
        "  creationTimestamp: '2020-01-01T00:00:00Z'\n"
        "  annotations:\n"
        "    team: shop\n"
        "spec:\n"
        "  ingressClassName: nginx\n"
        "  rules:\n"
        "  - host: web.example.com\n"
        "    http:\n"
        "      paths:\n"
        "      - path: /\n"
        "        pathType: Prefix\n"
        "        backend:\n"
        "          service:\n"
        "            name: web\n"
        "            port:\n"
        "              number: 80\n"
    )
    assert document.value["metadata"]["annotations"].at["team"] == (8, 5)
    (found,) = take_stock([document])[0].ingresses
    assert found.created == "2020-01-01T00:00:00Z"


def test_of_a_workload_only_what_starts_it_is_kept(api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [web(), controller()]

    documents = read_it(everywhere=True).documents

    assert documents[1].value["spec"]["template"]["spec"]["containers"] == [
        {
            "name": "controller",
            "image": "registry.k8s.io/ingress-nginx/controller:v1.11.2",
            "args": ["/nginx-ingress-controller"],
        }
    ]


def test_a_workload_that_is_no_controller_is_not_read(api: ApiServer, read_it: ReadIt) -> None:
    other = controller()
    other["spec"]["template"]["spec"]["containers"][0] |= {"image": "redis:7", "args": ["redis-server"]}
    api.objects = [web(), other]

    assert places(read_it(everywhere=True)) == ["cluster:prod/shop/ingress/web"]


def test_without_a_flag_the_usual_config_maps_are_tried_and_none_is_missed(api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [web(), controller("infra"), config_map("nginx-configuration", "infra")]

    reading = read_it(everywhere=True)

    assert places(reading)[-1] == "cluster:prod/infra/configmap/nginx-configuration"
    assert reading.problems == ()


def test_a_text_that_looks_like_a_template_is_read_as_it_stands(api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [web(annotations={"server-snippet": "set $a '{{ b }}';"})]

    reading = read_it(everywhere=True)

    assert len(reading.documents) == 1
    assert reading.problems == ()


def test_long_lists_come_in_pages(api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [web(name=f"web-{number}") for number in range(5)]

    assert places(read_it(everywhere=True)) == [f"cluster:prod/shop/ingress/web-{number}" for number in range(5)]
    assert [request.resource for request in api.requests].count("ingresses") == 3


@pytest.mark.parametrize(("before", "requests"), [([None], 3), ([None, None], 4)])
def test_a_list_begins_anew_when_a_page_has_expired(
    before: list[Answer | None], requests: int, api: ApiServer, read_it: ReadIt
) -> None:
    api.objects = [web(name=f"web-{number}") for number in range(5)]
    api.scripted["ingresses"] = [*before, TOO_OLD]

    assert places(read_it(everywhere=True)) == [f"cluster:prod/shop/ingress/web-{number}" for number in range(5)]
    assert [request.resource for request in api.requests].count("ingresses") == requests


def test_names_of_secrets_survive_an_expired_page_too(api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [web(tls=[tls("a.example.com", secret="c")]), secret("a"), secret("b"), secret("c")]
    api.scripted["secrets"] = [None, TOO_OLD]

    assert told(read_it(everywhere=True)) == []


def test_one_namespace_is_that_of_the_context_unless_another_is_named(api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [web("default"), web("shop"), backend("default"), backend("shop")]

    assert places(read_it()) == ["cluster:prod/default/ingress/web", "cluster:prod/default/service/web"]
    assert places(read_it(namespace="shop")) == ["cluster:prod/shop/ingress/web", "cluster:prod/shop/service/web"]


def test_one_namespace_alone_says_what_it_cannot_show(api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [web()]

    assert sentences(read_it(namespace="shop"), "one-namespace") == [
        (
            "Only the namespace shop was read, but ingress-nginx merges hosts over all of them: Ingresses elsewhere"
            " that share a host were not seen, nor were TCP and UDP services. Read them all with -A where you may."
        )
    ]


def test_the_controller_is_found_outside_the_namespace(api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [web(), controller("infra")]

    assert "cluster:prod/infra/deployment/controller" in places(read_it(namespace="shop"))


def test_a_namespace_without_ingresses_is_told(api: ApiServer, read_it: ReadIt) -> None:
    assert sentences(read_it(namespace="shpo"), "no-ingress") == [
        "The namespace shpo has no Ingress. Name another with -n, or read them all with -A."
    ]


def test_an_ingress_that_a_program_keeps_is_told(api: ApiServer, read_it: ReadIt) -> None:
    made = web()
    made["metadata"]["ownerReferences"] = [{"kind": "Challenge", "name": "shop-1", "controller": True}]
    api.objects = [made]

    assert sentences(read_it(everywhere=True), "owned") == [
        (
            "This Ingress is made by the Challenge shop-1, which goes on making it."
            " See whether the program behind that can make an HTTPRoute itself."
        )
    ]


def test_a_secret_that_does_not_exist_is_told_at_the_line_that_names_it(api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [web(tls=[tls("a.example.com", secret="cert")]), secret("other"), secret("cert", "elsewhere")]

    (problem,) = read_it(everywhere=True).problems

    assert (problem.file, problem.line, problem.code, problem.severity) == (
        "cluster:prod/shop/ingress/web",
        11,
        "secret-missing",
        "note",
    )


def test_no_secret_is_asked_for_where_no_ingress_names_one(api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [web(), secret("cert")]
    read_it(everywhere=True)

    assert "secrets" not in [request.resource for request in api.requests]


def test_a_server_without_tables_is_not_asked_for_more(api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [web(tls=[tls("a.example.com", secret="cert")]), secret("cert")]
    api.tables = False

    reading = read_it(everywhere=True)

    assert places(reading) == ["cluster:prod/shop/ingress/web"]
    assert told(reading) == [("cluster:prod", "cluster-no-names", "note")]


def test_secrets_that_came_unasked_are_dropped(api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [web(tls=[tls("a.example.com", secret="cert")])]
    whole = {"kind": "SecretList", "items": [secret("cert")]}
    api.scripted["secrets"] = [Answer(200, json.dumps(whole).encode())]

    reading = read_it(everywhere=True)

    assert places(reading) == ["cluster:prod/shop/ingress/web"]
    assert told(reading) == [("cluster:prod", "cluster-no-names", "note")]


@pytest.mark.parametrize("version", ["networking.k8s.io/v1beta1", "extensions/v1beta1"])
def test_an_old_cluster_is_read_as_it_serves(version: str, api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [web()]
    api.versions = {"ingresses": [version], "ingressclasses": ["networking.k8s.io/v1beta1"]}

    (document,) = read_it(everywhere=True).documents

    assert document.value["apiVersion"] == version


def test_a_cluster_without_ingresses_at_all_is_told(api: ApiServer, read_it: ReadIt) -> None:
    api.versions = {"ingresses": []}

    assert sentences(read_it(everywhere=True), "cluster-not-served") == [
        (
            "The API server serves ingresses as neither networking.k8s.io/v1 nor networking.k8s.io/v1beta1 nor"
            " extensions/v1beta1, so there is nothing to convert. Check that the context leads to the cluster you mean."
        )
    ]


ALL = (
    Rule("list", NETWORKING, "ingresses"),
    Rule("list", NETWORKING, "ingressclasses"),
    Rule("list", "", "services"),
    Rule("list", "apps", "deployments"),
    Rule("list", "apps", "daemonsets"),
    Rule("get", "", "configmaps"),
    Rule("list", "", "secrets"),
)


@pytest.mark.parametrize(
    ("resource", "severity", "sentence"),
    [
        (
            "ingresses",
            "error",
            (
                "jane may not list ingresses.networking.k8s.io in the whole cluster (403), so there is nothing to"
                " convert. Have this made and bound: kubectl create clusterrole read-ingresses --verb=list"
                " --resource=ingresses.networking.k8s.io; or read one namespace with -n."
            ),
        ),
        (
            "ingressclasses",
            "error",
            (
                "jane may not list ingressclasses.networking.k8s.io in the whole cluster (403), so only the class nginx"
                " is taken to be served. Have this made and bound: kubectl create clusterrole read-ingressclasses"
                " --verb=list --resource=ingressclasses.networking.k8s.io."
            ),
        ),
        (
            "services",
            "error",
            (
                "jane may not list services in the whole cluster (403), so ports that have a name cannot be resolved."
                " Have this made and bound: kubectl create clusterrole read-services --verb=list --resource=services."
            ),
        ),
        (
            "deployments",
            "note",
            (
                "jane may not list deployments.apps in the whole cluster (403), so the version and the flags of the"
                " controller may not be known. Have this made and bound: kubectl create clusterrole read-deployments"
                " --verb=list --resource=deployments.apps."
            ),
        ),
        (
            "configmaps",
            "error",
            (
                "jane may not get configmaps options in the namespace infra (403), so the options of the controller are"
                " not known. Have this made and bound: kubectl create role read-configmaps -n infra --verb=get"
                " --resource=configmaps --resource-name=options."
            ),
        ),
        (
            "secrets",
            "note",
            (
                "jane may not list secrets in the namespace shop (403), so whether the Secrets of TLS exist was not"
                " checked. Have this made and bound: kubectl create role read-secrets -n shop --verb=list"
                " --resource=secrets; or check by hand."
            ),
        ),
    ],
)
def test_what_may_not_be_read_is_told_and_the_rest_is_read(
    resource: str, severity: str, sentence: str, api: ApiServer, read_it: ReadIt
) -> None:
    api.objects = [
        web(tls=[tls("a.example.com", secret="cert")]),
        backend(),
        controller("infra", "DaemonSet", "--configmap=infra/options"),
        config_map("options", "infra"),
        secret("cert"),
    ]
    everything = places(read_it(everywhere=True))
    api.rules = [rule for rule in ALL if rule.resource != resource]

    reading = read_it(everywhere=True)

    assert [f"{problem.message} {problem.advice}" for problem in reading.problems] == [sentence]
    assert [problem.severity for problem in reading.problems] == [severity]
    without = {"ingresses": ("/ingress/", "/secret/"), "deployments": ()}.get(resource, (f"/{resource[:-1]}/",))
    assert places(reading) == [place for place in everything if not any(part in place for part in without)]


def test_the_controller_is_looked_for_where_it_usually_stands_when_not_all_may_be_seen(
    api: ApiServer, read_it: ReadIt
) -> None:
    api.objects = [web(), controller()]
    api.rules = [
        *(rule for rule in ALL if rule.group != "apps"),
        Rule("list", "apps", "deployments", "ingress-nginx"),
        Rule("list", "apps", "daemonsets"),
    ]

    reading = read_it(everywhere=True)

    assert "cluster:prod/ingress-nginx/deployment/controller" in places(reading)
    assert told(reading) == [("cluster:prod", "cluster-forbidden", "note")]


def test_the_usual_config_maps_are_tried_only_where_the_controller_could_not_be_looked_for(
    api: ApiServer, read_it: ReadIt
) -> None:
    api.objects = [web(), config_map("ingress-nginx-controller")]
    assert places(read_it(everywhere=True)) == ["cluster:prod/shop/ingress/web"]

    api.rules = [rule for rule in ALL if rule.group != "apps"]
    assert places(read_it(everywhere=True)) == [
        "cluster:prod/shop/ingress/web",
        "cluster:prod/ingress-nginx/configmap/ingress-nginx-controller",
    ]


def test_no_workload_is_asked_for_where_a_person_said_all_about_the_controller(api: ApiServer, read_it: ReadIt) -> None:
    api.objects = [web(), controller()]
    read_it(everywhere=True, controllers="")

    assert "deployments" not in [request.resource for request in api.requests]


def test_the_role_for_one_namespace_is_a_role_in_it(api: ApiServer, read_it: ReadIt) -> None:
    api.rules = [rule for rule in ALL if rule.resource != "ingresses"]

    assert sentences(read_it(namespace="shop"), "cluster-forbidden") == [
        (
            "jane may not list ingresses.networking.k8s.io in the namespace shop (403), so there is nothing to convert."
            " Have this made and bound: kubectl create role read-ingresses -n shop --verb=list"
            " --resource=ingresses.networking.k8s.io."
        )
    ]
