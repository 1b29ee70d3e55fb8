"""What may stand where in a definition: one row per field (asl-language.md §1–19).

The tables say which fields an object takes, in which query language, and what a value must be; what a
table cannot say (targets, reachability, rules over several fields) is code in the check_*.py files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from designer.asl.model import JSONATA, JSONPATH

MAX_SECONDS: Final = 99_999_999


@dataclass(frozen=True, slots=True)
class Field:
    """One row.

    `kind` names the check of the value (check_values.py); `language` is "" for both; `dynamic`: in
    JSONata an expression may stand in place of the value; `low` and `high` bound a number or a length;
    `values` are the allowed texts; `table` describes the inside of an object.
    """

    kind: str
    language: str = ""
    required: bool = False
    dynamic: bool = False
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()
    table: str = ""


Table = dict[str, Field]

TEXT: Final = Field("string")
PATH: Final = Field("path", JSONPATH)
NULLABLE_PATH: Final = Field("nullable path", JSONPATH)
REFERENCE: Final = Field("reference path", JSONPATH)
COUNT_PATH: Final = Field("count path", JSONPATH)
TEMPLATE: Final = Field("template", JSONPATH)
EXPRESSION: Final = Field("expression", JSONATA)
SECONDS: Final = Field("integer", dynamic=True, low=1, high=MAX_SECONDS)


def _seconds(name: str) -> Table:
    return {name: SECONDS, f"{name}Path": REFERENCE}


def _count(name: str, low: int, high: int | None = None) -> Table:
    return {name: Field("integer", dynamic=True, low=low, high=high), f"{name}Path": COUNT_PATH}


_COMMON: Final[Table] = {
    "Type": TEXT,
    "Comment": TEXT,
    "QueryLanguage": Field("enum", values=(JSONPATH, JSONATA)),
}
_FLOW: Final[Table] = {"Next": Field("target"), "End": Field("boolean")}
_DATA: Final[Table] = {"InputPath": NULLABLE_PATH, "OutputPath": NULLABLE_PATH, "Output": EXPRESSION}
_ASSIGN: Final[Table] = {"Assign": Field("assign")}
_RESULT: Final[Table] = {"ResultSelector": TEMPLATE, "ResultPath": Field("result path", JSONPATH)}
_ERRORS: Final[Table] = {"Retry": Field("retriers"), "Catch": Field("catchers")}

STATES: Final[dict[str, Table]] = {
    "Task": {
        **_COMMON, **_FLOW, **_DATA, **_ASSIGN, **_RESULT, **_ERRORS,
        "Resource": Field("resource", required=True),
        "Parameters": TEMPLATE,
        "Arguments": EXPRESSION,
        **_seconds("TimeoutSeconds"), **_seconds("HeartbeatSeconds"),
        "Credentials": Field("credentials"),
    },
    "Pass": {
        **_COMMON, **_FLOW, **_DATA, **_ASSIGN,
        "Result": Field("static", JSONPATH),
        "Parameters": TEMPLATE,
        "ResultPath": Field("result path", JSONPATH),
    },
    "Wait": {
        **_COMMON, **_FLOW, **_DATA, **_ASSIGN,
        "Seconds": Field("integer", dynamic=True, low=0, high=MAX_SECONDS),
        "SecondsPath": REFERENCE,
        "Timestamp": Field("timestamp", dynamic=True),
        "TimestampPath": REFERENCE,
    },
    "Choice": {
        **_COMMON, **_DATA, **_ASSIGN,
        "Choices": Field("choices", required=True),
        "Default": Field("target"),
    },
    "Succeed": {**_COMMON, **_DATA},
    "Fail": {
        **_COMMON,
        "Error": Field("string", dynamic=True),
        "Cause": Field("string", dynamic=True),
        "ErrorPath": Field("text path", JSONPATH),
        "CausePath": Field("text path", JSONPATH),
    },
    "Parallel": {
        **_COMMON, **_FLOW, **_DATA, **_ASSIGN, **_RESULT, **_ERRORS,
        "Branches": Field("branches", required=True),
        "Parameters": TEMPLATE,
        "Arguments": EXPRESSION,
    },
    "Map": {
        **_COMMON, **_FLOW, **_DATA, **_ASSIGN, **_RESULT, **_ERRORS,
        "ItemProcessor": Field("processor"),
        "Iterator": Field("processor"),
        "ItemsPath": REFERENCE,
        "Items": Field("items", JSONATA),
        "ItemSelector": Field("selector"),
        "Parameters": TEMPLATE,
        **_count("MaxConcurrency", 0), **_count("ToleratedFailureCount", 0),
        "ToleratedFailurePercentage": Field("number", dynamic=True, low=0, high=100),
        "ToleratedFailurePercentagePath": COUNT_PATH,
        "Label": Field("label"),
        "ItemReader": Field("object", table="ItemReader"),
        "ItemBatcher": Field("object", table="ItemBatcher"),
        "ResultWriter": Field("object", table="ResultWriter"),
    },
}

MACHINE: Final[Table] = {
    "States": Field("states", required=True),
    "StartAt": Field("target", required=True),
    "Comment": TEXT,
    "Version": Field("enum", values=("1.0",)),
    "TimeoutSeconds": Field("integer", low=1, high=MAX_SECONDS),
    "QueryLanguage": Field("enum", values=(JSONPATH, JSONATA)),
}
BRANCH: Final[Table] = {name: MACHINE[name] for name in ("States", "StartAt", "Comment")}
PROCESSOR: Final[Table] = {**BRANCH, "ProcessorConfig": Field("object", table="ProcessorConfig")}

# Objects inside a state.
PARTS: Final[dict[str, Table]] = {
    "ProcessorConfig": {
        "Mode": Field("enum", values=("INLINE", "DISTRIBUTED")),
        "ExecutionType": Field("enum", values=("STANDARD", "EXPRESS")),
    },
    "ItemReader": {
        "Resource": Field("string", required=True),
        "Parameters": TEMPLATE,
        "Arguments": EXPRESSION,
        "ReaderConfig": Field("object", table="ReaderConfig"),
    },
    "ReaderConfig": {
        "InputType": Field("enum", values=("CSV", "JSON", "JSONL", "PARQUET", "MANIFEST")),
        "Transformation": Field("enum", values=("NONE", "LOAD_AND_FLATTEN")),
        "ManifestType": Field("enum", values=("ATHENA_DATA", "S3_INVENTORY")),
        "CSVHeaderLocation": Field("enum", values=("FIRST_ROW", "GIVEN")),
        "CSVHeaders": Field("strings"),
        "CSVDelimiter": Field("enum", values=("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")),
        "ItemsPointer": TEXT,
        **_count("MaxItems", 0, 100_000_000),
    },
    "ItemBatcher": {
        **_count("MaxItemsPerBatch", 1), **_count("MaxInputBytesPerBatch", 1, 262_144),
        "BatchInput": Field("selector"),
    },
    "ResultWriter": {
        "Resource": TEXT,
        "Parameters": TEMPLATE,
        "Arguments": EXPRESSION,
        "WriterConfig": Field("object", table="WriterConfig"),
    },
    "WriterConfig": {
        "Transformation": Field("enum", values=("NONE", "COMPACT", "FLATTEN")),
        "OutputType": Field("enum", required=True, values=("JSON", "JSONL")),
    },
    "Retrier": {
        "ErrorEquals": Field("errors", required=True),
        "IntervalSeconds": Field("integer", low=1, high=MAX_SECONDS),
        "MaxAttempts": Field("integer", low=0, high=MAX_SECONDS),
        "BackoffRate": Field("number", low=1),
        "MaxDelaySeconds": Field("integer", low=1, high=31_622_400),
        "JitterStrategy": Field("enum", values=("FULL", "NONE")),
        "Comment": TEXT,
    },
    "Catcher": {
        "ErrorEquals": Field("errors", required=True),
        "Next": Field("target", required=True),
        "ResultPath": Field("result path", JSONPATH),
        "Output": EXPRESSION,
        "Assign": Field("assign"),
        "Comment": TEXT,
    },
    "Rule": {
        "Next": Field("target", required=True),
        "Condition": Field("condition", JSONATA),
        "Output": EXPRESSION,
        "Assign": Field("assign"),
        "Comment": TEXT,
    },
}

# At most one of each group, by the object's table ("Wait" apart: exactly one).
EXCLUSIVE: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "Task": (("TimeoutSeconds", "TimeoutSecondsPath"), ("HeartbeatSeconds", "HeartbeatSecondsPath")),
    "Fail": (("Error", "ErrorPath"), ("Cause", "CausePath")),
    "Wait": (("Seconds", "SecondsPath", "Timestamp", "TimestampPath"),),
    "Map": (
        ("ItemProcessor", "Iterator"), ("ItemSelector", "Parameters"), ("MaxConcurrency", "MaxConcurrencyPath"),
        ("ToleratedFailureCount", "ToleratedFailureCountPath"),
        ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
    ),
    "ReaderConfig": (("MaxItems", "MaxItemsPath"),),
    "ItemBatcher": (("MaxItemsPerBatch", "MaxItemsPerBatchPath"),
                    ("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath")),
}
ONE_NEEDED: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "Wait": EXCLUSIVE["Wait"],
    "Map": (("ItemProcessor", "Iterator"),),
    "ItemBatcher": (("MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch",
                     "MaxInputBytesPerBatchPath"),),
}
DISTRIBUTED_ONLY: Final = ("ItemReader", "ItemBatcher", "ResultWriter", "Label")
