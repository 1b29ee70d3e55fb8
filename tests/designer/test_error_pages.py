"""The pages for what no view answers: they stand alone and say what is kept."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.views.defaults import bad_request, server_error


@pytest.mark.parametrize(("view", "status", "said"), [
    (lambda request: bad_request(request, ValueError()), 400, "Nothing was changed"),
    (server_error, 500, "What you saved before is kept"),
])
def test_error_pages_stand_alone(view, status: int, said: str) -> None:
    response = view(RequestFactory().get("/"))
    text = response.content.decode()
    assert response.status_code == status
    assert said in text
    assert "{%" not in text
    assert 'lang="ja"' in text
