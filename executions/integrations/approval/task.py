"""The task `arn:aws:states:::approval:request`: a person answers its token.

Begun and submitted at once; the decision comes as a signal (executions/approvals/decide.py), and the
store closes the approval in the commit that ends the waiting.
"""

from __future__ import annotations

from django.db import DataError

from executions.actions import gateway
from executions.approvals.request_approval import AskingError, request_approval
from executions.engine.signals import Began, Submitted
from executions.integrations.approval.schema import read
from executions.integrations.kinds import Send, TaskError, TaskRequest
from executions.integrations.parameters import Parameters
from executions.store import in_thread


class ApprovalTask:
    async def run(self, request: TaskRequest, send: Send) -> None:
        task = request.task
        if task.submitted:
            return  # the approval was made before the restart
        wanted = read(task.payload)
        try:
            asked = await in_thread(request_approval, task.token or "", wanted)
        except AskingError as error:
            raise _refusal(request, f'The field "{error.field}" {error.problem}') from None
        except DataError:
            raise _refusal(request, "The text has characters that cannot be stored") from None
        if asked is None:
            return  # the task has ended meanwhile
        if not task.begun:
            send(Began(task.ask))
        submitted = send(Submitted(task.ask, {"ApprovalId": asked.public_id}))
        if asked.ended:
            await submitted
            await gateway.engine().wake(request.execution)


def _refusal(request: TaskRequest, problem: str) -> TaskError:
    payload = request.task.payload
    return Parameters(payload, tuple(payload)).refusal(problem)
