"""Which files a path stands for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from converter.read import read
from converter.read.files import File, files

INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\n"


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(*names: str, text: str = INGRESS) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def names(*paths: str) -> list[str]:
    return [document.file for document in read(list(paths)).documents]


def codes(*paths: str) -> list[tuple[str, str, str]]:
    return [(problem.file, problem.code, problem.severity) for problem in read(list(paths)).problems]


def test_a_directory_is_read_with_everything_below_in_a_fixed_order() -> None:
    write("k8s/b.yaml", "k8s/a.yml", "k8s/c/d.json", "k8s/notes.txt", "k8s/.hidden/e.yaml")

    assert names("k8s") == ["k8s/.hidden/e.yaml", "k8s/a.yml", "k8s/b.yaml", "k8s/c/d.json"]


def test_what_belongs_to_this_program_is_no_manifest() -> None:
    write("k8s/a.yaml", "k8s/.ingress-migrate.yaml", "k8s/.ingress-migrate.schema.json")

    assert (names("k8s"), codes("k8s")) == (["k8s/a.yaml"], [])


def test_a_file_that_is_named_may_end_in_anything() -> None:
    write("manifest.txt")

    assert names("manifest.txt") == ["manifest.txt"]


def test_paths_are_read_in_the_order_they_are_given() -> None:
    write("b.yaml", "a.yaml")

    assert names("b.yaml", "a.yaml") == ["b.yaml", "a.yaml"]


def test_a_fault_in_one_of_ten_files_costs_one_file() -> None:
    write(*(f"k8s/{number}.yaml" for number in range(9)))
    write("k8s/broken.yaml", text="kind: Ingress\na: [\n")

    assert len(names("k8s")) == 9
    assert codes("k8s") == [("k8s/broken.yaml", "invalid-yaml", "error")]


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ({".gitignore": "b.yaml\n"}, ["./a.yaml", "./c/a.yaml"]),
        ({".gitignore": "/b.yaml\n"}, ["./a.yaml", "./c/a.yaml", "./c/b.yaml"]),
        ({".gitignore": "c/\n"}, ["./a.yaml", "./b.yaml"]),
        ({".gitignore": "*.yaml\n!a.yaml\n"}, ["./a.yaml", "./c/a.yaml"]),
        ({"c/.gitignore": "*\n"}, ["./a.yaml", "./b.yaml"]),
        ({".gitignore": "b.yaml\n", "c/.gitignore": "!b.yaml\n"}, ["./a.yaml", "./c/a.yaml", "./c/b.yaml"]),
    ],
)
def test_what_git_ignores_is_left_out(rules: dict[str, str], found: list[str]) -> None:
    write("a.yaml", "b.yaml", "c/a.yaml", "c/b.yaml")
    for name, text in rules.items():
        write(name, text=text)

    assert names(".") == found


def test_the_rules_of_the_repository_above_hold_as_well() -> None:
    write("repo/.git/config", text="")
    write("repo/.gitignore", text="k8s/b.yaml\n")
    write("repo/k8s/a.yaml", "repo/k8s/b.yaml")

    assert names("repo/k8s") == ["repo/k8s/a.yaml"]


def test_a_file_that_is_named_is_read_although_git_ignores_it() -> None:
    write("a.yaml")
    write(".gitignore", text="*\n")

    assert names("a.yaml") == ["a.yaml"]


def test_a_link_is_not_followed_out_of_the_directory() -> None:
    write("outside.yaml", "k8s/a.yaml")
    Path("k8s/link.yaml").symlink_to("../outside.yaml")

    assert names("k8s") == ["k8s/a.yaml"]
    assert codes("k8s") == [("k8s/link.yaml", "link-outside", "note")]


def test_a_link_in_a_circle_ends() -> None:
    write("k8s/a.yaml")
    Path("k8s/again").symlink_to(".")

    assert names("k8s") == ["k8s/a.yaml"]


def test_a_path_that_is_not_there() -> None:
    assert codes("nowhere") == [("nowhere", "no-such-file", "error")]


def test_a_device_is_not_waited_for() -> None:
    assert codes("/dev/null") == [("/dev/null", "unreadable", "error")]


def test_what_this_program_keeps_beside_the_manifests_is_not_read() -> None:
    write("k8s/a.yaml", "k8s/.ingress-migrate/golden/objects/b.yaml", "k8s/deep/.ingress-migrate/c.yaml")

    assert names("k8s") == ["k8s/a.yaml"]
    assert names("k8s/.ingress-migrate/golden") == ["k8s/.ingress-migrate/golden/objects/b.yaml"]


def test_what_is_excluded_is_not_walked(tmp_path: Path) -> None:
    for name in ("a.yaml", "charts/web/values.yaml", "deep/a.test.yaml", "deep/b.yaml", "charts.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("kind: Service\n")

    def walked(*patterns: str) -> list[str]:
        found = (each for each in files(str(tmp_path), patterns) if isinstance(each, File))
        return [os.path.relpath(each.name, tmp_path) for each in found]

    assert walked("charts/") == ["a.yaml", "charts.yaml", "deep/a.test.yaml", "deep/b.yaml"]
    assert walked("*.test.yaml", "/charts") == ["a.yaml", "charts.yaml", "deep/b.yaml"]
    assert walked("deep/*", "!deep/b.yaml") == ["a.yaml", "charts/web/values.yaml", "charts.yaml", "deep/b.yaml"]
    assert walked("nothing") == walked()


def test_a_file_that_is_named_is_read_whatever_is_excluded(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("kind: Service\n")

    assert list(files(str(file), ["*.yaml"])) == [File(str(file), named=True)]
