"""``--mappings`` on the commands: wherever something is converted or explained."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

SIZE = "annotations: {mine.example/size: {means: proxy-body-size}}\n"
OWN = "own.yaml"
WHOLE = """\
prefixes: [ingress.corp.example]
annotations:
  mine.example/tier:
    values: {gold: {limit-rps: 50, proxy-body-size: 50m}, silver: {limit-rps: 5}}
  mine.example/team: {untranslated: Lost., advice: Ask.}
  mine.example/issuer: {goes-to: gateway, as: cert-manager.io/cluster-issuer}
targets: {envoy-gateway: {rate-limit: {verdict: translated, message: Fine.}}}
"""


@pytest.fixture(autouse=True)
def _here(ingress: Path) -> None:
    """Every run takes place beside one Ingress with an annotation of the house."""
    text = ingress.read_text().replace("name: web\nspec", "name: web\n  annotations: {mine.example/size: 50m}\nspec")
    ingress.write_text(text)


def codes(run, *arguments: str) -> dict[str, str]:
    """By key what the report says of annotations."""
    result = run("convert", "ingress.yaml", "-q", "--report", "report.json", *arguments)
    assert result.exit_code == 0, result.output
    entries = json.loads(Path("report.json").read_text())["entries"]
    return {each["subject"]["key"]: each["code"] for each in entries if each["subject"]["type"] == "annotation"}


def test_the_option_the_file_of_settings_and_the_environment(run, monkeypatch) -> None:
    Path(OWN).write_text(SIZE)
    assert codes(run) == {"mine.example/size": "annotation.foreign"}
    assert codes(run, "--mappings", OWN) == {"mine.example/size": "body-size"}

    monkeypatch.setenv("INGRESS_MIGRATE_MAPPINGS", OWN)
    assert codes(run) == {"mine.example/size": "body-size"}
    monkeypatch.delenv("INGRESS_MIGRATE_MAPPINGS")

    Path(".ingress-migrate.yaml").write_text(f"mappings: {OWN}\n")
    assert codes(run) == {"mine.example/size": "body-size"}
    shown = json.loads(run("config", "show", "-o", "json").stdout)["options"]
    assert [each for each in shown if each["name"] == "mappings"] == [
        {"command": None, "name": "mappings", "value": [OWN], "source": "file", "place": ".ingress-migrate.yaml:1"}
    ]


def test_mappings_for_some_of_the_files(run) -> None:
    Path(OWN).write_text(SIZE)
    Path("shop").mkdir()
    Path("shop/web.yaml").write_text(Path("ingress.yaml").read_text().replace("shop.example.com", "b.example.com"))
    Path(".ingress-migrate.yaml").write_text(f"overrides: [{{paths: shop/, mappings: {OWN}, gateway-name: b}}]\n")
    run("convert", "ingress.yaml", "shop", "-q", "--report", "report.json")

    entries = json.loads(Path("report.json").read_text())["entries"]
    assert {e["source"]["file"]: e["code"] for e in entries if e["subject"]["type"] == "annotation"} == {
        "ingress.yaml": "annotation.foreign",
        "shop/web.yaml": "body-size",
    }


def test_faults_end_the_run_before_anything_is_read(run) -> None:
    Path(OWN).write_text("annotations: {mine.example/size: {means: proxy-body}}\n")
    result = run("convert", "no-such-file.yaml", "--mappings", OWN, "--mappings", "none.yaml")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(
        "Error: own.yaml:1: annotations: mine.example/size: means: ingress-nginx reads no annotation proxy-body; did"
        " you mean proxy-body-size?\nnone.yaml: It cannot be read: no such file or directory.\n"
    )


@pytest.mark.parametrize("command", ["diff", "explain", "golden check", "golden record"])
def test_every_command_tells_faults_as_wrong_usage(run, command: str) -> None:
    Path(OWN).write_text("a: b")
    result = run(*command.split(), "." if command != "explain" else "limit-rps", "--mappings", OWN)

    assert result.exit_code == 2
    assert "own.yaml:1: there is no key a; there are prefixes, annotations, targets." in result.stderr


def test_mappings_among_the_manifests_are_none(run) -> None:
    name = ".ingress-migrate.mappings.yaml"
    Path(name).write_text(SIZE)
    result = run("convert", ".", "--verbose", "--mappings", name)

    assert result.exit_code == 0
    assert "no kind" not in result.stderr


def test_a_pinned_result_is_made_with_its_mappings_wherever_it_is_checked(run, monkeypatch) -> None:
    Path(OWN).write_text(SIZE)
    Path("k8s").mkdir()
    Path("ingress.yaml").rename("k8s/ingress.yaml")
    run("golden", "record", "k8s", "--mappings", OWN)
    assert "body-size" in Path("k8s/.ingress-migrate/golden/verdicts.txt").read_text()

    monkeypatch.chdir("k8s")
    assert run("golden", "check", ".").exit_code == 0
    Path("../own.yaml").write_text("annotations: {mine.example/size: {inert: Unused.}}\n")
    assert run("golden", "check", ".").exit_code == 1


def git(*arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)


def test_an_earlier_state_is_read_with_the_mappings_of_its_time(run) -> None:
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "Without mappings")
    Path(OWN).write_text(SIZE)
    git("add", ".")
    git("commit", "-qm", "With mappings")
    Path(OWN).write_text("annotations: {mine.example/size: {inert: Unused.}}\n")

    without = run("diff", "ingress.yaml", "--against", "HEAD~1", "--mappings", OWN, "-o", "json")
    assert "own.yaml did not exist in " in without.stderr
    found = json.loads(run("diff", "ingress.yaml", "--against", "HEAD", "--mappings", OWN, "-o", "json").stdout)
    assert [(each["before"], each["after"]) for each in found["verdicts"]] != []
    assert run("diff", "ingress.yaml", "--against", "HEAD", "-o", "json").exit_code == 0


def test_a_krm_function_takes_them_too(run) -> None:
    Path(OWN).write_text(SIZE)
    item = Path("ingress.yaml").read_text().replace("\n", "\n  ").rstrip()
    listed = (
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n  kind: IngressMigrate\n"
        f"  spec: {{mappings: [{OWN}]}}\nitems:\n- {item}\n"
    )
    result = run("function", stdin=listed)

    assert result.exit_code == 0, result.output
    assert "mine.example/size: Larger request bodies were refused with 413" in result.stdout


EXPLAINED = """\
mine.example/tier

own.yaml says what it sets in ingress-nginx:
  gold sets limit-rps: 50, proxy-body-size: 50m
  silver sets limit-rps: 5

  limit-rps  Requests per second for one client address; further ones get 503.
  proxy-body-size  Largest request body; a larger one is answered 413, and 0 lifts the limit.
"""


def test_explain_tells_what_an_annotation_of_the_house_sets(run) -> None:
    Path(OWN).write_text(WHOLE)

    assert run("explain", "mine.example/tier", "--mappings", OWN).stdout == EXPLAINED
    assert run("explain", "mine.example/tier").exit_code == 2


@pytest.mark.parametrize(
    ("key", "lines"),
    [
        ("mine.example/team", ["untranslated: Lost.", "Ask."]),
        ("mine.example/issuer", ["It goes to the Gateway as cert-manager.io/cluster-issuer."]),
        (
            "ingress.corp.example/new",
            [
                "own.yaml says that ingress.corp.example means nginx.ingress.kubernetes.io.",
                "",
                "No version of ingress-nginx has an annotation new.",
            ],
        ),
    ],
)
def test_explain_tells_what_becomes_of_it(run, key: str, lines: list[str]) -> None:
    Path(OWN).write_text(WHOLE)

    assert run("explain", key, "--mappings", OWN).stdout.splitlines() == [key, "", *lines]


def test_explain_goes_on_with_the_one_that_it_means_and_its_verdicts(run) -> None:
    Path(OWN).write_text(WHOLE)
    usual = run("explain", "limit-rps").stdout
    found = run("explain", "ingress.corp.example/limit-rps", "--mappings", OWN).stdout

    start = found.index("nginx.ingress.kubernetes.io/limit-rps")
    head, rest = found[:start], found[start:]
    assert head.endswith("says that ingress.corp.example means nginx.ingress.kubernetes.io.\n\n")
    judged = "Envoy Gateway\n  translated    Fine. The verdict is that of own.yaml.\n"
    before, after = rest.split(judged)
    assert usual.startswith(before)
    assert usual.endswith(after)


def test_the_lists_have_what_the_house_says(run) -> None:
    Path(OWN).write_text(WHOLE)
    lines = run("explain", "--all", "--mappings", OWN).stdout.splitlines()[-4:]
    page = run("explain", "--all", "-o", "markdown", "--mappings", OWN).stdout

    assert [line.split("  ")[0] for line in lines] == [
        "ingress.corp.example/*",
        "mine.example/tier",
        "mine.example/team",
        "mine.example/issuer",
    ]
    assert "## Annotations of your own\n\n- `ingress.corp.example/*`: " in page
    assert "- translated: Fine. The verdict is that of own.yaml." in page


def test_the_schema_is_printed(run) -> None:
    found = json.loads(run("config", "schema", "mappings").stdout)

    assert set(found["properties"]) == {"prefixes", "annotations", "targets"}
    assert json.loads(run("config", "schema").stdout) == json.loads(run("config", "schema", "settings").stdout)
