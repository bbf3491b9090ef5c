"""``advise``: what each target would keep, from the files to the table."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from cli.conftest import INGRESS

from converter.report.advice_json import advice_schema

LIMITED = INGRESS.replace(
    "  name: web\n",
    '  name: web\n  annotations:\n    nginx.ingress.kubernetes.io/limit-rps: "5"\n'
    "    nginx.ingress.kubernetes.io/proxy-body-size: 8m\n",
)
TABLE = """\
1 route of 1 Ingress in 1 file, written for Gateway API 1.6 standard

The Ingresses ask for      routes  standard                envoy-gateway
  rate limit                    1  ✗ untranslated          ≈ approximated
  body size                     1  ✗ untranslated          ≈ approximated
  Kept everywhere: hosts, paths, Ingress class.
  ──────────────────────────────────────────────────────────────────────
  kept                             3                       3
  approximated                     0                       2
  untranslated                     2                       0

ingress-nginx does by itself       standard                envoy-gateway
  idle timeouts                 1  ✗ untranslated          ≈ approximated
  https without TLS entry       1  ✗ untranslated          ✗ untranslated
  retries                       1  ✗ untranslated          ✗ untranslated
  undeclared hosts              –  ✗ untranslated          ✗ untranslated
  health check of nginx         –  ✗ untranslated          ✗ untranslated
  Approximated everywhere: request headers, X-Forwarded headers, normalised paths.
  ──────────────────────────────────────────────────────────────────────
  kept                             0                       0
  approximated                     3                       4
  untranslated                     5                       4

✓ translated  ○ built in  ≈ approximated  ✗ untranslated  ✗ 9: on 9 routes only

standard  Gateway API, any implementation
  Of 5 behaviours 3 stay and 2 are lost: rate limit (1 route) and body size (1 route). This is the
  baseline: what the Gateway API itself can say, which any implementation keeps that supports it.

envoy-gateway  Envoy Gateway (1.9.0)
  Of 5 behaviours 3 stay and 2 change. Install the Helm chart gateway-helm; it brings the
  definitions of the Gateway API and its own. Nothing else has to be switched on.
"""


@pytest.fixture
def limited(ingress: Path) -> Path:
    ingress.write_text(LIMITED)
    return ingress


def names(result) -> list[str]:
    return [each["name"] for each in json.loads(result.stdout)["targets"]]


def test_a_table_with_all_targets(run, limited) -> None:
    result = run("advise", "ingress.yaml", "-t", "standard,envoy-gateway")
    assert (result.exit_code, result.stdout, result.stderr) == (0, TABLE, "")


def test_json_is_what_its_schema_says(run, limited) -> None:
    result = run("advise", "ingress.yaml", "-o", "json")
    assert result.exit_code == 0
    jsonschema.validate(json.loads(result.stdout), advice_schema())


def test_markdown(run, limited) -> None:
    result = run("advise", "ingress.yaml", "-o", "markdown")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "## What each target keeps")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-t", "standard"], ["standard"]),
        (["--targets", "envoy-gateway,standard"], ["standard", "envoy-gateway"]),
        (["-t", "envoy-gateway", "-t", "standard"], ["standard", "envoy-gateway"]),
    ],
)
def test_targets_can_be_chosen(run, limited, arguments, expected) -> None:
    assert names(run("advise", "ingress.yaml", "-o", "json", *arguments)) == expected


def test_what_is_no_target_is_wrong_usage(run, limited) -> None:
    result = run("advise", "ingress.yaml", "-t", "standard,envoy")
    assert result.exit_code == 2
    assert "envoy is no target; choose from standard, envoy-gateway," in result.stderr


def test_the_target_of_a_file_of_settings_narrows_nothing(run, limited) -> None:
    Path(".ingress-migrate.yaml").write_text(
        "target: envoy-gateway\noverrides:\n  - paths: '*.yaml'\n    target: envoy-gateway\n"
    )
    result = run("advise", "ingress.yaml", "-o", "json", "-t", "standard,envoy-gateway")
    assert names(result) == ["standard", "envoy-gateway"]
    verdicts = {each["behaviour"]: each["targets"] for each in json.loads(result.stdout)["behaviours"]}
    assert verdicts["rate-limit"]["standard"]["verdict"] == "untranslated"


def test_but_its_own_section_does(run, limited) -> None:
    Path(".ingress-migrate.yaml").write_text("advise:\n  targets: standard\n")
    assert names(run("advise", "ingress.yaml", "-o", "json")) == ["standard"]


def test_reports_are_written_by_their_suffix(run, limited) -> None:
    result = run("advise", "ingress.yaml", "--report", "a.md", "--report", "b.json")
    assert result.exit_code == 0
    assert Path("a.md").read_text() == run("advise", "ingress.yaml", "-o", "markdown", "--all").stdout
    assert Path("b.json").read_text() == run("advise", "ingress.yaml", "-o", "json").stdout


def test_a_report_of_another_kind_is_wrong_usage(run, limited) -> None:
    result = run("advise", "ingress.yaml", "--report", "a.html")
    assert result.exit_code == 2
    assert "a.html could be any kind of report; end its name in .json or .md." in result.stderr
    assert not Path("a.html").exists()


def test_what_cannot_be_read_is_said_and_the_rest_is_looked_at(run, limited) -> None:
    Path("broken.yaml").write_text("kind: [\n")
    result = run("advise", "ingress.yaml", "broken.yaml", "-t", "standard")
    assert result.exit_code == 1
    assert result.stdout.startswith("1 route of 1 Ingress in 2 files")
    assert result.stderr.startswith("broken.yaml:")


def test_no_ingress_is_no_fault(run, limited) -> None:
    limited.write_text("kind: ConfigMap\napiVersion: v1\nmetadata: { name: a }\n")
    result = run("advise", "ingress.yaml")
    assert (result.exit_code, result.stdout) == (0, "Found no Ingress in 1 file.\n")


def test_lost_access_can_be_looked_at_as_it_would_be_opened(run, limited) -> None:
    guarded = LIMITED.replace("limit-rps", "allowlist-source-range").replace('"5"', "10.0.0.0/8")
    limited.write_text(guarded)

    def routes(*arguments: str) -> tuple[int, int]:
        (found,) = json.loads(run("advise", "ingress.yaml", "-o", "json", "-t", "standard", *arguments).stdout)[
            "targets"
        ]
        return found["closedRoutes"], found["openRoutes"]

    assert routes() == (1, 0)
    assert routes("--on-lost-access-control", "fail") == (1, 0)
    assert routes("--on-lost-access-control", "emit") == (0, 1)


def test_nothing_but_what_is_asked_for_is_written(run, limited) -> None:
    before = sorted(Path().iterdir())
    run("advise", ".")
    assert sorted(Path().iterdir()) == before


def two_environments() -> None:
    Path("base").mkdir()
    Path("base/ingress.yaml").write_text(LIMITED)
    Path("base/kustomization.yaml").write_text("resources: [ingress.yaml]\n")
    for name in ("prod", "staging"):
        Path(name).mkdir()
        Path(name, "kustomization.yaml").write_text(f"namespace: {name}\nresources: [../base]\n")


def test_environments_are_counted_together_and_named(run, limited) -> None:
    limited.unlink()
    two_environments()
    result = run("advise", ".", "-t", "standard")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[:2] == [
        "2 routes of 2 Ingresses in 2 files, written for Gateway API 1.6 standard",
        "Counted over 2 environments (prod, staging); what they share counts in each.",
    ]


def test_what_belongs_to_no_environment_is_counted_beside_them(run, limited) -> None:
    two_environments()
    result = run("advise", ".", "-o", "json", "-t", "standard")
    assert json.loads(result.stdout)["environments"] == ["everything else", "prod", "staging"]


def test_annotations_of_ones_own_are_what_they_mean(run, ingress) -> None:
    ingress.write_text(
        INGRESS.replace("  name: web\n", "  name: web\n  annotations:\n    example.com/inside: 'true'\n")
    )
    Path("own.yaml").write_text(
        "annotations:\n  example.com/inside:\n    values:\n      'true': {allowlist-source-range: 10.0.0.0/8}\n"
    )
    result = run("advise", "ingress.yaml", "-o", "json", "-t", "standard", "--mappings", "own.yaml")
    found = {each["behaviour"]: each["targets"]["standard"] for each in json.loads(result.stdout)["behaviours"]}
    assert found["allow-list"] == {"verdict": "untranslated", "routes": 1, "codes": ["access.closed"]}


def test_a_fault_in_a_table_of_ones_own_is_told_first(run, limited) -> None:
    Path("own.yaml").write_text("annotation: {}\n")
    result = run("advise", "ingress.yaml", "--mappings", "own.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
