"""Recorded executions that call Lambda functions, run on the real engine with real function workers."""

from __future__ import annotations

import asyncio
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from designer.asl.compiler import compile_definition
from designer.asl.problems import DefinitionError
from executions.integrations.functions.actions import save_function
from executions.store import in_thread
from tests.executions.integrations.conftest import ANYBODY, Bench
from tests.executions.making import ACCOUNT, REGION, ROLE

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "conformance"
if FOLDER.exists():
    sys.path.insert(0, str(FOLDER))
# Recorded in the newer form of MapStateExited.previousEventId (tests/engine/test_conformance.py).
NEWER_FORM = {"test_base_scenarios__TestBaseScenarios_test_map_state_nested_config_distributed_no_max_max_concurrency"}

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the recordings are not here")

# The recorder's words for a function -> its code, with the lines of the tracebacks as they were recorded.
CODE = {
    "Returns its event unchanged.": "def handler(event, context):\n    return event\n",
    "Raises Exception('Some exception was raised.').":
        'def handler(event, context):\n    raise Exception("Some exception was raised.")\n',
    "Raises an exception of class CustomException with no message text (the error payload has errorType "
    "CustomException and an empty errorMessage).":
        "class CustomException(Exception):\n    pass\n\n\n\n\n\n"
        "def handler(event, context):\n    raise CustomException()\n",
    "Sleeps for 60 seconds, then returns its event unchanged.":
        "import time\ndef handler(event, context):\n    time.sleep(60)\n    return event\n",
    "Answers with 257 * 1024 letters 'a' as its raw payload, without quotes (more than the 256 KiB that a state may "
    "hand on, and not valid JSON).": "def handler(event, context):\n    return b'a' * (257 * 1024)\n",
    'Answers with the 13 bytes "HelloWorld!" (double quotes included) as its raw payload, i.e. the JSON string '
    "HelloWorld!.": "def handler(event, context):\n    return b'\"HelloWorld!\"'\n",
}


def recordings() -> dict[str, Any]:
    """The cases that are one execution; the others are in tests/api/test_conformance.py."""
    from compare import load

    loaded = {path.stem: load(path) for path in sorted((FOLDER / "lambda").rglob("*.json"))}
    return {name: case for name, case in loaded.items() if "definition" in case.data}


def filled(value: Any, values: dict[str, str]) -> Any:
    text = json.dumps(value)
    for token, given in values.items():
        text = text.replace(token, given)
    return json.loads(text)


def save_code(name: str, behaviour: str, timeout: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("handler.py", CODE[behaviour])
    save_function(ANYBODY, name, zip_file=buffer.getvalue(), handler="handler.handler", timeout=timeout)


async def differences(bench: Bench, number: int, case: Any) -> list[str]:
    from compare import differences_execution

    values = {"<partition>": "aws", "<region>": REGION, "1" * 12: ACCOUNT, "<test_aws_account_id>": ACCOUNT,
              "<trusted_role_arn>": ROLE}
    for index, function in enumerate(case.data["functions"]):
        name = f"recorded_{number}_{index}"
        values[function["name"]] = name
        await in_thread(save_code, name, function["behaviour"], function["timeoutSeconds"])
        if not function["name"].startswith("<"):
            case.data["expected"] = filled(case.data["expected"], {function["name"]: name})
    context = case.context()
    context.values |= values | {"snf_role_arn": ROLE, "sfn_role_arn": ROLE}
    definition, given = filled(case.data["definition"], values), filled(case.data["input"], values)
    try:
        compile_definition(definition)
    except DefinitionError as error:
        return [str(error)]
    try:
        json.loads(given)
    except (TypeError, ValueError):  # shown parsed, or what stood in the quotes of a JSON string
        pass
    else:
        given = json.loads(given)
    execution = await bench.begin(definition, given)
    row = await bench.until(execution)
    shown = {"status": row.status, "output": row.output, "error": row.error, "cause": row.cause}
    described = {name: value for name, value in shown.items() if value is not None}
    return [f"{found.path}: {found.expected!r:.300} expected, {found.actual!r:.300} found" for found in
            differences_execution(case, await bench.history(execution), described, context=context)]


async def test_recorded_executions(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    cases = recordings()
    found = await asyncio.gather(*(differences(bench, n, case) for n, case in enumerate(cases.values())))
    wrong = {name: why for name, why in zip(cases, found, strict=True) if why}
    with capsys.disabled():
        print(f"\nrecorded Lambda executions: {len(cases) - len(wrong)} of {len(cases)} agree")
        for name, why in wrong.items():
            print(f"  {name}: {why[0]}")
    assert set(wrong) == NEWER_FORM
