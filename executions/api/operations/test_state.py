"""TestState."""

from __future__ import annotations

from typing import Any

from designer.permissions import Actor
from executions.actions.test_state import Question
from executions.actions.test_state import test_state as run
from executions.engine.test_state import Trial

Request = dict[str, Any]


async def test_state(actor: Actor, request: Request) -> Request:
    """What the state came to, with a look at its stages from the level DEBUG on."""
    trial = await run(actor, Question(
        definition=request["definition"], state=request.get("stateName"), input=request.get("input"),
        role_arn=request.get("roleArn"), variables=request.get("variables"), context=request.get("context"),
        mock=request.get("mock"), configuration=request.get("stateConfiguration", {}),
        reveal_secrets=request.get("revealSecrets", False)))
    found = trial.found
    optional = {"output": found.output, "error": found.error, "cause": found.cause, "nextState": found.next}
    answer: Request = {"status": found.status}
    answer |= {name: value for name, value in optional.items() if value is not None}
    if request.get("inspectionLevel", "INFO") != "INFO":
        answer["inspectionData"] = _inspection(trial)
    return answer


def _inspection(trial: Trial) -> Request:
    seen = trial.texts_of_stages()
    if trial.found.variables:
        seen["variables"] = trial.texts.of(trial.found.variables)
    if trial.found.handlers:
        seen["errorDetails"] = trial.found.handlers
    return seen
