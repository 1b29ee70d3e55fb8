"""The task `arn:aws:states:::approval:request`: a person answers its token.

Begun and submitted at once; the decision comes as a signal (executions/approvals/decide.py), and the
store closes the approval in the commit that ends the waiting.
"""

from __future__ import annotations

from django.db import DataError

from executions.approvals.request_approval import NoSuchApproverError, request_approval
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
            public_id = await in_thread(
                request_approval, task.token or "", title=wanted.title, message=wanted.message, data=wanted.data,
                form=wanted.form, users=wanted.users, groups=wanted.groups)
        except NoSuchApproverError as error:
            raise _refusal(request, f'The field "approvers.{error.field}" names "{error.name}", who does not exist '
                                    "or is not active") from None
        except DataError:
            raise _refusal(request, "The text has characters that cannot be stored") from None
        if public_id is None:
            return  # the task has ended meanwhile
        if not task.begun:
            send(Began(task.ask))
        send(Submitted(task.ask, {"ApprovalId": public_id}))


def _refusal(request: TaskRequest, problem: str) -> TaskError:
    payload = request.task.payload
    return Parameters(payload, tuple(payload)).refusal(problem)
