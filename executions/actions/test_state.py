"""Test one state without creating anything (api.md section 8)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from designer.actions.check_definition import invalid_definition
from designer.asl.checker import check, errors
from designer.asl.compiler import compile_definition
from designer.asl.jsontext import loads
from designer.asl.model import Machine, Map, Parallel, State, Task, Work
from designer.asl.problems import DefinitionError
from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from designer.settings import CONFIG
from executions.actions import gateway
from executions.actions.mocked_results import STRICT, check_result
from executions.actions.payloads import parse
from executions.actions.start_execution import check_input
from executions.engine.run import Run
from executions.engine.test_state import Mock, Trial
from executions.engine.test_state.trial import state_named
from executions.store import in_thread, new_id

ALONE: Final = "StateName"  # what a state is called that comes without a machine
UNSUPPORTED: Final = (
    "TestState API does not support Map or Parallel states."
    " Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to test.  `mock` and `configuration` have the members of AWS's MockInput and TestStateConfiguration."""

    definition: str
    state: str | None = None
    input: str | None = None
    role_arn: str | None = None
    variables: str | None = None
    context: str | None = None
    mock: Mapping[str, Any] | None = None
    configuration: Mapping[str, Any] = field(default_factory=dict)
    reveal_secrets: bool = False


async def test_state(actor: Actor, question: Question) -> Trial:
    """Run the state; the trial has what it came to.

    InvalidDefinition, InvalidExecutionInput, ValidationException.  Functions and other integrations are really
    called, unless there is a mock.
    """
    require(actor, Permission.DESIGN)
    trial = await in_thread(prepare, question)
    await gateway.engine().test_state(trial)
    if trial.found.iterations is not None and trial.failures > trial.found.iterations:
        raise _refused("Map iteration failure count must be less than or equal to the number of Map iterations")
    return trial


def prepare(question: Question) -> Trial:
    """The trial of a question that can be answered."""
    _check_mock(question)
    machine, name = _compiled(question)
    try:
        state = state_named(machine, name)
    except KeyError:
        raise _refused("State not found in definition") from None
    _check_type(question, state)
    text = check_input(question.input)
    configuration = question.configuration
    caused_by = configuration.get("errorCausedByState")
    if caused_by is not None and not any(caused_by in block.states for block in machine.blocks.values()):
        raise _refused("State not found in definition")
    return Trial(
        machine, name, _run(text, question.role_arn or ""), mock=_mock(question, state), context=_context(question),
        variables=_object("variables", question.variables), retries=configuration.get("retrierRetryCount", 0),
        failures=configuration.get("mapIterationFailureCount", 0), items=_items(configuration))


def _check_mock(question: Question) -> None:
    mock = question.mock
    if mock is not None and ("result" in mock) == ("errorOutput" in mock):
        raise _refused("A test mock should have only one of the following fields: [result, errorOutput].")
    if mock is not None and question.reveal_secrets:
        raise _refused("TestState does not support RevealSecrets when a mock is specified.")
    if mock is None:
        given = [name[0].upper() + name[1:] for name in question.configuration]
        given += ["Context"] if question.context is not None else []
        for name in given:
            raise _refused(f"TestState does not support {name} when a mock is not specified.")


def _compiled(question: Question) -> tuple[Machine, str]:
    """The machine, or that of the single state; InvalidDefinition."""
    definition: Any = question.definition
    name = question.state
    if name is None:
        name, definition = ALONE, _around(definition)
    elif not _is_machine(definition):
        raise _refused("State not found in definition")
    problems = errors(check(definition))
    if problems:
        raise invalid_definition(problems)
    try:
        return compile_definition(loads(definition) if isinstance(definition, str) else definition), name
    except DefinitionError as error:
        raise invalid_definition(error.problems) from None


def _is_machine(text: str) -> bool:
    """Whether it is worth looking for a state in it; what is no JSON is told by the checker."""
    value, problem = parse(text)
    return problem is not None or not isinstance(value, dict) or "States" in value or "Type" not in value


def _around(text: str) -> Any:
    """A machine around a single state, in which everything it goes to exists; text that is no object stays."""
    state, problem = parse(text)
    if problem is not None or not isinstance(state, dict):
        return text
    clauses = [state]
    for several in ("Choices", "Catch"):
        clauses += [clause for clause in _list(state.get(several)) if isinstance(clause, dict)]
    targets = [clause.get(field) for clause in clauses for field in ("Next", "Default")]
    ends = {target: {"Type": "Succeed"} for target in targets if isinstance(target, str) and target != ALONE}
    return {"StartAt": ALONE, "States": {ALONE: state, **ends}}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _check_type(question: Question, state: State) -> None:
    """Is it a state that can be tested in this way?"""
    if question.mock is not None:
        if not isinstance(state, Work):
            raise _refused(f"State type '{state.type}' is not supported when a mock is specified")
        return
    if isinstance(state, Map | Parallel):
        raise ActionError("InvalidDefinition", UNSUPPORTED)
    if not isinstance(state, Task):
        return
    resource = state.resource
    if resource.kind == "activity" or resource.is_job or resource.waits_for_token:
        raise ActionError(
            "InvalidDefinition", "TestState API supports activities, callbacks and the .sync and .waitForTaskToken"
            f" service integration patterns only when a mock is specified: {resource.arn}")
    if question.role_arn is None:
        raise _refused("RoleArn must be specified when testing a Task state")


def _mock(question: Question, state: State) -> Mock | None:
    given = question.mock
    if given is None:
        return None
    error = given.get("errorOutput")
    if error is not None:
        return Mock(error=error.get("error"), cause=error.get("cause"))
    text = given["result"]
    value, problem = parse(text)
    if problem is not None:
        raise _refused(f"Mocked result must be valid JSON: {problem}")
    _check_result(state, value, given.get("fieldValidationMode", STRICT))
    return Mock(value, text)


def _check_result(state: State, value: Any, mode: str) -> None:
    if isinstance(state, Task):
        check_result(state.resource, value, mode)
    elif isinstance(state, Map) and state.distributed is not None and state.distributed.result_writer is not None:
        if not isinstance(value, dict):
            raise _refused("Mocked result must be a JSON object.")
    elif not isinstance(value, list):
        raise _refused("Mocked result must be an array.")
    elif isinstance(state, Parallel) and len(value) != len(state.branches):
        raise _refused("Mocked result must contain the same number of items as number of Parallel branches.")


def _context(question: Question) -> Any:
    if question.context is None:
        return None
    value, problem = parse(question.context)
    if problem is not None:
        raise _refused(f"Invalid Context object provided: {problem}")
    if not isinstance(value, dict):
        raise _refused("Invalid Context object provided: it must be a JSON object.")
    known = {"Execution": dict, "State": dict, "StateMachine": dict, "Task": dict}
    for name, part in value.items():
        if name not in known or not isinstance(part, known[name]):
            raise _refused(f"Invalid Context object provided: the field '{name}' is not supported.")
    return value


def _items(configuration: Mapping[str, Any]) -> Any:
    text = configuration.get("mapItemReaderData")
    if text is None:
        return []
    value, problem = parse(text)
    return value if problem is None else text.splitlines()


def _object(name: str, text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    value, problem = parse(text)
    if problem is not None or not isinstance(value, dict):
        raise _refused(f"The value of {name} must be a JSON object: {problem or 'it is none'}")
    return value


def _run(text: str, role_arn: str) -> Run:
    """An Express run that nobody has started."""
    machine, name = str(uuid.uuid4()), str(uuid.uuid4())
    own = f"arn:aws:states:{CONFIG.region}:{CONFIG.account}"
    return Run(
        id=new_id(), arn=f"{own}:express:{machine}:{name}", name=name, machine_arn=f"{own}:stateMachine:{machine}",
        machine_name=machine, role_arn=role_arn, input=text, started_at=0, seed=uuid.uuid4().hex, kind="EXPRESS")


def _refused(message: str) -> ActionError:
    return ActionError("ValidationException", message)
