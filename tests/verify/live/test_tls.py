from __future__ import annotations

import ssl

import pytest
import trustme
from verify.live.servers import OK, saying, serving

from converter.verify.live.sender import Address, Sender
from converter.verify.live.tls import trusting
from converter.verify.messages import Request

HOST = "shop.example.com"


@pytest.fixture
def file(tmp_path, authority: trustme.CA) -> str:
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def fault(context: ssl.SSLContext, tls: ssl.SSLContext) -> str:
    with serving(saying(OK), tls) as server, Sender(Address("127.0.0.1", {"https": server.port}), context) as sender:
        return sender.send(Request(HOST, scheme="https")).fault


def test_nobody_trusts_an_authority_that_was_made_up(certified) -> None:
    assert fault(trusting(), certified(HOST)) == "certificate is from an unknown authority"


def test_an_authority_in_a_file_is_trusted_besides_the_usual_ones(certified, file) -> None:
    usual = len(trusting().get_ca_certs())

    assert fault(trusting(file), certified(HOST)) == ""
    assert len(trusting(file).get_ca_certs()) == usual + 1 > 100


def test_an_authority_of_the_system_is_trusted(certified, file, monkeypatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", file)

    assert fault(trusting(), certified(HOST)) == ""


def test_who_trusts_anybody_asks_for_no_name_either(certified) -> None:
    assert fault(trusting(anybody=True), certified("other.example.com", by=trustme.CA())) == ""


def test_files_without_a_certificate(tmp_path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")

    with pytest.raises(ssl.SSLError):
        trusting(str(empty))
    with pytest.raises(FileNotFoundError):
        trusting(str(tmp_path / "none.pem"))
