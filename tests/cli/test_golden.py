"""``golden``: what is recorded, what a check says when the conversion gives something else, and how both end."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import yaml

from converter import __version__
from converter.cli import pinning

GITOPS = Path(__file__).resolve().parents[1] / "data" / "gitops"
GOLDEN = Path("k8s/.ingress-migrate/golden")


@pytest.fixture
def repository(ingress) -> Path:
    """A folder k8s with one Ingress in it, below the folder where the run takes place."""
    folder = ingress.parent / "k8s"
    folder.mkdir()
    return ingress.rename(folder / "web.yaml")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def recorded(folder: Path = GOLDEN) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_result_is_recorded_beside_what_it_was_made_from(repository, run) -> None:
    result = run("golden", "record", "k8s", "-t", "envoy-gateway")

    assert (result.exit_code, result.stdout) == (
        0,
        "Recorded 3 objects, 12 verdicts and no problems in k8s/.ingress-migrate/golden (files: 5 new).\n",
    )
    assert sorted(recorded()) == [
        "objects/gateway-nginx.txt",
        "objects/gatewayclass-eg.txt",
        "objects/httproute-shop-example-com.txt",
        "options.txt",
        "problems.txt",
        "verdicts.txt",
    ]
    assert yaml.safe_load(recorded()["options.txt"]) == {
        "version": __version__,
        "options": {"target": "envoy-gateway"},
    }


def test_a_check_of_the_same_is_silent_but_for_a_line(repository, run) -> None:
    run("golden", "record", "k8s")
    before = recorded()
    result = run("golden", "check", "k8s")

    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        "k8s: as recorded, 3 objects, 12 verdicts and no problems.\n",
        "",
    )
    assert recorded() == before


def test_a_second_record_changes_nothing(repository, run) -> None:
    run("golden", "record", "k8s")
    before = recorded()
    result = run("golden", "record", "k8s")

    assert result.stdout.endswith("golden (nothing is different).\n")
    assert recorded() == before


def test_a_drift_is_a_diff_with_what_it_means_and_the_command_that_accepts_it(repository, run) -> None:
    run("golden", "record", "k8s")
    edit(repository, "metadata:\n  name: web\n", "metadata:\n  name: web\n  annotations:\n    x.io/y: z\n")
    edit(repository, "number: 80", "number: 81")
    result = run("golden", "check", "k8s")

    assert result.exit_code == 1
    route, verdicts = f"{GOLDEN}/objects/httproute-shop-example-com.txt", f"{GOLDEN}/verdicts.txt"
    assert result.stdout.splitlines() == [
        f"diff --git a/{route} b/{route}",
        f"--- a/{route}",
        f"+++ b/{route}",
        "@@ -17,4 +17,4 @@",
        "         value: /",
        "     backendRefs:",
        "     - name: web",
        "-      port: 80",
        "+      port: 81",
        f"diff --git a/{verdicts} b/{verdicts}",
        f"--- a/{verdicts}",
        f"+++ b/{verdicts}",
        "@@ -11,3 +11,4 @@",
        " web.yaml: Ingress web: spec.ingressClassName: translated class",
        " web.yaml: Ingress web: spec.rules.host: translated host",
        " web.yaml: Ingress web: spec.rules.http.paths: translated path",
        "+web.yaml: Ingress web: x.io/y: inert annotation.foreign",
        "",
        "1 verdict is new: web x.io/y inert annotation.foreign",
        "1 object is different: httproute-shop-example-com",
        "To accept this, run: ingress-migrate golden record k8s",
    ]


def test_what_was_accepted_is_no_drift_any_more(repository, run) -> None:
    run("golden", "record", "k8s")
    edit(repository, "number: 80", "number: 81")

    assert run("golden", "record", "k8s").stdout.endswith("golden (files: 1 changed).\n")
    assert run("golden", "check", "k8s").exit_code == 0


def test_edits_that_change_nothing_are_no_drift(repository, run) -> None:
    run("golden", "record", "k8s")
    repository.write_text("# a comment\n\n\n" + repository.read_text())

    assert run("golden", "check", "k8s").exit_code == 0


def test_the_folder_may_be_named_from_anywhere(repository, run, monkeypatch) -> None:
    run("golden", "record", "k8s", "--into", "pinned")
    here = Path.cwd()

    monkeypatch.chdir("k8s")
    assert run("golden", "check", ".", "--into", "../pinned").exit_code == 0
    monkeypatch.chdir("/")
    assert run("golden", "check", str(here / "k8s"), "--into", str(here / "pinned")).exit_code == 0


def test_line_ends_of_a_checkout_do_not_matter(repository, run) -> None:
    run("golden", "record", "k8s")
    for file in (*GOLDEN.rglob("*.txt"), repository):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    assert run("golden", "check", "k8s").exit_code == 0
    assert run("golden", "record", "k8s").exit_code == 0


def test_recorded_options_hold_until_others_are_given(repository, run) -> None:
    run("golden", "record", "k8s", "--target", "envoy-gateway", "--class", "nginx", "--class", "other")
    same = run("golden", "check", "k8s")
    other = run("golden", "check", "k8s", "--target", "standard", "--strict-source")

    assert (same.exit_code, same.stderr) == (0, "")
    assert other.exit_code == 1
    assert other.stderr.splitlines() == [
        "Checked with --strict-source; it was recorded without --strict-source.",
        "Checked with --target standard; it was recorded with --target envoy-gateway.",
    ]
    assert other.stdout.endswith("ingress-migrate golden record k8s --target standard --strict-source\n")


def test_a_record_keeps_the_options_of_the_last_one(repository, run) -> None:
    run("golden", "record", "k8s", "--target", "envoy-gateway")
    run("golden", "record", "k8s", "--strict-source")

    assert yaml.safe_load(recorded()["options.txt"])["options"] == {"strict-source": True, "target": "envoy-gateway"}


def test_options_of_the_same_value_are_not_worth_a_word(repository, run) -> None:
    run("golden", "record", "k8s", "--target", "envoy-gateway")

    assert run("golden", "check", "k8s", "-t", "envoy-gateway").stderr == ""


def test_a_default_that_nobody_typed_is_not_recorded(repository, run) -> None:
    """So a new default, or another one in a configuration file, shows as what it changes."""
    run("golden", "record", "k8s")

    assert yaml.safe_load(recorded()["options.txt"])["options"] == {}


def test_a_file_that_an_option_names_is_found_from_elsewhere(repository, run, monkeypatch) -> None:
    Path("values.txt").write_text("controller: {ingressClass: other}\n")
    run("golden", "record", "k8s", "--controller-values", "values.txt")
    assert yaml.safe_load(recorded()["options.txt"])["options"] == {"controller-values": "../values.txt"}

    monkeypatch.chdir("k8s")
    result = run("golden", "check", ".")
    assert (result.exit_code, result.stderr) == (0, "")


def test_another_version_of_the_tool_is_named_when_it_may_be_the_reason(repository, run, monkeypatch) -> None:
    run("golden", "record", "k8s")
    monkeypatch.setattr(pinning, "__version__", "99.0.0")
    assert run("golden", "check", "k8s").exit_code == 0

    edit(repository, "number: 80", "number: 81")
    assert (
        f"It was recorded with ingress-migrate {__version__}, and this is 99.0.0; "
        "its changelog says what became different."
    ) in run("golden", "check", "k8s").stdout.splitlines()


def test_problems_are_part_of_what_is_recorded(repository, run) -> None:
    Path("k8s/chart.yaml").write_text("kind: Ingress\nname: {{ .Values.name }}\n")
    assert run("golden", "record", "k8s").exit_code == 0
    assert run("golden", "check", "k8s").exit_code == 0

    Path("k8s/chart.yaml").unlink()
    assert "1 problem is gone: chart.yaml: error template" in run("golden", "check", "k8s").stdout.splitlines()


def test_without_a_record_a_check_says_how_to_make_one(repository, run) -> None:
    result = run("golden", "check", "k8s", "-t", "envoy-gateway")

    assert result.exit_code == 2
    assert result.stderr.endswith(
        "Nothing is recorded in k8s/.ingress-migrate/golden; "
        "run ingress-migrate golden record k8s -t envoy-gateway first.\n"
    )


@pytest.mark.parametrize("arguments", [["k8s/web.yaml"], ["k8s", "more"], ["-"]])
def test_what_is_no_folder_needs_a_place(arguments, repository, run) -> None:
    Path("more").mkdir()
    result = run("golden", "record", *arguments, stdin=repository.read_text())
    assert (result.exit_code, "Say with --into" in result.stderr) == (2, True)

    assert run("golden", "record", *arguments, "--into", "pinned", stdin=repository.read_text()).exit_code == 0
    assert run("golden", "check", *arguments, "--into", "pinned", stdin=repository.read_text()).exit_code == 0


def test_several_paths_are_named_from_the_folder_above_them(repository, run) -> None:
    Path("more").mkdir()
    run("golden", "record", "k8s", "more", "--into", "pinned")

    assert "\nk8s/web.yaml: Ingress web: spec.rules.host: translated host\n" in recorded(Path("pinned"))["verdicts.txt"]


def test_a_record_is_never_input_wherever_it_is_kept(repository, run) -> None:
    """Nor is it a manifest to what applies a whole folder: kubectl, Argo CD, Flux, kpt."""
    run("golden", "record", "k8s", "--into", "k8s/pinned")

    assert {path.suffix for path in Path("k8s/pinned").rglob("*") if path.is_file()} == {".txt"}
    assert run("golden", "check", "k8s", "--into", "k8s/pinned").exit_code == 0


def test_a_folder_that_is_not_there_is_no_empty_repository(repository, run) -> None:
    result = run("golden", "record", "k9s")

    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, "Error: There is no file or folder k9s.")


def test_files_of_others_are_left_alone(repository, run) -> None:
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("mine")
    result = run("golden", "record", "k8s", "--into", "mine")

    assert result.exit_code == 2
    assert "mine holds notes.txt, which ingress-migrate did not write; choose another folder." in result.stderr
    assert os.listdir("mine") == ["notes.txt"]


@pytest.mark.parametrize("text", ["", "options: [", "version: 1\n", "version: '1'\noptions: text\n"])
def test_a_record_that_cannot_be_read_is_named(text, repository, run) -> None:
    run("golden", "record", "k8s")
    file = GOLDEN / "options.txt"
    file.write_text(file.read_text().partition("\n")[0] + "\n" + text)
    result = run("golden", "check", "k8s")

    assert result.exit_code == 2
    assert result.stderr.endswith(
        "options.txt does not say what was recorded; delete k8s/.ingress-migrate/golden and record again.\n"
    )


def test_an_option_that_no_longer_exists_is_named(repository, run) -> None:
    run("golden", "record", "k8s")
    edit(GOLDEN / "options.txt", "options: {}", "options: {colour: red}")

    assert "was recorded with --colour, which this version does not know;" in run("golden", "check", "k8s").stderr


def test_help_needs_no_folder(run) -> None:
    assert run("golden", "check", "--help").exit_code == 0
    assert "Missing argument 'PATHS...'" in run("golden", "record").stderr


def test_recorded_options_count_over_the_file_that_configures_the_repository(repository, run) -> None:
    """What nobody typed is the file's to say, and another file is a drift."""
    run("golden", "record", "k8s", "--gateway-name", "edge")
    Path(".ingress-migrate.yaml").write_text("gateway-name: other\n")
    assert run("golden", "check", "k8s").exit_code == 0

    Path(".ingress-migrate.yaml").write_text("target: envoy-gateway\n")
    result = run("golden", "check", "k8s")
    assert (result.exit_code, result.stderr) == (1, "")
    assert "1 object is new: gatewayclass-eg" in result.stdout.splitlines()


def test_what_a_variable_says_is_recorded(repository, run, monkeypatch) -> None:
    """The machine that checks may not have it."""
    monkeypatch.setenv("INGRESS_MIGRATE_TARGET", "envoy-gateway")
    run("golden", "record", "k8s")
    monkeypatch.delenv("INGRESS_MIGRATE_TARGET")

    assert yaml.safe_load(recorded()["options.txt"])["options"] == {"target": "envoy-gateway"}
    assert run("golden", "check", "k8s").exit_code == 0


def test_an_access_rule_that_must_not_be_lost_keeps_the_objects_back(repository, run) -> None:
    edit(
        repository,
        "  name: web\n",
        "  name: web\n  annotations: {nginx.ingress.kubernetes.io/auth-url: 'https://a.b'}\n",
    )
    run("golden", "record", "k8s", "--on-lost-access-control", "fail")

    assert [path for path in recorded() if path.startswith("objects/")] == []


def test_each_environment_has_a_folder(repository, run, monkeypatch) -> None:
    if not (shutil.which("kustomize") or shutil.which("kubectl")):
        pytest.skip("neither kustomize nor kubectl is installed")
    shutil.copytree(GITOPS, "gitops")
    run("golden", "record", "gitops")
    found = recorded(Path("gitops/.ingress-migrate/golden"))
    monkeypatch.chdir("gitops")

    assert {path for path in found if path.endswith("verdicts.txt")} == {
        "verdicts.txt",
        "prod/verdicts.txt",
        "staging/verdicts.txt",
    }
    assert run("golden", "check", ".").exit_code == 0
    edit(Path("apps/shop/overlays/staging/kustomization.yaml"), "shop-staging", "shop-stage")
    told = run("golden", "check", ".").stdout.splitlines()
    assert {line.split("/")[3] for line in told if line.startswith("diff ")} == {"staging"}
    assert "1 object is different: staging/gateway-nginx" in told
