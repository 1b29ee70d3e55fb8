"""The sample workflows: one folder each, loaded on first start and listed in the gallery.

A folder holds sample.json (names, titles, a sample input and the Japanese words), definition.asl.json,
functions/NAME.py and, for nested ones, machines/NAME.asl.json.  Definitions are written once, in
English; `words` gives the Japanese form of every name and text in them, so that both languages stay
the same workflow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LANGUAGES = ("en", "ja")


@dataclass(frozen=True, slots=True)
class SampleFunction:
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample in one language.  `machines` are the further machines it needs, as (name, definition)."""

    slug: str
    language: str
    name: str
    title: str
    description: str
    input: Any
    definition: Mapping[str, Any]
    functions: tuple[SampleFunction, ...]
    machines: tuple[tuple[str, Mapping[str, Any]], ...]


def samples(language: str, account: str, region: str) -> list[Sample]:
    """All samples in `language` ("en" or "ja"), in the gallery's order, for this account and region."""
    return sorted(
        (_read(folder, language, account, region) for folder in _folders()),
        key=lambda sample: _meta(sample.slug)["order"],
    )


def translated(value: Any, words: Mapping[str, str]) -> Any:
    """`value` with every string, also those that are member names, replaced by its form in `words`."""
    if isinstance(value, dict):
        return {words.get(name, name): translated(member, words) for name, member in value.items()}
    if isinstance(value, list):
        return [translated(member, words) for member in value]
    return words.get(value, value) if isinstance(value, str) else value


def filled(value: Any, placeholders: Mapping[str, str]) -> Any:
    """`value` with `${Name}` in its strings replaced."""
    text = json.dumps(value, ensure_ascii=False)
    for name, replacement in placeholders.items():
        text = text.replace("${" + name + "}", replacement)
    return json.loads(text)


def _folders() -> Iterator[Path]:
    return (path.parent for path in HERE.glob("*/sample.json"))


@cache
def _meta(slug: str) -> dict[str, Any]:
    meta: dict[str, Any] = json.loads((HERE / slug / "sample.json").read_text(encoding="utf-8"))
    return meta


def _read(folder: Path, language: str, account: str, region: str) -> Sample:
    meta = _meta(folder.name)
    words = meta["words"] if language == "ja" else {}
    name = meta["name"][language]
    machines = {path.name.removesuffix(".asl.json"): path for path in sorted(folder.glob("machines/*.asl.json"))}
    names = {key: words.get(key, f"{name}-{key}") for key in machines}
    placeholders = {"Account": account, "Region": region} | {f"Machine:{key}": value for key, value in names.items()}

    def definition(path: Path) -> Mapping[str, Any]:
        data = translated(json.loads(path.read_text(encoding="utf-8")), words)
        result: dict[str, Any] = filled(data, placeholders)
        return result

    return Sample(
        slug=folder.name, language=language, name=name,
        title=meta["title"][language], description=meta["description"][language], input=meta["input"],
        definition=definition(folder / "definition.asl.json"),
        functions=tuple(
            SampleFunction(path.stem, path.read_text(encoding="utf-8"))
            for path in sorted(folder.glob("functions/*.py"))
        ),
        machines=tuple((names[key], definition(path)) for key, path in machines.items()),
    )
