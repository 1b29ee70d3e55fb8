"""Static files are whole, typed, cacheable and never outside their folder."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from django.test import AsyncClient, Client


async def test_a_file_is_answered_whole_and_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        response = await AsyncClient().get("/static/css/tokens.css")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/css")
    assert b"--" in response.content
    assert int(response.headers["Content-Length"]) == len(response.content)


def test_an_unchanged_file_is_not_sent_again() -> None:
    first: Any = Client().get("/static/css/tokens.css")
    again = Client().get("/static/css/tokens.css", headers={"If-None-Match": first.headers.get("ETag", ""),
                                                            "If-Modified-Since": first.headers["Last-Modified"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/static/../manage.py", "/static/%2e%2e/manage.py", "/static/css/none.css",
                                  "/static/vendor/source/package.json"])
def test_nothing_outside_is_answered(path: str, db: None) -> None:
    assert Client().get(path).status_code == 404
