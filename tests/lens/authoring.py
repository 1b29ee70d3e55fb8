"""Random state machines with much flow of data, their inputs, and what their tasks answer."""

from __future__ import annotations

import itertools
import random
from typing import Any, Final

FUNCTION: Final = "arn:aws:lambda:us-east-1:123456789012:function:f"
NAMES: Final = ("a", "b", "c", "list", "when")
TEXTS: Final = ("x", "5", "0.5", "2030-01-01T00:00:00Z", "", "a,b", "true", '{"a": 1}')
State = dict[str, Any]


def value(dice: random.Random, depth: int = 0) -> Any:
    """Any JSON value, small."""
    plain = ["text", "number", "plain"]
    kinds = [*plain, "number"] if depth > 2 else [*plain, "array", "object", "object"]
    kind = dice.choice(kinds)
    if kind == "text":
        return dice.choice(TEXTS)
    if kind == "number":
        return dice.choice((0, 1, 2, -1, 2.5, 10))
    if kind == "plain":
        return dice.choice((None, True, False))
    if kind == "array":
        return [value(dice, depth + 1) for _ in range(dice.randint(0, 3))]
    return record(dice, depth)


def record(dice: random.Random, depth: int = 0) -> dict[str, Any]:
    return {name: value(dice, depth + 1) for name in dice.sample(NAMES, dice.randint(1, len(NAMES)))}


def places(data: Any, path: str = "$") -> list[str]:
    """The paths of everything in a value."""
    found = [path]
    if isinstance(data, dict):
        for name, item in data.items():
            found += places(item, f"{path}.{name}")
    elif isinstance(data, list):
        for number, item in enumerate(data):
            found += places(item, f"{path}[{number}]")
    return found


class Author:
    """Writes one machine for inputs like `data`; `jsonata`: with states in JSONata, too."""

    def __init__(self, dice: random.Random, data: Any, *, jsonata: bool) -> None:
        self.dice = dice
        self.paths = places(data)
        self.jsonata = jsonata
        self.room = dice.randint(1, 9)
        self._numbers = itertools.count()

    def write(self) -> State:
        return self.block(0)

    def block(self, depth: int) -> State:
        states = []
        for _ in range(self.dice.randint(1, 4)):
            if self.room > 0:
                self.room -= 1
                states.append(self.state(depth))
        states.append({"Type": "Fail", "Error": "E"} if self.dice.random() < 0.05 else {"Type": "Succeed"})
        names = [f"S{next(self._numbers)}" for _ in states]
        for number, state in enumerate(states):
            self._connect(state, names, number)
        return {"StartAt": names[0], "States": dict(zip(names, states, strict=True))}

    def _connect(self, state: State, names: list[str], number: int) -> None:
        """Forward, so that every machine comes to an end; now and then over a state."""
        later = names[number + 1:]
        for catcher in state.get("Catch", ()):
            catcher["Next"] = self.dice.choice(later)
        if state["Type"] == "Choice":
            for rule in state["Choices"]:
                rule["Next"] = self.dice.choice(later)
            if self.dice.random() < 0.9:
                state["Default"] = self.dice.choice(later)
        elif state["Type"] not in ("Succeed", "Fail"):
            state["Next"] = self.dice.choice(later) if self.dice.random() < 0.2 else later[0]

    def state(self, depth: int) -> State:
        kinds = [self._pass, self._pass, self._choice, self._choice, self._task, self._task, self._wait]
        if depth < 2 and self.room > 0:
            kinds += [self._map, self._map, self._parallel]
        kind = self.dice.choice(kinds)
        if self.jsonata and self.dice.random() < 0.5:
            return JSONATA[kind.__name__](self, depth)
        return self._framed(kind(depth))

    # ---- JSONPath --------------------------------------------------------------------------------

    def path(self) -> str:
        text = self.dice.choice(self.paths)
        if self.dice.random() < 0.1:
            text += self.dice.choice((".a", ".list", "[0]", "[-1]", ".list[*]", "[*].a", "..a", "[0:1]", "['a','b']",
                                      "[?(@.a)]", ".b.c"))
        return text

    def reference(self) -> str:
        return self.dice.choice((*(f"$.{name}" for name in NAMES), "$.result", "$.deep.result", "$", "$.list[0]"))

    def _framed(self, state: State) -> State:
        """Now and then with InputPath and OutputPath."""
        dice = self.dice
        if state["Type"] not in ("Fail",):
            if dice.random() < 0.1:
                state["InputPath"] = dice.choice((self.path(), self.path(), None))
            if dice.random() < 0.1:
                state["OutputPath"] = dice.choice((self.path(), self.path(), "$", None))
        if state["Type"] not in ("Succeed", "Fail", "Choice") and dice.random() < 0.25:
            state["Assign"] = {dice.choice(("v.$", "w.$")): dice.choice(("$", self.path(), "$v"))}
        return state

    def template(self) -> Any:
        fields: State = {}
        for name in self.dice.sample(NAMES, self.dice.randint(1, 3)):
            fields |= {f"{name}.$": self.dynamic()} if self.dice.random() < 0.7 else {name: value(self.dice, 2)}
        return fields

    def dynamic(self) -> str:
        dice = self.dice
        if dice.random() < 0.6:
            return dice.choice((self.path(), self.path(), self.path(), "$v", "$w", "$$.Execution.Input",
                                "$$.State.Name"))
        one, other = self.path(), self.path()
        return dice.choice((
            f"States.Format('a{{}}b', {one})", f"States.StringToJson({one})", f"States.JsonToString({one})",
            f"States.Array({one}, {other})", f"States.ArrayLength({one})", f"States.ArrayGetItem({one}, 0)",
            f"States.ArrayContains({one}, 1)", f"States.ArrayUnique({one})", f"States.ArrayPartition({one}, 2)",
            f"States.MathAdd({one}, 1)", f"States.StringSplit({one}, ',')", f"States.JsonMerge({one}, {other}, false)",
            f"States.Base64Encode({one})", f"States.Hash({one}, 'MD5')", "States.UUID()", "States.ArrayRange(0, 4, 2)",
            f"States.MathRandom(0, {one})"))

    def _pass(self, depth: int) -> State:
        state: State = {"Type": "Pass"}
        kind = self.dice.random()
        if kind < 0.3:
            state["Result"] = value(self.dice, 1)
        elif kind < 0.8:
            state["Parameters"] = self.template()
        if self.dice.random() < 0.7:
            state["ResultPath"] = self.dice.choice((self.reference(), self.reference(), None))
        return state

    def _wait(self, depth: int) -> State:
        return self.dice.choice(({"Type": "Wait", "Seconds": 1}, {"Type": "Wait", "SecondsPath": self.path()},
                                 {"Type": "Wait", "TimestampPath": self.path()}))

    def _choice(self, depth: int) -> State:
        return {"Type": "Choice", "Choices": [self.rule(0) for _ in range(self.dice.randint(1, 3))]}

    def rule(self, depth: int) -> State:
        dice = self.dice
        if depth < 2 and dice.random() < 0.3:
            kind = dice.choice(("And", "Or", "Not"))
            if kind == "Not":
                return {"Not": self.rule(depth + 1)}
            return {kind: [self.rule(depth + 1) for _ in range(dice.randint(1, 3))]}
        operator, operand = dice.choice((
            ("IsPresent", dice.choice((True, False))), ("IsPresent", True), ("IsNull", True), ("IsNumeric", True),
            ("IsString", dice.choice((True, False))), ("IsBoolean", True), ("IsTimestamp", dice.choice((True, False))),
            ("StringEquals", dice.choice(TEXTS)), ("StringLessThan", "m"), ("StringMatches", "*5*"),
            ("NumericEquals", 1), ("NumericGreaterThan", 0), ("BooleanEquals", True),
            ("TimestampLessThan", "2031-01-01T00:00:00Z"), ("StringEqualsPath", self.path()),
            ("NumericLessThanPath", self.path())))
        return {"Variable": dice.choice((self.path(), self.path(), self.path(), "$v")), operator: operand}

    def _handled(self, state: State) -> State:
        if self.dice.random() < 0.4:
            catcher: State = {"ErrorEquals": ["States.ALL"]}
            if self.dice.random() < 0.6:
                catcher["ResultPath"] = self.dice.choice((self.reference(), None))
            state["Catch"] = [catcher]
        if self.dice.random() < 0.6:
            state["ResultPath"] = self.dice.choice((self.reference(), self.reference(), None))
        if self.dice.random() < 0.2:
            state["ResultSelector"] = {"got.$": self.dice.choice(("$", "$.a", "$[0]"))}
        return state

    def _task(self, depth: int) -> State:
        state: State = {"Type": "Task", "Resource": FUNCTION}
        if self.dice.random() < 0.5:
            state["Parameters"] = self.template()
        return self._handled(state)

    def _parallel(self, depth: int) -> State:
        state: State = {"Type": "Parallel", "Branches": [self.block(depth + 1) for _ in range(self.dice.randint(1, 2))]}
        return self._handled(state)

    def _map(self, depth: int) -> State:
        lists = [path for path in self.paths if path.endswith("list")] or self.paths
        state: State = {"Type": "Map", "ItemProcessor": self.block(depth + 1), "ItemsPath": self.dice.choice(lists)}
        if self.dice.random() < 0.4:
            state["ItemSelector"] = {"a.$": "$$.Map.Item.Value", "n.$": "$$.Map.Item.Index", **self.template()}
        if self.dice.random() < 0.15:
            state["ItemProcessor"]["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
            state["ToleratedFailurePercentage"] = 100
        return self._handled(state)

    # ---- JSONata ---------------------------------------------------------------------------------

    def marked(self) -> str:
        return "{% " + self.expression(0) + " %}"

    def expression(self, depth: int) -> str:
        dice = self.dice
        if depth > 2 or dice.random() < 0.4:
            return dice.choice((f"$states.input{dice.choice(self.paths)[1:]}", "$states.input.a.b",
                                "$states.input.list.a", "$states.context.Execution.Input", "$v", "1", "'x'", "null",
                                "[1,2]", "$states.input"))
        one, other = self.expression(depth + 1), self.expression(depth + 1)
        return dice.choice((
            f"[{one}, {other}]", f"{{'a': {one}, 'b': {other}}}", f"({one} ? {other} : null)", f"({one} = {other})",
            f"$string({one})", f"$count({one})", f"$append({one}, {other})", f"$exists({one})", f"$type({one})",
            f"({one} & 'z')", f"({one} and {other})", f"($q := {one}; [$q, {other}])",
            f"$merge([{{'m': {one}}}, {{'n': 1}}])", "$states.input.list[0]",
            "$states.input.list[a = 1]", f"$reverse([{one}])", f"$keys({one})",
            f"$boolean({one})", f"({one} in [{other}])", f"$not({one})"))

    def _in_jsonata(self, state: State) -> State:
        state["QueryLanguage"] = "JSONata"
        if self.dice.random() < 0.6:
            state["Output"] = {"a": self.marked(), "list": self.marked()} if self.dice.random() < 0.7 else self.marked()
        if state["Type"] != "Choice" and self.dice.random() < 0.25:
            state["Assign"] = {self.dice.choice(("v", "w")): self.marked()}
        return state

    def jsonata_pass(self, depth: int) -> State:
        return self._in_jsonata({"Type": "Pass"})

    def jsonata_wait(self, depth: int) -> State:
        return self._in_jsonata({"Type": "Wait", "Seconds": self.dice.choice((1, self.marked()))})

    def jsonata_choice(self, depth: int) -> State:
        rules: list[State] = [{"Condition": "{% $boolean(" + self.expression(1) + ") %}"}, {"Condition": self.marked()}]
        return self._in_jsonata({"Type": "Choice", "Choices": rules[:self.dice.randint(1, 2)]})

    def jsonata_task(self, depth: int) -> State:
        state: State = {"Type": "Task", "Resource": FUNCTION, "Arguments": {"a": self.marked()}}
        if self.dice.random() < 0.4:
            state["Catch"] = [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput %}"}]
        state = self._in_jsonata(state)
        if self.dice.random() < 0.3:
            state["Output"] = {"a": "{% $states.result %}", "b": "{% $states.result.a %}"}
        return state

    def jsonata_parallel(self, depth: int) -> State:
        return self._in_jsonata({"Type": "Parallel", "Branches": [self.block(depth + 1)]})

    def jsonata_map(self, depth: int) -> State:
        state: State = {"Type": "Map", "ItemProcessor": self.block(depth + 1),
                        "Items": self.dice.choice(("{% [$states.input.list] %}", "{% [1,2] %}", self.marked()))}
        if self.dice.random() < 0.4:
            state["ItemSelector"] = {"a": "{% $states.context.Map.Item.Value %}", "b": self.marked()}
        return self._in_jsonata(state)


JSONATA: Final = {
    "_pass": Author.jsonata_pass, "_wait": Author.jsonata_wait, "_choice": Author.jsonata_choice,
    "_task": Author.jsonata_task, "_parallel": Author.jsonata_parallel, "_map": Author.jsonata_map,
}
