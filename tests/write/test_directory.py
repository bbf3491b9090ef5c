"""A directory is replaced as a whole, or left as it was."""

from __future__ import annotations

import errno
import os
import resource
import stat

import pytest

from converter.write import HEADER, OutputFile, OutputRefused, write_directory
from converter.write import directory as module

OLD = [OutputFile("gatewayclass-eg.yaml", "old: 1\n"), OutputFile("web/httproute-shop.yaml", "old: 2\n")]
NEW = [OutputFile("gatewayclass-eg.yaml", "new: 1\n"), OutputFile("api/httproute-api.yaml", "new: 2\n")]
OLD_TREE = {"gatewayclass-eg.yaml": HEADER + "old: 1\n", "web/httproute-shop.yaml": HEADER + "old: 2\n"}
NEW_TREE = {"gatewayclass-eg.yaml": HEADER + "new: 1\n", "api/httproute-api.yaml": HEADER + "new: 2\n"}


def _tree(top):
    """Every file below with its text, and every folder that is empty."""
    files = {path.relative_to(top).as_posix(): path.read_text() for path in top.rglob("*") if path.is_file()}
    empty = {
        f"{path.relative_to(top).as_posix()}/": ""
        for path in top.rglob("*")
        if path.is_dir() and not any(path.iterdir())
    }
    return {**files, **empty}


def test_header():
    assert HEADER == "# Written by ingress-migrate; edits are lost on the next run.\n"


def test_a_new_directory_and_those_above_it(tmp_path):
    write_directory(str(tmp_path / "a/b/out"), NEW)
    assert _tree(tmp_path) == {f"a/b/out/{path}": text for path, text in NEW_TREE.items()}


def test_an_empty_directory(tmp_path):
    (tmp_path / "out/empty").mkdir(parents=True)
    write_directory(str(tmp_path / "out"), NEW)
    assert _tree(tmp_path / "out") == NEW_TREE


def test_what_was_written_before_is_replaced(tmp_path):
    write_directory(str(tmp_path / "out"), OLD)
    write_directory(str(tmp_path / "out"), NEW)
    assert _tree(tmp_path) == {f"out/{path}": text for path, text in NEW_TREE.items()}


def test_no_files(tmp_path):
    write_directory(str(tmp_path / "out"), OLD)
    write_directory(str(tmp_path / "out"), [])
    assert _tree(tmp_path) == {"out/": ""}


def test_a_header_is_not_repeated(tmp_path):
    write_directory(str(tmp_path / "out"), [OutputFile("a.yaml", HEADER + "a: ä\n")])
    assert (tmp_path / "out/a.yaml").read_bytes() == (HEADER + "a: ä\n").encode()


def test_a_header_with_other_line_ends(tmp_path):
    write_directory(str(tmp_path / "out"), OLD)
    file = tmp_path / "out/gatewayclass-eg.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    write_directory(str(tmp_path / "out"), NEW)
    assert _tree(tmp_path / "out") == NEW_TREE


@pytest.mark.parametrize("text", ["", "kind: Gateway\n", HEADER.rstrip("\n") + " Not.\n", " " + HEADER, HEADER[:-5]])
def test_a_foreign_file(tmp_path, text):
    write_directory(str(tmp_path / "out"), OLD)
    (tmp_path / "out/web/mine.yaml").write_text(text)
    before = _tree(tmp_path)
    with pytest.raises(OutputRefused) as refused:
        write_directory(str(tmp_path / "out"), NEW)
    assert (refused.value.directory, refused.value.file) == (str(tmp_path / "out"), "web/mine.yaml")
    assert str(refused.value) == f"{tmp_path}/out is left as it is: ingress-migrate did not write web/mine.yaml"
    assert _tree(tmp_path) == before


def test_the_first_foreign_file_is_named(tmp_path):
    for name in ("b.txt", "a/z.txt", "a/c.txt"):
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).touch()
    with pytest.raises(OutputRefused, match=r"did not write b\.txt"):
        write_directory(str(tmp_path / "out"), NEW)
    (tmp_path / "out/b.txt").unlink()
    with pytest.raises(OutputRefused, match=r"did not write a/c\.txt"):
        write_directory(str(tmp_path / "out"), NEW)


@pytest.mark.parametrize("aim", [".", "../elsewhere", "nowhere"])
def test_a_link_in_the_directory_is_foreign(tmp_path, aim):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/link").symlink_to(aim)
    with pytest.raises(OutputRefused, match="did not write link"):
        write_directory(str(tmp_path / "out"), NEW)


def test_a_file_instead_of_a_directory(tmp_path):
    (tmp_path / "out").write_text(HEADER)
    with pytest.raises(OutputRefused, match=r"did not write \."):
        write_directory(str(tmp_path / "out"), NEW)
    assert _tree(tmp_path) == {"out": HEADER}


def test_a_link_to_a_directory_stays(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")
    write_directory(str(tmp_path / "out"), NEW)
    assert (tmp_path / "out").readlink().as_posix() == "real"
    assert _tree(tmp_path / "real") == NEW_TREE


def test_the_directory_keeps_its_mode(tmp_path):
    (tmp_path / "out").mkdir(mode=0o750)
    write_directory(str(tmp_path / "out"), NEW)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o750


@pytest.mark.parametrize("path", ["", ".", "..", "../a", "a/../b", "/a", "a\\b", "C:a", "c:/a", "a\0b"])
def test_paths_that_leave_the_directory(tmp_path, path):
    with pytest.raises(ValueError, match="is not a path inside the directory"):
        write_directory(str(tmp_path / "out"), [*NEW, OutputFile(path, "")])
    assert _tree(tmp_path) == {}


@pytest.mark.parametrize("paths", [("a", "a"), ("a/b", "a"), ("a", "a/b"), ("a", "./a")])
def test_two_files_of_one_path(tmp_path, paths):
    write_directory(str(tmp_path / "out"), OLD)
    with pytest.raises(OSError, match="a"):
        write_directory(str(tmp_path / "out"), [OutputFile(path, "") for path in paths])
    assert _tree(tmp_path / "out") == OLD_TREE
    assert os.listdir(tmp_path) == ["out"]


# Faults


def _before(tmp_path, monkeypatch, case):
    """The directory to be written to, with what is above it, for each way to write it."""
    out = tmp_path / "above/out"
    if case == "missing":
        return out
    write_directory(str(out), OLD)
    if case == "in place":
        monkeypatch.chdir(out)
    return out


CASES = pytest.mark.parametrize("case", ["missing", "renamed", "in place"])
FAULTS = pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "disk full"), PermissionError(), KeyboardInterrupt()])


@CASES
def test_without_a_fault(tmp_path, monkeypatch, case):
    out = _before(tmp_path, monkeypatch, case)
    node = out.stat().st_ino if case == "in place" else None
    write_directory(str(out), NEW)
    assert _tree(tmp_path) == {f"above/out/{path}": text for path, text in NEW_TREE.items()}
    assert node in (None, out.stat().st_ino)


@CASES
@FAULTS
@pytest.mark.parametrize("after", [False, True])
def test_any_rename_fails(tmp_path, monkeypatch, case, fault, after):
    """Also when the fault strikes after the rename has been done."""
    out = _before(tmp_path, monkeypatch, case)
    before, rename, failed = _tree(tmp_path), os.rename, 0
    for fatal in range(10):
        calls = 0

        def failing(source, destination, fatal=fatal):
            nonlocal calls
            calls += 1
            if calls - 1 != fatal or after:
                rename(source, destination)
            if calls - 1 == fatal:
                raise fault

        monkeypatch.setattr(os, "rename", failing)
        try:
            write_directory(str(out), NEW)
        except type(fault):
            failed += 1
            assert _tree(tmp_path) == before
        else:
            break
    assert failed == {"missing": 1, "renamed": 2, "in place": 4}[case]
    assert _tree(out) == NEW_TREE


@CASES
@FAULTS
def test_staging_fails(tmp_path, monkeypatch, case, fault):
    out = _before(tmp_path, monkeypatch, case)
    before, stage = _tree(tmp_path), module._stage

    def failing(new, file):
        if file is NEW[1]:
            raise fault
        stage(new, file)

    monkeypatch.setattr(module, "_stage", failing)
    with pytest.raises(type(fault)):
        write_directory(str(out), NEW)
    assert _tree(tmp_path) == before


@CASES
def test_a_file_that_grows_too_large(tmp_path, monkeypatch, case):
    out = _before(tmp_path, monkeypatch, case)
    before, limits = _tree(tmp_path), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_directory(str(out), [*NEW, OutputFile("big.yaml", "a" * 2000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert _tree(tmp_path) == before


def test_text_that_has_no_bytes(tmp_path):
    write_directory(str(tmp_path / "out"), OLD)
    with pytest.raises(UnicodeEncodeError):
        write_directory(str(tmp_path / "out"), [OutputFile("a", "\ud800")])
    assert _tree(tmp_path) == {f"out/{path}": text for path, text in OLD_TREE.items()}


def test_a_directory_that_cannot_be_read(tmp_path, monkeypatch):
    write_directory(str(tmp_path / "out"), OLD)

    def scandir(path):
        raise PermissionError(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(PermissionError):
        write_directory(str(tmp_path / "out"), NEW)
    monkeypatch.undo()
    assert _tree(tmp_path / "out") == OLD_TREE


@pytest.mark.parametrize("reason", ["mount", "parent"])
def test_what_cannot_be_renamed_is_replaced_in_place(tmp_path, monkeypatch, reason):
    out = tmp_path / "out"
    write_directory(str(out), OLD)
    node = out.stat().st_ino
    if reason == "mount":
        monkeypatch.setattr(os.path, "ismount", lambda path: path == str(out))
    else:
        monkeypatch.setattr(os, "access", lambda path, mode: path != str(tmp_path))
    write_directory(str(out), NEW)
    assert _tree(tmp_path) == {f"out/{path}": text for path, text in NEW_TREE.items()}
    assert out.stat().st_ino == node


def test_modes_of_new_files_follow_the_umask(tmp_path):
    mask = os.umask(0o027)
    try:
        write_directory(str(tmp_path / "out"), NEW)
    finally:
        os.umask(mask)
    modes = {path.relative_to(tmp_path).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {
        "out": 0o750,
        "out/api": 0o750,
        "out/api/httproute-api.yaml": 0o640,
        "out/gatewayclass-eg.yaml": 0o640,
    }
