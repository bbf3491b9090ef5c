"""Several files change together: all of them, or none; never one of them half."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from converter.write.together import Change, ChangedMeanwhileError, write_together

BEFORE = {"a.yaml": "old a\n", "b.yaml": "old b\n", "d.yaml": "old d\n"}
AFTER = {"a.yaml": "new a\n", "deep/er/c.yaml": "new c\n", "d.yaml": "new d\n"}
CHANGES = [
    ("a.yaml", "old a\n", "new a\n"),
    ("b.yaml", "old b\n", None),
    ("deep/er/c.yaml", None, "new c\n"),
    ("d.yaml", "old d\n", "new d\n"),
]


@pytest.fixture
def changes(tmp_path: Path) -> list[Change]:
    for name, text in BEFORE.items():
        (tmp_path / name).write_text(text)
    return [Change(str(tmp_path / name), before, after) for name, before, after in CHANGES]


def tree(folder: Path) -> dict[str, str]:
    """All that is in the folder, folders with nothing in them too."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {
        name: path.read_text() if path.is_file() else "(empty folder)"
        for name, path in found.items()
        if path.is_file() or not any(path.iterdir())
    }


def test_all_files_change(changes, tmp_path) -> None:
    write_together(changes)

    assert tree(tmp_path) == AFTER


def test_nothing_to_change_changes_nothing(tmp_path) -> None:
    write_together([])

    assert tree(tmp_path) == {}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(4))
def test_an_interrupt_leaves_everything_as_it_was(changes, tmp_path, monkeypatch, number, when) -> None:
    """It may come before or after any of the steps that change a file."""
    steps = iter(range(100))
    for name in ("replace", "unlink"):
        monkeypatch.setattr(os, name, _interrupted(getattr(os, name), steps, number, when))

    with pytest.raises(KeyboardInterrupt):
        write_together(changes)

    assert tree(tmp_path) == BEFORE


def test_an_interrupt_at_the_very_end_leaves_nothing_behind(changes, tmp_path, monkeypatch) -> None:
    """All files are new by then; what waited beside them still has to go."""
    unlink, seen = os.unlink, []

    def interrupted(path):
        seen.append(path)
        if len(seen) == 3:
            raise KeyboardInterrupt
        unlink(path)

    monkeypatch.setattr(os, "unlink", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_together(changes)

    assert tree(tmp_path) == AFTER


def _interrupted(step, steps, number, when):
    def call(*arguments):
        current = next(steps)
        if current == number and when == "before":
            raise KeyboardInterrupt
        step(*arguments)
        if current == number and when == "after":
            raise KeyboardInterrupt

    return call


def test_a_file_that_says_it_must_not_change_stops_all(changes, tmp_path) -> None:
    (tmp_path / "d.yaml").chmod(0o444)

    with pytest.raises(PermissionError) as refused:
        write_together(changes)

    assert refused.value.filename == str(tmp_path / "d.yaml")
    assert tree(tmp_path) == BEFORE


def test_a_file_that_somebody_changed_meanwhile_stops_all(changes, tmp_path) -> None:
    (tmp_path / "d.yaml").write_text("mine\n")

    with pytest.raises(ChangedMeanwhileError):
        write_together(changes)

    assert tree(tmp_path) == {**BEFORE, "d.yaml": "mine\n"}


def test_a_folder_that_is_a_file_stops_all(changes, tmp_path) -> None:
    (tmp_path / "deep").write_text("no folder\n")

    with pytest.raises(OSError, match="deep"):
        write_together(changes)

    assert tree(tmp_path) == {**BEFORE, "deep": "no folder\n"}


def test_modes_and_links_stay(tmp_path) -> None:
    (tmp_path / "real.yaml").write_text("old\n")
    (tmp_path / "real.yaml").chmod(0o640)
    (tmp_path / "link.yaml").symlink_to("real.yaml")

    write_together([Change(str(tmp_path / "link.yaml"), "old\n", "new\n")])

    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_text() == "new\n"
    assert stat.S_IMODE((tmp_path / "real.yaml").stat().st_mode) == 0o640
