"""What Flux and Argo CD install is told with what to run for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from converter.problems import Problem
from converter.read import Reading, read, read_environments
from converter.read.kustomize import kustomize_command

INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\n"
FLUX = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
KUSTOMIZATION = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
ARGO = "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
SET = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\n"


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository with a chart, manifests and a file of values."""
    monkeypatch.chdir(tmp_path)
    write(
        {
            ".git/config": "",
            "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
            "charts/web/values-prod.yaml": "a: 1\n",
            "manifests/a.yaml": INGRESS,
            "values/grafana.yaml": "ingress:\n  enabled: true\n",
        }
    )


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def reading(text: str) -> Reading:
    write({"clusters/app.yaml": text})
    return read(["clusters"])


def only(text: str) -> Problem:
    found = reading(text)
    assert found.documents == ()
    (problem,) = found.problems
    return problem


def test_a_helm_release_of_a_chart_in_the_repository() -> None:
    text = f"""\
{FLUX}metadata: {{name: web, namespace: apps}}
spec:
  chart:
    spec:
      chart: ./charts/web
      sourceRef: {{kind: GitRepository, name: flux-system}}
      valuesFiles: [charts/web/values.yaml, ./charts/web/values-prod.yaml]
"""
    assert only(text) == Problem(
        "clusters/app.yaml",
        1,
        "flux-helm-release",
        "The HelmRelease web installs the chart charts/web, which is not rendered here.",
        "Run: ingress-migrate convert --chart charts/web --values charts/web/values.yaml"
        " --values charts/web/values-prod.yaml --release-name web -n apps",
        "note",
    )


def test_a_helm_release_of_a_repository_of_charts_with_values_of_its_own() -> None:
    text = f"""\
{FLUX}metadata: {{name: info, namespace: apps}}
spec:
  targetNamespace: web
  chart:
    spec:
      chart: podinfo
      version: 6.5.*
      sourceRef: {{kind: HelmRepository, name: podinfo}}
      valuesFiles: [values-prod.yaml]
  valuesFrom:
    - {{kind: ConfigMap, name: info-env}}
    - {{kind: Secret, name: info-host, valuesKey: host, targetPath: ingress.host}}
  values:
    ingress:
      enabled: true
  postRenderers: [{{kustomize: {{}}}}]
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {{name: podinfo, namespace: flux-system}}
spec: {{url: "https://charts.example.com/podinfo"}}
"""
    assert only(text) == Problem(
        "clusters/app.yaml",
        1,
        "flux-helm-release",
        "The HelmRelease info installs the chart podinfo of the HelmRepository podinfo, which is not rendered here;"
        " its values ask for an Ingress (spec.values.ingress, clusters/app.yaml:16).",
        "Save values.yaml of the ConfigMap info-env as info-env.yaml, save spec.values (clusters/app.yaml:15) as"
        " info-values.yaml, mind spec.postRenderers (clusters/app.yaml:18), which change what is rendered, then run:"
        " helm pull podinfo --repo https://charts.example.com/podinfo --version '6.5.*' --untar"
        " && ingress-migrate convert --chart podinfo --values podinfo/values-prod.yaml --values info-env.yaml"
        " --values info-values.yaml"
        " --set ingress.host=VALUE --release-name web-info -n web",
        "error",
    )


@pytest.mark.parametrize(
    ("sources", "pull"),
    [
        ("spec: {url: 'oci://example.com/charts/thing', ref: {tag: 1.2.3}}",
         "helm pull oci://example.com/charts/thing --version 1.2.3 --untar && ingress-migrate convert --chart thing"),
        ("", "helm pull oci://REGISTRY/thing --untar && ingress-migrate convert --chart thing"),
    ],
)  # fmt: skip
def test_a_helm_release_of_an_oci_repository(sources: str, pull: str) -> None:
    repository = f"apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {{name: thing}}\n{sources}\n"
    text = f"{FLUX}metadata: {{name: a}}\nspec: {{chartRef: {{kind: OCIRepository, name: thing}}}}\n"

    assert only(f"{text}---\n{repository if sources else ''}").advice == f"Run: {pull} --release-name a"


def test_a_helm_release_of_a_chart_elsewhere() -> None:
    text = (
        f"{FLUX}metadata: {{name: a}}\nspec: {{chart: {{spec: {{chart: charts/other,"
        " sourceRef: {kind: GitRepository, name: apps}}}}\n"
    )

    assert only(text).advice == (
        "In a checkout of the GitRepository apps, run: ingress-migrate convert --chart charts/other --release-name a"
    )


@pytest.mark.parametrize(
    ("values", "severity", "asks"),
    [
        ("{a: 1}", "note", ""),
        ("{ingress: {enabled: true}}", "error",
         " Its values ask for an Ingress (spec.values.ingress, clusters/app.yaml:4)."),
    ],
)  # fmt: skip
def test_a_patch_of_a_helm_release(values: str, severity: str, asks: str) -> None:
    problem = only(f"{FLUX}metadata: {{name: a}}\nspec: {{values: {values}}}\n")

    assert problem.severity == severity
    assert problem.message == f"This is a part of the HelmRelease a, without its chart.{asks}"
    assert problem.advice == "Do what is said of the HelmRelease that it patches, with its values added."


@pytest.mark.parametrize(
    ("spec", "message", "advice"),
    [
        ("path: ./manifests", "applies manifests.", "Run: ingress-migrate convert manifests"),
        ("prune: true", "applies the whole repository.", "Run: ingress-migrate convert ."),
        (
            "path: ../manifests, targetNamespace: web, patches: [{}], postBuild: {}, components: [a]",
            "applies manifests, changed by its patches and components.",
            "Run: ingress-migrate convert manifests -n web, and look at what its own changes do to an Ingress",
        ),
        (
            "path: ./deploy, sourceRef: {kind: GitRepository, name: web}",
            "applies deploy.",
            "In a checkout of https://git.example.com/web, run: ingress-migrate convert deploy",
        ),
        (
            "path: ./deploy, sourceRef: {kind: Bucket, name: web}",
            "applies deploy.",
            "In a checkout of the Bucket web, run: ingress-migrate convert deploy",
        ),
    ],
)
def test_a_kustomization_of_flux(spec: str, message: str, advice: str) -> None:
    source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: web}\n"
    url = "spec: {url: 'https://git.example.com/web'}\n"
    text = f"{source}{url}---\n{KUSTOMIZATION}metadata: {{name: apps}}\nspec: {{{spec}}}\n"

    assert only(text) == Problem(
        "clusters/app.yaml", 6, "flux-kustomization", f"The Kustomization apps {message}", advice, "note"
    )


def test_an_application_with_a_chart_of_the_repository() -> None:
    text = f"""\
{ARGO}metadata: {{name: web, namespace: argocd}}
spec:
  source:
    repoURL: https://git.example.com/repo
    path: charts/web
    helm:
      valueFiles: [values-prod.yaml, /values/grafana.yaml]
      parameters:
        - {{name: password, value: swordfish}}
        - {{name: ingress.enabled, value: "true"}}
  destination: {{namespace: shop}}
"""
    assert only(text) == Problem(
        "clusters/app.yaml",
        1,
        "argo-application",
        "The Application web installs the chart charts/web, which is not rendered here; its values ask for an Ingress"
        " (spec.source.helm.parameters, clusters/app.yaml:12).",
        "Add each of spec.source.helm.parameters (clusters/app.yaml:10) with --set, then run: ingress-migrate convert"
        " --chart charts/web --values charts/web/values-prod.yaml --values values/grafana.yaml --release-name web"
        " -n shop",
        "error",
    )


def test_each_source_of_an_application_is_told_by_itself_and_the_single_one_is_void() -> None:
    text = f"""\
{ARGO}metadata: {{name: grafana}}
spec:
  source: {{repoURL: "https://void.example.com", path: void}}
  sources:
    - chart: grafana
      repoURL: https://charts.example.com
      targetRevision: 7.0.0
      helm:
        releaseName: graf
        valueFiles: [$values/charts/web/values-prod.yaml]
        values: |
          replicas: 1
          ingress:
            annotations:
              nginx.ingress.kubernetes.io/rewrite-target: /
    - repoURL: https://git.example.com/repo.git
      ref: values
    - repoURL: https://git.example.com/repo.git
      path: manifests
"""
    assert reading(text).problems == (
        Problem(
            "clusters/app.yaml",
            7,
            "argo-application",
            "The Application grafana installs the chart grafana of https://charts.example.com, which is not rendered"
            " here; its values ask for an Ingress (spec.sources[0].helm.values.ingress.annotations"
            ".nginx.ingress.kubernetes.io/rewrite-target, clusters/app.yaml:17).",
            "Save spec.sources[0].helm.values (clusters/app.yaml:13) as grafana-values.yaml, then run:"
            " helm pull grafana --repo https://charts.example.com --version 7.0.0 --untar && ingress-migrate"
            " convert --chart grafana"
            " --values charts/web/values-prod.yaml --values grafana-values.yaml --release-name graf",
            "error",
        ),
        Problem(
            "clusters/app.yaml",
            20,
            "argo-application",
            "The Application grafana applies manifests.",
            "Run: ingress-migrate convert manifests",
            "note",
        ),
    )


@pytest.mark.parametrize(
    ("source", "severity", "advice"),
    [
        (
            "{chart: nginx, repoURL: registry.example.com/charts, targetRevision: 1.0.0}",
            "note",
            (
                "Run: helm pull oci://registry.example.com/charts/nginx --version 1.0.0 --untar &&"
                " ingress-migrate convert"
                " --chart nginx --release-name a -n b"
            ),
        ),
        (
            "{chart: x, repoURL: 'https://charts.example.com', helm: {valueFiles: [$v/values/grafana.yaml]}}",
            "error",
            (
                "Run: helm pull x --repo https://charts.example.com --untar && ingress-migrate convert"
                " --chart x --values values/grafana.yaml --release-name a -n b"
            ),
        ),
        (
            "{repoURL: 'https://git.example.com/other', path: deploy, helm: {valueFiles: [prod.yaml]}}",
            "note",
            (
                "In a checkout of https://git.example.com/other, run: ingress-migrate convert"
                " --chart deploy --values deploy/prod.yaml --release-name a -n b"
            ),
        ),
        (
            "{repoURL: 'https://git.example.com/other', path: deploy, kustomize: {namePrefix: x-}}",
            "note",
            (
                "In a checkout of https://git.example.com/other, run: ingress-migrate convert"
                " deploy -n b, and look at what its own changes do to an Ingress"
            ),
        ),
        (
            "{path: charts/web, helm: {values: 'ingress: {enabled: true}', valuesObject: {ingress: {enabled: false}}}}",
            "note",
            (
                "Save spec.source.helm.valuesObject (clusters/app.yaml:4) as a-values.yaml, then run:"
                " ingress-migrate convert"
                " --chart charts/web --values a-values.yaml --release-name a -n b"
            ),
        ),
        (
            "{path: charts/web, helm: {valuesObject: {ingress: {enabled: true}}}}",
            "error",
            (
                "Save spec.source.helm.valuesObject (clusters/app.yaml:4) as a-values.yaml, then run:"
                " ingress-migrate convert"
                " --chart charts/web --values a-values.yaml --release-name a -n b"
            ),
        ),
    ],
)
def test_sources_of_an_application(source: str, severity: str, advice: str) -> None:
    problem = only(f"{ARGO}metadata: {{name: a}}\nspec: {{source: {source}, destination: {{namespace: b}}}}\n")

    assert (problem.severity, problem.advice) == (severity, advice)


def test_an_application_without_a_source_is_a_patch() -> None:
    assert only(f"{ARGO}metadata: {{name: a}}\nspec: {{project: default}}\n") == Problem(
        "clusters/app.yaml",
        1,
        "argo-application",
        "The Application a has no source.",
        "If it is a patch, do what is said of the object that it is for.",
        "note",
    )


def test_the_applications_of_a_set_are_not_guessed() -> None:
    text = f"""\
{SET}metadata: {{name: all}}
spec:
  generators:
    - git: {{directories: [{{path: apps/*}}]}}
  template:
    metadata: {{name: '{{{{.path.basename}}}}'}}
    spec:
      source: {{repoURL: "https://git.example.com/repo", path: '{{{{.path.path}}}}'}}
      destination: {{namespace: web}}
"""
    assert only(text) == Problem(
        "clusters/app.yaml",
        1,
        "argo-application-set",
        "Each Application of the ApplicationSet all applies {{.path.path}}.",
        "Fill in each {{…}} as its generators do (clusters/app.yaml:5), then run:"
        " ingress-migrate convert '{{.path.path}}' -n web",
        "note",
    )


def test_a_set_without_anything_to_fill_in_is_told_like_an_application() -> None:
    text = f"{SET}metadata: {{name: all}}\nspec: {{template: {{spec: {{source: {{path: manifests}}}}}}}}\n"

    assert only(text).advice == "Run: ingress-migrate convert manifests"


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n",
        "kind: Kustomization\nresources: []\n",
        "apiVersion: app.k8s.io/v1beta1\nkind: Application\nmetadata: {name: a}\n",
        "apiVersion: helm.fluxcd.io/v1\nkind: HelmRelease\nmetadata: {name: a}\n",
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: a}\n",
    ],
)
def test_objects_of_others_with_such_a_kind_are_none_of_our_business(text: str) -> None:
    found = reading(text)

    assert (found.documents, found.problems) == ((), ())


@pytest.mark.parametrize("text", [f"{ARGO}a: [\n", f"{ARGO}a: {{{{ x }}}}\n", f"{ARGO}spec: 1\nspec: 2\n"])
def test_a_fault_in_such_an_object_is_a_note_since_it_is_not_converted_anyway(text: str) -> None:
    assert {problem.severity for problem in reading(text).problems} == {"note"}


def test_an_object_without_any_of_its_fields_does_no_harm() -> None:
    for head in (FLUX, KUSTOMIZATION, ARGO, SET):
        for body in ("", "spec:\n", "spec: []\n", "metadata: 1\nspec: {source: 1, sources: 1, chart: 1, values: 1}\n"):
            assert reading(head + body).documents == ()


def test_ingresses_beside_them_are_read_as_ever() -> None:
    assert [each.value["kind"] for each in reading(f"{KUSTOMIZATION}spec: {{}}\n---\n{INGRESS}").documents] == [
        "Ingress"
    ]


def test_paths_start_at_the_root_of_the_repository_and_are_as_a_person_would_type_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"{KUSTOMIZATION}metadata: {{name: apps}}\nspec: {{path: manifests}}\n"
    write({"clusters/prod/app.yaml": text})

    def advice(path: str) -> str:
        return next(each.advice for each in read([path]).problems if each.code == "flux-kustomization")

    assert advice("clusters") == "Run: ingress-migrate convert manifests"
    assert advice(str(tmp_path / "clusters")) == f"Run: ingress-migrate convert {tmp_path}/manifests"
    monkeypatch.chdir("clusters/prod")
    assert advice("app.yaml") == "Run: ingress-migrate convert ../../manifests"


def test_without_git_the_folder_that_was_named_is_the_repository(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("plain"))
    text = f"{KUSTOMIZATION}metadata: {{name: apps}}\nspec: {{path: manifests}}\n"
    write({"repo/clusters/app.yaml": text, "repo/manifests/a.yaml": INGRESS})

    assert read(["repo"]).problems[0].advice == "Run: ingress-migrate convert repo/manifests"


@pytest.mark.skipif(not kustomize_command(), reason="neither kustomize nor kubectl is here")
def test_what_a_kustomization_builds_is_told_as_built() -> None:
    chart = "chart: {spec: {chart: charts/web, sourceRef: {kind: GitRepository, name: x}}}"
    write(
        {
            "base/kustomization.yaml": "resources: [app.yaml]\n",
            "base/app.yaml": f"{FLUX}metadata: {{name: web}}\nspec:\n  {chart}\n  values: {{a: 1}}\n",
            "prod/kustomization.yaml": "resources: [../base]\nnamespace: prod\npatches: [{path: patch.yaml}]\n",
            "prod/patch.yaml": f"{FLUX}metadata: {{name: web}}\nspec: {{values: {{ingress: {{enabled: true}}}}}}\n",
        }
    )
    (environment,) = read_environments(["base", "prod"])

    assert environment.reading.problems == (
        Problem(
            "base/app.yaml",
            1,
            "flux-helm-release",
            "The HelmRelease web installs the chart charts/web, which is not rendered here;"
            " its values ask for an Ingress (spec.values.ingress, base/app.yaml:6).",
            "Save spec.values (base/app.yaml:6 as built from prod/kustomization.yaml) as web-values.yaml, then run:"
            " ingress-migrate convert --chart charts/web --values web-values.yaml --release-name web -n prod",
            "error",
        ),
    )
