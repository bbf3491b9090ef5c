"""``ingress-migrate verify``: what a pipeline sees of it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import yaml
from cli.conftest import Run

from converter.report import verified_schema

INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /api
        pathType: Prefix
        backend: {service: {name: api, port: {number: 80}}}
      - path: /
        pathType: Prefix
        backend: {service: {name: web, port: {number: 80}}}
"""
FAULT = "Not announced"


@pytest.fixture
def routes(ingress: Path, run: Run) -> Path:
    """What a conversion made of the Ingress, for somebody to edit."""
    ingress.write_text(INGRESS)
    assert run("convert", "ingress.yaml", "-o", "routes", "-q").exit_code == 0
    return Path("routes/shop/httproute-shop-example-com.yaml")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def without_numbers(text: str) -> str:
    """How many requests there are is the business of those who choose them."""
    return re.sub(r"\d+ (more )?probes?", r"some \1probes", text)


def test_a_conversion_differs_in_nothing_that_it_does_not_announce(ingress: Path, run: Run) -> None:
    result = run("verify", "ingress.yaml")
    assert result.exit_code == 0
    assert result.stdout.startswith("Verified ")
    assert result.stdout.endswith("Nothing differs that the report of the conversion does not announce.\n")
    assert FAULT not in result.stdout


def test_objects_as_they_were_written_pass(routes: Path, run: Run) -> None:
    result = run("verify", "ingress.yaml", "--routes", "routes")
    assert (result.exit_code, FAULT in result.stdout) == (0, False)


def test_a_fault_ends_with_1_and_says_who_took_the_request(routes: Path, run: Run) -> None:
    edit(routes, "value: /api", "value: /API")
    result = run("verify", "ingress.yaml", "--routes", "routes")
    assert result.exit_code == 1
    found = without_numbers(result.stdout.partition("\n\n")[2].partition("\n\nAnnounced")[0])
    assert (
        found
        == """\
Not announced: these requests get something else, and nobody said so
  shop.example.com
    ! backend: shop/api:80 → shop/web:80  some probes
      before  Ingress shop/web, path /api (ingress.yaml:10)
      after   HTTPRoute shop/shop-example-com, rule 1 (root), PathPrefix /
              (routes/shop/httproute-shop-example-com.yaml:24)
      GET http://shop.example.com/api  (the path itself)
      GET http://shop.example.com/api/  (/api with a slash at the end)
      and some more probes
    ! backend: shop/web:80 → shop/api:80  some probes
      before  Ingress shop/web, path / (ingress.yaml:13)
      after   HTTPRoute shop/shop-example-com, rule 0 (api), PathPrefix /API
              (routes/shop/httproute-shop-example-com.yaml:16)
      GET http://shop.example.com/API  (/api in other letters)
      GET http://shop.example.com/API/  (/API with a slash at the end)
      and some more probes"""
    )


def test_a_file_and_a_folder_may_be_named_together(routes: Path, run: Run) -> None:
    shutil.move(routes, "edited.yaml")
    assert run("verify", "ingress.yaml", "--routes", "routes").exit_code == 1
    assert run("verify", "ingress.yaml", "--routes", "routes", "--routes", "edited.yaml").exit_code == 0


def test_a_gateway_that_stands_elsewhere_is_that_of_a_conversion(routes: Path, run: Run) -> None:
    result = run("verify", "ingress.yaml", "--routes", str(routes))
    assert result.exit_code == 0
    assert "Gateway shop/nginx is not in --routes, and 1 object attaches to it" in " ".join(result.stdout.split())


def test_a_gateway_that_stands_nowhere_has_a_listener_for_every_host(routes: Path, run: Run) -> None:
    edit(routes, "name: nginx", "name: edge")
    result = run("verify", "ingress.yaml", "--routes", str(routes))
    assert result.exit_code == 0
    told = " ".join(result.stdout.split())
    assert "Gateway shop/edge is nowhere to be found, and 1 object attaches to it" in told
    assert f"{routes}:2:" in told


def test_ingresses_without_a_namespace_are_told_to_say_theirs(routes: Path, ingress: Path, run: Run) -> None:
    edit(ingress, ", namespace: shop", "")
    result = run("verify", "ingress.yaml", "--routes", "routes")
    assert result.exit_code == 1
    assert "Say with --namespace where the Ingresses are, for example --namespace shop." in result.stdout
    assert run("verify", "ingress.yaml", "--routes", "routes", "--namespace", "shop").exit_code == 0


def test_what_only_an_implementation_understands_is_told(routes: Path, run: Run) -> None:
    policy = {
        "apiVersion": "example.com/v1",
        "kind": "HousePolicy",
        "metadata": {"name": "inside", "namespace": "shop"},
        "spec": {"targetRefs": [{"kind": "HTTPRoute", "name": "shop-example-com"}]},
    }
    Path("routes/policy.yaml").write_text(yaml.safe_dump(policy))
    result = run("verify", "ingress.yaml", "--routes", "routes")
    assert result.exit_code == 0
    assert "routes/policy.yaml:1: HousePolicy shop/inside is not judged" in result.stdout


BROKEN = {
    "kind: HTTPRoute\napiVersion: gateway.networking.k8s.io/v1\nmetadata: {}\nspec: {}\n": ":1: This HTTPRoute has no",
    "kind: HTTPRoute\napiVersion: gateway.networking.k8s.io/v1\nmetadata: {name: a}\nspec:\n  rules: 5\n": (
        ":5: spec.rules is no list."
    ),
    "kind: [\n": ":2: The YAML cannot be read",
}


@pytest.mark.parametrize("text", BROKEN)
def test_objects_that_an_api_server_refuses_end_with_2(routes: Path, run: Run, text: str) -> None:
    Path("routes/broken.yaml").write_text(text)
    result = run("verify", "ingress.yaml", "--routes", "routes")
    assert result.exit_code == 2
    assert f"routes/broken.yaml{BROKEN[text]}" in result.stderr
    assert result.stdout == ""


def test_one_object_in_two_versions_is_a_question_for_its_owner(routes: Path, run: Run) -> None:
    Path("routes/copy.yaml").write_text(routes.read_text())
    assert run("verify", "ingress.yaml", "--routes", "routes").exit_code == 0
    edit(Path("routes/copy.yaml"), "/api", "/other")
    result = run("verify", "ingress.yaml", "--routes", "routes")
    assert result.exit_code == 2
    assert "HTTPRoute shop/shop-example-com stands at routes/copy.yaml:2, too" in result.stderr


def test_a_path_that_is_not_there_is_wrong_usage(ingress: Path, run: Run) -> None:
    result = run("verify", "ingress.yaml", "--routes", "nowhere")
    assert result.exit_code == 2
    assert "--routes: there is no nowhere." in result.stderr


def test_an_ingress_that_cannot_be_read_ends_with_2(ingress: Path, run: Run) -> None:
    Path("broken.yaml").write_text("kind: [\n")
    assert run("verify", "ingress.yaml", "broken.yaml").exit_code == 2


ACCEPTED = """\
- host: shop.*
  path: /API*
  reason: nobody writes it so
- aspect: backend
  path: /api*
  reason: moved
- host: gone.example.com
  reason: a host that is gone
"""


def test_decisions_are_counted_and_told(routes: Path, run: Run) -> None:
    edit(routes, "value: /api", "value: /API")
    Path("accepted.yaml").write_text(ACCEPTED)
    result = run("verify", "ingress.yaml", "--routes", "routes", "--accept", "accepted.yaml")
    assert (result.exit_code, FAULT in result.stdout) == (0, False)
    assert " accepted, 0 not announced." in " ".join(result.stdout.split())
    assert "  = nobody writes it so  some probes on 1 host" in without_numbers(result.stdout)
    assert "accepted.yaml:7: this accepts nothing that differs unannounced; remove it" in result.stdout


def test_the_file_of_settings_may_name_the_decisions(routes: Path, run: Run) -> None:
    edit(routes, "value: /api", "value: /API")
    Path("accepted.yaml").write_text(ACCEPTED)
    Path(".ingress-migrate.yaml").write_text("verify:\n  routes: routes\n  accept: accepted.yaml\n")
    assert run("verify", "ingress.yaml").exit_code == 0


WRONG = {
    "reason: x\n": "accepted.yaml:1: This is no list.",
    "- host: a\n": "accepted.yaml:1: The entry has no reason.",
    "- reason: x\n": "accepted.yaml:1: The entry would accept every difference.",
    "- host: a\n  reason: x\n  why: y\n": "accepted.yaml:3: There is no field why.",
    "- aspect: colour\n  reason: x\n": "accepted.yaml:1: There is no aspect colour. Choose one of status, location,",
    "- host: 5\n  reason: x\n": "accepted.yaml:1: host is no text.",
    "- host: a\n  host: b\n  reason: x\n": "accepted.yaml:2: host stands twice.",
    "- x\n": "accepted.yaml:1: This is no entry.",
    "- [\n": "accepted.yaml:2: This is no YAML",
}


@pytest.mark.parametrize("text", WRONG)
def test_every_fault_in_the_decisions_has_a_line(ingress: Path, run: Run, text: str) -> None:
    Path("accepted.yaml").write_text(text)
    result = run("verify", "ingress.yaml", "--accept", "accepted.yaml")
    assert result.exit_code == 2
    assert WRONG[text] in result.stderr


def test_an_empty_file_of_decisions_has_none(ingress: Path, run: Run) -> None:
    Path("accepted.yaml").write_text("# none yet\n")
    assert run("verify", "ingress.yaml", "--accept", "accepted.yaml").exit_code == 0


def test_every_form_says_the_same(routes: Path, run: Run) -> None:
    edit(routes, "value: /api", "value: /API")
    arguments = ("verify", "ingress.yaml", "--routes", "routes")
    files = [part for name in ("a.json", "a.md", "a.xml") for part in ("--report", name)]
    assert run(*arguments, *files).exit_code == 1
    for form, file in (("json", "a.json"), ("markdown", "a.md"), ("junit", "a.xml")):
        assert run(*arguments, "-o", form).stdout == Path(file).read_text()
    content = json.loads(Path("a.json").read_text())
    jsonschema.Draft202012Validator(verified_schema()).validate(content)
    unannounced = [row for row in content["probes"] if row["outcome"] == "unannounced"]
    assert content["summary"]["unannounced"] == len(unannounced) > 2
    assert ET.fromstring(Path("a.xml").read_text()).attrib["failures"] == "2"
    assert "### shop.example.com" in Path("a.md").read_text()


def test_a_report_has_a_known_suffix(ingress: Path, run: Run) -> None:
    result = run("verify", "ingress.yaml", "--report", "a.html")
    assert result.exit_code == 2
    assert "a.html could be any kind of report; let its name end in .json, .md or .xml." in result.stderr


def test_all_shows_what_is_the_same(ingress: Path, run: Run) -> None:
    assert "All probes" not in run("verify", "ingress.yaml").stdout
    shown = run("verify", "ingress.yaml", "--all").stdout
    assert "    GET http://undeclared.invalid/  (the root)  same\n" in shown


def test_classes_are_held_against_their_own_gateways(ingress: Path, run: Run) -> None:
    other = (
        INGRESS.replace("nginx", "inner").replace("name: web, n", "name: inner, n").replace("name: api", "name: own")
    )
    ingress.write_text(f"{INGRESS}---\n{other}")
    result = run("verify", "ingress.yaml", "--class", "nginx", "--class", "inner")
    assert (result.exit_code, FAULT in result.stdout) == (0, False)


needs_kustomize = pytest.mark.skipif(
    not (shutil.which("kustomize") or shutil.which("kubectl")), reason="neither kustomize nor kubectl is here"
)


@pytest.fixture
def environments(ingress: Path, run: Run) -> None:
    """Two overlays of one Ingress, and what a conversion made of them."""
    Path("base").mkdir()
    ingress.rename("base/ingress.yaml").write_text(INGRESS)
    Path("base/kustomization.yaml").write_text("resources: [ingress.yaml]\n")
    for name in ("prod", "test"):
        Path(name).mkdir()
        Path(name, "kustomization.yaml").write_text(f"namespace: {name}\nresources: [../base]\n")
    assert run("convert", "prod", "test", "base", "-o", "routes", "-q").exit_code == 0


@needs_kustomize
def test_each_environment_is_held_against_its_own_routes(environments: None, run: Run) -> None:
    arguments = ("verify", "prod", "test", "base", "--routes", "routes")
    assert run(*arguments).exit_code == 0
    edit(Path("routes/prod/prod/httproute-shop-example-com.yaml"), "value: /api", "value: /API")
    result = run(*arguments, "-o", "json")
    assert result.exit_code == 1
    rows = json.loads(result.stdout)["probes"]
    assert {row["environment"] for row in rows} == {"prod", "test"}
    assert {row["environment"] for row in rows if row["outcome"] == "unannounced"} == {"prod"}


def test_a_policy_for_a_route_that_is_not_there_is_told(routes: Path, run: Run) -> None:
    policy = """\
apiVersion: gateway.kgateway.dev/v1alpha1
kind: TrafficPolicy
metadata: {name: limit, namespace: shop}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: shop}]
  buffer: {maxRequestSize: 1Mi}
"""
    Path("routes/policy.yaml").write_text(policy)
    told = "TrafficPolicy shop/limit is for HTTPRoute shop/shop, which is not there, so it holds for nothing."
    result = run("verify", "ingress.yaml", "--target", "kgateway", "--routes", "routes")
    assert told in " ".join(result.stdout.split())
    edit(Path("routes/policy.yaml"), "name: shop}", "name: shop-example-com}")
    result = run("verify", "ingress.yaml", "--target", "kgateway", "--routes", "routes")
    assert "which is not there" not in " ".join(result.stdout.split())
