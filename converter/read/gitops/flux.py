"""Flux: HelmRelease and Kustomization, with the sources that they name.

https://fluxcd.io/flux/components/helm/helmreleases/ and https://fluxcd.io/flux/components/kustomize/kustomizations/
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from converter.ingress.fields import line_of, mapping
from converter.read.commands import pull_chart
from converter.read.gitops.repository import ELSEWHERE
from converter.read.gitops.words import Installation, Kept, Place, about_chart, about_path, at, untold
from converter.read.helm.values import wish_for_ingress

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from converter.problems import Problem
    from converter.read.documents import Document
    from converter.read.gitops.repository import Repositories, Repository

_SOURCES = ("HelmRepository", "OCIRepository", "GitRepository", "HelmChart")
_CHANGES = (
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "postBuild",
    "components",
    "namePrefix",
    "nameSuffix",
)

Sources = dict[tuple[str, str], dict[str, Any]]
"""The specs of sources by kind and name; a repository names each once, whatever the namespace."""


@dataclass(frozen=True, slots=True)
class _Chart:
    """What a HelmRelease says about its chart."""

    name: str
    """A name, or a path in the source."""
    version: str
    values: tuple[str, ...]
    kind: str
    """Of the source."""
    source: str
    """How a person calls it."""
    url: str

    @property
    def fetched(self) -> bool:
        """From a repository of charts, rather than one of Git."""
        return self.kind in ("HelmRepository", "OCIRepository")


def flux_problems(documents: Sequence[Document], repositories: Repositories) -> Iterator[Problem]:
    sources = {
        (str(each.value["kind"]), _name(each.value)): mapping(each.value.get("spec"))
        for each in documents
        if each.value["kind"] in _SOURCES
    }
    for each in documents:
        if each.value["kind"] == "HelmRelease":
            yield _helm_release(each, sources, repositories.of(each.file))
        elif each.value["kind"] == "Kustomization":
            yield _kustomization(each, sources, repositories.of(each.file))


def _name(value: dict[str, Any]) -> str:
    return str(mapping(value.get("metadata")).get("name") or "")


def _helm_release(document: Document, sources: Sources, repository: Repository) -> Problem:
    spec = mapping(document.value.get("spec"))
    name = _name(document.value)
    place = Place(document.file, document.line, "flux-helm-release", f"The HelmRelease {name}")
    wish = wish_for_ingress(spec.get("values"), "spec.values")
    chart = _chart(spec, sources)
    if chart is None:
        message = f"This is a part of the HelmRelease {name}, without its chart."
        advice = "Do what is said of the HelmRelease that it patches, with its values added."
        return untold(place, message, advice, wish.within(document.file) if wish else "")
    target = str(spec.get("targetNamespace") or "")
    home = mapping(document.value.get("metadata")).get("namespace")
    checkout = "" if chart.fetched or repository.has(chart.name) else chart.source
    repository = ELSEWHERE if checkout else repository
    if chart.fetched:
        folder = posixpath.basename(chart.name)
        where, described = folder, f"the chart {folder} of {chart.source}"
        values = tuple(posixpath.normpath(posixpath.join(folder, each)) for each in chart.values)
    else:
        where, described = repository.path(chart.name), f"the chart {repository.path(chart.name)}"
        values = tuple(repository.path(each) for each in chart.values)
    found = Installation(
        chart=where,
        described=described,
        release=str(spec.get("releaseName") or (f"{target}-{name}" if target else name)),
        namespace=target or str(home or ""),
        fetch=pull_chart(folder, chart.url, chart.version) if chart.fetched else "",
        checkout=checkout,
        values=values,
        kept=tuple(_kept(document, spec, name)),
        sets=tuple(f"{each['targetPath']}=VALUE" for each in _references(spec) if each.get("targetPath")),
        extra=tuple(_extra(document, spec)),
        wish=wish.within(document.file) if wish else "",
    )
    return about_chart(place, found)


def _chart(spec: dict[str, Any], sources: Sources) -> _Chart | None:
    """From a template of a HelmChart, or a reference to one or to an OCIRepository."""
    reference = mapping(spec.get("chartRef"))
    template = mapping(mapping(spec.get("chart")).get("spec"))
    if reference.get("kind") == "HelmChart":
        template = sources.get(("HelmChart", str(reference.get("name"))), {})
    if not template and reference.get("name"):
        kind, name = str(reference.get("kind", "OCIRepository")), str(reference["name"])
        source = sources.get((kind, name), {})
        base, _, chart = str(source.get("url", f"oci://REGISTRY/{name}")).rpartition("/")
        version = mapping(source.get("ref"))
        text = str(version.get("tag") or version.get("semver") or version.get("digest") or "")
        return _Chart(chart, text, (), kind, f"the {kind} {name}", base)
    if not isinstance(template.get("chart"), str):
        return None
    source = mapping(template.get("sourceRef"))
    kind, name = str(source.get("kind", "")), str(source.get("name", ""))
    url = str(sources.get((kind, name), {}).get("url", "https://URL"))
    files = template.get("valuesFiles")
    values = tuple(each for each in files if isinstance(each, str)) if isinstance(files, list) else ()
    return _Chart(template["chart"], str(template.get("version", "")), values, kind, f"the {kind} {name}", url)


def _references(spec: dict[str, Any]) -> list[dict[str, Any]]:
    found = spec.get("valuesFrom")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _kept(document: Document, spec: dict[str, Any], name: str) -> Iterator[Kept]:
    """In the order of Flux: what is written in the object counts most."""
    for each in _references(spec):
        if not each.get("targetPath"):
            key = each.get("valuesKey") or "values.yaml"
            yield Kept(f"{key} of the {each.get('kind')} {each.get('name')}", f"{each.get('name')}.yaml")
    if spec.get("values"):
        yield Kept(f"spec.values ({at(document, line_of(spec, 'values', document.line))})", f"{name}-values.yaml")


def _extra(document: Document, spec: dict[str, Any]) -> Iterator[str]:
    if spec.get("postRenderers"):
        place = at(document, line_of(spec, "postRenderers", document.line))
        yield f"mind spec.postRenderers ({place}), which change what is rendered"


def _kustomization(document: Document, sources: Sources, repository: Repository) -> Problem:
    spec = mapping(document.value.get("spec"))
    place = Place(document.file, document.line, "flux-kustomization", f"The Kustomization {_name(document.value)}")
    source = mapping(spec.get("sourceRef"))
    kind, name = str(source.get("kind") or "source"), str(source.get("name") or "")
    written = str(spec.get("path") or "./")
    url = sources.get((kind, name), {}).get("url")
    checkout = "" if repository.has(written) else str(url or f"the {kind} {name}")
    changes = " and ".join(key for key in _CHANGES if spec.get(key))
    path = (ELSEWHERE if checkout else repository).path(written)
    return about_path(place, path, checkout, str(spec.get("targetNamespace") or ""), changes)
