"""Refusals in the reader's words.

The message of an action is written for programs too: in English, and in AWS's words where AWS has some.  Who reads
another language gets a sentence for the code, and the message behind it.
"""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import get_language, gettext, gettext_lazy

from designer.errors import ActionError

SENTENCES: Final[dict[str, Any]] = {
    "AccessDeniedException": gettext_lazy("Your role does not allow this."),
    "AccessKeyDoesNotExist": gettext_lazy("There is no such access key."),
    "ConflictException": gettext_lazy(
        "Somebody else changed this in the meantime. Open it again and make the change there."),
    "DraftTooLarge": gettext_lazy("The draft is too large. Split the state machine."),
    "EventDoesNotExist": gettext_lazy("There is no such event."),
    "ExecutionAlreadyExists": gettext_lazy(
        "There is an execution of this name already, with another input. Choose another name."),
    "ExecutionDoesNotExist": gettext_lazy("There is no such execution, or it has ended already."),
    "ExecutionLimitExceeded": gettext_lazy("As many executions run as may run at once. Try again later."),
    "InternalFailure": gettext_lazy("The server failed to do this. Its log says why."),
    "InvalidDefinition": gettext_lazy("The definition has problems that keep it from running."),
    "InvalidExecutionInput": gettext_lazy("The input is no JSON, or too large."),
    "InvalidName": gettext_lazy("This name is not allowed."),
    "InvalidOutput": gettext_lazy("The output is no JSON, or too large."),
    "LayoutUnavailable": gettext_lazy("The graph cannot be drawn at the moment."),
    "RevisionDoesNotExist": gettext_lazy("There is no such revision."),
    "ShapeDoesNotExist": gettext_lazy("Nothing is known here of this result."),
    "SampleDoesNotExist": gettext_lazy("There is no such sample."),
    "ServiceUnavailable": gettext_lazy("The server cannot do this at the moment. Try again later."),
    "StateMachineAlreadyExists": gettext_lazy("There is a state machine of this name already."),
    "StateMachineDeleting": gettext_lazy("The state machine is being deleted."),
    "StateMachineDoesNotExist": gettext_lazy("There is no such state machine."),
    "TaskDoesNotExist": gettext_lazy("There is no such task, or it no longer waits."),
    "TaskTimedOut": gettext_lazy("The task no longer waits for an answer."),
    "ThrottlingException": gettext_lazy("Too much was asked at once. Try again in a moment."),
}


def in_words(error: ActionError) -> str:
    """The message as the reader of the active language should see it."""
    sentence = SENTENCES.get(error.code)
    if sentence is None or (get_language() or "en").startswith("en"):
        return error.message
    return gettext("%(sentence)s (%(detail)s)") % {"sentence": sentence, "detail": error.message}
