"""The JSON of REST requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, Final

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from designer.asl.jsontext import loads
from designer.texts import without_surrogates

DEEPEST: Final = 200  # levels; what answers and databases write again must not run out of stack


class JsonParser(BaseParser):
    """JSON in UTF-8.  Half surrogate pairs become "?"; ParseError (400) for what is no JSON, or too deep."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None,
              parser_context: Mapping[str, Any] | None = None) -> Any:
        try:
            return _clean(loads(stream.read()), DEEPEST)
        except ValueError as error:
            raise ParseError(f"The body of the request is not JSON that can be taken: {error}") from None


def _clean(value: Any, room: int) -> Any:
    """The value without half surrogate pairs; ValueError when it is nested deeper than `room`."""
    if isinstance(value, str):
        return without_surrogates(value)
    if not isinstance(value, (dict, list)):
        return value
    if room == 0:
        raise ValueError(f"it is nested deeper than {DEEPEST} levels.")
    if isinstance(value, list):
        return [_clean(item, room - 1) for item in value]
    return {without_surrogates(name): _clean(item, room - 1) for name, item in value.items()}
