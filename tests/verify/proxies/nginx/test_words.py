"""Values that were read stay one argument, whatever is in them."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest
import trustme
from manifests import ingress, path, rule, table

from converter.verify.messages import Request
from converter.verify.proxies.echo import Echo
from converter.verify.proxies.nginx import HOW_TO_INSTALL, find_nginx, serving
from converter.verify.proxies.nginx.words import block, mapping, quoted, text
from converter.verify.proxies.process import running

AUTHORITY = trustme.CA()
HOSTILE = [
    "a b",
    'a"b',
    "a;b",
    "a{b}",
    "a\\b",
    "a\\",
    'a\\"b',
    "a'b",
    "#a",
    "a\nb",
    "$host",
    "${host}",
    "a$",
    "\\n",
    "é",
]
with_nginx = pytest.mark.skipif(find_nginx() is None, reason=f"no nginx: {HOW_TO_INSTALL}")


def test_quotes_and_backslashes_are_escaped_and_a_dollar_is_one_where_it_is_meant_as_text() -> None:
    assert quoted('^/a"\\d$') == '"^/a\\"\\\\d$"'
    assert text('a"$host') == '"a\\"${literal_dollar}host"'


def test_blocks_are_indented() -> None:
    assert block("server", block("location /", ("return 404;",))) == (
        "server {",
        "    location / {",
        "        return 404;",
        "    }",
        "}",
    )
    assert mapping("$scheme", "x", (("default", "1"),)) == ("map $scheme $x {", "    default 1;", "}")


@with_nginx
def test_nginx_reads_texts_byte_for_byte() -> None:
    program = find_nginx()
    assert program

    def prepare(folder: Path, ports: Sequence[int]) -> Sequence[str]:
        places = [block(f"location = /{number}", (f"return 200 {text(each)};",)) for number, each in enumerate(HOSTILE)]
        server = (f"listen 127.0.0.1:{ports[0]};", "access_log off;", *(line for place in places for line in place))
        http = (*block("geo $literal_dollar", ('default "$";',)), *block("server", server))
        lines = ("daemon off;", "master_process off;", "pid pid;", *block("events", ()), *block("http", http))
        (folder / "nginx.conf").write_text("\n".join(lines))
        return [program, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]

    with running(prepare, 1) as ports:
        told = [
            httpx.get(f"http://127.0.0.1:{ports[0]}/{number}", trust_env=False).content
            for number in range(len(HOSTILE))
        ]

    assert told == [each.encode() for each in HOSTILE]


@with_nginx
@pytest.mark.parametrize("value", ['/a"b', "/a;b", "/a{b}", "/a\\b", "/a'b", "/#a", "/a b", "/$host", "/${host}", "/é"])
@pytest.mark.parametrize("kind", ["Exact", "Prefix"])
def test_a_hostile_path_is_served_and_nothing_else_is(value: str, kind: str) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found = table(ingress("shop", rule("a.example.com", path(value, kind=kind))))
    encoded = "/" + "".join(f"%{byte:02X}" for byte in value[1:].encode())

    with Echo(tls) as echo, serving(found, echo, AUTHORITY) as proxy:
        assert proxy.answer(Request("a.example.com", encoded)).shares
        assert proxy.answer(Request("a.example.com", encoded + "x")).status == 404
