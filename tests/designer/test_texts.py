"""Text from outside."""

from __future__ import annotations

import io

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from rest_framework.exceptions import ParseError

from designer.people.middleware import RefusalMiddleware
from designer.rest.parsing import DEEPEST, JsonParser
from designer.texts import MOST_WORDS, search_words, storable, without_surrogates


@pytest.mark.parametrize(("text", "kept"), [
    ("plain", "plain"), ("注文🐟", "注文🐟"), ("a\ud800b", "a?b"), ("\udfff注", "?注"),
    ("\0", "\ufffd"), ("\0\ud800", "\ufffd?"),
])
def test_what_databases_cannot_hold_is_replaced(text: str, kept: str) -> None:
    assert storable(text) == kept
    assert without_surrogates(text) == kept.replace("\ufffd", "\0")


def test_a_search_has_some_words_only() -> None:
    assert search_words(" a\0  注文 ") == ["a\ufffd", "注文"]
    assert len(search_words("w " * 5_000)) == MOST_WORDS


def parsed(text: bytes) -> object:
    return JsonParser().parse(io.BytesIO(text))


def test_json_of_requests() -> None:
    assert parsed('{"注文": [1, 1.0, "\\ud83d\\ude00", null, true]}'.encode()) == {"注文": [1, 1.0, "😀", None, True]}
    assert parsed(rb'{"\ud800": ["\udfff"], "n": 123456789012345678901234567890}') == {
        "?": ["?"], "n": 123456789012345678901234567890}
    assert parsed(b"[" * DEEPEST + b"]" * DEEPEST)


@pytest.mark.parametrize("text", [
    b"", b"{", b"NaN", b"\xff", b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b"[" * 500_000, b"1e999", b"9" * 10_000,
])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(ParseError, match="not JSON that can be taken"):
        parsed(text)


@pytest.mark.parametrize("path", ["/machines/%00/", "/api/v1/machines/a%00b/", "/%00"])
def test_an_address_with_a_nul_names_nothing(path: str) -> None:
    def never(request: HttpRequest) -> HttpResponse:
        raise AssertionError("asked for")

    with pytest.raises(Http404):
        RefusalMiddleware(never)(RequestFactory().get(path))
