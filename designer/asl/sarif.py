"""Problems as SARIF 2.1.0, which code hosts and editors show beside the text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

from designer.asl.codes import CODES
from designer.asl.problems import ERROR, Fix, Problem
from designer.asl.source import Source
from designer.asl.text_fixes import Replacement, replacements

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_ORDER: Final = {code: number for number, code in enumerate(CODES)}


def sarif(found: Iterable[tuple[str, Source, list[Problem]]]) -> dict[str, Any]:
    """One run over files: (name of the file, its text, its problems).

    A fix that is a matter of replacing text is told as SARIF's `fixes`; each is among the properties, too, as
    operations on the definition.
    """
    rules = [{"id": code, "shortDescription": {"text": text}} for code, text in CODES.items()]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "Statewright asl check", "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": [_result(name, source, problem) for name, source, problems in found for problem in problems],
        }],
    }


def _result(name: str, source: Source, problem: Problem) -> dict[str, Any]:
    text = f"{problem.message} {problem.hint}" if problem.hint else problem.message
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(name)}}
    if problem.line:
        place["region"] = {"startLine": problem.line, "startColumn": problem.column}
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "level": "error" if problem.severity == ERROR else "warning",
        "message": {"text": text},
        "locations": [{"physicalLocation": place, "logicalLocations": [{"fullyQualifiedName": problem.pointer}]}],
    }
    if problem.code in _ORDER:
        result["ruleIndex"] = _ORDER[problem.code]
    if problem.fix is not None:
        result["properties"] = {"fix": problem.fix.as_dict()}
        changes = replacements(source, problem.fix)
        if changes:
            result["fixes"] = [_fix(name, source, problem.fix, changes)]
    return result


def _fix(name: str, source: Source, fix: Fix, changes: list[Replacement]) -> dict[str, Any]:
    return {
        "description": {"text": fix.title},
        "artifactChanges": [{
            "artifactLocation": {"uri": _uri(name)},
            "replacements": [_replacement(source, change) for change in changes],
        }],
    }


def _replacement(source: Source, change: Replacement) -> dict[str, Any]:
    (first, begin), (last, end) = source.line_column(change.start), source.line_column(change.end)
    told: dict[str, Any] = {
        "deletedRegion": {"startLine": first, "startColumn": begin, "endLine": last, "endColumn": end},
    }
    if change.text:
        told["insertedContent"] = {"text": change.text}
    return told


def _uri(name: str) -> str:
    """A relative reference stays one; an absolute path becomes a file URI."""
    path = quote(name.replace("\\", "/"))
    return f"file://{path}" if path.startswith("/") else path
