"""What a file is, and that it can be opened: decided before any library reads it."""

from __future__ import annotations

import mmap
import re
import zipfile
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.workbook.problems import Refused

if TYPE_CHECKING:
    from pathlib import Path

XLSX, XLS, CSV = "xlsx", "xls", "csv"

MAX_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 300_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 500
# The library holds a sheet as a full rectangle: one far cell would take all memory.
MAX_CELLS = 20_000_000

_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1 << 20
_PLACE = re.compile(rb'[\s:]r="([A-Z]{0,3})(\d{1,10})"')
_OVERLAP = 64  # bytes; longer than any match of the above


def kind_of(path: Path) -> str:
    """The kind of a file by its first bytes, whatever its name says.

    Raises `Refused` for a file that is too large, empty, or would not fit into memory unpacked.
    """
    check_size(path.stat().st_size)
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        raise Refused(tk._("The file is empty"))
    if start.startswith(_ZIP):
        _check_package(path)
        return XLSX
    if start.startswith(_COMPOUND):
        _check_compound(path)
        return XLS
    if b"\0" in start:
        raise Refused(tk._("The file is neither .xlsx nor .xls nor text"))
    return CSV


def check_size(size: int) -> None:
    """Raises `Refused` for a file that has more bytes than are read."""
    if size > MAX_BYTES:
        reason = tk._("The file has more than {most} MB")
        raise Refused(reason.format(most=MAX_BYTES // 1_000_000))


def _check_compound(path: Path) -> None:
    """A protected .xlsx is a compound file that holds the encrypted archive as one stream."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(_ENCRYPTED) >= 0:
            raise Refused(tk._("The file is protected by a password; save it without one"))


def _check_package(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise _too_large_unpacked()
            if not any(part.filename == "[Content_Types].xml" for part in parts):
                raise Refused(tk._("The file is a ZIP archive but no workbook"))
            for part in parts:
                _check_part(package, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        # RuntimeError: encrypted; BadZipFile also where a part is larger than the archive says.
        reason = tk._("The file cannot be unpacked: {error}")
        raise Refused(reason.format(error=error)) from error


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part once, piece by piece: sizes of the archive's directory may be wrong."""
    is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    tail = b""
    rows = columns = 0
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not is_sheet:
                continue
            text = tail + chunk
            for letters, digits in _PLACE.findall(text):
                rows = max(rows, int(digits))
                if letters:
                    columns = max(columns, _number(letters))
            tail = text[-_OVERLAP:]
            if rows * max(columns, 1) > MAX_CELLS:
                raise Refused(
                    tk._("A sheet reaches to row {row}, column {column}; that is too large").format(
                        row=rows, column=columns
                    )
                )


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_large_unpacked() -> Refused:
    reason = tk._("Unpacked the file has more than {most} MB")
    return Refused(reason.format(most=MAX_UNPACKED_BYTES // 1_000_000))
