"""The REST API of a test server, with the first access key or another."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from tests.support.server import ACCESS_KEY_ID, SECRET_ACCESS_KEY

FIRST_KEY = f"{ACCESS_KEY_ID}:{SECRET_ACCESS_KEY}"


class Refused(Exception):
    """Answered with an error: `status` and what the body says."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status, body)
        self.status, self.body = status, body


def call(url: str, method: str, path: str, body: Any = None, timeout: float = 30, key: str = FIRST_KEY) -> Any:
    """The parsed answer of `/api/v1/<path>`; Refused for 4xx and 5xx, OSError when nobody answers."""
    request = urllib.request.Request(
        f"{url}/api/v1/{path}", method=method, data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json",
                 "Authorization": f"Bearer {key}"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        raise Refused(error.code, error.read().decode(errors="replace")) from None
    return json.loads(text) if text else None


def key_of(url: str, user: int) -> str:
    """A new access key of a person, as `call` takes it."""
    made = call(url, "POST", "keys/", {"user": user})
    return f"{made['accessKeyId']}:{made['secretAccessKey']}"
