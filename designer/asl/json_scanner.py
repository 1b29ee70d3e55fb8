"""JSON text → data and the offset of every value, without recursion, with Jackson's words for errors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from designer.asl.jsontext import loads
from designer.asl.placeholders import PLACEHOLDER, Placeholder

MAX_DEPTH: Final = 500
MAX_DIGITS: Final = 1000  # as Jackson
_EXPECTED = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"([^"\\\x00-\x1f]*)"')
_LONG_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_TOKEN = re.compile(r"[\w$.]+")
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}


class JsonSyntaxError(ValueError):
    """`offset` is the character at fault, `reported` the one Jackson names, `hint` what to do."""

    def __init__(self, message: str, offset: int, reported: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.reported = reported
        self.hint = hint or "Mend the JSON at the marked place."


@dataclass(slots=True)
class Container:
    """Where an object or array begins, and for each key or index the offset (of the key, or of the
    element) and the container there, if it is one."""

    start: int
    children: dict[str, tuple[int, Container | None]] = field(default_factory=dict)


Doubles = list[tuple[tuple[str | int, ...], int]]


def scan(text: str, *, placeholders: bool = False) -> tuple[Any, Container | None, Doubles]:
    """(data, root container, keys that come twice).  Raises JsonSyntaxError.

    `placeholders`: `${…}` may stand without quotes in the place of a value.
    """
    return _Scanner(text, placeholders).document()


@dataclass(slots=True)
class _Open:
    """A container that is being read."""

    value: Any
    place: Container
    name: str | int = ""


class _Scanner:
    def __init__(self, text: str, placeholders: bool) -> None:
        self.text = text
        self.placeholders = placeholders
        self.at = 0
        self.open: list[_Open] = []
        self.doubles: Doubles = []

    def document(self) -> tuple[Any, Container | None, Doubles]:
        self.at = 1 if self.text.startswith("\ufeff") else 0
        self._skip()
        value, place = self._begin()
        while self.open:
            self._step(self.open[-1])
        self._skip()
        if self.at < len(self.text):
            raise self._unexpected("there is text after the JSON value", "Remove what follows the last }.")
        return value, place, self.doubles

    def _skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def _begin(self) -> tuple[Any, Container | None]:
        """A scalar, or an opened container that the main loop then fills."""
        char = self._peek()
        if char not in ("{", "["):
            return self._scalar(char), None
        if len(self.open) >= MAX_DEPTH:
            raise JsonSyntaxError(f"The JSON text is nested more than {MAX_DEPTH} deep", self.at, self.at)
        opened = _Open({} if char == "{" else [], Container(self.at))
        self.open.append(opened)
        self.at += 1
        return opened.value, opened.place

    def _step(self, current: _Open) -> None:
        """Read the next member, or the end, of the innermost container."""
        is_object = isinstance(current.value, dict)
        self._skip()
        if self._peek() == ("}" if is_object else "]") and not current.value:
            return self._end()
        if current.value or current.name != "":
            if self._peek() == ("}" if is_object else "]"):
                return self._end()
            self._comma(is_object)
        return self._member(current) if is_object else self._element(current)

    def _end(self) -> None:
        self.at += 1
        self.open.pop()

    def _comma(self, is_object: bool) -> None:
        if self._peek() != ",":
            what = "Object entries" if is_object else "Array entries"
            raise self._unexpected(f"was expecting comma to separate {what}", "Put a comma between the two entries.")
        self.at += 1
        self._skip()

    def _member(self, current: _Open) -> None:
        start = self.at
        if self._peek() != '"':
            raise self._unexpected("was expecting double-quote to start field name",
                                   "Put the field name in double quotes, or remove the comma before the end.")
        name = self._string()
        self._skip()
        if self._peek() != ":":
            raise self._unexpected("was expecting a colon to separate field name and value", "Put a colon here.")
        self.at += 1
        self._skip()
        current.name = name
        if name in current.value:
            self.doubles.append((self._address(), start))
        value, place = self._begin()
        current.value[name] = value
        current.place.children[name] = (start, place)

    def _element(self, current: _Open) -> None:
        start = self.at
        current.name = len(current.value)
        value, place = self._begin()
        current.value.append(value)
        current.place.children[str(current.name)] = (start, place)

    def _address(self) -> tuple[str | int, ...]:
        return tuple(opened.name for opened in self.open)

    def _scalar(self, char: str) -> Any:
        if char == '"':
            return self._string()
        if char == "$" and self.placeholders and (bare := PLACEHOLDER.match(self.text, self.at)):
            self.at = bare.end()
            return Placeholder(bare.group())
        number = _NUMBER.match(self.text, self.at)
        if number:
            return self._number(number)
        token = _TOKEN.match(self.text, self.at)
        if token is None:
            raise self._unexpected(f"expected a valid value {_EXPECTED}")
        if token.group() in _WORDS:
            self.at = token.end()
            return _WORDS[token.group()]
        raise JsonSyntaxError(f"Unrecognized token '{token.group()}': was expecting {_EXPECTED}", self.at, token.end(),
                              "Put texts in double quotes.")

    def _number(self, match: re.Match[str]) -> Any:
        after = self.text[match.end():match.end() + 1]
        if after and (after.isalnum() or after in "._+-"):
            self.at = match.end()
            raise self._unexpected("Expected space separating root-level values or the end of the number")
        self.at = match.end()
        text = match.group()
        if len(text) > MAX_DIGITS:
            raise JsonSyntaxError(f"Number length exceeds the maximum of {MAX_DIGITS}", match.start(), match.end())
        return float(text) if match.group(1) or match.group(2) else int(text)

    def _string(self) -> str:
        match = _STRING.match(self.text, self.at)
        if match:
            self.at = match.end()
            return match.group(1)
        match = _LONG_STRING.match(self.text, self.at)
        if match is None:
            raise self._broken_string()
        self.at = match.end()
        return str(loads(match.group()))

    def _broken_string(self) -> JsonSyntaxError:
        """Find what is wrong with the string that begins here."""
        start, at = self.at, self.at + 1
        while at < len(self.text):
            char = self.text[at]
            if char < " ":
                return JsonSyntaxError(
                    f"Illegal unquoted character ((CTRL-CHAR, code {ord(char)})): has to be escaped using backslash to "
                    "be included in string value", at, at + 1, "Close the text in the same line, or write \\n.")
            if char == "\\":
                at += 1
                escaped = self.text[at:at + 1]
                if escaped == "u" and not re.fullmatch(r"[0-9a-fA-F]{4}", self.text[at + 1:at + 5]):
                    return JsonSyntaxError("Unexpected character: expected a hex-digit for character escape sequence",
                                           at, at + 1)
                if escaped not in set('"\\/bfnrtu') and escaped:
                    return JsonSyntaxError(f"Unrecognized character escape '{escaped}' (code {ord(escaped)})", at,
                                           at + 1, "Write a backslash as \\\\.")
            at += 1
        return JsonSyntaxError("Unexpected end-of-input: was expecting closing quote for a string value", start,
                               len(self.text), "Close the text with a double quote.")

    def _unexpected(self, expected: str, hint: str = "") -> JsonSyntaxError:
        char = self._peek()
        if char:
            return JsonSyntaxError(f"Unexpected character ('{char}' (code {ord(char)})): {expected}", self.at,
                                   self.at + 1, hint)
        if not self.open:
            return JsonSyntaxError("Unexpected end-of-input", self.at, self.at, hint)
        what = "Object" if isinstance(self.open[-1].value, dict) else "Array"
        return JsonSyntaxError(f"Unexpected end-of-input: expected close marker for {what}", self.at, self.at,
                               "Close every { and [.")
