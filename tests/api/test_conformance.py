"""What AWS answered to sequences of API calls, against the real server (shared/conformance/api).

Cases that need an operation which is not offered yet are left out.  The figure may rise, not fall: a case
that gets right is taken off the list below.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from executions.api.operations import OPERATIONS
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
ACROSS_ACCOUNTS = "test_cross_account_states_start_sync_execution[SFN_START_EXECUTION_SYNC_ROLE_ARN"
DIFFERENT = {
    # The workers of these are state machines that call Step Functions through the SDK integration.
    "test_activity_task", "test_activity_task_no_worker_name",
    # AWS looks for the activity before it schedules the task.
    "test_activity_task_on_deleted",
    # Recorded in 2023: AWS has added RedriveStatus to the nested execution's description since.
    "test_start_execution_sync", "test_start_execution_sync2", "test_start_execution_sync_delegate_failure",
    # The nested execution runs in another account.
    *(f"{ACROSS_ACCOUNTS}_{kind}]" for kind in ("INTRINSIC", "JSONATA", "PATH_CONTEXT", "VARIABLE")),
    f"{ACROSS_ACCOUNTS}_PATH]",
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
    cases = [load(path) for path in sorted((FOLDER / "api").rglob("*.json"))]
    offered = [case for case in cases if {step["operation"] for step in case.steps} <= OPERATIONS.keys()]
    alone = [case for case in offered if live.NEEDS_EMPTY_ACCOUNT & {step["operation"] for step in case.steps}]

    def run(case):
        # HTTP status codes too, but not the headers of nested calls: their lengths are those of recorded names.
        return live.run_case(under_test, case, strict="SdkHttpMetadata" not in json.dumps(case.data))

    with ThreadPoolExecutor(JOBS) as pool:
        found = list(pool.map(run, [case for case in offered if case not in alone]))
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
    assert len(results) >= 109


def case_name(result):
    """The recorded test's name."""
    return str(result.case.data["id"]).rpartition("::")[2]
