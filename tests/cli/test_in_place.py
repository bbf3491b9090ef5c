"""``convert --in-place``: a repository changes the way its owners would change it, and not a line more."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from converter.cli import group
from converter.read.kustomize import kustomize_command

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "gitops"
needs_kustomize = pytest.mark.skipif(not kustomize_command(), reason="neither kustomize nor kubectl is here")
needs_git = pytest.mark.skipif(not shutil.which("git"), reason="git is not here")
pytestmark = needs_git


def git(*arguments: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def commit() -> None:
    git("add", "-A")
    git("commit", "-q", "-m", "state")


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Path:
    """The sample repository, committed; the run takes place in it."""
    shutil.copytree(SAMPLE, tmp_path / "repository")
    return _start(tmp_path / "repository", monkeypatch)


@pytest.fixture
def plain(tmp_path, monkeypatch) -> Path:
    """The part of it that nobody builds."""
    shutil.copytree(SAMPLE / "plain", tmp_path / "repository")
    return _start(tmp_path / "repository", monkeypatch)


def _start(folder: Path, monkeypatch) -> Path:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    git("init", "-q")
    commit()
    return folder


def convert(*options: str):
    arguments = ["convert", ".", "--in-place", *options]
    return CliRunner().invoke(group, arguments, catch_exceptions=False, prog_name="ingress-migrate")


def changed() -> list[str]:
    return git("status", "--short", "-uall").splitlines()


def kinds(text: str) -> list[tuple[str, str]]:
    return [(each["kind"], each["metadata"]["name"]) for each in yaml.safe_load_all(text) if each]


NEW_FILES = [
    "apps/blog/ingress.gateway.yaml",
    "apps/shop/overlays/prod/ingress.gateway.yaml",
    "apps/shop/overlays/staging/ingress.gateway.yaml",
    "gateway-api/gateway-nginx.yaml",
    "gateway-api/gatewayclass-nginx.yaml",
    "gateway-api/prod/gateway-nginx.yaml",
    "gateway-api/prod/gatewayclass-nginx.yaml",
    "gateway-api/prod/kustomization.yaml",
    "gateway-api/staging/gateway-nginx.yaml",
    "gateway-api/staging/gatewayclass-nginx.yaml",
    "gateway-api/staging/kustomization.yaml",
    "plain/legacy.gateway.yml",
    "plain/web.gateway.yaml",
]
LISTED = """\
 namespace: blog
 resources:
 - ingress.yaml
+- ingress.gateway.yaml
 namespace: shop
 resources:
   - ../../base
+  - ingress.gateway.yaml
 patches:
   - path: ingress.yaml
-resources: [../../base]
+resources: [../../base, ingress.gateway.yaml]
 namespace: shop-staging
 patches:
   - target: {kind: Ingress, name: shop}
"""


@needs_kustomize
def test_only_what_must_change_changes(repository) -> None:
    convert("-q")

    old = [line[3:] for line in changed() if not line.startswith("??")]
    assert [line[3:] for line in changed() if line.startswith("??")] == NEW_FILES
    assert old == [
        f"apps/{name}/kustomization.yaml" for name in ("blog", "shop/overlays/prod", "shop/overlays/staging")
    ]
    assert body(git("diff")) == LISTED


def body(diff: str) -> str:
    """The lines of a diff without those that say where they stand."""
    heads = ("diff", "index", "---", "+++", "@@")
    return "".join(line for line in diff.splitlines(keepends=True) if not line.startswith(heads))


@needs_kustomize
def test_a_second_run_changes_nothing(repository) -> None:
    convert("-q")
    commit()
    result = convert()

    assert changed() == []
    assert result.stderr.startswith("nothing to change\n\nMade ")


@needs_kustomize
def test_every_environment_builds_with_its_own_objects(repository) -> None:
    convert("-q")

    def build(folder: str) -> list[tuple[str, str]]:
        command = [*kustomize_command(), folder]
        return kinds(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    assert build("apps/shop/overlays/prod") == [
        ("Service", "shop"),
        ("HTTPRoute", "shop-example-com"),
        ("Ingress", "shop"),
    ]
    assert ("HTTPRoute", "shop-staging-example-com") in build("apps/shop/overlays/staging")
    assert ("HTTPRoute", "blog-example-com") in build("apps/blog")
    assert build("gateway-api/prod") == [("Gateway", "nginx"), ("GatewayClass", "nginx")]


@needs_kustomize
def test_what_is_settled_goes_in_a_later_run_and_still_builds(repository) -> None:
    convert("-q")
    commit()
    result = convert("--remove-ingress")

    assert [line for line in changed() if line.startswith(" D")] == [
        " D apps/blog/ingress.yaml",
        " D apps/shop/base/ingress.yaml",
        " D apps/shop/overlays/prod/ingress.yaml",
    ]
    assert (
        "kept     plain/legacy.yml:2 legacy: nginx.ingress.kubernetes.io/limit-rps is not settled (rate-limit);"
        " deal with it and take it out of the Ingress.\n"
    ) in result.stderr
    assert git("diff", "-U0", "plain/web.yaml").count("\n-") == 20
    for folder in ("apps/shop/overlays/prod", "apps/shop/overlays/staging", "apps/blog"):
        command = [*kustomize_command(), folder]
        built = kinds(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        assert "HTTPRoute" in dict(built)
        assert "Ingress" not in dict(built)
    commit()
    convert("--remove-ingress", "-q")
    assert changed() == []
    convert("-q")
    assert changed() == []


@needs_kustomize
def test_a_patch_that_stands_with_others_keeps_its_ingress_and_no_other(repository) -> None:
    patch = Path("apps/shop/overlays/prod/ingress.yaml")
    patch.write_text(patch.read_text() + "---\napiVersion: v1\nkind: Service\nmetadata: {name: shop}\n")
    commit()
    convert("-q")
    commit()
    told = convert("--remove-ingress").stderr

    assert (
        "kept     apps/shop/base/ingress.yaml:1 shop: ./apps/shop/overlays/prod/ingress.yaml:2 patches it and more;"
        " take both out by hand.\n"
    ) in told
    assert [line for line in changed() if line.startswith(" D")] == [" D apps/blog/ingress.yaml"]


@needs_kustomize
def test_patches_on_another_ingress_of_the_same_name_stay(repository) -> None:
    """Each application calls its Ingress web; what goes with one is nobody else's."""
    for path in ("apps/blog/ingress.yaml", "apps/shop/base/ingress.yaml"):
        kind = "blog" if "blog" in path else "shop"
        text = Path(path).read_text().replace(f"  name: {kind}\n", "  name: web\n", 1)
        lost = "  annotations: {nginx.ingress.kubernetes.io/limit-rps: '5'}\n" if kind == "blog" else ""
        Path(path).write_text(text.replace("  name: web\n", f"  name: web\n{lost}", 1))
    for path in ("apps/shop/overlays/prod/ingress.yaml", "apps/shop/overlays/staging/kustomization.yaml"):
        text = Path(path).read_text().replace("  name: shop\n", "  name: web\n", 1)
        Path(path).write_text(text.replace("name: shop}", "name: web}", 1))
    blog = Path("apps/blog/kustomization.yaml")
    patch = "patches:\n- target: {kind: Ingress, name: web}\n  patch: |-\n    - op: add\n      path: /metadata/labels\n"
    blog.write_text(f"{blog.read_text()}{patch}      value: {{a: b}}\n")
    commit()
    convert("-q")
    commit()
    convert("-q", "--remove-ingress")

    gone = [line for line in changed() if line.startswith(" D")]
    assert gone == [" D apps/shop/base/ingress.yaml", " D apps/shop/overlays/prod/ingress.yaml"]
    assert patch in blog.read_text()


@needs_kustomize
def test_a_patch_that_another_ingress_needs_too_keeps_both(repository) -> None:
    """One patch is for the Ingresses of a name in two namespaces, and only one of them is settled."""
    blog = Path("apps/blog")
    text = (blog / "ingress.yaml").read_text().replace("blog.example.com", "other.example.com")
    lost = "  namespace: other\n  annotations: {nginx.ingress.kubernetes.io/limit-rps: '5'}\n"
    (blog / "other.yaml").write_text(text.replace("  name: blog\n", f"  name: blog\n{lost}", 1))
    own = (blog / "ingress.yaml").read_text()
    (blog / "ingress.yaml").write_text(own.replace("  name: blog\n", "  name: blog\n  namespace: blog\n", 1))
    field = "/spec/rules/0/http/paths/0/path"
    patch = f"- target: {{kind: Ingress, name: blog}}\n  patch: |-\n    - op: add\n      path: {field}\n"
    listing = "resources:\n- ingress.yaml\n- other.yaml\npatches:\n"
    (blog / "kustomization.yaml").write_text(f"{listing}{patch}      value: /patched\n")
    commit()
    convert("-q")
    commit()
    told = convert("--remove-ingress").stderr

    assert "\nkept     apps/blog/ingress.yaml:1 blog: " in told
    assert patch in (blog / "kustomization.yaml").read_text()


def test_an_ingress_stays_until_what_it_became_is_there(plain) -> None:
    result = convert("--remove-ingress")

    assert "kept     web.yaml:15 web: web.gateway.yaml is not current yet; write and apply it first.\n" in result.stderr
    assert "kind: Ingress" in Path("web.yaml").read_text()


def test_shared_objects_serve_what_is_left_and_what_is_gone(plain) -> None:
    """The Gateway keeps the listener and the namespace that the routes need whose Ingress is gone."""
    secured = (
        Path("web.yaml")
        .read_text()
        .replace("  rules:\n", "  tls: [{hosts: [example.com], secretName: web}]\n  rules:\n")
    )
    Path("web.yaml").write_text(secured)
    commit()
    convert("-q")
    before = Path("gateway-api/gateway-nginx.yaml").read_text()
    commit()
    convert("-q", "--remove-ingress")
    commit()
    convert("-q")

    assert changed() == []
    assert "name: https-example-com" in before
    assert Path("gateway-api/gateway-nginx.yaml").read_text() == before


SHOWN = """\
conflict web.gateway.yaml: it was edited since it was written, so it was kept; this is what a run would make of it:
    --- a/web.gateway.yaml
    +++ b/web.gateway.yaml
    @@ -19,7 +19,7 @@
                 value: /
           backendRefs:
             - name: web
    -          port: 8080
    +          port: 80
     ---
     apiVersion: gateway.networking.k8s.io/v1
     kind: HTTPRoute
"""


def test_an_edit_is_kept_and_shown(plain) -> None:
    convert("-q")
    file = Path("web.gateway.yaml")
    edited = file.read_text().replace("port: 80\n", "port: 8080\n", 1)
    file.write_text(edited)
    commit()
    result = convert("-q")

    assert (result.exit_code, changed()) == (1, [])
    assert result.stderr == SHOWN
    assert file.read_text() == edited


def test_an_edit_is_kept_in_silence_or_lost_if_somebody_says_so(plain) -> None:
    convert("-q")
    file = Path("web.gateway.yaml")
    written = file.read_text()
    edited = written.replace("port: 80\n", "port: 8080\n", 1)
    file.write_text(edited)
    commit()

    result = convert("-q", "--on-conflict", "keep")
    assert (result.exit_code, result.stderr, file.read_text()) == (0, "", edited)

    result = convert("-q", "--on-conflict", "overwrite")
    assert (result.exit_code, result.stderr, file.read_text()) == (0, "", written)


def test_a_file_of_somebody_else_is_never_written_over(plain) -> None:
    Path("web.gateway.yaml").write_text("# mine\n")
    commit()
    result = convert("-q", "--on-conflict", "overwrite")

    assert Path("web.gateway.yaml").read_text() == "# mine\n"
    assert changed() == [
        "?? gateway-api/gateway-nginx.yaml",
        "?? gateway-api/gatewayclass-nginx.yaml",
        "?? legacy.gateway.yml",
    ]
    assert result.exit_code == 1
    assert "conflict web.gateway.yaml: ingress-migrate did not write it, so it was kept" in result.stderr


def test_the_same_file_holds_both(plain) -> None:
    convert("-q", "--same-file")

    diff = git("diff", "-U0", "web.yaml")
    assert changed() == [
        " M legacy.yml",
        " M web.yaml",
        "?? gateway-api/gateway-nginx.yaml",
        "?? gateway-api/gatewayclass-nginx.yaml",
    ]
    assert [line for line in diff.splitlines()[4:] if line.startswith("-")] == []
    assert kinds(Path("web.yaml").read_text())[1:] == [
        ("Ingress", "web"),
        ("HTTPRoute", "example-com"),
        ("HTTPRoute", "www-example-com"),
    ]
    assert Path("legacy.yml").read_bytes().count(b"\n") == Path("legacy.yml").read_bytes().count(b"\r\n")
    commit()
    convert("-q", "--same-file")
    assert changed() == []
    convert("-q", "--same-file", "--remove-ingress")
    assert kinds(Path("web.yaml").read_text())[1:] == [("HTTPRoute", "example-com"), ("HTTPRoute", "www-example-com")]
    commit()
    convert("-q", "--same-file")
    assert changed() == []


def test_objects_move_between_files_without_standing_in_both(plain) -> None:
    convert("-q")
    commit()
    convert("-q", "--same-file")

    assert changed() == [" D legacy.gateway.yml", " M legacy.yml", " D web.gateway.yaml", " M web.yaml"]


def test_shared_objects_go_where_an_option_says(plain) -> None:
    convert("-q", "--infrastructure", "platform/edge")

    assert [line for line in changed() if "platform" in line] == [
        "?? platform/edge/gateway-nginx.yaml",
        "?? platform/edge/gatewayclass-nginx.yaml",
    ]


@needs_kustomize
def test_uncommitted_changes_stop_a_run_before_it_starts(repository) -> None:
    blog = Path("apps/blog/kustomization.yaml")
    blog.write_text(blog.read_text() + "# not committed\n")
    result = convert("-q")

    assert result.exit_code == 2
    assert changed() == [" M apps/blog/kustomization.yaml"]
    assert (
        "apps/blog/kustomization.yaml: there are changes here that are not committed, and this run would change the"
        " same file; commit them, or use --force. Nothing was written.\n"
    ) in result.stderr
    convert("-q", "--force")
    assert blog.read_text().endswith("- ingress.gateway.yaml\n# not committed\n")


def test_of_many_uncommitted_files_some_are_named(plain) -> None:
    text = Path("web.yaml").read_text()
    for number in range(7):
        Path(f"web-{number}.yaml").write_text(text.replace(": web", f": web-{number}").replace("example", f"e{number}"))
    result = convert("--same-file", "-q")

    assert result.exit_code == 2
    assert result.stderr.endswith(
        "Error: web-0.yaml, web-1.yaml, web-2.yaml, web-3.yaml, web-4.yaml and 2 more: there are changes here that are"
        " not committed, and this run would change the same files; commit them, or use --force. Nothing was written.\n"
    )


def test_a_repository_that_git_does_not_read_stops_a_run(plain, monkeypatch) -> None:
    """In a container the files often belong to somebody else; this variable is how Git tests that itself."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    Path("web.yaml").write_text(Path("web.yaml").read_text() + "# not committed\n")
    before = Path("web.yaml").read_text()
    result = convert("--same-file", "-q")

    assert (result.exit_code, Path("web.yaml").read_text()) == (2, before)
    assert result.stderr.endswith(
        "Error: Nobody can say whether the files to change are committed: detected dubious ownership in repository at"
        f" '{plain}'. Mend that, or use --force. Nothing was written.\n"
    )
    assert convert("--same-file", "-q", "--force").exit_code == 0


def test_without_git_a_repository_is_not_changed_and_any_other_folder_is(plain, monkeypatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = convert("--same-file", "-q")

    assert result.exit_code == 2
    assert "whether the files to change are committed: Git is not installed. Mend that" in result.stderr
    shutil.rmtree(".git")
    assert convert("--same-file", "-q").exit_code == 0


def test_uncommitted_changes_elsewhere_are_nobodys_business(plain) -> None:
    Path("notes.txt").write_text("not committed\n")
    Path("web.yaml").write_text(Path("web.yaml").read_text() + "# not committed\n")

    assert convert("-q").exit_code == 0


@needs_kustomize
def test_what_kustomize_would_rename_goes_to_the_overlay_or_is_told(tmp_path, monkeypatch) -> None:
    """A rate limit names its route, and kustomize would rename only one of the two."""
    shutil.copytree(SAMPLE / "apps" / "blog", tmp_path / "blog")
    file = tmp_path / "blog" / "ingress.yaml"
    file.write_text(
        file.read_text().replace(
            "name: blog\n", "name: blog\n  annotations: {nginx.ingress.kubernetes.io/limit-rps: '5'}\n", 1
        )
    )
    top = tmp_path / "blog" / "kustomization.yaml"
    top.write_text(f"namePrefix: my-\n{top.read_text()}")
    _start(tmp_path / "blog", monkeypatch)
    result = convert("-q", "-t", "envoy-gateway", "--report", "../report.json")

    assert result.exit_code == 1
    assert "ingress.gateway.yaml" not in Path("kustomization.yaml").read_text()
    assert "kustomization-spoils" in Path("../report.json").read_text()


@needs_kustomize
def test_a_gateway_that_a_kustomization_would_move_is_told(repository) -> None:
    """The overlay sets a namespace on everything it takes in, also on what stands in another."""
    convert("-q")
    overlay = Path("apps/shop/overlays/prod/kustomization.yaml")
    overlay.write_text(overlay.read_text().replace("../../base\n", "../../base\n  - ../../../../gateway-api/prod\n"))
    told = "This kustomization changes Gateway edge/nginx, by a namespace or a name prefix for example"

    convert("-q", "--force", "--report", "../report.json")
    assert "kustomization-spoils" not in Path("../report.json").read_text()
    convert("-q", "--force", "--report", "../report.json", "--gateway-namespace", "edge")
    assert told in Path("../report.json").read_text()


@needs_kustomize
def test_a_chart_that_is_converted_elsewhere_can_be_left_out(repository) -> None:
    assert convert("-q").exit_code == 1
    assert convert("-q", "--force", "--exclude", "charts/").exit_code == 0


def test_a_read_only_file_stops_all(plain) -> None:
    convert("-q")
    commit()
    os.chmod("gateway-api/gateway-nginx.yaml", 0o444)
    Path("web.yaml").write_text(
        Path("web.yaml").read_text().replace("  rules:", "  tls: [{hosts: [example.com]}]\n  rules:")
    )
    commit()
    result = convert("-q")

    assert result.exit_code == 1
    assert "gateway-nginx.yaml could not be written: Permission denied. Nothing was.\n" in result.stderr
    assert changed() == []


def test_a_full_disk_changes_nothing(plain) -> None:
    """A limit on the size of files is the nearest thing to it that every machine has."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))

    command = [sys.executable, "-m", "converter", "convert", ".", "--in-place", "-q"]
    done = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == "Error: gateway-api/gateway-nginx.yaml could not be written: File too large. Nothing was.\n"
    assert changed() == []


@pytest.mark.slow
def test_an_interrupt_leaves_no_file_half(plain) -> None:
    """Wherever the run is when it is interrupted: nothing, or everything, or at least whole files."""
    manifest = Path("web.yaml").read_text()
    for number in range(60):
        Path(f"web-{number}.yaml").write_text(manifest.replace("example.com", f"n{number}.example.com"))
    commit()
    expected = _written_by_a_whole_run()
    for part in range(12):
        command = [sys.executable, "-m", "converter", "convert", ".", "--in-place", "-q"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            time.sleep(0.3 + part * 0.1)
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
        found = {line[3:] for line in changed()}
        assert {name for name in found if Path(name).read_text() != expected.get(name)} == set()
        assert found in (set(), set(expected))
        git("clean", "-qfd")


def _written_by_a_whole_run() -> dict[str, str]:
    convert("-q")
    found = {line[3:]: Path(line[3:]).read_text() for line in changed()}
    git("clean", "-qfd")
    return found


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("convert", ".", "--in-place", "-o", "out"), "Choose one of --output and --in-place."),
        (("convert", ".", "--same-file"), "--same-file goes with --in-place."),
        (("convert", ".", "--remove-ingress"), "--remove-ingress goes with --in-place."),
        (("convert", "-", "--in-place"), "Standard input cannot be changed in place; name files or folders."),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(plain, arguments, message) -> None:
    result = CliRunner().invoke(group, arguments, input="")

    assert result.exit_code == 2
    assert message in result.stderr


@needs_kustomize
def test_several_environments_are_never_mixed_on_standard_output(repository) -> None:
    result = CliRunner().invoke(group, ["convert", "."])

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(
        "\n\nError: These paths hold 3 environments (prod, staging, everything else), and standard output takes one:"
        " use -o DIR or --in-place, or name the folder of one.\n"
    )
    assert "Made" not in result.stderr


@needs_kustomize
def test_a_report_takes_several_environments_all_the_same(repository) -> None:
    result = CliRunner().invoke(group, ["convert", ".", "--report", "report.json"])

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith("or name the folder of one. The report was written.\n")
    entries = json.loads(Path("report.json").read_text())["entries"]
    assert {entry["source"].get("environment") for entry in entries} == {None, "prod", "staging"}


@needs_kustomize
def test_nothing_outside_of_what_was_named_changes(repository) -> None:
    """The base is shared with an overlay that this run knows nothing of."""
    arguments = ["convert", "apps/shop/overlays/prod", "--in-place", "-q", "--infrastructure", "edge"]
    CliRunner().invoke(group, arguments, catch_exceptions=False)

    assert changed() == [
        " M apps/shop/overlays/prod/kustomization.yaml",
        "?? apps/shop/overlays/prod/ingress.gateway.yaml",
        "?? edge/gateway-nginx.yaml",
        "?? edge/gatewayclass-nginx.yaml",
        "?? edge/kustomization.yaml",
    ]
    commit()
    result = CliRunner().invoke(group, [*arguments, "--remove-ingress"], catch_exceptions=False)
    assert (result.exit_code, changed()) == (0, [])


def test_sources_whose_names_differ_in_the_suffix_alone_share_a_file(plain) -> None:
    text = Path("web.yaml").read_text().split("---\n")[2].replace("example.com", "other.example.com")
    Path("web.json").write_text(json.dumps(yaml.safe_load(text.replace("name: web\n", "name: other\n", 1))))
    commit()
    convert("-q")

    assert [name for _, name in kinds(Path("web.gateway.yaml").read_text())] == [
        "other-example-com",
        "www-other-example-com",
        "example-com",
        "www-example-com",
    ]


def test_files_that_are_right_as_they_stand_are_listed_without_being_built(repository) -> None:
    convert("-q", "--kustomize", "skip")

    assert [line for line in changed() if "kustomization" in line] == [
        " M apps/blog/kustomization.yaml",
        " M apps/shop/base/kustomization.yaml",
    ]
    commit()
    result = convert("--kustomize", "skip", "--remove-ingress")
    assert changed() == [" M plain/web.gateway.yaml", " M plain/web.yaml"]
    assert (
        "kept     apps/blog/ingress.yaml:1 blog: apps/blog/kustomization.yaml lists it and was not built.\n"
        in result.stderr
    )


def test_what_could_not_be_built_is_listed_nowhere(repository) -> None:
    kustomization = Path("apps/blog/kustomization.yaml")
    kustomization.write_text(kustomization.read_text() + "- missing.yaml\n")
    commit()
    convert("-q")

    assert " M apps/blog/kustomization.yaml" not in changed()
    assert "?? apps/blog/ingress.gateway.yaml" in changed()


@needs_kustomize
def test_what_is_common_to_all_environments_is_written_for_each(repository) -> None:
    """A port of the controller is a route in every environment, beside the Gateway that it needs."""
    ports = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "tcp-services", "namespace": "ingress-nginx"},
    }
    Path("plain/ports.yaml").write_text(yaml.safe_dump({**ports, "data": {"5432": "db/postgres:5432"}}))
    flags = ["/nginx-ingress-controller", "--tcp-services-configmap=ingress-nginx/tcp-services"]
    container = {"name": "controller", "image": "registry.k8s.io/ingress-nginx/controller:v1.12.0", "args": flags}
    controller = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "ingress-nginx-controller", "namespace": "ingress-nginx"},
        "spec": {"template": {"spec": {"containers": [container]}}},
    }
    Path("plain/controller.yaml").write_text(yaml.safe_dump(controller))
    commit()
    convert("-q", "--channel", "experimental")

    assert [line[3:] for line in changed() if "tcproute" in line or "ports" in line] == [
        "gateway-api/prod/db/tcproute-postgres-tcp-5432.yaml",
        "gateway-api/staging/db/tcproute-postgres-tcp-5432.yaml",
        "plain/ports.gateway.yaml",
    ]


@needs_kustomize
def test_an_overlay_for_which_nothing_is_made_gets_nothing(repository) -> None:
    """Staging is served by another controller, so what stands in the base would be too much for it."""
    base = Path("apps/shop/base/ingress.yaml")
    base.write_text(base.read_text().replace("shop.invalid   # each stage has its own", "shop.example.com"))
    staging = Path("apps/shop/overlays/staging/kustomization.yaml")
    patched = staging.read_text().replace("/spec/rules/0/host", "/spec/ingressClassName")
    staging.write_text(patched.replace("shop.staging.example.com", "traefik"))
    commit()
    convert("-q")

    new = [line[3:] for line in changed() if "apps/shop" in line]
    assert new == ["apps/shop/overlays/prod/kustomization.yaml", "apps/shop/overlays/prod/ingress.gateway.yaml"]


@needs_kustomize
def test_the_page_about_repositories_shows_what_is_printed(repository) -> None:
    page = (Path(__file__).resolve().parent.parent.parent / "docs" / "repositories.md").read_text()
    first, second = (block.split("```", 1)[0] for block in page.split("```\n")[1:4:2])

    shown = convert().stderr
    begin, end = first.removeprefix("$ ingress-migrate convert . --in-place\n").split("...\n")
    assert shown.startswith(begin)
    assert shown.endswith(end)
    commit()
    told = convert("--remove-ingress").stderr.splitlines()
    assert sorted(line for line in told if line.startswith(("took out", "kept"))) == sorted(second.splitlines())


@needs_kustomize
def test_the_patch_of_a_diff_is_what_a_run_in_place_does(repository) -> None:
    patch = CliRunner().invoke(group, ["diff", ".", "-o", "patch"], catch_exceptions=False).stdout_bytes
    assert changed() == []
    for check in (["--check"], []):
        subprocess.run(["git", "apply", "--whitespace=nowarn", *check], input=patch, check=True)
    patched = {line[3:]: Path(line[3:]).read_bytes() for line in changed()}
    git("stash", "-q", "-u")
    convert("-q")

    assert {line[3:]: Path(line[3:]).read_bytes() for line in changed()} == patched
    again = CliRunner().invoke(group, ["diff", ".", "-o", "patch"], catch_exceptions=False)
    assert again.stdout == ""


def test_a_diff_has_nothing_to_do_after_a_run_in_place(plain) -> None:
    def status(*options: str) -> int:
        return CliRunner().invoke(group, ["diff", ".", *options], catch_exceptions=False).exit_code

    assert status() == 1
    convert("-q")
    commit()
    assert status() == 0
    assert status("--same-file") == 1
    assert status("--remove-ingress") == 1
    file = Path("web.gateway.yaml")
    file.write_text(file.read_text().replace("port: 80\n", "port: 8080\n", 1))
    result = CliRunner().invoke(group, ["diff", "."], catch_exceptions=False)
    assert result.exit_code == 1
    assert "web.gateway.yaml: it was edited since it was written, so it would be kept.\n" in result.stderr


def test_each_ingress_of_a_list_is_told(plain) -> None:
    ingress = yaml.safe_load(Path("web.yaml").read_text().split("---\n")[2].replace("name: http", "number: 80"))
    other = {**ingress, "metadata": {"name": "other", "namespace": "web"}}
    Path("web.yaml").write_text(yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": [ingress, other]}))
    Path("legacy.yml").unlink()
    commit()
    convert("-q")
    commit()
    told = convert("--remove-ingress").stderr

    assert [line for line in told.splitlines() if line.startswith("kept")] == [
        "kept     web.yaml:3 web: it stands in a list; take it out by hand.",
        "kept     web.yaml:23 other: it stands in a list; take it out by hand.",
    ]


@needs_kustomize
def test_what_shares_a_host_stands_in_the_build_of_its_own_namespace(repository) -> None:
    """Both have a say in both routes, and kustomize would move the one of the other namespace."""
    for name in ("a", "b"):
        text = Path("apps/blog/ingress.yaml").read_text().replace("path: /", f"path: /{name}")
        Path(f"apps/{name}").mkdir()
        Path(f"apps/{name}/ingress.yaml").write_text(text)
        Path(f"apps/{name}/kustomization.yaml").write_text(f"namespace: {name}\nresources: [ingress.yaml]\n")
    commit()
    convert("-q")

    homes = {
        path.parent.name: [each["metadata"]["namespace"] for each in yaml.safe_load_all(path.read_text())]
        for path in sorted(Path("apps").glob("*/ingress.gateway.yaml"))
    }
    assert homes == {"a": ["a"], "b": ["b"], "blog": ["blog"]}


@needs_kustomize
def test_an_overlay_that_does_not_build_takes_nothing_from_the_others(repository) -> None:
    """The base is theirs, and is not read as it stands for the sake of one that fails."""
    add_broken_overlay()
    convert("-q")

    assert [line for line in changed() if "shop" in line] == BESIDE_BROKEN


BESIDE_BROKEN = [
    " M apps/shop/overlays/prod/kustomization.yaml",
    " M apps/shop/overlays/staging/kustomization.yaml",
    "?? apps/shop/overlays/prod/ingress.gateway.yaml",
    "?? apps/shop/overlays/staging/ingress.gateway.yaml",
]


def add_broken_overlay() -> None:
    broken = Path("apps/shop/overlays/broken/kustomization.yaml")
    broken.parent.mkdir()
    broken.write_text("resources: [../../base, missing.yaml]\n")
    commit()


@needs_kustomize
def test_what_could_not_be_built_stands_in_no_file_that_is_listed(repository) -> None:
    """In the base it would come into every overlay that builds."""
    add_broken_overlay()
    convert("-q", "--same-file")

    assert [line for line in changed() if "shop" in line] == BESIDE_BROKEN


@needs_kustomize
def test_a_file_has_one_place_however_it_is_called(repository) -> None:
    """A second run once took the Gateway for a copy of itself, and deleted it."""
    arguments = ["convert", str(repository), "--in-place", "-q", "--infrastructure", "gateway-api"]
    CliRunner().invoke(group, arguments, catch_exceptions=False)
    commit()
    CliRunner().invoke(group, arguments, catch_exceptions=False)

    assert changed() == []


@needs_kustomize
def test_folders_that_are_named_twice_are_one(repository) -> None:
    arguments = ["convert", ".", "./apps", "apps", "--in-place", "-q"]
    CliRunner().invoke(group, arguments, catch_exceptions=False)

    assert [line[3:] for line in changed() if line.startswith("??")] == NEW_FILES


def test_names_of_files_cannot_steer_a_terminal(plain) -> None:
    Path("web.yaml").rename("web\x1b[2J.yaml")
    commit()
    result = convert()

    assert "wrote    web\\x1b[2J.gateway.yaml\n" in result.stderr
    assert "\x1b" not in result.stderr
