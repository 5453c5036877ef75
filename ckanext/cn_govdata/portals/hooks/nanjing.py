"""Nanjing: the JSON body becomes two signed query parameters.

`body` is the JSON text, percent-encoded and in base64, encrypted with RSA (PKCS#1 v1.5) in blocks
of 117 bytes, in upper case; `sign` is the SHA-1 signature of that text. Both keys are one pair,
which the portal ships in its pages. Only hexadecimal digits survive upper case, so the blocks are
written in them.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from ckanext.cn_govdata.crawl.errors import Blocked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.crawl.messages import Request

_BLOCK = 117  # bytes: what PKCS#1 v1.5 leaves of a key of 1024 bits
_LIKE_ENCODE_URI_COMPONENT = "!~*'()"


def sign(request: Request, values: Mapping[str, Any]) -> Request:
    """Encrypt and sign the body. `values["secret"]` is the private key, PEM or bare base64."""
    if not values.get("secret"):
        raise Blocked("blocked: requests must be signed")
    key = _key(values["secret"])
    body = _encrypted(request.body or b"", key)
    signature = key.sign(body.encode(), PKCS1v15(), hashes.SHA1())  # noqa: S303 - the portal's
    signed = base64.b64encode(signature).decode()
    headers = {name: value for name, value in request.headers.items() if name != "content-type"}
    url = f"{request.url}?body={body}&sign={quote(signed, safe='')}"
    return replace(request, url=url, headers=headers, body=None)


def _encrypted(body: bytes, key: RSAPrivateKey) -> str:
    text = base64.b64encode(quote(body, safe=_LIKE_ENCODE_URI_COMPONENT).encode())
    public = key.public_key()
    blocks = (text[start : start + _BLOCK] for start in range(0, len(text), _BLOCK))
    return "".join(public.encrypt(block, PKCS1v15()).hex() for block in blocks).upper()


@lru_cache(maxsize=4)
def _key(text: str) -> RSAPrivateKey:
    try:
        if text.lstrip().startswith("-----"):
            pem = text.replace("\\n", "\n").encode()
            key = serialization.load_pem_private_key(pem, password=None)
        else:
            key = serialization.load_der_private_key(base64.b64decode(text), password=None)
    except (ValueError, TypeError, binascii.Error):
        raise Blocked("blocked: the secret is not a private key") from None
    if not isinstance(key, RSAPrivateKey):
        raise Blocked("blocked: the secret is not an RSA key")
    return key
