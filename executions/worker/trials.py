"""Running a state under test: in memory, with the integrations of the installation or with a mock in their place."""

from __future__ import annotations

from designer.asl.model import Resource
from executions.engine.signals import Began, Replied, Submitted
from executions.engine.test_state import Mock, Trial
from executions.integrations.kinds import Integration, Send, TaskError, TaskRequest
from executions.worker.clock import Clock
from executions.worker.tasks import Find
from executions.worker.volatile import Volatile


async def run_trial(trial: Trial, find: Find, clock: Clock) -> None:
    """Run the state until it is left, has failed or would be tried again; at most five minutes."""
    mock = trial.mock

    def of_mock(resource: Resource) -> Integration | None:
        return find(resource) if mock is None else MockedTask(mock)

    trial.run.started_at = clock.now()
    trial.conclude(await Volatile(trial.machine, trial.run, of_mock, clock, trial.advance).run())


class MockedTask:
    """Answers as the mock says, whatever the task is."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock

    async def run(self, request: TaskRequest, send: Send) -> None:
        ask, resource, mock = request.task.ask, request.task.resource, self._mock
        send(Began(ask))
        if mock.fails:
            raise TaskError(mock.error, mock.cause)
        if resource.is_job or resource.waits_for_token:
            send(Submitted(ask, mock.value))
        send(Replied(ask, mock.value))
