// Every edit and its inverse.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Document } from "../../static/js/model/document.js";
import * as edits from "../../static/js/model/edits.js";
import { freeName, nameFault, references, stateAt, wrapped } from "../../static/js/model/states.js";
import { functionOf, newState } from "../../static/js/model/templates.js";

const words = { step: "Step", title: "Please decide", cause: "Cause" };
const place = { region: "us-east-1", account: "000000000000" };
const make = (definition, kind) => newState(kind, { words, place, free: (base, taken) => freeName(definition, base, taken) });

const machine = () => ({
  Comment: "test", StartAt: "A",
  States: {
    A: { Type: "Task", Resource: "x", Next: "C", Catch: [{ ErrorEquals: ["States.ALL"], Next: "F" }] },
    C: { Type: "Choice", Choices: [{ Variable: "$.a", IsPresent: true, Next: "M" }, { Variable: "$.b", IsPresent: true, Next: "E" }], Default: "E" },
    M: { Type: "Map", ItemProcessor: { StartAt: "I", States: { I: { Type: "Pass", End: true } } }, Next: "E" },
    E: { Type: "Pass", End: true },
    F: { Type: "Fail" },
  },
});

/** Runs an edit, checks that the definition given is untouched and that the inverse gives it back to the letter. */
function run(definition, edit) {
  const before = JSON.stringify(definition);
  const { definition: after, inverse } = edit(definition);
  assert.equal(JSON.stringify(definition), before, "an edit must not change what it was given");
  const back = inverse(after);
  assert.equal(JSON.stringify(back.definition), before, "the inverse gives back the definition");
  assert.equal(JSON.stringify(back.inverse(back.definition).definition), JSON.stringify(after), "undoing the undo gives the edit");
  return after;
}

test("set and clear a field", () => {
  const after = run(machine(), edits.setField("E", "ResultPath", "$.x"));
  assert.equal(after.States.E.ResultPath, "$.x");
  assert.equal("Resource" in run(machine(), edits.setField("A", "Resource", undefined)).States.A, false);
  assert.deepEqual(run(machine(), edits.setFields("E", { Comment: "c", End: undefined, Next: "F" })).States.E, { Type: "Pass", Comment: "c", Next: "F" });
});

test("rename takes every reference along and keeps the order", () => {
  const after = run(machine(), edits.rename("E", "Ende"));
  assert.deepEqual(Object.keys(after.States), ["A", "C", "M", "Ende", "F"]);
  assert.deepEqual(references(after, "").filter(({ target }) => target === "Ende").map(({ pointer }) => pointer),
    ["/States/C/Default", "/States/C/Choices/1/Next", "/States/M/Next"]);
  assert.equal(run(machine(), edits.rename("A", "初め")).StartAt, "初め");
  assert.equal(run(machine(), edits.rename("I", "J")).States.M.ItemProcessor.StartAt, "J");
});

test("lead to another state, and to the end", () => {
  assert.deepEqual(run(machine(), edits.setNext("M", null)).States.M.End, true);
  assert.deepEqual(run(machine(), edits.setNext("E", "F")).States.E, { Type: "Pass", Next: "F" });
});

test("insert on a transition", () => {
  const on = (pointers, kind = "Pass") => run(machine(), edits.insertOn(pointers, "N", make(machine(), kind)));
  assert.deepEqual([on(["/StartAt"]).StartAt, on(["/StartAt"]).States.N.Next], ["N", "A"]);
  assert.deepEqual(on(["/States/A/Next"]).States.N, { Type: "Pass", Next: "C" });
  assert.deepEqual(Object.keys(on(["/States/A/Next"]).States), ["A", "N", "C", "M", "E", "F"]);
  const ended = on(["/States/E/End"]).States;
  assert.deepEqual([ended.E, ended.N], [{ Type: "Pass", Next: "N" }, { Type: "Pass", End: true }]);
  const both = on(["/States/C/Choices/0/Next", "/States/C/Choices/1/Next"]);
  assert.deepEqual(both.States.C.Choices.map((rule) => rule.Next), ["N", "N"]);
  const choice = on(["/States/A/Next"], "Choice").States.N;
  assert.deepEqual([choice.Default, choice.Choices[0].Next], ["C", "C"]);
  assert.equal(on(["/States/M/ItemProcessor/StartAt"]).States.M.ItemProcessor.StartAt, "N");
  assert.equal("Next" in on(["/States/A/Next"], "Fail").States.N, false);
});

test("insert after a state", () => {
  const after = (name) => run(machine(), edits.insertAfter(name, "N", { Type: "Pass" })).States;
  assert.deepEqual([after("A").A.Next, after("A").N.Next], ["N", "C"]);
  assert.deepEqual([after("E").E.Next, after("E").N.End], ["N", true]);
  assert.deepEqual([after("C").C.Default, after("C").N.Next], ["N", "E"]);
  assert.deepEqual([after("F").A.Catch[0].Next, after("F").N.Next], ["N", "F"]);
  assert.deepEqual(after("I").M.ItemProcessor.States.I, { Type: "Pass", Next: "N" });
});

test("insert before a state", () => {
  const after = run(machine(), edits.insertBefore("E", "N", make(machine(), "Choice")));
  assert.deepEqual([after.States.C.Default, after.States.M.Next, after.States.N.Default], ["N", "N", "E"]);
});

test("insert the first state", () => {
  assert.deepEqual(run({}, edits.insertFirst("", "N", { Type: "Pass" })), { StartAt: "N", States: { N: { Type: "Pass", End: true } } });
  const empty = { StartAt: "P", States: { P: { Type: "Parallel", Branches: [{}], End: true } } };
  assert.equal(run(empty, edits.insertFirst("/States/P/Branches/0", "N", { Type: "Pass" })).States.P.Branches[0].StartAt, "N");
});

test("delete heals what led to the state", () => {
  const without = (...names) => run(machine(), edits.remove(...names));
  assert.deepEqual([without("A").StartAt, "A" in without("A").States], ["C", false]);
  assert.equal(without("C").States.A.Next, "E");
  assert.equal(without("M").States.C.Choices[0].Next, "E");
  const end = without("E").States;
  assert.deepEqual([end.C.Choices.length, "Default" in end.C, end.M.End], [1, false, true]);
  assert.deepEqual(without("F").States.A.Catch, []);
  assert.deepEqual(without("I").States.M.ItemProcessor, { StartAt: "", States: {} });
  assert.deepEqual(Object.keys(without("A", "M").States), ["C", "E", "F"]);
});

test("delete several rules that lead to one state", () => {
  const definition = { StartAt: "C", States: { C: { Type: "Choice", Choices: ["X", "E", "X"].map((Next) => ({ Variable: "$.a", IsNull: true, Next })), Default: "E" }, X: { Type: "Succeed" }, E: { Type: "Succeed" } } };
  assert.deepEqual(run(definition, edits.remove("X")).States.C.Choices.map((rule) => rule.Next), ["E"]);
});

test("a copy stands behind its original with names of its own", () => {
  const after = run(machine(), edits.duplicate("M"));
  assert.deepEqual([after.States.M.Next, after.States["M 2"].Next], ["M 2", "E"]);
  assert.deepEqual(Object.keys(after.States["M 2"].ItemProcessor.States), ["I 2"]);
});

test("move a state to another transition", () => {
  const after = run(machine(), edits.moveOnto("M", ["/States/A/Next"]));
  assert.deepEqual([after.States.A.Next, after.States.M.Next, after.States.C.Choices[0].Next], ["M", "C", "E"]);
  assert.equal(JSON.stringify(run(machine(), edits.moveOnto("M", ["/States/M/Next"]))), JSON.stringify(machine()));
});

test("names", () => {
  assert.deepEqual(["", " ", "a".repeat(81), "A", "I", "N"].map((name) => nameFault(machine(), name)), ["empty", "empty", "long", "taken", "taken", ""]);
  assert.equal(nameFault(machine(), "A", "A"), "");
  assert.equal(freeName(machine(), "A"), "A 2");
  assert.equal(stateAt(machine(), "/States/M/ItemProcessor/States/I/Type"), "I");
  assert.equal(stateAt(machine(), "/States/C/Choices/0"), "C");
  assert.equal(stateAt(machine(), "/Comment"), null);
});

test("a single state becomes a machine", () => {
  assert.deepEqual(wrapped({ Type: "Pass", Next: "X" }, "S"), { StartAt: "S", States: { S: { Type: "Pass", End: true } } });
  assert.deepEqual(Object.keys(wrapped({ A: { Type: "Task", Catch: [{ Next: "Gone" }], End: true } }).States), ["A", "Gone"]);
  assert.equal(wrapped(machine()), null);
  assert.equal(wrapped([1]), null);
});

test("the function of a state", () => {
  assert.equal(functionOf({ Resource: "arn:aws:lambda:eu-west-1:123456789012:function:受付:3" }), "受付");
  assert.equal(functionOf({ Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: "pay" } }), "pay");
  assert.equal(functionOf({ Resource: "arn:aws:states:::sqs:sendMessage" }), "");
});

test("an edit changes the text of one state only", () => {
  const text = '{\n    "StartAt": "A",\n    "States": {\n        "A": {"Type":"Pass",   "Next":"B"},\n        "B": { "Type": "Wait", "Seconds": 1.0, "End": true }\n    }\n}';
  const document = new Document(text);
  assert.equal(document.edit(edits.setField("A", "Comment", "c")), true);
  assert.equal(document.text, text.replace('"Next":"B"', '"Next":"B", "Comment": "c"'));
  document.setText("{ broken");
  assert.equal(document.edit(edits.remove("A")), false);
  assert.equal(document.text, "{ broken");
  assert.ok("A" in document.definition.States, "the last good definition stays");
});
