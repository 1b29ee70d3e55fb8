"""One random machine run by the engine and looked at by the lens: whatever was there is a member of its shape."""

from __future__ import annotations

import json
import random
from typing import Any

from designer.asl.compiler import compile_definition
from designer.asl.problems import ERROR, DefinitionError
from designer.lens.lattice import join, loosen
from designer.lens.lens import Look, look, nobody_knows
from designer.lens.shapes import UNKNOWN, Shape, exactly, is_member
from designer.lens.visits import Call, Known, Results
from executions.engine.effects import StartTask
from executions.engine.memory import Memory, Script, new_run, refuses, replies
from tests.engine.stories import details
from tests.lens.authoring import Author, record, value


class Story:
    """Everything of one seed: a machine, an input, what its tasks answer, and what the lens is told of them."""

    def __init__(self, seed: int) -> None:
        dice = random.Random(seed)
        self.given = record(dice)
        self.machine = Author(dice, self.given, jsonata=dice.random() < 0.5).write()
        self.answers = [value(dice) for _ in range(3)]
        self.fails = dice.random() < 0.3
        self.shape = self._shape(dice)
        self.results = self._results(dice)
        self._asked = 0

    def _shape(self, dice: random.Random) -> Shape:
        """A shape that the input is a member of."""
        exact = exactly(self.given)
        return dice.choice((exact, exact, loosen(exact), join(exact, exactly(record(dice))),
                            join(loosen(exact), loosen(exactly(record(dice)))), UNKNOWN))

    def _results(self, dice: random.Random) -> Results:
        shape = UNKNOWN
        if dice.random() < 0.5:
            shape = join(join(exactly(self.answers[0]), exactly(self.answers[1])), exactly(self.answers[2]))
            shape = loosen(shape) if dice.random() < 0.5 else shape
        return nobody_knows if shape.unknown else lambda call: _known(call, shape)

    def answer(self, task: StartTask) -> Script:
        self._asked += 1
        if self.fails and self._asked % 3 == 0:
            return refuses(task, "E1", "cause")
        return replies(task, self.answers[self._asked % 3])

    def run(self) -> Memory:
        return Memory(compile_definition(self.machine), new_run(json.dumps(self.given)), self.answer).run()


def _known(call: Call, shape: Shape) -> Known:
    return Known(shape, "test")


def faults(seed: int) -> tuple[list[str], str]:
    """What the lens says wrongly, and the status of the execution ("" where the machine has errors of form)."""
    story = Story(seed)
    try:
        execution = story.run()
    except DefinitionError:
        return [], ""
    found = look(story.machine, story.shape, story.results)
    wrong = list(_strangers(execution, found))
    if execution.status == "SUCCEEDED":
        wrong += [f"succeeded, but: {problem.code} {problem.pointer} {problem.message}" for problem in found.problems
                  if problem.severity == ERROR and _was_there(problem.pointer, story.machine, execution)]
        if not is_member(json.loads(str(execution.output)), found.output):
            wrong.append(f"the output {execution.output} is no member of {found.output}")
    return wrong, execution.status


def _was_there(pointer: str, machine: dict[str, Any], execution: Memory) -> bool:
    """Whether the state that a problem is in did all its work (the innermost one: others only hold it).

    Not where its errors are caught, and not in a distributed Map, whose children may fail.
    """
    steps = pointer.split("/")
    state: Any = machine
    name, is_caught, is_tolerated = "", False, False
    for number, step in enumerate(steps[1:], 1):
        state = state[int(step)] if isinstance(state, list) else state[step]
        if steps[number - 1] == "States":
            name, is_caught = step, "Catch" in state
        is_tolerated = is_tolerated or (isinstance(state, dict) and "ProcessorConfig" in state)
    left = {details(event)["name"] for event in execution.events if event["type"].endswith("StateExited")}
    return name in left and not is_tolerated and not is_caught


def _strangers(execution: Memory, found: Look) -> list[str]:
    """States that were entered or left with what the lens did not expect."""
    names = {pointer.rsplit("/", 1)[-1]: seen for pointer, seen in found.states.items()}
    wrong = []
    for event in execution.events:
        told = details(event)
        name = told.get("name")
        if event["type"].endswith("StateEntered"):
            wrong += _entered(name, told, names)
        elif event["type"].endswith("StateExited"):
            wrong += _left(name, told, names)
    return wrong


def _entered(name: str, told: dict[str, Any], names: dict[str, Any]) -> list[str]:
    seen = names.get(name)
    if seen is None or seen.is_ghost:
        return [f"{name} was entered, but the lens does not come there"]
    if not is_member(json.loads(told["input"]), seen.before):
        return [f"{name} got {told['input']}, no member of {seen.before}"]
    return []


def _left(name: str, told: dict[str, Any], names: dict[str, Any]) -> list[str]:
    ways = [way for way in names[name].ways if not way.is_ghost]
    output = json.loads(told["output"])
    if not any(is_member(output, way.data) for way in ways):
        return [f"{name} gave {told['output']}, no member of {[way.data for way in ways]}"]
    for variable, text in told.get("assignedVariables", {}).items():
        shapes = [way.variables[variable].shape for way in ways if variable in way.variables]
        if not any(is_member(json.loads(text), shape) for shape in shapes):
            return [f"{name} assigned {variable} = {text}, no member of {shapes}"]
    return []
