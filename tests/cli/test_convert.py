"""``convert``: what goes where, and with which exit status it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml


def kinds(text: str) -> list[str]:
    return [entry["kind"] for entry in yaml.safe_load_all(text)]


def test_objects_go_to_standard_output_and_a_summary_to_standard_error(ingress, run) -> None:
    result = run("convert", "ingress.yaml")

    assert kinds(result.stdout) == ["GatewayClass", "Gateway", "HTTPRoute"]
    assert result.stderr.splitlines()[0] == (
        "Made 1 GatewayClass, 1 Gateway, 1 HTTPRoute for standard (Gateway API 1.6 standard)."
    )
    assert result.exit_code == 0


def test_quiet_keeps_the_summary_to_itself(ingress, run) -> None:
    assert run("convert", "ingress.yaml", "-q").stderr == ""


def test_quiet_hides_no_error(ingress, run) -> None:
    (ingress.parent / "broken.yaml").write_text("kind: Ingress\nmetadata: [\n")

    result = run("convert", ".", "elsewhere.yaml", "-q")

    assert result.exit_code == 1
    assert result.stderr == (
        "./broken.yaml:3: The YAML cannot be read from column 1 on: did not find expected node content."
        " Look at this line and the one above it.\n"
        "elsewhere.yaml: There is no such file or directory. Check how it is written.\n"
    )


def test_quiet_says_why_a_verdict_failed_the_run(ingress, run) -> None:
    ingress.write_text(ingress.read_text().replace(*LIMITED))

    assert run("convert", "ingress.yaml", "-q", "--fail-on", "untranslated").stderr == (
        "Error: 7 entries are untranslated, which --fail-on does not allow.\n"
    )


def test_verbose_shows_the_notes_themselves(ingress, run) -> None:
    ingress.write_text(ingress.read_text().replace("nginx", "traefik"))

    shown = run("convert", "ingress.yaml", "--verbose").stderr

    assert "Notes: nothing to do, but good to know\n" in shown
    assert "ingress.yaml:6\n" in shown
    assert "1 note;" not in shown


def test_who_wants_both_gets_quiet(ingress, run) -> None:
    assert run("convert", "ingress.yaml", "-v", "-q").stderr == ""


def test_standard_input_is_read_as_a_dash(ingress, run) -> None:
    from_file = run("convert", "ingress.yaml")
    from_stdin = run("convert", "-", stdin=ingress.read_text())

    assert from_stdin.stdout == from_file.stdout


def test_a_directory_is_read_with_what_is_below(ingress, run) -> None:
    (ingress.parent / "deep/er").mkdir(parents=True)
    ingress.rename("deep/er/ingress.yaml")

    assert kinds(run("convert", ".").stdout) == ["GatewayClass", "Gateway", "HTTPRoute"]


def test_a_directory_gets_one_file_for_each_object(ingress, run) -> None:
    result = run("convert", "ingress.yaml", "-o", "out")

    out = ingress.parent / "out"
    found = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert result.stdout == ""
    assert found == ["gateway-nginx.yaml", "gatewayclass-nginx.yaml", "httproute-shop-example-com.yaml"]


def test_a_directory_keeps_what_an_earlier_run_wrote_when_nothing_could_be_read(ingress, run) -> None:
    run("convert", "ingress.yaml", "-o", "out")
    before = sorted(file.read_text() for file in Path("out").rglob("*.yaml"))

    assert run("convert", "ingres.yaml", "-o", "out").exit_code == 1
    assert before
    assert sorted(file.read_text() for file in Path("out").rglob("*.yaml")) == before


def test_a_directory_that_holds_files_of_others_is_left_alone(ingress, run) -> None:
    (ingress.parent / "out").mkdir()
    (ingress.parent / "out/notes.txt").write_text("mine")

    result = run("convert", "ingress.yaml", "-o", "out")

    assert result.exit_code == 2
    assert "out holds notes.txt, which ingress-migrate did not write; choose an empty directory." in result.stderr
    assert [path.name for path in (ingress.parent / "out").iterdir()] == ["notes.txt"]


def test_a_file_is_no_directory(ingress, run) -> None:
    result = run("convert", "ingress.yaml", "-o", "ingress.yaml")

    assert result.exit_code == 2
    assert ingress.read_text().startswith("apiVersion: networking.k8s.io/v1\n")


def test_the_report_is_written_beside_the_objects(ingress, run) -> None:
    result = run("convert", "ingress.yaml", "-t", "envoy-gateway", "--report", "report.json")

    report = json.loads((ingress.parent / "report.json").read_text())
    assert (report["target"], report["summary"]["ingresses"]) == ("envoy-gateway", 1)
    assert kinds(result.stdout) == ["GatewayClass", "Gateway", "HTTPRoute"]


def test_one_run_writes_every_form_of_report(ingress, run) -> None:
    files = ["report.json", "report.md", "report.sarif", "report.xml", "report.txt"]
    named = [word for file in files for word in ("--report", file)]

    assert run("convert", "ingress.yaml", *named, "--report-format", "md").exit_code == 0

    texts = {file: (ingress.parent / file).read_text() for file in files}
    assert [texts[file].split(None, 1)[0] for file in files] == ["{", "##", "{", "<?xml", "##"]
    assert texts["report.txt"] == texts["report.md"]


def test_a_report_whose_suffix_says_nothing_needs_a_format(ingress, run) -> None:
    result = run("convert", "ingress.yaml", "--report", "report.txt")

    assert result.exit_code == 2
    assert "report.txt could be any kind of report; name its format with --report-format." in result.stderr
    assert not (ingress.parent / "report.txt").exists()


def test_a_report_that_cannot_be_written_is_said(ingress, run) -> None:
    result = run("convert", "ingress.yaml", "--report", "no/such/directory/report.json")

    assert result.exit_code == 1
    assert result.stderr.endswith("no/such/directory/report.json could not be written: No such file or directory.\n")


def test_a_fault_in_the_input_gives_1_and_the_rest_is_converted(ingress, run) -> None:
    (ingress.parent / "broken.yaml").write_text("kind: Ingress\nmetadata: [\n")

    result = run("convert", ".")

    assert result.exit_code == 1
    assert kinds(result.stdout) == ["GatewayClass", "Gateway", "HTTPRoute"]
    assert "broken.yaml:3" in result.stderr


def test_a_path_that_is_not_there_gives_1(ingress, run) -> None:
    result = run("convert", "ingress.yaml", "elsewhere.yaml")

    assert result.exit_code == 1
    assert "There is no such file or directory. [no-such-file]" in result.stderr


def test_a_note_is_no_fault(ingress, run) -> None:
    """An Ingress of another class is told as a note."""
    ingress.write_text(ingress.read_text().replace("nginx", "traefik"))

    result = run("convert", "ingress.yaml")

    assert (result.exit_code, result.stdout) == (0, "")
    assert "1 note; --verbose shows it." in result.stderr


AUTH = "auth-url: 'https://auth.example.com/check'"
LIMITED = ("  name: web\n", "  name: web\n  annotations: { nginx.ingress.kubernetes.io/limit-rps: '5' }\n")


@pytest.mark.parametrize(
    ("target", "fail_on", "status"),
    [
        ("standard", "untranslated", 3),
        ("standard", "approximated", 3),
        ("envoy-gateway", "approximated", 3),
    ],
)
def test_a_verdict_that_is_reached_gives_3(ingress, run, target, fail_on, status) -> None:
    ingress.write_text(ingress.read_text().replace(*LIMITED))

    assert run("convert", "ingress.yaml", "-t", target, "--fail-on", fail_on).exit_code == status
    assert run("convert", "ingress.yaml", "-t", target).exit_code == 0


def test_without_anything_to_judge_no_verdict_is_reached(ingress, run) -> None:
    ingress.write_text("apiVersion: v1\nkind: Service\nmetadata: { name: web }\n")

    assert run("convert", "ingress.yaml", "--fail-on", "approximated").exit_code == 0


def test_a_fault_weighs_more_than_a_verdict(ingress, run) -> None:
    (ingress.parent / "broken.yaml").write_text("kind: Ingress\nmetadata: [\n")

    assert run("convert", ".", "--fail-on", "approximated").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing argument 'PATHS...'."),
        (("x.yaml", "-t", "nginx"), "Invalid value for '-t' / '--target': 'nginx' is not one of"),
        (("x.yaml", "--gateway-api", "3.0"), "3.0 is not known; choose one of 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6"),
        (
            ("x.yaml", "-n", "Team A"),
            "Team A cannot be a namespace; use up to 63 lower case letters, digits and dashes",
        ),
        (("x.yaml", "--gateway-name", "a_b"), "a_b cannot be a name; use lower case letters, digits, dashes and dots"),
        (("x.yaml", "--controller-name", "mine"), "write it as DOMAIN/PATH, for example example.com/gateway"),
        (("x.yaml", "--default-certificate", "tls"), "write it as NAMESPACE/NAME"),
        (("x.yaml", "--default-certificate", "a/b/c"), "write it as NAMESPACE/NAME"),
    ],
)
def test_wrong_usage_gives_2_and_says_what_is_right(run, arguments, message) -> None:
    result = run("convert", *arguments)

    assert result.exit_code == 2
    assert message in result.stderr


def test_a_namespace_is_given_to_what_names_none(ingress, run) -> None:
    objects = list(yaml.safe_load_all(run("convert", "ingress.yaml", "-n", "shop").stdout))

    assert {entry["kind"]: entry["metadata"].get("namespace") for entry in objects} == {
        "GatewayClass": None,
        "Gateway": "shop",
        "HTTPRoute": "shop",
    }


@pytest.mark.parametrize(
    ("choice", "backends", "status"), [("omit", [None], 0), ("emit", ["web"], 0), ("fail", [], 1), (None, [None], 0)]
)
def test_a_lost_access_rule_opens_nothing_unless_somebody_wants_it(ingress, run, choice, backends, status) -> None:
    ingress.write_text(ingress.read_text().replace(LIMITED[0], LIMITED[1].replace("limit-rps: '5'", AUTH)))
    result = run("convert", "ingress.yaml", *(["--on-lost-access-control", choice] if choice else []))

    routes = [entry for entry in yaml.safe_load_all(result.stdout) if entry["kind"] == "HTTPRoute"]
    rules = [rule for route in routes for rule in route["spec"]["rules"]]
    assert [rule.get("backendRefs", [{"name": None}])[0]["name"] for rule in rules] == backends
    assert result.exit_code == status
    told = (
        "Error: No object was written, because an access rule cannot be carried; take care of it, or choose another"
        " --on-lost-access-control.\n"
    )
    assert result.stderr.endswith(told) == (choice == "fail")
    assert result.stderr.startswith("Made nothing for standard") == (choice == "fail")


@pytest.mark.parametrize(
    ("options", "release"),
    [(["-t", "standard"], "1.6"), (["-t", "contour"], "1.3"), (["-t", "contour", "--gateway-api", "1.6"], "1.6")],
)
def test_the_release_is_the_newest_that_the_target_serves_unless_told(ingress, run, options, release) -> None:
    result = run("convert", "ingress.yaml", *options)

    assert f"(Gateway API {release} standard)" in result.stderr.replace("\N{NO-BREAK SPACE}", " ")


def test_two_runs_give_the_same_bytes(ingress, run) -> None:
    first = run("convert", "ingress.yaml", "--report", "one.json")
    second = run("convert", "ingress.yaml", "--report", "two.json")

    assert (first.stdout, first.stderr) == (second.stdout, second.stderr)
    assert (ingress.parent / "one.json").read_bytes() == (ingress.parent / "two.json").read_bytes()
