"""Finding the integration of a resource, and what all folders have."""

from __future__ import annotations

from pathlib import Path

import pytest

from executions.integrations import registry
from executions.integrations.activity import task as activity
from executions.integrations.kinds import TaskError
from executions.store import in_thread
from tests.executions.integrations.conftest import request, resource
from tests.executions.making import activity as new_activity

FOLDER = Path(registry.__file__).parent


@pytest.mark.parametrize(("arn", "name"), [
    ("arn:aws:lambda:us-east-1:000000000000:function:在庫確認", "FunctionTask"),
    ("arn:aws:states:us-east-1:000000000000:activity:a", "ActivityTask"),
    ("arn:aws:states:::lambda:invoke", "InvokeTask"),
    ("arn:aws:states:::lambda:invoke.waitForTaskToken", "InvokeTask"),
    ("arn:aws:states:::states:startExecution", "ChildExecutionTask"),
    ("arn:aws:states:::states:startExecution.sync", "ChildExecutionTask"),
    ("arn:aws:states:::states:startExecution.sync:2", "ChildExecutionTask"),
    ("arn:aws:states:::states:startExecution.waitForTaskToken", "ChildExecutionTask"),
    ("arn:aws:states:::approval:request", "ApprovalTask"),
])
def test_known_resources(arn: str, name: str) -> None:
    assert type(registry.find(resource(arn))).__name__ == name


@pytest.mark.parametrize("arn", [
    "arn:aws:states:::nothing:here", "arn:aws:states:::lambda:invoke.sync", "arn:aws:states:::approval:ask",
])
def test_an_unknown_resource_tells_what_there_is(arn: str) -> None:
    with pytest.raises(TaskError) as caught:
        registry.find(resource(arn))
    cause = caught.value.cause or ""
    assert caught.value.error == "States.Runtime"
    assert f"The resource '{arn}' is not available in this installation." in cause
    for known in registry.available():
        assert known in cause


def test_every_kind_has_its_readme_with_its_resources() -> None:
    folders = [path.parent for path in FOLDER.glob("*/task.py")]
    assert len(folders) >= 4
    texts = [(folder / "README.md").read_text() for folder in folders]
    for arn in registry.available():
        documented = arn.replace(":function:NAME", ":function:NAME[:QUALIFIER]")
        assert any(f"`{name}`" in text for text in texts for name in (arn, documented)), arn


async def test_an_activity_that_does_not_exist(threads: None, sent) -> None:
    arn = "arn:aws:states:us-east-1:000000000000:activity:deleted"
    with pytest.raises(TaskError) as caught:
        await activity.ActivityTask().run(request(arn, {}), sent)
    assert (caught.value.error, caught.value.cause) == ("States.Runtime", f"The activity {arn} does not exist.")


async def test_an_activity_is_left_to_the_worker(threads: None, sent) -> None:
    arn = await in_thread(new_activity)
    await activity.ActivityTask().run(request(arn, {}), sent)
    assert sent.signals == []
