"""docs/reference/aws-api.md names every operation of AWS, and says which are not offered."""

from __future__ import annotations

import re
from pathlib import Path

from executions.api.door import MODEL
from executions.api.operations import OPERATIONS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "aws-api.md").read_text(encoding="utf-8")


def test_every_operation_is_documented():
    rows = re.findall(r"^\| (`.*`) \|(.*)\|$", TEXT, re.MULTILINE)
    named = {name: remark for names, remark in rows for name in re.findall(r"`(\w+)`", names)}
    assert named.keys() == MODEL.operations
    missing = {name for name, remark in named.items() if "not offered" in remark}
    assert missing == MODEL.operations - OPERATIONS.keys()
