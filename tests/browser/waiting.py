"""Waiting for what has no place on a page, and people to sign in as."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from tests.support import rest
from tests.support.server import Server

PHRASE = "a phrase for the tests 7"


def wait_for(look: Callable[[], Any], seconds: float = 30) -> Any:
    """What `look` gives as soon as that is something."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("It did not come.")


def person(server: Server, username: str, *groups: str, name: str = "") -> None:
    """Create a person who signs in with PHRASE."""
    rest.call(server.url, "POST", "people/", {
        "username": username, "name": name, "email": "", "groups": list(groups), "password": PHRASE})


def start(server: Server, machine: str, data: Any, name: str | None = None) -> str:
    """Start an execution; its id."""
    body = {"input": data} | ({"name": name} if name else {})
    return str(rest.call(server.url, "POST", f"machines/{machine}/executions/", body)["id"])


def status_of(server: Server, execution: str) -> str:
    return str(rest.call(server.url, "GET", f"executions/{execution}/")["status"])


def ended(server: Server, execution: str) -> str:
    """The status an execution ends with."""
    return str(wait_for(lambda: (found := status_of(server, execution)) != "RUNNING" and found))


def approval(server: Server, words: str) -> str:
    """The id of the open approval whose title has these words, once it is there."""
    return str(wait_for(lambda: next(
        (row["id"] for row in rest.call(server.url, "GET", f"approvals/?q={quote(words)}")), None)))
