"""The small files that replay portals hand out for download."""

from __future__ import annotations

import json

_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "xml": "application/xml",
    "rdf": "application/rdf+xml",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}


def media_type(extension: str) -> str:
    """Media type that a portal's web server names for a file."""
    return _TYPES.get(extension, "application/octet-stream")


def content(extension: str, title: str) -> bytes:
    """Two rows about `title` in a text format; in others a few bytes that stand for a file."""
    if extension == "json":
        return json.dumps([{"序号": 1, "名称": title}], ensure_ascii=False).encode()
    if extension in {"xml", "rdf"}:
        return f"<?xml version='1.0' encoding='UTF-8'?><rows><row>{title}</row></rows>".encode()
    if extension == "csv":
        return f"序号,名称\r\n1,{title}\r\n".encode("gb18030")
    return b"PK\x03\x04 stand-in for a binary file\n"
