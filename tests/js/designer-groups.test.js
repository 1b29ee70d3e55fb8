// Wrapping, extracting, copying, pasting and moving, each with its inverse.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as edits from "../../static/js/model/edits.js";
import { callMachine, fragmentOf, GroupingError, machineOf, outermost, wrapIn } from "../../static/js/model/grouping.js";
import { copied, fragmentFrom, insertFragment, withFreeNames } from "../../static/js/model/pasting.js";
import { allStates, references } from "../../static/js/model/states.js";

const machine = () => ({
  StartAt: "A",
  States: {
    A: { Type: "Pass", Next: "B" },
    B: { Type: "Task", Resource: "r", Catch: [{ ErrorEquals: ["States.ALL"], Next: "F" }], Next: "C" },
    C: { Type: "Choice", Choices: [{ Variable: "$.x", IsPresent: true, Next: "D" }], Default: "E" },
    D: { Type: "Wait", Seconds: 1, Next: "E" },
    E: { Type: "Map", ItemProcessor: { StartAt: "I", States: { I: { Type: "Pass", End: true } } }, End: true },
    F: { Type: "Fail" },
  },
});

function run(definition, edit) {
  const before = JSON.stringify(definition);
  const { definition: after, inverse } = edit(definition);
  assert.equal(JSON.stringify(definition), before, "an edit must not change what it was given");
  const back = inverse(after);
  assert.equal(JSON.stringify(back.definition), before, "the inverse gives back the definition");
  assert.equal(JSON.stringify(back.inverse(back.definition).definition), JSON.stringify(after), "undoing the undo gives the edit");
  return after;
}

test("a group goes into a Parallel; what is caught outside is caught by it", () => {
  const after = run(machine(), wrapIn("Parallel", ["C", "B", "D"], "P"));
  assert.deepEqual(Object.keys(after.States), ["A", "P", "E", "F"]);
  assert.equal(after.States.A.Next, "P");
  assert.deepEqual(after.States.P.Catch, [{ ErrorEquals: ["States.ALL"], Next: "F" }]);
  assert.equal(after.States.P.Next, "E");
  const [branch] = after.States.P.Branches;
  assert.deepEqual([branch.StartAt, Object.keys(branch.States)], ["B", ["B", "C", "D", "Done"]]);
  assert.deepEqual([branch.States.C.Default, branch.States.D, "Catch" in branch.States.B], ["Done", { Type: "Wait", Seconds: 1, End: true }, false]);
});

test("a group goes into a Map, at the start and inside another", () => {
  const first = run(machine(), wrapIn("Map", ["A"], "M"));
  assert.deepEqual([first.StartAt, first.States.M.Next, first.States.M.ItemProcessor.States.A], ["M", "B", { Type: "Pass", End: true }]);
  const inner = run(machine(), wrapIn("Map", ["I"], "M", { jsonata: true })).States.E.ItemProcessor;
  assert.deepEqual([inner.StartAt, inner.States.M.End, inner.States.M.Items], ["M", true, "{% $states.input.items %}"]);
});

test("a loop into the group leads to the container", () => {
  const definition = machine();
  definition.States.E = { Type: "Choice", Choices: [{ Variable: "$.again", IsPresent: true, Next: "B" }], Default: "F" };
  assert.equal(run(definition, wrapIn("Parallel", ["B", "C", "D"], "P")).States.E.Choices[0].Next, "P");
});

test("a group becomes a machine and a call of it", () => {
  const made = machineOf(machine(), ["B", "C", "D"]);
  assert.deepEqual([made.StartAt, Object.keys(made.States)], ["B", ["B", "C", "D", "Done"]]);
  const task = run(machine(), callMachine(["B", "C", "D"], "Call", "arn")).States.Call;
  assert.deepEqual([task.Parameters.StateMachineArn, task.OutputPath, task.Next], ["arn", "$.Output", "E"]);
  assert.equal(run(machine(), callMachine(["B", "C", "D"], "Call", "arn", { jsonata: true })).States.Call.Output, "{% $states.result.Output %}");
});

test("what cannot become one is refused", () => {
  const reason = (...names) => { try { fragmentOf(machine(), names); return ""; } catch (error) { assert.ok(error instanceof GroupingError); return error.reason; } };
  assert.deepEqual([reason(), reason("A", "I"), reason("D", "E"), reason("C"), reason("B", "C", "D")], ["none", "blocks", "entries", "exits", ""]);
  const ending = { StartAt: "C", States: { C: { Type: "Choice", Choices: [{ Variable: "$.x", IsPresent: true, Next: "S" }], Default: "X" }, S: { Type: "Succeed" }, X: { Type: "Pass", End: true } } };
  assert.throws(() => fragmentOf(ending, ["C", "S"]), { reason: "ends" });
  assert.deepEqual(outermost(machine(), ["I", "E", "none"]), ["E"]);
});

test("states are copied as text and pasted behind another", () => {
  const text = copied(machine(), ["C", "D"]);
  assert.deepEqual(JSON.parse(text).StartAt, "C");
  assert.equal(copied(machine(), []), "");
  const fragment = withFreeNames(machine(), fragmentFrom(text, "State"));
  assert.deepEqual([fragment.StartAt, fragment.States["C 2"].Choices[0].Next], ["C 2", "D 2"]);
  const after = run(machine(), insertFragment(fragment, (name, state) => edits.insertAfter("A", name, state)));
  assert.deepEqual(Object.keys(after.States), ["A", "C 2", "D 2", "B", "C", "D", "E", "F"]);
  assert.deepEqual([after.States.A.Next, after.States["C 2"].Default, after.States["D 2"].Next], ["C 2", "E", "B"]);
});

test("text from elsewhere is pasted into an empty machine, and its loose ends are closed", () => {
  const fragment = fragmentFrom('{"Check": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "Gone"}], "Default": "Go"}, "Go": {"Type": "Pass", "Next": "Gone"}}', "State");
  const after = run({}, insertFragment(fragment, (name, state) => edits.insertFirst("", name, state)));
  assert.deepEqual(after, { StartAt: "Check", States: {
    Check: { Type: "Choice", Choices: [{ Variable: "$.a", IsNull: true, Next: "Done" }], Default: "Go" }, Go: { Type: "Pass", End: true }, Done: { Type: "Succeed" } } });
  assert.deepEqual(fragmentFrom('{"Type": "Wait", "Seconds": 1}', "State"), { StartAt: "State", States: { State: { Type: "Wait", Seconds: 1 } } });
  assert.deepEqual(["hello", "[]", "{}", '{"a": 1}', "3", '{"States": {}}'].map((one) => fragmentFrom(one, "S")), [null, null, null, null, null, null]);
});

test("a copied container gets names of its own inside, too", () => {
  const fragment = withFreeNames(machine(), fragmentFrom(copied(machine(), ["E"]), "S"));
  assert.deepEqual(allStates(fragment).map(({ name }) => name), ["E 2", "I 2"]);
});

test("a state is moved before, behind and into another list", () => {
  const up = run(machine(), edits.moveBy("D", (name, state) => edits.insertBefore("A", name, state)));
  assert.deepEqual([up.StartAt, up.States.D.Next, up.States.C.Choices[0].Next], ["D", "A", "E"]);
  const into = run(machine(), edits.moveBy("A", (name, state) => edits.insertAfter("I", name, state)));
  assert.deepEqual([into.StartAt, into.States.E.ItemProcessor.States.A.End], ["B", true]);
  assert.throws(() => edits.moveBy("B", (name, state) => edits.insertAfter("I", name, state))(machine()), edits.MoveError);
  assert.throws(() => edits.moveBy("E", (name, state) => edits.insertAfter("I", name, state))(machine()), /into itself/);
  assert.deepEqual(references(run(machine(), edits.moveBy("A", (name, state) => edits.insertAfter("D", name, state))), "").find(({ target }) => target === "A").pointer, "/States/D/Next");
});
