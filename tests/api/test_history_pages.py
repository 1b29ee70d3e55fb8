"""Pages of GetExecutionHistory out of stored segments."""

from __future__ import annotations

import json
from itertools import chain

import pytest

from designer.asl.jsontext import dumps
from executions.api import history


def event(number):
    """As the engine writes it; its input shows the text that the next event begins with."""
    trap = json.dumps([{"a": 1}, {"id": number + 1, "previousEventId": number}], separators=(",", ":"))
    return {"id": number, "previousEventId": number - 1, "timestamp": number / 1000, "type": "PassStateEntered",
            "stateEnteredEventDetails": {"name": f"状態{number}", "input": trap, "inputDetails": {"truncated": False}}}


@pytest.fixture
def segments(monkeypatch):
    """A history of the given segment lengths in place of the database's."""
    texts = []

    def use(*lengths, write=dumps):
        texts.clear()
        first = 1
        for length in lengths:
            events = [event(number) for number in range(first, first + length)]
            texts.append((first, first + length - 1, write(events)))
            first += length

    def read(execution_id, after, before, reverse):
        rows = reversed(texts) if reverse else texts
        return (row for row in rows if row[1] > after and (before is None or row[0] < before))

    monkeypatch.setattr(history, "segments", read)
    return use


def walk(limit, **options):
    """The ids of all pages."""
    pages, edge = [], None
    while True:
        page = history.page(1, limit=limit, edge=edge, **options)
        pages.append([one["id"] for one in json.loads(page.events)])
        if page.edge is None:
            return pages
        edge = page.edge


@pytest.mark.parametrize("lengths", [(10,), (1,) * 10, (3, 4, 3), (5, 5)])
@pytest.mark.parametrize("limit", [1, 3, 4, 5, 9, 10, 11])
@pytest.mark.parametrize("data", [True, False])
def test_pages_give_every_event_once(segments, lengths, limit, data):
    segments(*lengths)
    forward = walk(limit, data=data)
    assert list(chain(*forward)) == list(range(1, 11))
    assert all(len(page) == limit for page in forward[:-1])
    assert 1 <= len(forward[-1]) <= limit
    backward = walk(limit, data=data, reverse=True)
    assert list(chain(*backward)) == list(range(10, 0, -1))
    assert [len(page) for page in backward] == [len(page) for page in forward]


def test_whole_segments_go_out_as_they_are_stored(segments, monkeypatch):
    segments(2, 2)

    def fail(text):
        raise AssertionError("decoded")

    monkeypatch.setattr(history, "loads", fail)
    assert json.loads(history.page(1, limit=4).events) == [event(number) for number in range(1, 5)]


def test_a_segment_is_cut_at_a_page_edge_without_being_decoded(segments, monkeypatch):
    segments(2, 5, 3)
    monkeypatch.delattr(history, "loads")
    for edge in range(10):
        for limit in range(1, 12):
            found = json.loads(history.page(1, limit=limit, edge=edge).events)
            assert found == [event(number) for number in range(edge + 1, min(edge + limit, 10) + 1)]


def test_a_segment_in_another_form_is_decoded(segments):
    segments(3, 4, 3, write=json.dumps)
    assert list(chain(*walk(2))) == list(range(1, 11))


def test_a_page_ends_early_when_its_text_is_long(segments, monkeypatch):
    segments(1, 1, 1)
    monkeypatch.setattr(history, "MAX_PAGE", 10)
    assert walk(1000) == [[1], [2], [3]]


def test_without_data_inputs_and_their_details_are_missing(segments):
    segments(1)
    (stripped,) = json.loads(history.page(1, limit=1, data=False).events)
    assert stripped["stateEnteredEventDetails"] == {"name": "状態1"}
    scheduled = {"id": 3, "taskScheduledEventDetails": {"parameters": "{}", "region": "r"}, "timestamp": 1.5}
    assert history.without_data(scheduled) == scheduled


def test_no_events_are_an_empty_page(segments):
    segments()
    assert history.page(1, limit=5) == history.Page("[]", None)
