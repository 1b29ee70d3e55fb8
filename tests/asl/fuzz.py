"""Mutated definitions for the whole language: whatever comes in, only lists of problems come out.

    python -m tests.asl.fuzz --seconds 600 [--inputs 100000] [--seed 1]

Each input is a corpus file with something in its text or its data changed.  It is read (as JSON and as
YAML), checked, compiled where the checker finds no error, formatted, and its fixes are made.  The first
that raises anything else ends the run with the input and its traceback, and exit code 1.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from designer.asl.checker import check, errors
from designer.asl.compiler import compile_definition
from designer.asl.fixes import FixError, apply_fix
from designer.asl.formatting import FormatError, format_json
from designer.asl.problems import DefinitionError, Problem
from designer.asl.source import Source, read
from designer.asl.yaml_formatting import format_yaml
from designer.asl.yaml_source import read_yaml
from tests.asl.shared import CORPUS, corpus_index

_BITS = (
    "{", "}", "[", "]", '"', ":", ",", "\\", "\n", "\x00", "${x}", "{% ", " %}", "$.", "$$", "States.Format('{}',",
    "&a ", "*a", "- ", "? ", "| ", "!Sub ", "<<", "\ud800", "\u3042", "e9", "-", "0", "null", "~", "#", "'", "\t",
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, 0, -1, 1.5, 10**30, "", "$.x", "$", "$$.Execution.Id", "$.a[?(@.b==1)]", "States.Format('{}', $.a)",
    "States.Array(", "{% $states.input %}", "{% $ %}", "{% $map([1], function($x){$x}) %}", "${x}", [], {}, True,
    [[]], {"a.$": "$.b"}, {"a.$": 5}, "arn:aws:states:::sqs:sendMessage.sync", "JSONata", "JSONPath", "DISTRIBUTED",
)  # fmt: skip
_FIELDS = (
    "Type", "Next", "End", "States", "StartAt", "Retry", "Catch", "Choices", "Branches", "ItemProcessor", "Assign",
    "Output", "Parameters", "QueryLanguage", "ErrorEquals", "And", "Not", "Variable", "x.$", "", "~/",
)  # fmt: skip


@dataclass(slots=True)
class Tally:
    """How many inputs came to what."""

    counts: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return ", ".join(f"{count:,} {name}" for name, count in self.counts.most_common())


def texts() -> list[str]:
    return [(CORPUS / entry["file"]).read_text(encoding="utf-8") for entry in corpus_index()]


def mutated_text(text: str, chance: random.Random) -> str:
    """The text with a few pieces cut, doubled, moved or put in."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + int(chance.expovariate(0.1)))
        kind = chance.randrange(4)
        if kind == 0:
            text = text[:start] + text[end:]
        elif kind == 1:
            text = text[:end] + text[start:end] + text[end:]
        elif kind == 2:
            text = text[:start] + chance.choice(_BITS) + text[start:]
        else:
            to = chance.randrange(len(text) + 1)
            text = text[:to] + text[start:end] + text[to:]
    return text


def mutated_data(data: Any, chance: random.Random) -> Any:
    """The data with a few of its values or names replaced, lost or nested; it is changed in place."""
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        holder = data
        while isinstance(holder, (dict, list)) and holder:
            key = chance.choice(list(holder)) if isinstance(holder, dict) else chance.randrange(len(holder))
            if chance.random() < 0.25 or not isinstance(holder[key], (dict, list)):
                _change(holder, key, chance)
                break
            holder = holder[key]
    return data


def _change(holder: Any, key: Any, chance: random.Random) -> None:
    kind = chance.randrange(5)
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, dict):
        holder[chance.choice(_FIELDS)] = holder.pop(key)
    elif kind == 2:
        holder[key] = {chance.choice(_FIELDS): holder[key]}
    elif kind == 3:
        holder[key] = [copy.deepcopy(holder[key]) for _ in range(chance.randrange(3))]
    else:
        holder[key] = copy.deepcopy(chance.choice(_VALUES))


def one(text: str, chance: random.Random, tally: Tally) -> None:
    """One input through the whole language.  Raises what should not be raised."""
    kind = chance.choice(("STANDARD", "EXPRESS"))
    for source in (read(text), read(text, placeholders=True), read_yaml(text)):
        problems = check(source, kind)
        assert all(problem.message and (problem.line or source.data is None) for problem in problems)
        tally.counts["with errors" if errors(problems) else "without errors"] += 1
        _compile(source, problems)
        _fix(source.data, problems, kind)
    for form in (format_json, format_yaml):
        try:
            form(text)
        except FormatError:
            tally.counts["not formatted"] += 1


def _compile(source: Source, problems: list[Problem]) -> None:
    """What the checker passes compiles; anything else is refused in order."""
    try:
        compile_definition(source.data)
    except DefinitionError:
        assert errors(problems) or "${" in source.text or "!" in source.text


def _fix(data: Any, problems: list[Problem], kind: str) -> None:
    fixes = [problem.fix for problem in problems if problem.fix is not None]
    for fix in fixes[:2]:
        try:
            check(apply_fix(data, fix), kind)
        except FixError:
            continue


def fuzz(seed: int, *, inputs: int | None = None, seconds: float | None = None) -> Tally:
    """Until so many inputs or seconds are done.  An exception gets the input as a note."""
    chance, tally, corpus = random.Random(seed), Tally(), texts()
    until = None if seconds is None else time.monotonic() + seconds
    while (inputs is None or tally.counts["inputs"] < inputs) and (until is None or time.monotonic() < until):
        text = chance.choice(corpus)
        if chance.random() < 0.6:
            text = mutated_text(text, chance)
        else:
            data = read_yaml(text).data
            text = json.dumps(mutated_data(data, chance), ensure_ascii=False)
        tally.counts["inputs"] += 1
        try:
            one(text, chance, tally)
        except Exception as raised:
            raised.add_note(f"input {tally.counts['inputs']} of seed {seed}: {text!r}")
            raise
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--inputs", type=int)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    given = parser.parse_args()
    if given.seconds is None and given.inputs is None:
        given.seconds = 60.0
    print(f"seed {given.seed}")
    print(fuzz(given.seed, inputs=given.inputs, seconds=given.seconds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
