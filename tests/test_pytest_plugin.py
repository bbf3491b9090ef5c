"""The pytest plugin: pinned conversions as tests, in runs of pytest of their own."""

from __future__ import annotations

import pytest
import yaml  # noqa: F401  runs in this process forget what they loaded, and its extension can be loaded only once
from cli.conftest import INGRESS
from click.testing import CliRunner

from converter.cli import group

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def _light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run would load hypothesis anew, which takes longer than the run."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:hypothesispytest")


@pytest.fixture
def repository(pytester: pytest.Pytester) -> pytest.Pytester:
    """A repository whose only Ingress was recorded, and whose pytest checks it."""
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\nminversion = "8"\ningress_migrate_golden = ["k8s"]\n')
    (pytester.mkdir("k8s") / "web.yaml").write_text(INGRESS)
    assert CliRunner().invoke(group, ["golden", "record", "k8s"]).exit_code == 0
    return pytester


def change(repository: pytest.Pytester) -> None:
    file = repository.path / "k8s/web.yaml"
    file.write_text(file.read_text().replace("number: 80", "number: 81"))


def test_a_line_of_the_ini_file_is_a_test(repository: pytest.Pytester) -> None:
    result = repository.runpytest("-v")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["k8s::ingress-migrate golden PASSED*"])


def test_a_drift_fails_with_a_diff_and_no_traceback(repository: pytest.Pytester) -> None:
    change(repository)
    result = repository.runpytest()

    result.assert_outcomes(failed=1)
    title = next(number for number, line in enumerate(result.outlines) if "_ ingress-migrate golden k8s _" in line)
    route = "k8s/.ingress-migrate/golden/objects/httproute-shop-example-com.txt"
    assert result.outlines[title + 1 : title + 15] == [
        f"diff --git a/{route} b/{route}",
        f"--- a/{route}",
        f"+++ b/{route}",
        "@@ -17,4 +17,4 @@",
        "         value: /",
        "     backendRefs:",
        "     - name: web",
        "-      port: 80",
        "+      port: 81",
        "",
        "1 object is different: httproute-shop-example-com",
        "To accept this, run: pytest --ingress-migrate-record",
        "=========================== short test summary info ============================",
        "FAILED k8s::ingress-migrate golden",
    ]


def test_the_diff_is_coloured_where_pytest_colours(repository: pytest.Pytester) -> None:
    change(repository)

    assert "\x1b[32m+      port: 81\x1b[0m" in repository.runpytest("--color=yes").stdout.str()


def test_an_accepted_drift_passes(repository: pytest.Pytester) -> None:
    change(repository)
    repository.runpytest("--ingress-migrate-record").assert_outcomes(passed=1)

    repository.runpytest().assert_outcomes(passed=1)


def test_a_line_takes_the_options_of_the_command(repository: pytest.Pytester) -> None:
    repository.makepyprojecttoml(
        '[tool.pytest.ini_options]\ningress_migrate_golden = ["k8s -t envoy-gateway", "k8s --into \'other one\'"]\n'
    )
    result = repository.runpytest()

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "Checked with --target envoy-gateway; it was recorded without --target.",
            "Nothing is recorded in other one; run pytest --ingress-migrate-record first.",
        ]
    )


def test_a_wrong_line_is_a_failure_in_a_sentence(repository: pytest.Pytester) -> None:
    repository.makepyprojecttoml('[tool.pytest.ini_options]\ningress_migrate_golden = ["k9s", "k8s --nope"]\n')
    result = repository.runpytest()

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["There is no file or folder k9s.", "No such option*--nope*"])
    result.stdout.no_fnmatch_line("*Error*")


def test_the_folder_is_named_from_the_ini_file(repository: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository.mkdir("tests"))

    repository.runpytest("..").assert_outcomes(passed=1)


def test_single_files_and_tests_can_still_be_run_alone(repository: pytest.Pytester) -> None:
    file = repository.makepyfile("def test_mine(): pass")

    repository.runpytest(file).assert_outcomes(passed=1)
    repository.runpytest(f"{file}::test_mine").assert_outcomes(passed=1)
    repository.runpytest(".").assert_outcomes(passed=2)
    repository.runpytest("--strict-markers", "-m", "ingress_migrate_golden").assert_outcomes(passed=1, deselected=1)
    repository.runpytest("-k", "mine").assert_outcomes(passed=1, deselected=1)


def test_the_last_failure_is_found_again(repository: pytest.Pytester) -> None:
    repository.makepyfile("def test_mine(): pass")
    change(repository)
    repository.runpytest().assert_outcomes(passed=1, failed=1)

    repository.runpytest("--lf").assert_outcomes(failed=1, deselected=1)


def test_a_test_may_check_by_itself(repository: pytest.Pytester) -> None:
    repository.makepyprojecttoml("[tool.pytest.ini_options]\n")
    repository.makepyfile(
        """
        from pathlib import Path

        def test_same(ingress_migrate_golden):
            ingress_migrate_golden(Path("k8s"))

        def test_other(ingress_migrate_golden):
            ingress_migrate_golden("k8s", gateway_namespace="edge", strict_source=True, **{"class": ["nginx", "other"]})
        """
    )
    result = repository.runpytest()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "_* test_other _*",
            "diff --git *",
            "Checked with --class nginx --class other; it was recorded without --class.",
            "Checked with --gateway-namespace edge; it was recorded without --gateway-namespace.",
            "Checked with --strict-source; it was recorded without --strict-source.",
            "To accept this, run: pytest --ingress-migrate-record",
        ]
    )
    result.stdout.no_fnmatch_line("*Error*")


def test_workers_share_the_tests(repository: pytest.Pytester) -> None:
    repository.makepyfile("def test_mine(): pass")

    repository.runpytest("-n2").assert_outcomes(passed=2)


def test_without_a_line_nothing_is_added_and_nothing_is_loaded(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_it():
            assert sorted(name for name in sys.modules if name.split(".")[0] in ("converter", "click", "yaml")) == [
                "converter", "converter._version", "converter.pytest_plugin"
            ]
        """
    )

    pytester.runpytest_subprocess().assert_outcomes(passed=1)
