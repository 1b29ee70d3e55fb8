"""What AWS answered to sequences of API calls, against the real server (shared/conformance: api, and of lambda what is
not one execution, which tests/executions/integrations/test_recorded_lambda.py runs).

The figure may rise, not fall: a case that gets right is taken off the list below.
"""

from __future__ import annotations

import io
import json
import sys
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.executions.integrations.test_recorded_lambda import CODE
from tests.support.server import Server

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "conformance"
ACCOUNT = "123456789012"
SECONDS = 15.0  # for one case
JOBS = 4

pytestmark = [
    pytest.mark.acceptance, pytest.mark.one_database, pytest.mark.timeout(600),
    pytest.mark.skipif(not FOLDER.exists(), reason="the recordings are not beside the repository"),
]

# Known to differ, and why.
DIFFERENT = {
    # AWS looks for the activity before it schedules the task; the engine schedules it, then looks.
    "test_activity_task_on_deleted",
    # Recorded in 2023: AWS has added RedriveStatus to the nested execution's description since.
    "test_start_execution_sync", "test_start_execution_sync2", "test_start_execution_sync_delegate_failure",
}


@pytest.fixture(scope="module")
def server(each_database):
    with Server({"STATEWRIGHT_VERIFY_SIGNATURES": "off", "STATEWRIGHT_ACCOUNT_ID": ACCOUNT}) as server:
        yield server


@pytest.fixture(scope="module")
def results(server):
    """All cases that can be run; those that list everything come last, alone and without the samples."""
    sys.path.insert(0, str(FOLDER))
    import live
    from compare import load

    client = server.client()
    for machine in client.list_state_machines()["stateMachines"]:
        client.delete_state_machine(stateMachineArn=machine["stateMachineArn"])
    under_test = live.Server(client, "us-east-1", ACCOUNT, SECONDS)
    paths = [path for folder in ("api", "lambda") for path in sorted((FOLDER / folder).rglob("*.json"))]
    cases = [case for case in map(load, paths) if case.steps]
    alone = [case for case in cases if live.NEEDS_EMPTY_ACCOUNT & {step["operation"] for step in case.steps}]
    for case in cases:
        deploy(server, case)

    def run(case):
        # HTTP status codes too, but not the headers of nested calls: their lengths are those of recorded names.
        return live.run_case(under_test, case, strict="SdkHttpMetadata" not in json.dumps(case.data))

    with ThreadPoolExecutor(JOBS) as pool:
        found = list(pool.map(run, [case for case in cases if case not in alone]))
    return found + [run(case) for case in alone]


def test_the_recorded_answers_are_ours(results, capsys):
    import live

    with capsys.disabled():
        print()
        live.print_table(results)
        for result in results:
            for one in result.differences[:2]:
                print(f"  {result.file.rpartition('__')[2]}: {one.path}\n    expected {one.expected!s:.200}"
                      f"\n    actual   {one.actual!s:.200}")
    different = {case_name(result) for result in results if result.differences}
    assert different == DIFFERENT
    assert len(results) >= 212


def deploy(server, case):
    """Make the case's functions, by the Lambda API."""
    for function in case.data.get("functions", ()):
        package, name = io.BytesIO(), f"recorded-{uuid.uuid4().hex[:12]}"
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("handler.py", CODE[function["behaviour"]])
        server.client("lambda").create_function(
            FunctionName=name, Runtime="python3.12", Role=f"arn:aws:iam::{ACCOUNT}:role/recorded",
            Handler="handler.handler", Timeout=function["timeoutSeconds"], Code={"ZipFile": package.getvalue()})
        for step in case.steps:
            step["params"] = json.loads(json.dumps(step["params"]).replace(function["name"], name))


def case_name(result):
    """The recorded test's name."""
    return str(result.case.data["id"]).rpartition("::")[2]
