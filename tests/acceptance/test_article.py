"""The article's definitions: their faults of form are named, and repaired copies run to their end."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import quote

import pytest

from tests.acceptance import article
from tests.support import rest
from tests.support.server import Server

pytestmark = pytest.mark.acceptance
ROLE = "arn:aws:iam::000000000000:role/article"


def test_repaired_copies_run() -> None:
    with Server() as server:
        client = server.client()
        for name, expression in article.FUNCTIONS.items():
            rest.call(server.url, "PUT", f"functions/{quote(name)}/", {"source": article.source(expression)})
        client.create_state_machine(name="サブワークフロー", definition=json.dumps(article.CHILD), roleArn=ROLE)
        started = {}
        for number, (file, (_, given, _, _)) in enumerate(article.REPAIRED.items(), 1):
            definition = json.dumps(article.repaired(file), ensure_ascii=False)
            machine = client.create_state_machine(name=f"article-{number:02d}", definition=definition, roleArn=ROLE)
            run = client.start_execution(stateMachineArn=machine["stateMachineArn"], input=json.dumps(given))
            started[file] = run["executionArn"]
        for file, arn in started.items():
            ended = wait(client, arn)
            assert ended["status"] == "SUCCEEDED", (file, ended)
            _, _, read_out, expected = article.REPAIRED[file]
            assert read_out(json.loads(ended["output"])) == expected, file


def wait(client: Any, arn: str, seconds: float = 60) -> dict[str, Any]:
    until = time.monotonic() + seconds
    while True:
        described: dict[str, Any] = client.describe_execution(executionArn=arn)
        if described["status"] != "RUNNING" or time.monotonic() > until:
            return described
        time.sleep(0.1)
