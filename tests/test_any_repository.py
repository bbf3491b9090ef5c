"""Whatever repository comes in: a run in place keeps what docs/repositories.md promises.

Seeds are fixed, so a failure can be had again; REPOSITORIES=FIRST-LAST chooses others.
"""

from __future__ import annotations

import difflib
import json
import os
import posixpath
import re
import shutil
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from random_repositories import any_repository

from converter.cli import group
from converter.cli.conversion import Converted, convert_paths
from converter.cli.convert import command
from converter.ledger import Source, Verdict
from converter.read import read_environments
from converter.read.files import KUSTOMIZATIONS
from converter.read.kustomize import kustomize_command, run_kustomize
from converter.write.repository.placement import SHARED

FIRST, LAST = map(int, os.environ.get("REPOSITORIES", "0-2").split("-"))
SEEDS = range(FIRST, LAST + 1)
GATEWAY_KINDS = ("gateway.networking.k8s.io/", "gateway.networking.x-k8s.io/", "gateway.envoyproxy.io/")
pytestmark = [
    pytest.mark.skipif(not kustomize_command(), reason="neither kustomize nor kubectl is here"),
    pytest.mark.skipif(not shutil.which("git"), reason="git is not here"),
]
Json = dict[str, Any]
Files = Mapping[str, bytes]
Builds = Mapping[str, list[Json] | None]
Name = tuple[str, str, str]


def git(*arguments: str, given: bytes = b"") -> bytes:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "core.autocrlf=false", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, check=False)
    assert done.returncode == 0, (arguments, done.stderr.decode(), given.decode())
    return done.stdout


def commit() -> None:
    git("add", "-A", "-f")
    git("commit", "-q", "--allow-empty", "-m", "state")


def everything() -> Files:
    """All files as they are."""
    return {
        str(each): each.read_bytes()
        for each in sorted(Path().rglob("*"))
        if each.is_file() and ".git/" not in f"{each}"
    }


@dataclass(frozen=True)
class Repository:
    """A repository to run in, and what it is asked for."""

    options: tuple[str, ...]

    def run(self, *more: str) -> Result:
        return self.call("convert", ".", "--in-place", "--report", "../report.json", *more)

    def diff(self, *more: str) -> Result:
        return self.call("diff", ".", *more)

    def call(self, *arguments: str) -> Result:
        return CliRunner().invoke(group, [*arguments, *self.options], catch_exceptions=False)


@pytest.fixture
def repository(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    random = Random(seed)
    for name, content in any_repository(random).items():
        file = tmp_path / "repository" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    monkeypatch.chdir(tmp_path / "repository")
    monkeypatch.setenv("COLUMNS", "100")
    git("init", "-q")
    commit()
    options = ["-t", random.choice(["standard", "envoy-gateway"])]
    options += random.choice(
        [[], [], ["--gateway", "namespace"], ["--classless", "serve"], ["--infrastructure", "edge/gw"]]
    )
    return Repository(tuple(options))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_adds_and_a_second_run_changes_nothing(repository: Repository) -> None:
    before, built, converted = everything(), builds(), conversion(repository)
    patch = repository.diff("-o", "patch").stdout_bytes
    assert everything() == before
    result = repository.run()
    after = everything()

    for name in before:
        assert after.get(name) == before[name] or (is_kustomization(name) and only_adds(before[name], after[name])), (
            name
        )
    assert_builds_gain(built, builds())
    assert_each_object_has_one_home(converted)
    assert_builds_hold_their_own(converted, builds())
    git("stash", "-q", "-u")
    if patch:
        git("apply", "--whitespace=nowarn", given=patch)
    assert everything() == after
    commit()
    again = repository.run()
    assert everything() == after, again.stderr
    assert again.exit_code == result.exit_code
    assert repository.diff().exit_code == (0 if again.exit_code == 0 else 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_objects_move_into_the_files_of_their_ingresses_and_back(repository: Repository) -> None:
    before, built = everything(), builds()
    repository.run()
    beside, objects = everything(), made_objects()
    commit()
    repository.run("--same-file")
    inside = everything()
    assert made_objects() == objects
    for name in before:
        assert inside[name].startswith(before[name].rstrip(b"\r\n")) or is_kustomization(name), name
    assert_builds_gain(built, builds())
    commit()
    repository.run("--same-file")
    assert everything() == inside
    repository.run()
    assert without_last_ends(everything()) == without_last_ends(beside)


@pytest.mark.parametrize("seed", SEEDS)
def test_only_what_is_settled_goes(repository: Repository, seed: int) -> None:
    where = Random(seed).choice([(), ("--same-file",)])
    converted = conversion(repository)
    repository.run(*where)
    built, objects, ingresses = builds(), made_objects(), readable_ingresses()
    commit()
    result = repository.run("--remove-ingress", *where)
    after = everything()

    told = set(re.findall(r"^(?:took out|kept    ) (\S.*?:\d+)(?: |$)", result.stderr, re.MULTILINE))
    assert told == ingresses
    assert result.stderr.count("\nkept     ") + result.stderr.count("\ntook out ") >= len(ingresses)
    assert made_objects() == objects
    for folder, found in builds().items():
        assert (found is None) == (built[folder] is None), (folder, built[folder])
        if found is not None:
            assert without_ingresses(found) == without_ingresses(built[folder])
    assert not (unsettled(converted) - told_kept(result))
    commit()
    for more in (("--remove-ingress",), ()):
        again = repository.run(*more, *where)
        assert everything() == after, (again.stderr, git("diff").decode())


@pytest.mark.parametrize("seed", SEEDS)
def test_an_edit_survives_every_run(repository: Repository, seed: int) -> None:
    repository.run()
    commit()
    edited = sorted(name for name in everything() if ".gateway." in name or "gateway-" in name.rpartition("/")[2])
    if not edited:
        return
    file = Path(Random(seed).choice(edited))
    text = file.read_bytes() + b"# An edit.\n"
    file.write_bytes(text)
    commit()
    for more in ((), ("--same-file",), ("--on-conflict", "keep"), ("--remove-ingress",), ()):
        result = repository.run(*more)
        assert file.exists(), (more, result.stderr)
        assert file.read_bytes().split(b"\n", 1)[1] == text.split(b"\n", 1)[1], (more, file)
        commit()


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_changes_outside_of_what_was_named(repository: Repository, seed: int) -> None:
    before = everything()
    folders = sorted({str(Path(name).parent) for name in before})
    chosen = Random(seed).choice(folders)
    for more in ((), ("--remove-ingress",), ("--same-file",)):
        elsewhere = Repository((*repository.options, "--infrastructure", "infra"))
        elsewhere.call("convert", chosen, "--in-place", *more)
        after = everything()
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        assert [name for name in changed if not name.startswith((f"{chosen}/", "infra/"))] == []
        commit()


def without_last_ends(found: Files) -> Files:
    """A file without an end of its last line has one afterwards."""
    return {name: content.rstrip(b"\r\n") for name, content in found.items()}


def is_kustomization(name: str) -> bool:
    return name.rpartition("/")[2] in KUSTOMIZATIONS


def only_adds(before: bytes, after: bytes) -> bool:
    """Whether every line is still there, in its place; a list in brackets may have grown."""
    found = difflib.ndiff(*(text.decode().splitlines() for text in (before, after)))
    gone = [line for line in found if line.startswith("- ")]
    old, new = (yaml.safe_load(text) for text in (before, after))
    listed = old.pop("resources", []) or []
    grown = iter(new.pop("resources"))
    return (not gone or b"resources: [" in before) and old == new and all(each in grown for each in listed)


def builds() -> Builds:
    """What kustomize makes of each folder; nothing where it does not build."""
    folders = [str(Path(name).parent) for name in everything() if is_kustomization(name)]
    with ThreadPoolExecutor() as pool:
        texts = pool.map(lambda folder: run_kustomize(folder, kustomize_command()), folders)
    return {
        folder: None if failure else list(yaml.safe_load_all(text))
        for folder, (text, failure) in zip(folders, texts, strict=True)
    }


def assert_builds_gain(before: Builds, after: Builds) -> None:
    """What built before builds with the same objects and new ones."""
    for folder, found in before.items():
        if found is not None:
            assert after[folder] is not None, folder
            ours = [each for each in after[folder] if is_of_gateway(each)]
            assert [each for each in after[folder] if not is_of_gateway(each)] == found
            assert len({name_of(each) for each in ours}) == len(ours)


def is_of_gateway(each: Json) -> bool:
    return str(each["apiVersion"]).startswith(GATEWAY_KINDS)


def name_of(each: Json) -> tuple[str, str, str]:
    return each["kind"], each["metadata"].get("namespace", ""), each["metadata"]["name"]


def in_cluster(each: Json) -> Name:
    kind, namespace, name = name_of(each)
    return kind, namespace or "default", name


def objects_of(content: bytes) -> list[Json]:
    try:
        found = list(yaml.safe_load_all(content.decode("utf-8-sig")))
    except yaml.YAMLError:
        return []
    return [each for each in found if isinstance(each, dict) and each.get("kind") and "metadata" in each]


def made_objects() -> Counter[str]:
    """The objects of Gateway API kinds in all files, however often they stand there."""
    return Counter(
        repr(each) for content in everything().values() for each in objects_of(content) if is_of_gateway(each)
    )


def without_ingresses(found: Iterable[Json] | None) -> list[Json]:
    return [each for each in found or () if each["kind"] != "Ingress"]


def conversion(repository: Repository) -> Converted:
    """What a run works with, before it looks at what is in the files."""
    options = command.make_context("convert", [".", "--in-place", *repository.options]).params
    return convert_paths(options.pop("paths"), options)


def assert_each_object_has_one_home(converted: Converted) -> None:
    """It may be common to several environments, and stand in a base."""
    wanted = Counter(repr(each) for part in converted.parts for each in part.conversion.objects)
    found = made_objects()
    assert found.keys() == wanted.keys()
    assert {each for each, count in found.items() if count > wanted[each]} == set()


def told_folders() -> set[str]:
    """The folders of kustomizations with which something is wrong, as the last run said."""
    problems = json.loads(Path("../report.json").read_text())["problems"]
    return {posixpath.normpath(posixpath.dirname(each["file"])) for each in problems if each["severity"] == "error"}


def assert_builds_hold_their_own(converted: Converted, after: Builds) -> None:
    """A build gains what its Ingresses became, and nothing else."""
    for part in converted.parts:
        sources: dict[Name, set[Source]] = defaultdict(set)
        for entry in part.conversion.entries:
            for each in entry.results:
                sources[each.kind, each.namespace or "default", each.name].add(entry.origin.source)
        built_from = {
            (each.file, *in_cluster(each.value)): str(Path(each.built).parent) if each.built else ""
            for each in part.reading.documents
            if each.value["kind"] == "Ingress"
        }
        for folder in {*built_from.values()} - {""}:
            may, must = set(), set()
            for each in part.conversion.objects:
                if each["kind"] in SHARED:
                    continue
                builders = {built_from.get(in_full(s), "?") for s in sources[in_cluster(each)]}
                may |= {in_cluster(each)} if folder in builders else set()
                must |= {in_cluster(each)} if {folder} == builders - {"?"} else set()
            found = {in_cluster(each) for each in after[folder] or () if is_of_gateway(each)}
            assert found <= may, folder
            assert folder in told_folders() or must <= found, folder


def readable_ingresses() -> set[str]:
    """Where the Ingresses stand that a run reads."""
    return {
        f"{os.path.normpath(each.file)}:{each.line}"
        for environment in read_environments(["."])
        for each in environment.reading.documents
        if each.value["kind"] == "Ingress" and each.line
    }


def told_kept(result: Result) -> set[str]:
    return set(re.findall(r"^kept     (\S.*?:\d+) ", result.stderr, re.MULTILINE))


def unsettled(converted: Converted) -> set[str]:
    """Where something stands that a person wrote and nothing does."""
    return {
        f"{os.path.normpath(document.file)}:{document.line}"
        for part in converted.parts
        for entry in part.conversion.entries
        if entry.verdict is Verdict.UNTRANSLATED and entry.origin.type != "default"
        for document in part.reading.documents
        if document.line and (document.file, *in_cluster(document.value)) == in_full(entry.origin.source)
    }


def in_full(source: Source) -> tuple[str, str, str, str]:
    return source.file, source.kind, source.namespace or "default", source.name
