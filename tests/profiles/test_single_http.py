"""Signed requests, cookies and tokens over real HTTP: the server checks them with its own arithmetic."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ckanext.cn_govdata.portals.cli import main

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE = "CN_GOVDATA_SECRET_TEST"


class Asked(NamedTuple):
    """One request as the server got it."""

    method: str
    url: str
    headers: dict[str, str]
    body: str

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> dict[str, str]:
        found = parse_qs(urlsplit(self.url).query, keep_blank_values=True)
        return {name: values[0] for name, values in found.items()}

    @property
    def cookies(self) -> dict[str, str]:
        pairs = (pair.partition("=") for pair in self.headers.get("cookie", "").split("; "))
        return {name: value for name, _, value in pairs}


class Answer(NamedTuple):
    """What the server says."""

    body: Any
    status: int = 200
    cookie: str | None = None


Portal = Callable[[Asked], Answer]
REFUSED = Answer({"msg": "no"}, 401)


@pytest.fixture
def serve() -> Iterator[Callable[[Portal], str]]:
    servers = []

    def start(portal: Portal) -> str:
        class Handler(BaseHTTPRequestHandler):
            def _do(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, self.path, headers, self.rfile.read(length).decode())
                said = Answer("", 404) if self.path == "/robots.txt" else portal(asked)
                body = said.body if isinstance(said.body, str) else json.dumps(said.body)
                self.send_response(said.status)
                if said.cookie:
                    self.send_header("Set-Cookie", said.cookie)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            do_GET = do_POST = _do  # noqa: N815 - the names that the library looks for

            def log_message(self, *_args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


class Run(NamedTuple):
    code: int
    said: str
    lines: list[dict[str, Any]]


@pytest.fixture
def crawl(tmp_path: Path) -> Callable[..., Run]:
    def run(family: str, url: str, *options: str, secret: str | None = None) -> Run:
        out = tmp_path / "records.jsonl"
        arguments = ["crawl", "--family", family, "--url", url, "--rate", "0", "--out", str(out)]
        arguments += ["--allow-network", "127.0.0.0/8", *options]
        if secret is not None:
            arguments += ["--secret", VARIABLE]
        result = CliRunner().invoke(main, arguments, env={VARIABLE: secret})
        lines = (
            [json.loads(line) for line in out.read_text("utf-8").splitlines()]
            if out.exists()
            else []
        )
        return Run(result.exit_code, result.output, lines)

    return run


def _page(asked: Asked, name: str) -> int:
    return int(json.loads(asked.body)[name])


def test_hinggan_repeats_the_cookie_that_is_current(serve, crawl):
    tokens: list[str] = ["first"]

    def portal(asked: Asked) -> Answer:
        if asked.path == "/":
            return Answer("<html>", cookie="XSRF-TOKEN=first; Path=/")
        current = tokens[-1]
        if (
            asked.headers.get("x-xsrf-token") != current
            or asked.cookies.get("XSRF-TOKEN") != current
        ):
            return Answer({}, 403)
        tokens.append(f"t{len(tokens)}")
        renewed = f"XSRF-TOKEN={tokens[-1]}; Path=/"
        if asked.method == "POST":
            rows = [{"id": f"{_page(asked, 'pageNum')}-{n}", "name": "公交"} for n in range(2)]
            return Answer({"data": {"pages": 2, "data": rows}}, cookie=renewed)
        detail = {"name": "公交", "deptName": "市交通局", "releaseTime": "2023-06-01"}
        return Answer({"data": detail}, cookie=renewed)

    run = crawl("single-hinggan", serve(portal))
    assert run.code == 0, run.said
    assert [line["source_id"] for line in run.lines] == ["1-0", "1-1", "2-0", "2-1"]
    assert len(tokens) == 7


def test_hebei_keeps_its_session(serve, crawl):
    def portal(asked: Asked) -> Answer:
        if asked.path == "/":
            return Answer("<html>", cookie="JSESSIONID=abc; Path=/; HttpOnly")
        if asked.cookies.get("JSESSIONID") != "abc":
            return Answer("<html>登录</html>", 403)
        form = parse_qs(asked.body)
        if asked.path == "/catalogRest/getData":
            rows = [{"METADATA_ID": f"m{form['pageNo'][0]}", "THEME_NAME": "交通运输"}]
            return Answer({"page": {"totalPage": 2, "dataList": rows}})
        title = form["rowkey"][0]
        return Answer(f"<div class='resdetails_table_box'><p>信息资源名称:</p><p>{title}</p></div>")

    run = crawl("single-hebei", serve(portal))
    assert run.code == 0, run.said
    assert [line["title"] for line in run.lines] == ["m1", "m2"]


def test_yuncheng_sends_its_own_cookie_beside_the_portals(serve, crawl):
    def portal(asked: Asked) -> Answer:
        if asked.method == "GET":
            page = int(asked.query["pageIndex"])
            link = f"<li><h2 class='tit'><a href='/d.htm?id={page}'>公交 {page}</a></h2></li>"
            body = f"<div class='etab1'><ul>{link if page < 3 else ''}</ul></div>"
            return Answer(body, cookie="JSESSIONID=s1; Path=/")
        if asked.cookies != {"viewId": "2", "JSESSIONID": "s1"}:
            return Answer("", 403)
        return Answer(f"<div class='details-con'><p><b>公交 {asked.query['id']}</b></p></div>")

    run = crawl("single-yuncheng", serve(portal))
    assert run.code == 0, run.said
    assert [line["title"] for line in run.lines] == ["公交 1", "公交 2"]


def test_jilin_bears_the_visitors_token(serve, crawl):
    token = "eyJhbGciOiJIUzI1NiJ9." + "visitor.signature"

    def portal(asked: Asked) -> Answer:
        if asked.headers.get("authorization") != token:
            return Answer(f"bad token {asked.headers.get('authorization')}", 401)
        rows = [{"id": "j1", "name": "公交"}] if _page(asked, "pageNum") == 1 else []
        return Answer({"data": {"total": 1, "list": rows}})

    url = serve(portal)
    run = crawl("single-jilin", url, secret=token)
    assert run.code == 0, run.said
    assert [line["title"] for line in run.lines] == ["公交"]
    assert token not in run.said + json.dumps(run.lines)
    wrong = crawl("single-jilin", url, secret="another-token")
    assert wrong.code == 1
    assert "blocked" in wrong.said
    assert "another-token" not in wrong.said
    assert "no secret is set" in crawl("single-jilin", url).said


def test_fuzhou_jx_signs_every_request(serve, crawl):
    key, times = "a-key-of-the-page", []

    def portal(asked: Asked) -> Answer:
        if asked.path == "/":
            return Answer("<html>", cookie="XSRF-TOKEN=x1; Path=/")
        given = dict(part.split("=", 1) for part in asked.headers["authorization"].split(","))
        text = f"POST&{asked.path.replace('/', '%2F')}&{given['time']}&"
        own = base64.b64encode(
            hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
        ).decode()
        fixed = (given["algorithm"], given["appId"], asked.headers["x-xsrf-token"])
        if given["sign"] != own or fixed != ("HMAC-SHA256", "C20221025110751", "x1"):
            return REFUSED
        times.append(int(given["time"]))
        fields = {"catalogTitle": "公交", "provider": "市交通局"}
        rows = [{"id": f"c{_page(asked, 'pageNum')}", "dynamicCatalogFields": fields}]
        return Answer({"data": {"total": 2, "result": rows}})

    url = serve(portal)
    run = crawl("single-fuzhou-jx", url, secret=key)
    assert run.code == 0, run.said
    assert [line["source_id"] for line in run.lines] == ["c1", "c2"]
    assert all(time > 1_600_000_000_000 for time in times)
    assert crawl("single-fuzhou-jx", url, secret="wrong").code == 1


def _private_text(key: RSAPrivateKey, encoding: Encoding) -> str:
    raw = key.private_bytes(encoding, PrivateFormat.PKCS8, NoEncryption())
    return raw.decode() if encoding is Encoding.PEM else base64.b64encode(raw).decode()


def _decrypted(body: str, key: RSAPrivateKey) -> dict[str, Any]:
    """Undo RSA, base64 and percent-encoding by arithmetic alone."""
    numbers = key.private_numbers()
    modulus, size = numbers.public_numbers.n, 256
    text = b""
    for start in range(0, len(body), size):
        block = pow(int(body[start : start + size], 16), numbers.d, modulus).to_bytes(128, "big")
        assert block[:2] == b"\x00\x02"
        text += block[block.index(b"\x00", 2) + 1 :]
    return json.loads(unquote(base64.b64decode(text).decode()))


def _signed(body: str, sign: str, key: RSAPrivateKey) -> bool:
    public = key.public_key().public_numbers()
    seen = pow(int.from_bytes(base64.b64decode(sign), "big"), public.e, public.n)
    info = bytes.fromhex("3021300906052b0e03021a05000414") + hashlib.sha1(body.encode()).digest()
    return seen.to_bytes(128, "big") == b"\x00\x01" + b"\xff" * (125 - len(info)) + b"\x00" + info


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_nanjing_encrypts_and_signs(serve, crawl, encoding):
    key = generate_private_key(65537, 1024)  # the portal's size

    def portal(asked: Asked) -> Answer:
        body, sign = asked.query["body"], asked.query["sign"]
        if asked.body or body != body.upper() or not _signed(body, sign, key):
            return REFUSED
        said = _decrypted(body, key)
        assert (said["bmjb"], said["pagesize"]) == ("市级", 8)
        one = {"XXZYID": f"n{said['page']}", "XXZYMC": "公交", "KFFS": 1, "XXZYGSLX": "XLS,CSV"}
        return Answer({"result": [one] if said["page"] < 3 else []})

    url = serve(portal)
    secret = _private_text(key, encoding)
    run = crawl("single-nanjing", url, secret=secret)
    assert run.code == 0, run.said
    assert [(line["source_id"], line["open_attribute"]) for line in run.lines] == [
        ("n1", "1"),
        ("n2", "1"),
    ]
    assert secret[40:80] not in run.said
    bad = crawl("single-nanjing", url, secret="not a key")
    assert bad.code == 1
    assert "not a private key" in bad.said
    assert "not a key" not in bad.said.replace("not a private key", "")


def test_changde_takes_the_csrf_value_from_its_page(serve, crawl):
    def portal(asked: Asked) -> Answer:
        if asked.path.endswith("/list"):
            return Answer("<meta name='_csrf' content='e02a-77'>", cookie="SESSION=1; Path=/")
        if asked.path.endswith("/catalogs"):
            if asked.query["csrf"] != "e02a-77" or asked.cookies.get("SESSION") != "1":
                return Answer("", 403)
            return Answer({"pages": 1, "list": [{"CATA_ID": 5}]})
        return Answer("<div class='catalog-name'>公交</div>")

    run = crawl("single-changde", serve(portal))
    assert run.code == 0, run.said
    assert [line["title"] for line in run.lines] == ["公交"]


def test_a_secret_must_be_named_as_one(crawl, monkeypatch):
    monkeypatch.setenv("HOME_OF_ALL", "x")
    run = CliRunner().invoke(
        main,
        [
            "crawl",
            "--family",
            "single-jilin",
            "--url",
            "http://127.0.0.1:1",
            "--secret",
            "HOME_OF_ALL",
            "--out",
            "-",
        ],
    )
    assert run.exit_code == 2
    assert "does not begin with CN_GOVDATA_SECRET_" in run.output
