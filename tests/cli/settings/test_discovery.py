"""Which file of settings a run goes by."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from converter.cli.settings.discovery import discover, shown


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two repositories, one inside the other; the outer one has settings."""
    (tmp_path / "outer/inner/apps/.keep").mkdir(parents=True)
    (tmp_path / "outer/.git").mkdir()
    (tmp_path / "outer/inner/.git").write_text("gitdir: elsewhere")
    (tmp_path / "outer/.ingress-migrate.yaml").touch()
    (tmp_path / "outer/web").mkdir()
    monkeypatch.chdir(tmp_path / "outer")
    return tmp_path / "outer"


def test_without_a_path_the_search_begins_where_the_program_runs(repository, monkeypatch) -> None:
    monkeypatch.chdir(repository / "web")

    assert discover([]) == str(repository / ".ingress-migrate.yaml")


def test_the_first_path_that_exists_decides(repository, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert discover(["nowhere", "-", "outer/web", "outer/inner"]) == str(repository / ".ingress-migrate.yaml")
    assert discover(["nowhere", "outer/inner", "outer/web"]) is None


def test_the_folder_of_a_file_counts(repository) -> None:
    (repository / "web/ingress.yaml").touch()
    (repository / "web/.ingress-migrate.yaml").touch()

    assert discover(["web/ingress.yaml"]) == str(repository / "web/.ingress-migrate.yaml")


def test_the_search_ends_at_the_root_of_the_repository() -> None:
    assert discover(["inner/apps"]) is None


def test_a_link_leads_to_the_repository_of_its_target(repository, tmp_path) -> None:
    (tmp_path / "link").symlink_to(repository / "web")

    assert discover([str(tmp_path / "link")]) == str(repository / ".ingress-migrate.yaml")


def test_a_file_with_the_other_suffix_is_not_passed_over(repository) -> None:
    (repository / "web/.ingress-migrate.yml").touch()

    with pytest.raises(click.UsageError) as error:
        discover(["web"])
    assert error.value.message == "web/.ingress-migrate.yml is not read; rename it to .ingress-migrate.yaml."


def test_a_file_is_shown_as_it_would_be_typed(repository, monkeypatch) -> None:
    file = str(repository / ".ingress-migrate.yaml")
    assert shown(file) == ".ingress-migrate.yaml"

    monkeypatch.chdir(repository / "inner/apps")
    assert shown(file) == "../../.ingress-migrate.yaml"

    monkeypatch.chdir(repository / "inner/apps/.keep")
    assert shown(file) == file
