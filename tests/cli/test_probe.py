"""``ingress-migrate probe`` between two servers on loopback."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme
from cli.conftest import INGRESS
from cli.terminal import on_terminal, plain_environment
from verify.live.servers import Server, Speak, asked_of, closed_port, response, saying, serving

WEB = response("200 OK", "X-Served-By: web-1", body=b"<p>web</p>")
FAST = ("--rate", "10000", "--concurrency", "8")


class Proxy:
    """Answers by the path of the request; whatever is not in its table gets the answer of the backend."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self.answers = answers

    def __call__(self, connection: socket.socket, asked: bytes) -> None:
        target = asked.decode("latin-1").split(" ")[1]
        connection.sendall(self.answers.get(target, WEB))


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start servers that end with the test."""
    with ExitStack() as stack:
        yield lambda speak, tls=None: stack.enter_context(serving(speak, tls))


@pytest.fixture
def probe(ingress, run, serve):
    """Probe two servers over http: the exit status, standard output with N for each number of probes, and the rest."""

    def call(old: Speak | dict, new: Speak | dict, *arguments: str):
        one, other = (serve(Proxy(each) if isinstance(each, dict) else each) for each in (old, new))
        result = run("probe", *between(one.port, other.port), *FAST, *arguments, str(ingress))
        text = result.stdout.replace(str(one.port), "OLD").replace(str(other.port), "NEW")
        return result.exit_code, counted_out(text), result.stderr

    return call


def counted_out(text: str) -> str:
    """How many probes there are is not what these tests are about."""
    lines = text.splitlines(keepends=True)
    return "".join(
        line if line.startswith((" ", "old:", "new:")) else re.sub(r"\b\d+( probe)s?\b|\b\d+\b", r"N\1", line)
        for line in lines
    )


def between(old: int, new: int, scheme: str = "http") -> tuple[str, ...]:
    return "--old", f"{scheme}://127.0.0.1:{old}", "--new", f"{scheme}://127.0.0.1:{new}"


HEAD = """\
old: 127.0.0.1, http on port OLD
new: 127.0.0.1, http on port NEW

"""
LEFT_OUT = """\
Not sent: N probe over https, for which not both sides have an address.
Not sent: N probe that might change something; --allow-unsafe sends them.
"""
UNMARKED = "Backends were not told apart; --marker names a header or a pattern in bodies that does.\n"


def test_two_sides_that_do_the_same(probe) -> None:
    assert probe({}, {}) == (
        0,
        f"""\
{HEAD}Nothing differs, on N hosts: shop.example.com, undeclared.invalid.

{LEFT_OUT}{UNMARKED}N probe on N hosts: N same.
""",
        "",
    )


def test_a_planted_fault_is_found_and_named(probe) -> None:
    code, text, errors = probe({}, {"/below": response("404 Not Found")}, "--host", "shop.*")

    assert (code, errors) == (1, "")
    assert text.startswith(f"""\
{HEAD}Not announced: the conversion says nothing of these differences
  status: 200 → 404
    GET http://shop.example.com/below (below /)

host              asked  same  announced  not announced  unsteady  no answer
shop.example.com      N     N          -              N         -          -

Not sent: N probe for hosts that --host leaves out.
""")
    assert text.endswith(": N same, N not announced.\n")


def test_a_difference_that_the_conversion_announces_is_none_to_fear(probe) -> None:
    code, text, _ = probe({"/healthz": response("200 OK")}, {"/healthz": response("404 Not Found")})

    assert code == 0
    assert "Announced: the report of the conversion says so\n  status: 200 → 404 [healthz]\n" in text
    assert text.endswith("N probe on N hosts: N same, N announced.\n")


def test_backends_are_told_apart_by_a_marker(probe) -> None:
    other = {"/below": response("200 OK", "X-Served-By: api-7", body=b"<p>api</p>")}

    assert probe({}, other)[0] == 0
    code, text, _ = probe({}, other, "--marker", "header:X-Served-By:^[a-z]+")
    assert (code, "  backend: web → api\n    GET http://shop.example.com/below (below /)\n" in text) == (1, True)
    code, text, _ = probe({}, other, "--marker", "body:<p>(.*)</p>")
    assert (code, "  backend: web → api\n" in text, UNMARKED in text) == (1, True, False)


def test_headers_are_chosen(probe) -> None:
    other = {"/below": response("200 OK", "X-Version: 2")}

    assert probe({}, other)[0] == 0
    code, text, _ = probe({}, other, "--compare-header", "X-Ver*")
    assert (code, "  x-version: none → 2\n" in text) == (1, True)


def test_an_error_on_both_sides_is_told(probe) -> None:
    broken = {"/below": response("503 Service Unavailable")}
    code, text, _ = probe(broken, broken)

    assert code == 0
    assert "The same on both sides, but not well\n  both sides: 503\n    GET http://shop.example.com/below" in text


def test_each_request_names_us_and_has_the_headers_of_the_user(run, ingress, serve, tmp_path) -> None:
    old, new = serve(saying(WEB)), serve(saying(WEB))
    (tmp_path / "secret").write_text("Authorization: Bearer abc\n\nX-Team: shop\n")
    result = run(
        *("probe", *between(old.port, new.port), *FAST, "--header", "X-Test: 1", "--header", f"@{tmp_path / 'secret'}"),
        *("--report", "report.json", "ingress.yaml"),
    )

    assert all(b"User-Agent: ingress-migrate/" in each and b"X-Test: 1\r\n" in each for each in new.asked)
    assert all(b"Authorization: Bearer abc\r\nX-Team: shop\r\n" in each for each in old.asked)
    assert "Each request was sent with X-Test, Authorization, X-Team of your own.\n" in result.stdout
    assert "Bearer" not in result.stdout + result.stderr + Path("report.json").read_text()


def test_only_what_changes_nothing_is_sent_unless_it_is_allowed(run, ingress, serve) -> None:
    def methods(*arguments: str) -> set[str]:
        old, new = serve(saying(WEB)), serve(saying(WEB))
        run("probe", *between(old.port, new.port), *FAST, *arguments, "ingress.yaml")
        assert sorted(asked_of(old.asked)) == sorted(asked_of(new.asked))
        return {line.split()[0] for line in asked_of(new.asked)}

    assert methods() == {"GET", "HEAD", "OPTIONS"}
    assert methods("--allow-unsafe") > {"POST"}


def test_a_dry_run_lists_the_requests_and_needs_no_address(run, ingress) -> None:
    result = run("probe", "--dry-run", "--host", "shop.*", "--rate", "0.5", "ingress.yaml")

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "GET http://shop.example.com/  the root" in lines
    assert "GET http://shop.example.com/below  below /" in lines
    number = sum(line.startswith(("GET ", "HEAD ", "OPTIONS ")) for line in lines)
    assert result.stderr.endswith(
        f"{number} requests to each side would take about {number * 2} seconds; none was sent.\n"
    )


def test_a_dry_run_sends_nothing(run, ingress, serve) -> None:
    old, new = serve(saying(WEB)), serve(saying(WEB))
    run("probe", "--dry-run", *between(old.port, new.port), "ingress.yaml")

    assert old.asked == new.asked == []


@pytest.fixture
def secured(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("shop.example.com").configure_cert(context)
    return context


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


TLS_INGRESS = INGRESS.replace("  rules:", "  tls: [{ hosts: [shop.example.com], secretName: shop }]\n  rules:")


def test_certificates_are_checked(run, ingress, serve, secured, authority, tmp_path) -> None:
    ingress.write_text(TLS_INGRESS)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    old, new = serve(saying(WEB), secured), serve(saying(WEB), secured)

    def probed(*arguments: str) -> tuple[int, str]:
        ports = between(old.port, new.port, "https")
        result = run("probe", *ports, *FAST, "--host", "shop.example.com", *arguments, "ingress.yaml")
        return result.exit_code, counted_out(result.stdout)

    unknown = "  both sides: certificate is from an unknown authority\n    → Name its authority with --ca-file"
    code, text = probed()
    assert (code, unknown in text) == (2, True)
    code, text = probed("--ca-file", "ca.pem")
    assert (code, "Nothing differs, on N host: shop.example.com." in text) == (0, True)
    code, text = probed("--insecure")
    assert (code, "Certificates were not checked.\n" in text) == (0, True)


def test_reports_are_written_by_their_suffix(run, ingress, serve) -> None:
    old, new = serve(saying(WEB)), serve(Proxy({"/below": response("404 Not Found")}))
    reports = [argument for suffix in ("json", "md", "xml") for argument in ("--report", f"report.{suffix}")]
    assert run("probe", *between(old.port, new.port), *FAST, *reports, "ingress.yaml").exit_code == 1

    assert json.loads(Path("report.json").read_text())["summary"]["unannounced"] == 1
    assert "status: 200 → 404" in Path("report.md").read_text()
    assert 'failures="1"' in Path("report.xml").read_text()


def test_a_dead_address_is_told_once(run, ingress, serve) -> None:
    old, dead = serve(saying(WEB)), closed_port()
    result = run("probe", *between(old.port, dead), "ingress.yaml")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"Error: --new 127.0.0.1 takes no connection (port {dead}: connection refused). Nothing listens there; check"
        " the port, and that the address is the load balancer's.\n"
    )
    assert old.asked == []


def test_a_name_that_does_not_resolve(run, ingress) -> None:
    result = run("probe", "--old", "no-such-name.invalid", "--new", "127.0.0.1", "ingress.yaml")

    assert result.exit_code == 2
    assert "--old no-such-name.invalid takes no connection (port 80: the name does not resolve" in result.stderr


def test_a_side_that_dies_is_given_up(run, ingress, serve) -> None:
    def dying(connection: socket.socket, asked: bytes) -> None:
        connection.sendall(WEB)
        new.close()

    old, new = serve(saying(WEB)), serve(dying)
    result = run("probe", *between(old.port, new.port), "--rate", "10000", "--concurrency", "1", "ingress.yaml")

    assert result.exit_code == 1
    reason = "probe over http, as --new failed there again and again (connection refused)."
    assert f"Not sent: N {reason}\n" in counted_out(result.stdout)


WRONG = [
    (("--old", "192.0.2.1"), "Missing option '--new': the address of the load balancer; --dry-run needs none"),
    (("--old", "192.0.2.1", "--new", "192.0.2.1"), "--old and --new are the same address"),
    (("--old", "192.0.2.1:8080", "--new", "a"), "192.0.2.1:8080 says no scheme for its port; write it as http://"),
    (("--old", "http://a/b", "--new", "a"), "http://a/b is more or less than http://HOST:PORT"),
    (("--old", "ftp://a", "--new", "a"), "ftp://a is more or less than http://HOST:PORT"),
    (("--old", "http://a:99999", "--new", "a"), "http://a:99999 is no URL: "),
    (("--old", "a b", "--new", "a"), "'a b' is neither a name, an IP address nor a URL"),
    (("--old", "a", "--old", "b", "--new", "c"), "name one address, or a URL for each of http and https"),
    (("--old", "http://a", "--old", "https://b", "--new", "c"), "the URLs have to name one host"),
    (("--old", "http://a", "--old", "http://a:81", "--new", "c"), "http and https once each"),
    (("--old", "http://a", "--new", "https://b"), "--old and --new have no scheme in common"),
    (("--old", "a", "--new", "b", "--header", "Host: c"), "Host is what a probe sets by itself"),
    (("--old", "a", "--new", "b", "--header", "secret"), "write it as 'NAME: VALUE', in ASCII, or as @FILE"),
    (("--old", "a", "--new", "b", "--header", "@none"), "none could not be read: No such file or directory"),
    (("--old", "a", "--new", "b", "--marker", "x"), "write it as header:NAME, header:NAME:REGEX or body:REGEX"),
    (("--old", "a", "--new", "b", "--report", "x.html"), "x.html could be any kind of report; let it end in .json"),
    (("--dry-run", "--report", "x.json"), "--report is about answers"),
    (("--dry-run", "--host", "nobody.*"), "No request is left to send: "),
    (("--old", "a", "--new", "b", "--ca-file", "none.pem"), "none.pem could not be used: No such file or directory."),
    (("--old", "a", "--new", "b", "--ca-file", "ingress.yaml"), "it holds no certificate in PEM."),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[" ".join(arguments) for arguments, _ in WRONG])
def test_wrong_usage_ends_with_2_and_says_what_to_do(run, ingress, arguments, message) -> None:
    result = run("probe", *arguments, "ingress.yaml")

    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert "secret" not in result.stderr


def test_two_names_of_one_address_are_noticed(run, ingress, serve) -> None:
    port = serve(saying(WEB)).port
    result = run("probe", "--old", f"http://localhost:{port}", "--new", f"http://127.0.0.1:{port}", "ingress.yaml")

    assert result.exit_code == 2
    assert "--old and --new both lead to 127.0.0.1, so nothing could differ." in result.stderr


def test_several_classes_have_several_load_balancers(run, ingress) -> None:
    second = INGRESS.replace("name: web", "name: inner", 1).replace("Name: nginx", "Name: internal")
    ingress.write_text(f"{INGRESS}---\n{second.replace('shop.', 'inner.')}")
    result = run("probe", "--dry-run", "--class", "nginx", "--class", "internal", "ingress.yaml")

    assert result.exit_code == 2
    assert "These Ingresses have 2 classes (internal, nginx), each with a load balancer of its own" in result.stderr


def test_input_that_cannot_be_read_is_told_and_the_rest_is_probed(run, ingress, serve) -> None:
    Path("broken.yaml").write_text("kind: Ingress\n  a: b\n")
    old, new = serve(saying(WEB)), serve(saying(WEB))
    result = run("probe", *between(old.port, new.port), *FAST, ".")

    assert (result.exit_code, result.stderr.startswith("./broken.yaml:2: ")) == (2, True)
    assert "Nothing differs, on 2 hosts" in result.stdout


def test_verbose_says_each_answer(run, ingress, serve) -> None:
    old, new = serve(saying(WEB)), serve(saying(WEB))
    result = run("probe", *between(old.port, new.port), *FAST, "-v", "ingress.yaml")

    assert "GET http://shop.example.com/below: same\n" in result.stderr


def test_an_interrupt_loses_nothing_that_was_learned(ingress, serve) -> None:
    def slow(connection: socket.socket, asked: bytes) -> None:
        time.sleep(0.0 if len(new.asked) < 4 else 4)
        connection.sendall(WEB)

    old, new = serve(saying(WEB)), serve(slow)
    command = [sys.executable, "-m", "converter", "probe", *between(old.port, new.port), *FAST, "--concurrency", "1"]
    process = subprocess.Popen(
        [*command, "--report", "report.json", "ingress.yaml"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=plain_environment(),
    )
    try:
        deadline = time.monotonic() + 30
        while len(new.asked) < 4 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=3)
    finally:
        process.kill()
        process.wait()

    assert (process.returncode, stderr) == (130, "Interrupted.\n")
    assert "because of the interrupt." in stdout
    assert stdout.endswith("3 probes on 2 hosts: 3 same.\n")
    assert json.loads(Path("report.json").read_text())["summary"]["probes"] == 3


@pytest.mark.parametrize("width", ["80", "120"])
def test_lines_fit_the_terminal(ingress, serve, width) -> None:
    long = "/".join(["", *("a-long-part-of-a-path" for _ in range(5))])
    ingress.write_text(INGRESS.replace("path: /", f"path: {long}"))
    old, new = serve(saying(WEB)), serve(Proxy({long: response("404 Not Found")}))
    arguments = ["-m", "converter", "probe", *between(old.port, new.port), *FAST, "ingress.yaml"]
    seen = on_terminal(arguments, Path(os.getcwd()), {"COLUMNS": width}, stdout=True)

    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.terminal)
    assert "\x1b[1;31m" in seen.terminal, "what differs is red"
    assert f"    GET http://shop.example.com{long}\n" in plain, "an address is never broken"
    assert max(len(line) for line in plain.splitlines() if long not in line) <= int(width)
