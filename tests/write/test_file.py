"""A file is replaced in one step, or left as it was."""

from __future__ import annotations

import errno
import os
import resource
import stat
import sys
import threading

import pytest

from converter.write import write_file


def test_a_new_file(tmp_path):
    mask = os.umask(0o027)
    try:
        write_file(str(tmp_path / "a.yaml"), "a: ä\n")
    finally:
        os.umask(mask)
    assert (tmp_path / "a.yaml").read_bytes() == "a: ä\n".encode()
    assert stat.S_IMODE((tmp_path / "a.yaml").stat().st_mode) == 0o640


def test_an_old_file_keeps_its_mode(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("old")
    file.chmod(0o604)
    write_file(str(file), "new\r\n")
    assert file.read_bytes() == b"new\r\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o604
    assert os.listdir(tmp_path) == ["a.yaml"]


@pytest.mark.parametrize("old", [True, False])
def test_a_link_stays(tmp_path, old):
    (tmp_path / "real").mkdir()
    if old:
        (tmp_path / "real/a.yaml").write_text("old")
    (tmp_path / "a.yaml").symlink_to("real/a.yaml")
    write_file(str(tmp_path / "a.yaml"), "new")
    assert (tmp_path / "a.yaml").is_symlink()
    assert (tmp_path / "real/a.yaml").read_text() == "new"


def test_a_relative_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_file("a.yaml", "new")
    assert (tmp_path / "a.yaml").read_text() == "new"


@pytest.mark.parametrize("function", ["replace", "fsync", "chmod"])
@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "disk full"), PermissionError(), KeyboardInterrupt()])
def test_a_fault(tmp_path, monkeypatch, function, fault):
    (tmp_path / "a.yaml").write_text("old")

    def failing(*arguments):
        raise fault

    monkeypatch.setattr(os, function, failing)
    with pytest.raises(type(fault)):
        write_file(str(tmp_path / "a.yaml"), "new")
    assert os.listdir(tmp_path) == ["a.yaml"]
    assert (tmp_path / "a.yaml").read_text() == "old"


def test_a_file_that_grows_too_large(tmp_path):
    (tmp_path / "a.yaml").write_text("old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_file(str(tmp_path / "a.yaml"), "new" * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert os.listdir(tmp_path) == ["a.yaml"]
    assert (tmp_path / "a.yaml").read_text() == "old"


def test_a_folder_that_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_file(str(tmp_path / "none/a.yaml"), "new")
    assert os.listdir(tmp_path) == []


def test_a_folder_instead_of_a_file(tmp_path):
    with pytest.raises(IsADirectoryError):
        write_file(str(tmp_path), "new")


def test_a_pipe_is_written_directly(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_file(str(pipe), "new")
    reader.join()
    assert read == ["new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


WRITE_TO_STDOUT = "from converter.write import write_file; write_file('/dev/stdout', 'new')"


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="there is no /dev/stdout")
@pytest.mark.parametrize("case", ["pipe", "file"])
def test_standard_output(tmp_path, case):
    import subprocess

    command = [sys.executable, "-c", WRITE_TO_STDOUT]
    if case == "pipe":
        assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "new"
        return
    out = tmp_path / "out"
    out.write_text("old\n")
    with out.open("a") as handle:
        subprocess.run(command, check=True, stdout=handle)
    assert out.read_text() == "old\nnew"
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_full_device():
    with pytest.raises(OSError, match="No space left"):
        write_file("/dev/full", "new")
