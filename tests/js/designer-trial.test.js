// What the test of a state sends and shows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { firstResult, mayBeMocked, mustBeMocked, question, stagesOf } from "../../static/js/model/trial.js";

test("stages stand in the order of the data, the output last; what changed nothing is said", () => {
  const stages = stagesOf({ stages: { afterResultPath: '{"a": 1}', input: '{"a":1}', afterInputPath: '{"a": 1}', result: "2", maxConcurrency: 3 }, output: '{"a":1}' });
  assert.deepEqual(stages.map(({ name, same }) => [name, same]),
    [["input", false], ["afterInputPath", true], ["result", false], ["afterResultPath", false], ["maxConcurrency", false], ["output", false]]);
  assert.deepEqual(stagesOf({ stages: {}, output: null }), []);
});

test("what is sent", () => {
  const ask = (mock) => question({ a: 1 }, "S", { input: " ", variables: "{}", mock });
  assert.deepEqual(ask({ kind: "call" }), { definition: '{"a":1}', state: "S", input: "{}" });
  assert.deepEqual(ask({ kind: "result", result: "1" }).mock, { result: "1" });
  assert.deepEqual(ask({ kind: "error", error: "E", cause: "" }).mock, { errorOutput: { error: "E" } });
  assert.equal(question({}, "S", { input: "1", variables: '{"n":1}', mock: { kind: "call" } }).variables, '{"n":1}');
});

test("what can and what must be mocked", () => {
  const task = (Resource) => ({ Type: "Task", Resource });
  assert.deepEqual([{ Type: "Pass" }, task("f"), { Type: "Map" }].map(mayBeMocked), [false, true, true]);
  assert.deepEqual(["arn:aws:lambda:::function:f", "arn:aws:states:::approval:request", "arn:aws:states:::x:y.sync:2", "arn:aws:states:::x:y.waitForTaskToken", "arn:aws:states:us-east-1:0:activity:a"]
    .map((resource) => mustBeMocked(task(resource))), [false, true, true, true, true]);
  assert.equal(firstResult({ Type: "Parallel", Branches: [{}, {}] }), "[{},{}]");
  assert.equal(JSON.parse(firstResult(task("arn:aws:states:::lambda:invoke"))).StatusCode, 200);
});
