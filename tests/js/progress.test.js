import assert from "node:assert/strict";
import { test } from "node:test";

import { Progress } from "../../static/js/model/progress.js";
import { history, named } from "./history.js";

function progressOf(events, definition = null) {
  const progress = new Progress(definition);
  progress.apply(events);
  return progress;
}

const statuses = (progress) => Object.fromEntries([...progress.states].map(([name, state]) => [name, state.status]));

const RETRIED = history(
  ["ExecutionStarted", 0, {}],
  ["TaskStateEntered", 0, named("Pay")],
  ["LambdaFunctionScheduled", 2, { resource: "arn:aws:lambda:us-east-1:000000000000:function:pay" }],
  ["LambdaFunctionStarted", 3],
  ["LambdaFunctionFailed", 4, { error: "Busy", cause: "try later" }],
  ["LambdaFunctionScheduled", 5, { resource: "arn:aws:lambda:us-east-1:000000000000:function:pay" }, 10],
  ["LambdaFunctionStarted", 6, undefined, 10],
  ["LambdaFunctionFailed", 7, { error: "Declined" }, 11],
  ["TaskStateExited", 8, named("Pay"), 11],
  ["PassStateEntered", 9, named("Invoice"), 11],
  ["PassStateExited", 10, named("Invoice"), 11],
  ["ExecutionSucceeded", 11, { output: "{}" }, 11],
);

test("a task is tried again, then its error is caught", () => {
  const progress = progressOf(RETRIED);
  assert.deepEqual(statuses(progress), { Pay: "caught", Invoice: "succeeded" });
  const { tries } = progress.states.get("Pay").last;
  assert.deepEqual(tries.map(({ status, error }) => [status, error]), [["failed", "Busy"], ["failed", "Declined"]]);
  assert.equal(progress.states.get("Pay").duration(0), 10_000);
  assert.equal(progress.status, "SUCCEEDED");
});

test("the path taken, with the catcher's arrow", () => {
  const path = progressOf(RETRIED).edges().map(({ from, to, kind }) => [from, to, kind]);
  assert.deepEqual(path, [["", "Pay", "start"], ["Pay", "Invoice", "catch"], ["Invoice", "", "end"]]);
});

test("any cut into deltas, and any repetition, gives the same", () => {
  const whole = progressOf(RETRIED);
  for (let cut = 1; cut < RETRIED.length; cut += 1) {
    const progress = new Progress();
    progress.apply(RETRIED.slice(0, cut));
    progress.apply(RETRIED.slice(0, cut));
    progress.apply(RETRIED.slice(Math.max(0, cut - 3)));
    assert.deepEqual(statuses(progress), statuses(whole));
    assert.deepEqual(progress.edges(), whole.edges());
    assert.equal(progress.last, RETRIED.length);
  }
});

test("a missing event stops the applying and is named", () => {
  const progress = new Progress();
  const { gap } = progress.apply([...RETRIED.slice(0, 3), ...RETRIED.slice(5)]);
  assert.equal(gap, 4);
  assert.equal(progress.last, 3);
  assert.equal(progress.apply(RETRIED.slice(3)).gap, null);
  assert.equal(progress.status, "SUCCEEDED");
});

test("a delta names the states that changed", () => {
  const progress = new Progress();
  progress.apply(RETRIED.slice(0, 9));
  assert.deepEqual(progress.apply(RETRIED.slice(9)).changed, new Set(["Invoice"]));
});

test("between two tries the state is running", () => {
  const progress = progressOf(RETRIED.slice(0, 5));
  assert.equal(progress.states.get("Pay").status, "running");
  assert.equal(progress.states.get("Pay").last.outcome, "failed");
});

const ASKING = (details) => history(
  ["ExecutionStarted", 0, {}],
  ["TaskStateEntered", 0, named("Ask")],
  ["TaskScheduled", 2, details],
  ["TaskStarted", 3, details],
  ["TaskSubmitted", 4, details],
  ["TaskSucceeded", 5, details],
  ["TaskStateExited", 6, named("Ask")],
);

test("an approval waits for a person from Submitted to the decision", () => {
  const events = ASKING({ resourceType: "approval", resource: "request" });
  const states = [3, 4, 5, 6, 7].map((count) => {
    const state = progressOf(events.slice(0, count)).states.get("Ask");
    return [state.status, state.waitsFor];
  });
  assert.deepEqual(states, [
    ["running", null], ["running", null], ["waiting", "approval"], ["running", null], ["succeeded", null],
  ]);
});

test("a callback waits for an answer, a job that was submitted does not", () => {
  const callback = progressOf(ASKING({ resourceType: "sqs", resource: "sendMessage.waitForTaskToken" }).slice(0, 5));
  assert.equal(callback.states.get("Ask").waitsFor, "callback");
  const job = progressOf(ASKING({ resourceType: "states", resource: "startExecution.sync:2" }).slice(0, 5));
  assert.equal(job.states.get("Ask").status, "running");
});

const PARALLEL = {
  StartAt: "Both",
  States: {
    Both: {
      Type: "Parallel", End: true,
      Branches: [
        { StartAt: "Ship", States: { Ship: { Type: "Task", Next: "Track" }, Track: { Type: "Pass", End: true } } },
        { StartAt: "Sleep", States: { Sleep: { Type: "Wait", End: true } } },
      ],
    },
  },
};

const CUT = history(
  ["ExecutionStarted", 0, {}],
  ["ParallelStateEntered", 0, named("Both")],
  ["ParallelStateStarted", 2],
  ["TaskStateEntered", 3, named("Ship")],
  ["TaskScheduled", 4, { resource: "invoke", resourceType: "lambda" }],
  ["TaskStarted", 5, { resource: "invoke", resourceType: "lambda" }],
  ["WaitStateEntered", 3, named("Sleep")],
  ["TaskFailed", 6, { error: "Lost" }],
  ["TaskStateAborted", 8],
  ["WaitStateAborted", 8],
  ["ParallelStateFailed", 8],
  ["ExecutionFailed", 11, { error: "Lost" }],
);

test("a failing branch fails the Parallel and cuts the other", () => {
  const progress = progressOf(CUT, PARALLEL);
  assert.deepEqual(statuses(progress), { Both: "failed", Ship: "failed", Sleep: "aborted" });
  assert.equal(progress.states.get("Both").last.tries[0].error, "Lost");
  assert.equal(progress.status, "FAILED");
  assert.equal(progress.openVisits().length, 0);
});

test("branches are told apart by the definition", () => {
  const progress = progressOf(CUT, PARALLEL);
  assert.equal(progress.states.get("Sleep").last.scope.index, 1);
  assert.equal(progress.states.get("Ship").last.scope.container, progress.states.get("Both").last);
});

test("a Parallel that is tried again forgets what failed in it", () => {
  const progress = progressOf([
    ...CUT.slice(0, 10),
    { id: 11, previousEventId: 8, timestamp: 1020, type: "ParallelStateStarted" },
    { id: 12, previousEventId: 11, timestamp: 1020, type: "TaskStateEntered", stateEnteredEventDetails: named("Ship") },
  ], PARALLEL);
  assert.deepEqual(statuses(progress), { Both: "running", Ship: "running", Sleep: "aborted" });
  const both = progress.states.get("Both").last;
  assert.deepEqual(both.tries.map((one) => one.status), ["failed", "running"]);
});

/** A Map over `total` items, one Pass each, all begun at once; the iterations named in `failing` fail. */
function mapHistory(total, failing = new Set()) {
  const rows = [
    ["ExecutionStarted", 0, {}],
    ["MapStateEntered", 0, named("Each")],
    ["MapStateStarted", 2, { length: total }],
  ];
  for (let index = 0; index < total; index += 1) {
    rows.push(["MapIterationStarted", 3, { name: "Each", index }]);
    rows.push(["TaskStateEntered", rows.length, named("Pack")]);
    if (failing.has(index)) continue;
    rows.push(["TaskStateExited", rows.length, named("Pack")]);
    rows.push(["MapIterationSucceeded", rows.length, { name: "Each", index }]);
  }
  return rows;
}

test("a Map counts its iterations", () => {
  const rows = mapHistory(5);
  rows.push(["MapStateSucceeded", rows.length], ["MapStateExited", rows.length, named("Each")]);
  const progress = progressOf(history(...rows));
  assert.deepEqual(progress.states.get("Each").iterations, { total: 5, done: 5, running: 0, failed: 0 });
  assert.equal(progress.states.get("Pack").visits.length, 5);
  assert.deepEqual(progress.states.get("Pack").counts, { succeeded: 5 });
  assert.equal(progress.states.get("Each").status, "succeeded");
});

test("while items go on the state inside the Map runs, however many are done", () => {
  const progress = progressOf(history(...mapHistory(5, new Set([2]))));
  assert.equal(progress.states.get("Pack").status, "running");
  assert.deepEqual(progress.states.get("Pack").counts, { succeeded: 4, running: 1 });
  assert.deepEqual(progress.states.get("Each").iterations, { total: 5, done: 4, running: 1, failed: 0 });
});

test("a failing iteration cuts the others, each in its own place", () => {
  const rows = mapHistory(3, new Set([0, 1]));
  const failed = rows.length + 1;
  rows.push(
    ["EvaluationFailed", 5, { state: "Pack", error: "States.QueryEvaluationError" }],
    ["MapIterationAborted", failed, { name: "Each", index: 1 }],
    ["TaskStateAborted", failed],
    ["MapIterationFailed", failed, { name: "Each", index: 0 }],
    ["MapStateFailed", failed],
    ["ExecutionFailed", failed + 4, { error: "States.QueryEvaluationError" }],
  );
  const progress = progressOf(history(...rows));
  assert.deepEqual(progress.states.get("Pack").visits.map((visit) => visit.status), ["failed", "aborted", "succeeded"]);
  assert.deepEqual(statuses(progress), { Each: "failed", Pack: "failed" });
  assert.deepEqual(progress.states.get("Each").iterations, { total: 3, done: 1, running: 0, failed: 1 });
});

test("a loop shows the newest turn and keeps the others", () => {
  const rows = [["ExecutionStarted", 0, {}]];
  for (let turn = 0; turn < 3; turn += 1) {
    rows.push(["WaitStateEntered", turn === 0 ? 0 : rows.length, named("Poll")]);
    if (turn < 2) rows.push(["WaitStateExited", rows.length, named("Poll")]);
  }
  const state = progressOf(history(...rows)).states.get("Poll");
  assert.equal(state.status, "running");
  assert.equal(state.visits.length, 3);
  assert.deepEqual(state.counts, { running: 1 });
});

test("stopping aborts what runs, a time limit times it out", () => {
  const begun = [["ExecutionStarted", 0, {}], ["WaitStateEntered", 0, named("Sleep")]];
  assert.deepEqual(statuses(progressOf(history(...begun, ["ExecutionAborted", 0, {}]))), { Sleep: "aborted" });
  const limit = progressOf(history(...begun, ["ExecutionTimedOut", 0, { error: "States.Timeout" }]));
  assert.deepEqual([statuses(limit), limit.status], [{ Sleep: "timedout" }, "TIMED_OUT"]);
});

test("a redriven execution goes on with what failed", () => {
  const progress = progressOf(history(
    ["ExecutionStarted", 0, {}],
    ["TaskStateEntered", 0, named("Ship")],
    ["TaskScheduled", 2, { resource: "invoke", resourceType: "lambda" }],
    ["TaskFailed", 3, { error: "Lost" }],
    ["ExecutionFailed", 4, { error: "Lost" }],
    ["ExecutionRedriven", 5, { redriveCount: 1 }],
    ["TaskScheduled", 6, { resource: "invoke", resourceType: "lambda" }],
  ));
  assert.equal(progress.status, "RUNNING");
  assert.equal(progress.states.get("Ship").status, "running");
  assert.equal(progress.states.get("Ship").tries, 2);
});

test("EvaluationFailed is found in its older form, which follows what came before the state", () => {
  const progress = progressOf(history(
    ["ExecutionStarted", 0, {}],
    ["PassStateEntered", 0, named("Shape")],
    ["EvaluationFailed", 0, { state: "Shape", error: "States.QueryEvaluationError" }],
    ["ExecutionFailed", 3, { error: "States.QueryEvaluationError" }],
  ));
  assert.deepEqual(statuses(progress), { Shape: "failed" });
});

test("25,000 events are applied without growing slower", () => {
  const progress = progressOf(history(...mapHistory(6_249)));
  assert.equal(progress.last, 24_999);
  assert.equal(progress.states.get("Pack").visits.length, 6_249);
  assert.equal(progress.openVisits().length, 1);
});
