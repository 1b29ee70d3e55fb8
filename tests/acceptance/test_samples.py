"""Every sample runs to its end on a fresh server, from boto3, in both languages, with people who decide."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from designer.samples.load import LANGUAGES, Sample, samples
from tests.browser.waiting import wait_for
from tests.support import rest
from tests.support.server import ACCESS_KEY_ID, ROOT, SECRET_ACCESS_KEY, Server

pytestmark = [pytest.mark.acceptance, pytest.mark.one_database]
ACCOUNT, REGION = "000000000000", "us-east-1"
ALL = [sample for language in LANGUAGES for sample in samples(language, ACCOUNT, REGION)]
ENDS: dict[str, dict[str, Any]] = {  # what the output says, at least
    "order-processing": {"status": "COMPLETED", "total": 114400},
    "ml-training": {"accuracy": 0.92, "rounds": 3},
    "report-generation": {"status": "DONE", "sections": 3},
    "s3-data-pipeline": {"status": "DONE", "glue": "SUCCEEDED", "rows": 2, "totals": {"Osaka": 1200, "Tokyo": 3400}},
    "content-release": {"status": "PUBLISHED", "slug": "autumn-sale"},
    "model-release": {"status": "RELEASED", "traffic": "5%"},
    "purchase": {"status": "ORDERED"},
}


@pytest.fixture(scope="module")
def server(each_database: str) -> Iterator[Server]:
    with Server() as running:
        keys = [somebody(running, "ann", "approver"), somebody(running, "bob", "approver"),
                somebody(running, "cho", "administrator")]
        ended = threading.Event()
        deciding = threading.Thread(
            target=decide_everything, args=(running, [*keys, rest.FIRST_KEY], ended), daemon=True)
        deciding.start()
        yield running
        ended.set()
        deciding.join(30)


def somebody(server: Server, name: str, group: str) -> str:
    """A person's access key."""
    made = rest.call(server.url, "POST", "people/", {
        "username": name, "name": "", "email": "", "groups": [group], "password": "a phrase for the tests 7"})
    return rest.key_of(server.url, made["id"])


def decide_everything(server: Server, keys: list[str], ended: threading.Event) -> None:
    """Whoever is asked approves, one after the other."""
    while not ended.wait(0.3):
        for key in keys:
            for row in rest.call(server.url, "GET", "approvals/?limit=50", key=key):
                decide(server, row["id"], key)


def decide(server: Server, approval: str, key: str) -> None:
    try:
        form = rest.call(server.url, "GET", f"approvals/{approval}/", key=key)["form"]
        rest.call(server.url, "POST", f"approvals/{approval}/decide/",
                  {"decision": "APPROVED", "comment": "", "form": filled(form)}, key=key)
    except rest.Refused as refused:
        if refused.status not in (403, 404, 409):
            raise


def filled(form: dict[str, Any]) -> dict[str, Any]:
    members = form.get("properties", {})
    return {name: members[name].get("default", "because") for name in form.get("required", [])}


@pytest.fixture(scope="module")
def ends(server: Server) -> dict[str, Any]:
    """ARN of an execution → how it has ended; all of them run at once."""
    client = server.client()
    started = {}
    for sample in ALL:
        machine = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{sample.name}"
        run = client.start_execution(stateMachineArn=machine, input=json.dumps(sample.input))
        started[sample.slug, sample.language] = run["executionArn"]
    return {key: wait_for(lambda arn=arn: ended(client, arn), 90) for key, arn in started.items()}


def ended(client: Any, arn: str) -> dict[str, Any] | None:
    described: dict[str, Any] = client.describe_execution(executionArn=arn)
    return None if described["status"] == "RUNNING" else described


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: f"{sample.slug}-{sample.language}")
def test_a_sample_runs_to_its_end(sample: Sample, ends: dict[Any, Any]) -> None:
    described = ends[sample.slug, sample.language]
    assert described["status"] == "SUCCEEDED", described
    expected = ENDS.get(sample.slug, {})
    output = json.loads(described["output"])
    assert {name: output[name] for name in expected} == expected


def test_a_callback_address_is_answered_with_a_plain_post(server: Server) -> None:
    """Out of a mail (in the server's log), without a key, a session or a CSRF token."""
    client = server.client()
    definition = {"StartAt": "Ask", "States": {"Ask": {
        "Type": "Task", "Resource": "arn:aws:states:::mail:send.waitForTaskToken", "End": True,
        "Parameters": {"to": "shop@example.com", "subject": "Answer", "text": "<{callbackUrl}>"}}}}
    machine = client.create_state_machine(name="asks-by-mail", definition=json.dumps(definition),
                                          roleArn="arn:aws:iam::000000000000:role/r")["stateMachineArn"]
    arn = client.start_execution(stateMachineArn=machine)["executionArn"]
    log = wait_for(lambda: "/api/v1/callbacks/" in (text := server.log().replace("=\n", "")) and text)
    url = re.search(r"<(http://[^>]+/callbacks/[^>]+)>", log)[1].replace("=3D", "=")  # type: ignore[index]
    assert [post(url, b"{no json"), post(url[:-2] + "x/", b"{}")] == [400, 404]
    assert post(url, '{"answer":"はい"}'.encode()) == 204
    described = wait_for(lambda: ended(client, arn))
    assert json.loads(described["output"]) == {"answer": "はい"}
    assert [post(url, b"{}"), post(f"{url}failure/", b"")] == [409, 409]


def post(url: str, body: bytes) -> int:
    request = urllib.request.Request(url, method="POST", data=body, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_an_activity_is_worked_on_by_the_command(server: Server, tmp_path: Path) -> None:
    """`manage.py worker`, with a handler of its own folder and an access key of this installation."""
    (tmp_path / "shop.py").write_text("def shrink(given):\n    return {'small': given['picture'].lower()}\n")
    client = server.client()
    activity = client.create_activity(name="shrink")["activityArn"]
    definition = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": activity, "End": True}}}
    machine = client.create_state_machine(name="shrinks", definition=json.dumps(definition),
                                          roleArn="arn:aws:iam::000000000000:role/r")["stateMachineArn"]
    arn = client.start_execution(stateMachineArn=machine, input='{"picture": "FUJI"}')["executionArn"]
    worker = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "worker", "shrink", "shop:shrink", "--heartbeat", "5"], cwd=tmp_path,
        env=server.environment | {"AWS_ACCESS_KEY_ID": ACCESS_KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY})
    try:
        described = wait_for(lambda: ended(client, arn))
    finally:
        worker.kill()  # in order it would wait for its long poll
        worker.wait(30)
    assert json.loads(described["output"]) == {"small": "fuji"}
