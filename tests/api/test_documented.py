"""docs/reference names every operation of AWS, and says which are not offered."""

from __future__ import annotations

import re
from pathlib import Path

from executions.api.door import MODEL
from executions.api.functions.operations import OPERATIONS as FUNCTIONS
from executions.api.operations import OPERATIONS

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"
TEXT = (DOCS / "aws-api.md").read_text(encoding="utf-8")


def test_every_operation_is_documented():
    rows = re.findall(r"^\| (`.*`) \|(.*)\|$", TEXT, re.MULTILINE)
    named = {name: remark for names, remark in rows for name in re.findall(r"`(\w+)`", names)}
    assert named.keys() == MODEL.operations
    missing = {name for name, remark in named.items() if "not offered" in remark}
    assert missing == MODEL.operations - OPERATIONS.keys()


def test_every_operation_of_lambda_is_documented():
    text = (DOCS / "lambda-api.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE)
    assert {name for names in rows for name in re.findall(r"`(\w+)`", names)} == FUNCTIONS.keys()
