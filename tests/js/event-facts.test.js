import assert from "node:assert/strict";
import { test } from "node:test";

import { factsOf, filterEvents } from "../../static/js/model/event-facts.js";
import { Progress } from "../../static/js/model/progress.js";
import { history, named } from "./history.js";

const EVENTS = history(
  ["ExecutionStarted", 0, { input: '{"order":42}' }],
  ["TaskStateEntered", 0, { name: "Pay", input: '{"order":42}' }],
  ["LambdaFunctionScheduled", 2, { resource: "arn:aws:lambda:us-east-1:000000000000:function:charge", timeoutInSeconds: 30 }],
  ["LambdaFunctionFailed", 3, { error: "Busy", cause: "come again\nlater" }, 5],
  ["LambdaFunctionScheduled", 4, { resource: "arn:aws:lambda:us-east-1:000000000000:function:charge" }, 7],
  ["LambdaFunctionSucceeded", 5, { output: '"paid"' }, 8],
  ["TaskStateExited", 6, { name: "Pay", output: '"paid"' }, 8],
  ["PassStateEntered", 7, named("Thank"), 8],
);

function run() {
  const progress = new Progress();
  progress.apply(EVENTS);
  return progress;
}

const ids = (filter) => filterEvents(run(), filter).map((event) => event.id);

test("facts of a scheduled task", () => {
  const facts = factsOf(EVENTS[2], run());
  assert.deepEqual([facts.state, facts.resource, facts.timeout, facts.after], ["Pay", "charge", 30, 1_000]);
});

test("facts of an exit: how long the state took", () => {
  const facts = factsOf(EVENTS[6], run());
  assert.deepEqual([facts.status, facts.took, facts.size, facts.direction], ["succeeded", 7_000, 6, "output"]);
});

test("the size is that of the whole text, also when it was cut", () => {
  const progress = new Progress();
  progress.apply([{ ...EVENTS[0], previews: { input: 200_000 } }]);
  assert.equal(factsOf(progress.events[0], progress).size, 200_000);
});

test("filters: text in type, state and data; type; state; trouble", () => {
  assert.deepEqual(ids({ text: "ORDER" }), [1, 2]);
  assert.deepEqual(ids({ text: "thank" }), [8]);
  assert.deepEqual(ids({ text: "lambdafunctions" }), [3, 5, 6]);
  assert.deepEqual(ids({ type: "LambdaFunctionScheduled" }), [3, 5]);
  assert.deepEqual(ids({ state: "Pay" }), [2, 3, 4, 5, 6, 7]);
  assert.deepEqual(ids({ trouble: true }), [4, 5]);
  assert.deepEqual(ids({ trouble: true, text: "busy" }), [4]);
});

test("without filters the list is the history itself", () => {
  const progress = run();
  assert.equal(filterEvents(progress, {}), progress.events);
});
