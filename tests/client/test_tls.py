"""Certificates are verified unless a source says otherwise."""

from __future__ import annotations

import ssl
import subprocess

import pytest

from ckanext.cn_govdata.crawl.errors import Unreachable
from ckanext.cn_govdata.crawl.messages import Request
from ckanext.cn_govdata.crawl.transport import tls_context
from tests.client.servers import portal, text


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate with the short key of an outdated server."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:1024",
            "-nodes",
            "-days",
            "2",
            "-sha1",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def secure(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.load_cert_chain(*certificate)
    with portal(list=text("ok")) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.context = context
        yield server


def test_a_certificate_nobody_signed_is_refused_without_retries(client, secure, time_):
    url = f"https://127.0.0.1:{secure.server_port}/list"
    with pytest.raises(Unreachable, match=r"certificate does not verify.*verify_tls"):
        client().fetch(Request("GET", url))
    assert time_.naps == []


def test_verification_can_be_switched_off_with_one_warning(client, secure, caplog):
    url = f"https://127.0.0.1:{secure.server_port}/list"
    lenient = client(verify_tls=False)
    assert lenient.fetch(Request("GET", url)).body == b"ok"
    lenient.fetch(Request("GET", url))
    assert caplog.text.count("verify_tls is off") == 1


def test_an_old_tls_version_is_spoken_where_verification_is_off(client, secure):
    secure.context.maximum_version = ssl.TLSVersion.TLSv1_1
    url = f"https://127.0.0.1:{secure.server_port}/list"
    assert client(verify_tls=False).fetch(Request("GET", url)).body == b"ok"


@pytest.fixture
def trusted(certificate, monkeypatch):
    """The certificate is among those that the system trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    tls_context.cache_clear()
    yield
    tls_context.cache_clear()


def test_an_outdated_host_with_a_good_certificate_is_read_with_a_warning(client, secure, trusted):
    secure.context.maximum_version = ssl.TLSVersion.TLSv1_1
    url = f"https://localhost:{secure.server_port}/list"
    strict = client()
    assert strict.fetch(Request("GET", url)).body == b"ok"
    assert strict.fetch(Request("GET", url)).body == b"ok"
    [warning] = strict.warnings
    assert warning.startswith("localhost speaks only outdated TLS")


def test_an_outdated_host_is_verified_all_the_same(client, secure):
    secure.context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(Unreachable, match="certificate does not verify"):
        client().fetch(Request("GET", f"https://localhost:{secure.server_port}/list"))


def test_the_warning_about_verification_reaches_the_report(client, secure):
    lenient = client(verify_tls=False)
    lenient.fetch(Request("GET", f"https://127.0.0.1:{secure.server_port}/list"))
    assert lenient.warnings == [
        "TLS certificates are not verified for this source (verify_tls is off)"
    ]


def test_the_two_contexts():
    strict, lenient = tls_context(verify=True), tls_context(verify=False)
    assert strict.verify_mode == ssl.CERT_REQUIRED
    assert strict.check_hostname
    assert strict.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert lenient.verify_mode == ssl.CERT_NONE
    assert lenient.options & 0x4
