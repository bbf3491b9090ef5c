"""The way in: kubeconfigs, credentials, certificates, pods, and servers that do not answer."""

from __future__ import annotations

import json
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from apiserver import Answer, ApiServer, kubeconfig
from manifests import ingress, path, rule

from converter.read import Reading
from converter.read.cluster import Patience
from converter.read.cluster.access import Session, connect

from .conftest import BRIEF, ReadIt

WEB = ingress("web", rule("web.example.com", path("/")), namespace="shop")


def found(reading: Reading) -> int:
    return len(reading.documents)


def told(reading: Reading) -> str:
    """The only problem, whole."""
    (problem,) = reading.problems
    assert problem.severity == "error"
    return f"{problem.file} {problem.code}: {problem.message} {problem.advice}"


@pytest.fixture
def configure(api: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def call(server: str = "", **parts: Any) -> None:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path, server or api.url, **parts)))

    api.objects = [WEB]
    return call


class TestCredentials:
    def test_a_token(self, api: ApiServer, read_it: ReadIt, configure: Any) -> None:
        api.token = "right"
        configure(user={"token": "right"})

        assert found(read_it(everywhere=True)) == 1

    def test_a_token_in_a_file_beside_the_kubeconfig_that_ends_in_a_new_line(
        self, api: ApiServer, read_it: ReadIt, configure: Any, tmp_path: Path
    ) -> None:
        api.token = "right"
        (tmp_path / "token").write_text("right\n")
        configure(user={"tokenFile": "token"})

        assert found(read_it(everywhere=True)) == 1

    def test_one_that_is_not_accepted_ends_the_reading(self, api: ApiServer, read_it: ReadIt, configure: Any) -> None:
        api.token = "right"
        configure(user={"token": "expired"})

        assert told(read_it(everywhere=True)) == (
            f"cluster:prod cluster-unauthorized: {api.url} does not accept the credentials of the context prod (401)."
            " Log in again; kubectl with this context must work first."
        )

    @pytest.mark.parametrize("version", ["v1", "v1beta1"])
    def test_a_credential_plugin(
        self, version: str, api: ApiServer, read_it: ReadIt, configure: Any, tmp_path: Path
    ) -> None:
        api.token = "minted"
        configure(user=plugin(tmp_path, version, 'print(json.dumps({**head, "status": {"token": "minted"}}))'))

        assert found(read_it(everywhere=True)) == 1

    def test_a_credential_plugin_that_fails_says_why(
        self, read_it: ReadIt, configure: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        configure(user=plugin(tmp_path, "v1", 'sys.exit("session expired,\\nlog in again")'))

        assert told(read_it(everywhere=True)) == (
            "cluster:prod cluster-config: The credential plugin of the context prod failed: exec: process returned 1."
            " session expired, log in again. Log in again; kubectl with this context must work first."
        )

    def test_a_credential_plugin_that_is_not_installed_gives_its_own_hint(
        self, read_it: ReadIt, configure: Any
    ) -> None:
        configure(
            user={
                "exec": {
                    "apiVersion": "client.authentication.k8s.io/v1",
                    "command": "no-such-program",
                    "installHint": "Get it from\nyour provider.",
                }
            }
        )

        assert told(read_it(everywhere=True)) == (
            "cluster:prod cluster-config: The credential plugin of the context prod failed: [Errno 2] No such file or"
            " directory: 'no-such-program'. Get it from your provider."
        )


def plugin(folder: Path, version: str, ending: str) -> dict[str, Any]:
    """A program that prints a credential, and a user that runs it."""
    script = folder / "plugin.py"
    api_version = f"client.authentication.k8s.io/{version}"
    script.write_text(
        "import json, os, sys\n"
        'asked = json.loads(os.environ["KUBERNETES_EXEC_INFO"])\n'
        f'head = {{"apiVersion": asked["apiVersion"], "kind": "ExecCredential"}}\n{ending}\n'
    )
    return {"exec": {"apiVersion": api_version, "command": sys.executable, "args": [str(script)]}}


class TestKubeconfig:
    def test_a_context_brings_its_namespace(self, read_it: ReadIt, configure: Any) -> None:
        configure(context={"namespace": "shop"})

        assert [document.file for document in read_it().documents] == ["cluster:prod/shop/ingress/web"]

    def test_several_files_are_one(
        self, api: ApiServer, read_it: ReadIt, configure: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        configure()
        context = {"name": "other", "context": {"cluster": "c", "user": "u", "namespace": "shop"}}
        (tmp_path / "more").write_text(json.dumps({"contexts": [context], "clusters": [], "users": []}))
        monkeypatch.setenv("KUBECONFIG", f"{tmp_path}/missing:{tmp_path}/kubeconfig:{tmp_path}/more")

        assert [document.file for document in read_it(context="other").documents] == ["cluster:other/shop/ingress/web"]

    def test_the_usual_place_is_in_the_home_directory(
        self, api: ApiServer, read_it: ReadIt, configure: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / ".kube").mkdir()
        kubeconfig(tmp_path, api.url).rename(tmp_path / ".kube" / "config")
        monkeypatch.delenv("KUBECONFIG")
        monkeypatch.setenv("HOME", str(tmp_path))

        assert found(read_it(everywhere=True)) == 1

    def test_it_is_never_written(self, read_it: ReadIt, configure: Any, tmp_path: Path) -> None:
        configure(user={"token": "any"})
        before = (tmp_path / "kubeconfig").read_bytes()
        read_it(everywhere=True)

        assert (tmp_path / "kubeconfig").read_bytes() == before
        assert [file.name for file in tmp_path.iterdir()] == ["kubeconfig"]

    def test_an_unknown_context_is_answered_with_those_there_are(
        self, read_it: ReadIt, configure: Any, tmp_path: Path
    ) -> None:
        configure()

        assert told(read_it(context="prdo")) == (
            f"cluster:prdo cluster-config: The kubeconfig {tmp_path}/kubeconfig has no context prdo."
            " Choose one of prod with --context."
        )

    def test_one_without_a_current_context_asks_for_it(self, read_it: ReadIt, tmp_path: Path) -> None:
        text = (tmp_path / "kubeconfig").read_text()
        (tmp_path / "kubeconfig").write_text(text.replace('"current-context": "prod"', '"current-context": ""'))

        assert told(read_it()) == (
            f"cluster cluster-config: The kubeconfig {tmp_path}/kubeconfig names no current context."
            " Choose one of prod with --context."
        )

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "Invalid kube-config. {file} file is empty"),
            ("- a\n", "{file} cannot be used: it does not have the form of one."),
            ("contexts: [", "while parsing a flow"),
            ("kind: Config\ncurrent-context: prod\n", "has no context prod"),
            ('{"contexts": [{"name": "prod", "context": {"cluster": "gone"}}], "current-context": "prod"}', "gone"),
        ],
    )
    def test_one_that_is_broken_is_told_in_a_sentence(
        self, text: str, reason: str, read_it: ReadIt, tmp_path: Path
    ) -> None:
        file = tmp_path / "kubeconfig"
        file.write_text(text)

        assert reason.format(file=file) in told(read_it())

    def test_what_is_told_holds_no_credentials(self, read_it: ReadIt, configure: Any) -> None:
        provider = {"name": "oidc", "config": {"client-secret": "hunter2", "refresh-token": "hunter3"}}
        configure(user={"auth-provider": provider})

        message = told(read_it())

        assert "Expected key id-token" in message
        assert "hunter" not in message

    def test_none_at_all_says_where_it_was_looked_for(
        self, read_it: ReadIt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KUBECONFIG", f"{tmp_path}/none")

        assert told(read_it()) == (
            f"cluster cluster-config: There is no kubeconfig at {tmp_path}/none."
            " Name it in KUBECONFIG, or have your provider's tool write it."
        )


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[ApiServer]:
    """A server that asks for a client certificate, and takes requests without one too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "api.internal").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_OPTIONAL
    server = ApiServer([WEB])
    server.start(context)
    yield server
    server.stop()
    assert server.faults == []


class TestTls:
    def test_a_certificate_that_the_kubeconfig_vouches_for(
        self, secure: ApiServer, authority: trustme.CA, read_it: ReadIt, configure: Any, tmp_path: Path
    ) -> None:
        authority.cert_pem.write_to_path(tmp_path / "ca.crt")
        configure(secure.url, cluster={"certificate-authority": "ca.crt"})

        assert found(read_it(everywhere=True)) == 1

    def test_a_client_certificate(
        self, secure: ApiServer, authority: trustme.CA, read_it: ReadIt, configure: Any, tmp_path: Path
    ) -> None:
        shown = authority.issue_cert("jane@example.com", organization_unit_name="jane")
        shown.cert_chain_pems[0].write_to_path(tmp_path / "jane.crt")
        shown.private_key_pem.write_to_path(tmp_path / "jane.key")
        authority.cert_pem.write_to_path(tmp_path / "ca.crt")
        configure(
            secure.url,
            cluster={"certificate-authority": "ca.crt", "tls-server-name": "api.internal"},
            user={"client-certificate": "jane.crt", "client-key": "jane.key"},
        )

        assert found(read_it(everywhere=True)) == 1
        assert set(secure.peers) == {"jane"}

    def test_one_that_nobody_vouches_for(self, secure: ApiServer, read_it: ReadIt, configure: Any) -> None:
        configure(secure.url)

        message = told(read_it(everywhere=True))

        assert message.startswith(f"cluster:prod cluster-tls: No secure connection to {secure.url} is possible: ")
        assert "certificate verify failed" in message
        assert message.endswith(" Check certificate-authority and the certificates of this context.")
        assert secure.requests == []

    def test_one_for_another_name(
        self, secure: ApiServer, authority: trustme.CA, read_it: ReadIt, configure: Any, tmp_path: Path
    ) -> None:
        authority.cert_pem.write_to_path(tmp_path / "ca.crt")
        configure(secure.url, cluster={"certificate-authority": "ca.crt", "tls-server-name": "other.internal"})

        assert "cluster-tls" in told(read_it(everywhere=True))


class TestPod:
    @pytest.fixture
    def account(self, authority: trustme.CA, tmp_path: Path) -> Path:
        folder = tmp_path / "serviceaccount"
        folder.mkdir()
        (folder / "token").write_text("mounted\n")
        (folder / "namespace").write_text("shop")
        authority.cert_pem.write_to_path(folder / "ca.crt")
        return folder

    def test_the_service_account_is_used_where_there_is_no_kubeconfig(
        self, secure: ApiServer, account: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secure.token = "mounted"
        monkeypatch.setenv("KUBECONFIG", f"{tmp_path}/none")
        monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
        monkeypatch.setenv("KUBERNETES_SERVICE_PORT", str(secure.port))

        session = connect("", BRIEF, str(account))

        assert isinstance(session, Session)
        assert (session.context, session.namespace) == ("in-cluster", "shop")
        assert session.get("/api/v1/services", {}, "application/json")[0] == 200

    def test_a_token_that_is_not_mounted_is_told(
        self, account: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (account / "token").unlink()
        monkeypatch.setenv("KUBECONFIG", f"{tmp_path}/none")
        monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
        monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "1")

        problem = connect("", BRIEF, str(account))

        assert not isinstance(problem, Session)
        assert problem.message == ("The service account of this pod cannot be used: Service token file does not exist.")


class TestTrouble:
    def test_a_server_that_is_busy_is_asked_again_when_it_says(
        self, api: ApiServer, read_it: ReadIt, configure: Any
    ) -> None:
        configure()
        api.scripted["ingresses"] = [Answer(429, headers={"Retry-After": "0"}), Answer(503)]

        assert found(read_it(everywhere=True)) == 1

    def test_one_that_asks_for_a_long_wait_gets_a_short_one(
        self, api: ApiServer, read_it: ReadIt, configure: Any
    ) -> None:
        configure()
        api.scripted["ingresses"] = [Answer(429, headers={"Retry-After": "3600"})]

        assert found(read_it(everywhere=True)) == 1

    def test_one_that_stays_broken_is_told_and_the_rest_is_read(
        self, api: ApiServer, read_it: ReadIt, configure: Any
    ) -> None:
        configure()
        body = b'{"kind": "Status", "message": "etcdserver: request timed out."}'
        api.scripted["services"] = [Answer(500, body)] * 3

        reading = read_it(everywhere=True)

        assert found(reading) == 1
        assert told(reading) == (
            "cluster:prod cluster-failed: The API server answered 500 to list services: etcdserver: request timed out."
            " Try again later; without them, ports that have a name cannot be resolved."
        )

    def test_one_that_is_not_there(self, read_it: ReadIt, configure: Any, free_port: int) -> None:
        configure(f"http://127.0.0.1:{free_port}")

        message = told(read_it(everywhere=True))

        assert message.startswith(f"cluster:prod cluster-unreachable: http://127.0.0.1:{free_port} cannot be reached: ")
        assert "Connection refused" in message

    def test_one_that_is_too_slow(self, api: ApiServer, read_it: ReadIt, configure: Any) -> None:
        configure()
        api.delay = 0.5

        assert told(read_it(Patience(connect=1, read=0.1, tries=1, pause=0), everywhere=True)) == (
            f"cluster:prod cluster-slow: {api.url} did not answer within 0.1 seconds while"
            " /apis/networking.k8s.io/v1/ingresses was read. Try again, or read less with -n."
        )

    @pytest.mark.parametrize("body", [b"<html>Log in</html>", b"[]", b"\xff"])
    def test_one_that_is_no_api_server(self, body: bytes, api: ApiServer, read_it: ReadIt, configure: Any) -> None:
        configure()
        api.scripted["ingresses"] = [Answer(200, body)]

        assert told(read_it(everywhere=True)) == (
            f"cluster:prod cluster-no-api: What answers at {api.url} is no Kubernetes API server."
            " Check the server of this context, and whether a proxy or a login page stands before it."
        )

    def test_one_that_breaks_off(self, api: ApiServer, read_it: ReadIt, configure: Any) -> None:
        configure()
        api.scripted["services"] = [Answer(200, b'{"items"', {"Content-Length": "999"})] * 3

        reading = read_it(everywhere=True)

        assert found(reading) == 1
        assert "cluster-unreachable" in told(reading)

    def test_a_proxy_is_used(self, api: ApiServer, read_it: ReadIt, configure: Any) -> None:
        """A server that is asked for a whole address is a proxy."""
        configure("http://api.internal", cluster={"proxy-url": api.url})

        assert found(read_it(everywhere=True)) == 1
