"""A refusal in the reader's language, with what the action said behind it."""

from __future__ import annotations

import pytest
from django.utils import translation

from designer.errors import ActionError
from designer.rest.refusals import SENTENCES, in_words
from tests.designer.people import person, signed_in

MISSING = ActionError("StateMachineDoesNotExist", "There is no state machine 'x'.")


def test_english_as_the_action_says_it():
    with translation.override("en"):
        assert in_words(MISSING) == MISSING.message


def test_another_language_has_a_sentence_for_the_code():
    with translation.override("ja"):
        assert in_words(MISSING) == "このステートマシンはありません。（There is no state machine 'x'.）"
        assert in_words(ActionError("Unheard", "as it is")) == "as it is"


def test_every_sentence_is_translated():
    with translation.override("ja"):
        assert [code for code, sentence in SENTENCES.items() if str(sentence).isascii()] == []


@pytest.mark.django_db
def test_pages_and_rest_use_it():
    client = signed_in(person("me", "viewer"))
    page = client.get("/machines/x/", headers={"accept-language": "ja"}).content.decode()
    assert "このステートマシンはありません。" in page
    answer = client.get("/api/v1/machines/x/", headers={"accept-language": "ja"})
    assert (answer.status_code, answer.json()["code"]) == (404, "StateMachineDoesNotExist")
    assert answer.json()["message"].startswith("このステートマシンはありません。")
    assert client.get("/api/v1/machines/x/").json()["message"] == "There is no state machine 'x'."
