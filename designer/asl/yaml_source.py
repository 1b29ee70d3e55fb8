"""YAML definition text → data, with the place of every value, as source.py does for JSON.

YAML 1.2's core schema: only true and false are booleans (yes, no, on and off are texts), dates are
texts, keys are always texts.  Anchors, aliases and `<<` are followed, up to MAX_NODES values in all.
The tags of CloudFormation (`!Sub`, `!Ref`, `!GetAtt` …) are read as placeholders.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from designer.asl.json_scanner import MAX_DEPTH, MAX_DIGITS, Container, Doubles
from designer.asl.placeholders import Placeholder, mark
from designer.asl.problems import ERROR, Problem
from designer.asl.source import Source, double, empty, read

MAX_NODES: Final = 200_000  # values, those of an alias counted each time it is used
_TAG: Final = "tag:yaml.org,2002:"
_NULL: Final = re.compile(r"~|null|Null|NULL|")
_BOOL: Final = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NO_NUMBER: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlSyntaxError(ValueError):
    """`offset` is the character at fault, `hint` what to do."""

    def __init__(self, message: str, offset: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.hint = hint or "Mend the YAML at the marked place."


def read_either(text: str) -> Source:
    """JSON where the text begins as JSON does, else YAML; never raises."""
    return read(text) if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[", "") else read_yaml(text)


def read_yaml(text: str) -> Source:
    """Never raises.  Placeholders are always tolerated: what is deployed as YAML goes through a template."""
    source = Source(text)
    if not text.strip():
        source.problems.append(empty())
        return source
    plain = text[1:] if text.startswith("\ufeff") else text
    reader = _Reader(len(text) - len(plain))
    try:
        reader.read(plain)
    except YamlSyntaxError as fault:
        line, column = source.line_column(fault.offset)
        source.problems.append(Problem(ERROR, "INVALID_YAML_DESCRIPTION", fault.message, line=line, column=column,
                                       hint=fault.hint))
        return source
    source.data, source.root = mark(reader.data), reader.root
    source.problems += [double(steps, *source.line_column(offset)) for steps, offset in reader.doubles]
    return source


@dataclass(slots=True)
class _Value:
    """A value that was read: where it stands and how many values it is made of."""

    data: Any
    place: Container | None
    size: int


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that is being read; `key` waits for its value."""

    data: Any
    place: Container
    anchor: str | None
    tag: str | None
    key: str | None = None
    key_at: int = 0
    size: int = 1
    merged: list[_Value] = field(default_factory=list)


class _Reader:
    """Builds data from the parser's events, without recursion."""

    def __init__(self, shift: int) -> None:
        self.shift = shift
        self.data: Any = None
        self.root: Container | None = None
        self.doubles: Doubles = []
        self.open: list[_Open] = []
        self.anchors: dict[str, _Value] = {}
        self.documents = 0

    def read(self, text: str) -> None:
        """Raises YamlSyntaxError."""
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                start = event.start_mark
                self._event(event, (start.index if start else 0) + self.shift)
        except yaml.MarkedYAMLError as broken:
            mark = broken.problem_mark or broken.context_mark
            what = ", ".join(part for part in (broken.context, broken.problem) if part)
            raise YamlSyntaxError(f"The text is no YAML: {what}", mark.index + self.shift if mark else 0) from None
        except (yaml.YAMLError, UnicodeEncodeError) as broken:
            raise YamlSyntaxError(f"The text is no YAML: {broken}", getattr(broken, "position", None) or 0) from None

    def _event(self, event: Any, at: int) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise YamlSyntaxError("The text holds more than one document", at, "Keep one definition in a file.")
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, at)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event, at)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._start(event, at)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._end(at)

    def _start(self, event: Any, at: int) -> None:
        if self._wants_key():
            raise YamlSyntaxError("A key must be a text", at, "Write a plain name before the colon.")
        if len(self.open) >= MAX_DEPTH:
            raise YamlSyntaxError(f"The YAML text is nested more than {MAX_DEPTH} deep", at)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        if event.tag and event.tag.startswith(_TAG) and event.tag[len(_TAG):] not in ("map", "seq"):
            raise YamlSyntaxError(f"The tag {event.tag} is not of JSON's kinds", at, "Remove the tag.")
        self.open.append(_Open({} if is_mapping else [], Container(at), event.anchor, event.tag))

    def _end(self, at: int) -> None:
        done = self.open.pop()
        for given in done.merged:
            for name, value in given.data.items():
                if name not in done.data:
                    done.data[name] = value
                    done.place.children[name] = given.place.children[name] if given.place else (at, None)
        value = _Value(done.data, done.place, done.size)
        if done.tag and not done.tag.startswith(_TAG) and done.tag != "!":
            value = _Value(Placeholder("${" + done.tag.lstrip("!") + "}"), None, 1)
        if done.anchor:
            self.anchors[done.anchor] = value
        self._put(value, done.place.start)

    def _alias(self, event: Any, at: int) -> None:
        value = self.anchors.get(event.anchor)
        if value is None:
            raise YamlSyntaxError(f"The alias *{event.anchor} has no finished anchor before it", at,
                            f"Define &{event.anchor} above; it cannot contain itself.")
        self._put(value, at)

    def _scalar(self, event: Any, at: int) -> None:
        if self._wants_key():
            self._key(event, at)
            return
        value = _Value(_scalar(event, at), None, 1)
        if event.anchor:
            self.anchors[event.anchor] = value
        self._put(value, at)

    def _wants_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].data, dict) and self.open[-1].key is None

    def _key(self, event: Any, at: int) -> None:
        current = self.open[-1]
        current.key, current.key_at = event.value, at
        if event.anchor:
            self.anchors[event.anchor] = _Value(event.value, None, 1)
        if event.value in current.data:
            self.doubles.append((self._address(), at))

    def _address(self) -> tuple[str | int, ...]:
        return tuple(opened.key or "" if isinstance(opened.data, dict) else len(opened.data) for opened in self.open)

    def _put(self, value: _Value, at: int) -> None:
        """A finished value takes its place in the innermost container."""
        if not self.open:
            self.data, self.root = value.data, value.place
            return
        current = self.open[-1]
        current.size += value.size
        if current.size > MAX_NODES:
            raise YamlSyntaxError(f"The aliases make more than {MAX_NODES} values", at, "Use fewer aliases in aliases.")
        if isinstance(current.data, list):
            current.place.children[str(len(current.data))] = (at, value.place)
            current.data.append(value.data)
        elif current.key is None:
            raise YamlSyntaxError("A key must be a text", at, "Write a plain name before the colon.")
        else:
            self._member(current, value, at)
            current.key = None

    def _member(self, current: _Open, value: _Value, at: int) -> None:
        if current.key == "<<":
            parts = [value] if isinstance(value.data, dict) else _parts(value)
            if not all(isinstance(part.data, dict) for part in parts):
                raise YamlSyntaxError("<< takes an alias of a mapping", at, "Write <<: *name.")
            current.merged += parts
            return
        name = current.key or ""
        current.data[name] = value.data
        current.place.children[name] = (current.key_at, value.place)


def _parts(value: _Value) -> list[_Value]:
    """The elements of a sequence of mappings (`<<: [*a, *b]`); one that is wrong for anything else."""
    if not isinstance(value.data, list) or value.place is None:
        return [value]
    return [_Value(item, value.place.children[str(number)][1], 0) for number, item in enumerate(value.data)]


def _scalar(event: Any, at: int) -> Any:
    tag, text = event.tag, event.value
    if tag and not tag.startswith(_TAG) and tag != "!":
        return Placeholder(text if tag == "!Sub" else "${" + text + "}")
    if tag == "!" or (event.implicit[1] and not event.implicit[0]) or tag == f"{_TAG}str":
        return str(text)
    if tag and tag[len(_TAG):] not in ("int", "float", "bool", "null"):
        raise YamlSyntaxError(f"The tag {tag} is not of JSON's kinds", at, "Remove the tag.")
    return _plain(text, at)


def _plain(text: str, at: int) -> Any:
    """An unquoted scalar by YAML 1.2's core schema."""
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text[0] in "tT"
    if _INT.fullmatch(text) or _FLOAT.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise YamlSyntaxError(f"Number length exceeds the maximum of {MAX_DIGITS}", at)
        if _INT.fullmatch(text):
            return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
        return float(text)
    if _NO_NUMBER.fullmatch(text):
        raise YamlSyntaxError(f"{text} is no number of JSON", at, "Put it in quotes if it is a text.")
    return text
