"""JSONata text → tokens."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Any, Final


class JsonataSyntaxError(ValueError):
    """The text is no JSONata.  The message is JSONata's own without its code, as AWS writes it.

    `at` is the offset of the character at fault, None where there is no single one.
    """

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: number, string, name, variable, operator, regex, value, end."""

    kind: str
    value: Any
    at: int


_SPACE = re.compile(r"(?:\s+|/\*.*?\*/)*", re.DOTALL)
_NUMBER = re.compile(r"(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", re.ASCII)
_OPERATOR = re.compile(r"\.\.|:=|!=|<=|>=|\*\*|~>|[.\[\]{}()@#;:?+\-*/%|=<>^,&]")
_NAME = re.compile(r"[^\s.\[\]{}()@#;:?+\-*/%|=<>^,&!~\"'`$]+")
_VARIABLE = re.compile(r"\$([^\s.\[\]{}()@#;:?+\-*/%|=<>^,&!~\"'`]*)")
_HALF = re.compile("[\ud800-\udfff]")
_ESCAPES: Final = {'"': '"', "'": "'", "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_VALUES: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}
_WORDS: Final = ("and", "or", "in")
# After these a `/` divides; elsewhere it opens a regular expression.
_ENDS_VALUE: Final = frozenset((")", "]", "}"))


def tokenize(text: str) -> list[Token]:
    """Raises JsonataSyntaxError."""
    tokens: list[Token] = []
    at = 0
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if text.startswith("/*", at):
            raise JsonataSyntaxError("Comment has no closing tag", at)
        if at >= len(text):
            return [*tokens, Token("end", "(end)", at)]
        token, at = _next(text, at, tokens[-1] if tokens else None)
        tokens.append(token)


def _next(text: str, at: int, last: Token | None) -> tuple[Token, int]:
    char = text[at]
    if char in "\"'":
        return _string(text, at)
    if char == "`":
        end = text.find("`", at + 1)
        if end < 0:
            raise JsonataSyntaxError("Quoted property name must be terminated with a backquote (`)", at)
        return Token("name", text[at + 1:end], at), end + 1
    if char == "/" and not _ends_value(last):
        return _regex(text, at)
    for kind, pattern in (("number", _NUMBER), ("operator", _OPERATOR), ("variable", _VARIABLE), ("name", _NAME)):
        match = pattern.match(text, at)
        if match:
            return _make(kind, match, at), match.end()
    raise JsonataSyntaxError(f'Unknown operator: "{char}"', at)


def _make(kind: str, match: re.Match[str], at: int) -> Token:
    word = match.group()
    if kind == "number":
        number = float(word) if match.group(1) or match.group(2) else int(word)
        if abs(number) > sys.float_info.max:
            raise JsonataSyntaxError(f"Number out of range: {word}", at)
        is_whole = isinstance(number, float) and number.is_integer() and abs(number) < 2**53
        return Token(kind, int(number) if is_whole else number, at)
    if kind == "variable":
        return Token(kind, match.group(1) or ("$" if word == "$$" else ""), at)
    if kind == "name" and word in _VALUES:
        return Token("value", _VALUES[word], at)
    if kind == "name" and word in _WORDS:
        return Token("operator", word, at)
    return Token(kind, word, at)


def _ends_value(last: Token | None) -> bool:
    if last is None:
        return False
    return last.kind != "operator" or last.value in _ENDS_VALUE


def _string(text: str, start: int) -> tuple[Token, int]:
    quote, at = text[start], start + 1
    found: list[str] = []
    while at < len(text):
        char = text[at]
        if char == quote:
            return Token("string", _joined("".join(found)), start), at + 1
        if char == "\\":
            at += 1
            escaped = text[at:at + 1]
            if escaped == "u" and re.fullmatch(r"[0-9a-fA-F]{4}", text[at + 1:at + 5]):
                char = chr(int(text[at + 1:at + 5], 16))
                at += 4
            elif escaped in _ESCAPES:
                char = _ESCAPES[escaped]
            else:
                raise JsonataSyntaxError(f'Unsupported escape sequence: \\"{escaped}"', at)
        found.append(char)
        at += 1
    raise JsonataSyntaxError("String literal must be terminated by a matching quote", start)


def _joined(text: str) -> str:
    """Two escapes that are the halves of one character (`\\uD834\\uDD1E`) become it."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _regex(text: str, start: int) -> tuple[Token, int]:
    at, depth = start + 1, 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "/" and depth <= 0:
            body = text[start + 1:at]
            if not body:
                raise JsonataSyntaxError("Empty regular expressions are not allowed", start)
            end = at + 1
            while end < len(text) and text[end] in "im":
                end += 1
            return Token("regex", (body, text[at + 1:end]), start), end
        at += 1
    raise JsonataSyntaxError("No terminating / in regular expression", start)
