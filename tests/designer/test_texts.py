"""Text from outside."""

from __future__ import annotations

import io

import pytest
from rest_framework.exceptions import ParseError

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
