"""REST: one state tested alone, as the operation TestState does, with what the data was at every stage."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from designer.errors import ActionError
from designer.rest.door import Door
from designer.settings import CONFIG
from executions.actions import gateway
from executions.actions.test_state import Question, test_state
from executions.engine.test_state import Trial

LONGEST: Final = 60.0  # seconds that a page waits for a state, and holds a thread


class TrialRequest(serializers.Serializer[Any]):
    """`mock` stands for what the state would do: `{"result": "<JSON text>"}` or `{"errorOutput": {error, cause}}`."""

    definition = serializers.CharField(trim_whitespace=False, help_text="A definition, or that of a single state.")
    state = serializers.CharField(required=False, allow_null=True, default=None, trim_whitespace=False)
    input = serializers.CharField(required=False, default="{}", trim_whitespace=False)
    variables = serializers.CharField(required=False, allow_null=True, default=None, trim_whitespace=False)
    mock = serializers.DictField(required=False, allow_null=True, default=None)


class TrialAnswer(serializers.Serializer[Any]):
    """`stages` holds JSON texts by the names of AWS's inspectionData, in the order in which the data went through."""

    status = serializers.CharField(help_text="SUCCEEDED, FAILED, CAUGHT_ERROR or RETRIABLE")
    output = serializers.CharField(allow_null=True)
    error = serializers.CharField(allow_null=True)
    cause = serializers.CharField(allow_null=True)
    next = serializers.CharField(allow_null=True)
    variables = serializers.CharField(allow_null=True)
    stages = serializers.DictField()


class TestState(Door):
    @extend_schema(request=TrialRequest, responses=TrialAnswer)
    def post(self, request: Request) -> Response:
        """Test one state; without a mock, functions and other integrations are really called."""
        body = TrialRequest(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        role = None if asked["mock"] else f"arn:aws:iam::{CONFIG.account}:role/designer"
        question = Question(
            definition=asked["definition"], state=asked["state"], input=asked["input"], variables=asked["variables"],
            role_arn=role, mock=_mock(asked["mock"]))
        try:
            trial = gateway.from_thread(test_state(self.actor, question), LONGEST)
        except TimeoutError:
            raise ActionError("TestTimedOut", f"The state did not end within {LONGEST:.0f} seconds. Give its result "
                              "as a mock, or set a shorter time in the state.") from None
        return Response(_answer(trial))


def _mock(given: dict[str, Any] | None) -> dict[str, Any] | None:
    """The mock with members of the right kind; a result is not held against the called service's model here."""
    if not given:
        return None
    result, error = given.get("result"), given.get("errorOutput")
    if "result" in given and not isinstance(result, str):
        raise ActionError("ValidationException", "mock.result must be JSON text.")
    if "errorOutput" in given and not isinstance(error, dict):
        raise ActionError("ValidationException", "mock.errorOutput must be an object with error and cause.")
    return {**given, "fieldValidationMode": "NONE"}


def _answer(trial: Trial) -> dict[str, Any]:
    found = trial.found
    variables = trial.texts.of(found.variables) if found.variables else None
    return {"status": found.status, "output": found.output, "error": found.error, "cause": found.cause,
            "next": found.next, "variables": variables, "stages": trial.texts_of_stages()}
