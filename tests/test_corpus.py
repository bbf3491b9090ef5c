"""The product on real repositories, and on a small set of odd documents of our own.

The real ones live outside the repository; without them only our own are converted.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conversions import EVERY_TARGET, chosen

from converter.controllers.ingress_nginx import Options
from converter.ingress.parse import GROUPS
from converter.pipeline import Conversion, convert
from converter.read import Reading, read
from converter.targets import OTHERS
from converter.write import dump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "tests" / "data" / "odd"
CORPUS = ROOT.parent / "shared" / "corpus"
REPOSITORIES = [OWN, *sorted(path for path in CORPUS.glob("*") if path.is_dir())]
ANNOTATION_CLASSES = ("nginx", "public", "internal", "external-nginx", "nginx-internal", "nginx-external")
VARIABLES = ("key", "hashMethodKey")
"""Fields that hold a variable of nginx, which looks like a placeholder."""
PLACEHOLDER = re.compile(r"\$\{[^{}]+\}|\$[A-Za-z_][A-Za-z0-9_]*")


def run(path: Path, name: str, version: str = "1.6") -> tuple[Reading, Conversion]:
    reading = read([str(path)])
    options = Options(classes=ANNOTATION_CLASSES)
    return reading, convert(reading, chosen(name, version), options)


def files(repository: Path) -> Iterator[Path]:
    for path in sorted(repository.rglob("*")):
        if path.suffix in (".yaml", ".yml", ".json") and path.is_file() and not path.is_symlink():
            yield path


@pytest.mark.parametrize("name", EVERY_TARGET)
@pytest.mark.parametrize("repository", REPOSITORIES, ids=lambda path: path.name)
def test_a_repository_converts_as_a_whole(
    repository: Path, name: str, checker: ModuleType, record_property: Callable[[str, str], None]
) -> None:
    reading, first = run(repository, name)
    _, second = run(repository, name)

    assert dump(first.objects) == dump(second.objects)
    assert first.entries == second.entries
    assert_complete(reading, first)
    assert_accepted(first, checker)
    verdicts = Counter(str(entry.verdict) for entry in first.entries)
    counted = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    text = (
        f"{repository.name} for {name}: {reading.files} files, {first.ingresses} Ingresses; {counted or 'no entries'}"
    )
    record_property("saw", text)


@pytest.mark.parametrize("name", [*EVERY_TARGET, *OTHERS])
def test_all_repositories_convert_as_one(name: str, checker: ModuleType) -> None:
    """With more hosts than a Gateway has room for, and every odd thing beside every other."""
    if not CORPUS.exists():
        pytest.skip("no corpus beside the repository")
    reading, conversion = run(CORPUS, name)
    assert_complete(reading, conversion)
    assert_accepted(conversion, checker)


@pytest.mark.parametrize("version", ["v1.2.1", "v1.4.1", "v1.5.1"])
def test_older_releases_take_what_is_made_for_them(version: str, checker: ModuleType) -> None:
    for repository in REPOSITORIES:
        reading, conversion = run(repository, "standard", version)
        assert_complete(reading, conversion)
        assert_accepted(conversion, checker, version)


@pytest.mark.parametrize("repository", REPOSITORIES, ids=lambda path: path.name)
def test_a_repository_converts_file_by_file(repository: Path, checker: ModuleType) -> None:
    for path in files(repository):
        reading, conversion = run(path, "envoy-gateway")
        assert_complete(reading, conversion)
        assert_accepted(conversion, checker)


def test_our_own_odd_documents_convert_without_any_checker() -> None:
    reading, conversion = run(OWN, "standard")

    assert conversion.ingresses > 0
    assert_complete(reading, conversion)


def assert_complete(reading: Reading, conversion: Conversion) -> None:
    """Every Ingress is in the ledger with all it says, each thing once, or stands in a problem."""
    origins = Counter(entry.origin for entry in conversion.entries)
    assert [origin for origin, count in origins.items() if count > 1] == []
    told = {(o.source.file, o.source.name, o.key) for o in origins if o.type == "annotation"}
    known = {(o.source.file, o.source.namespace, o.source.name) for o in origins}
    problems = {(problem.file, problem.line) for problem in conversion.problems}
    for document in reading.documents:
        group = str(document.value.get("apiVersion", "")).rpartition("/")[0]
        if document.value.get("kind") != "Ingress" or group not in GROUPS or (document.file, document.line) in problems:
            continue
        metadata = document.value["metadata"]
        assert (document.file, metadata.get("namespace", ""), metadata["name"]) in known
        assert {(document.file, metadata["name"], key) for key in metadata.get("annotations") or {}} <= told


def assert_accepted(conversion: Conversion, checker: ModuleType, version: str = "v1.6.1") -> None:
    validator = checker.load(version, "standard")
    objects = [_substituted(entry) for entry in conversion.objects]
    assert [str(violation) for violation in validator.check_all(objects)] == []


def _substituted(value: Any) -> Any:
    """Placeholders hold what nobody knows yet; any legal text may stand for them."""
    if isinstance(value, dict):
        return {key: entry if key in VARIABLES else _substituted(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_substituted(entry) for entry in value]
    return PLACEHOLDER.sub("placeholder", value) if isinstance(value, str) else value
