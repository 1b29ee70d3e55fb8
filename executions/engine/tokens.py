"""Task tokens: url-safe text that names execution and ask and cannot be guessed.

Derived, not stored: the same run and ask give the same token at every replay.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct

_NAME = struct.Struct(">QQ")
_MAC_BYTES = 20


def make_token(execution_id: int, seed: str, ask: int) -> str:
    """The token of an ask; 48 characters.  `seed` is the execution's secret."""
    name = _NAME.pack(execution_id, ask)
    mac = hmac.digest(seed.encode(), b"task-token" + name, hashlib.sha256)[:_MAC_BYTES]
    return base64.urlsafe_b64encode(name + mac).decode()


def read_token(token: str) -> tuple[int, int] | None:
    """(execution id, ask) that a token names, or None when it is no token of ours.

    Says nothing about genuineness: compare with `make_token`, or with the row of the token.
    """
    try:
        data = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None
    if len(data) != _NAME.size + _MAC_BYTES:
        return None
    execution_id, ask = _NAME.unpack_from(data)
    return execution_id, ask
