"""Nothing in the project but the HTTP client opens a connection to a portal."""

from __future__ import annotations

import ast
from pathlib import Path

import ckanext.cn_govdata.crawl

PACKAGE = Path(ckanext.cn_govdata.crawl.__file__).parents[1]
# Modules that can open a connection, or hand out a socket.
DOORS = {
    "aiohttp",
    "asyncio",
    "ftplib",
    "http.client",
    "httpcore",
    "httpcore2",
    "httpx",
    "httpx2",
    "requests",
    "smtplib",
    "socket",
    "ssl",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "xmlrpc",
}
DOOR_KEEPERS = {
    "crawl/addresses.py",
    "crawl/client.py",
    "crawl/exchange.py",
    "crawl/transport.py",
}
# Names by which lxml and others fetch an address when they are given one.
FETCHING_PARSERS = {"lxml.html.parse", "etree.parse", "html.parse", "objectify.parse"}


def imports(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules():
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_only_the_client_imports_what_opens_connections():
    opening = {
        name
        for name, tree in modules()
        for found in imports(tree)
        if found in DOORS or any(found.startswith(f"{door}.") for door in DOORS)
    }
    assert opening == DOOR_KEEPERS


def test_no_parser_is_given_an_address():
    calls = {
        f"{name}: {ast.unparse(node.func)}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in FETCHING_PARSERS
    }
    assert not calls
