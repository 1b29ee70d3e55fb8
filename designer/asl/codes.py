"""Every code of the checker, with what it means; AWS's own codes keep AWS's names (asl-language.md §22)."""

from __future__ import annotations

from typing import Final

# AWS's ValidateStateMachineDefinition has these.
OF_AWS: Final[dict[str, str]] = {
    "INVALID_JSON_DESCRIPTION": "The text is not JSON.",
    "SCHEMA_VALIDATION_FAILED": "A field is missing, unknown, of the wrong type, out of range, or excludes another.",
    "INVALID_RESOURCE": "The Resource of a Task is no known ARN or integration.",
    "MISSING_END_STATE": "A list of states has no state that ends it.",
    "DUPLICATE_STATE_NAME": "Two states have the same name.",
    "INVALID_STATE_NAME": "The name of a state is empty or longer than 80 characters.",
    "DUPLICATE_LABEL_NAME": "Two Map states have the same Label.",
    "INVALID_LABEL_NAME": "The Label of a Map state is empty, too long, or has a character that is refused.",
    "MISSING_TRANSITION_TARGET": "A transition names a state that is not there, or a state cannot be reached.",
    "TOO_DEEPLY_NESTED": "States, rules or values are nested too deeply.",
    "INVALID_JSONATA_EXPRESSION": "A JSONata expression cannot be parsed.",
    "UNSUPPORTED_JSONATA_EXPRESSION": "A JSONata expression uses what is not there in its field.",
    "NO_DOLLAR": "A value looks like a path or an intrinsic function, but its name does not end in '.$'.",
    "NO_PATH": "A value looks like a path, but the name of its field does not end in 'Path'.",
    "PASS_RESULT_IS_STATIC": "The Result of a Pass state holds what looks like a path.",
}
OURS: Final[dict[str, str]] = {
    "INVALID_YAML_DESCRIPTION": "The text is not YAML, or has what JSON cannot say.",
    "MISSING_PARAMETERS": "A task sends the state's input to a service as it is.",
    "NEVER_ENDING_LOOP": "States lead in a circle that nothing leaves.",
    "UNUSED_VARIABLE": "A variable is assigned and never read.",
    "UNDEFINED_VARIABLE": "A variable is read and never assigned.",
    "RETRIER_NEVER_MATCHES": "An entry of Retry, or one of its error names, never matches.",
    "CATCHER_NEVER_MATCHES": "An entry of Catch, or one of its error names, never matches.",
}
# The data lens finds these (designer/lens), for a given input or for any.
OF_LENS: Final[dict[str, str]] = {
    "PATH_NEVER_EXISTS": "A path leads nowhere in the data that comes to the state.",
    "PATH_SOMETIMES_MISSING": "A path leads nowhere on some of the ways to the state, or in some past executions.",
    "WRONG_TYPE": "A value is not of the kind that the state or the function needs.",
    "COMPARISON_NEVER_MATCHES": "A comparison never matches, since the value is of another kind.",
    "NO_CHOICE_MATCHES": "No rule of a Choice state matches the data, and there is no Default.",
    "VARIABLE_NOT_ASSIGNED": "A variable is not assigned on any way to the state.",
    "DATA_REPLACED": "A path reads what was there before the result of a state took the place of all data.",
    "DEPENDS_ON_RESULT": "Whether a path leads anywhere depends on the unknown result of the task before.",
    "EXECUTION_NOT_AWAITED": "A task starts an execution and does not wait for its end.",
}
CODES: Final = OF_AWS | OURS | OF_LENS
