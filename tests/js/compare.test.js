import assert from "node:assert/strict";
import { test } from "node:test";

import { aligned, compared, differences, step, stepsOf } from "../../static/js/model/compare.js";
import { Progress } from "../../static/js/model/progress.js";
import { history } from "./history.js";

const enter = (name, before, input) => ["PassStateEntered", before, { name, input }];
const exit = (name, before, output) => ["PassStateExited", before, { name, output }];

/** A run through these states, with {name: [input, output]} for those that matter. */
function run(names, data = {}, end = "ExecutionSucceeded") {
  const rows = [["ExecutionStarted", 0, {}]];
  names.forEach((name) => {
    const [input, output] = data[name] ?? ["{}", "{}"];
    rows.push(enter(name, rows.length === 1 ? 0 : rows.length, input));
    rows.push(exit(name, rows.length, output));
  });
  rows.push([end, rows.length, {}]);
  const progress = new Progress();
  progress.apply(history(...rows));
  return progress;
}

const shown = ({ pairs }) => pairs.map(({ left, right, kind }) => `${left?.state ?? "-"}|${right?.state ?? "-"} ${kind}`);

test("the same run has no differences", () => {
  const found = compared(run(["A", "B"]), run(["A", "B"]));
  assert.deepEqual(shown(found), ["A|A same", "B|B same"]);
  assert.deepEqual([found.path, found.values], [null, null]);
});

test("where the ways part, and where they meet again", () => {
  const found = compared(run(["A", "Cheap", "End"]), run(["A", "Check", "Dear", "End"]));
  assert.deepEqual(shown(found), ["A|A same", "Cheap|- path", "-|Check path", "-|Dear path", "End|End same"]);
  assert.equal(found.path, 1);
});

test("a loop that turned once more is aligned turn by turn", () => {
  const found = compared(run(["A", "Try", "Ask", "Try", "Ask", "Z"]), run(["A", "Try", "Ask", "Z"]));
  assert.deepEqual(shown(found).filter((text) => text.endsWith("same")), ["A|A same", "Try|Try same", "Ask|Ask same", "Z|Z same"]);
  assert.equal(found.path, 3);
});

test("values that differ are found, whatever the order of the keys", () => {
  const left = run(["A", "B"], { A: ['{"x":1,"y":2}', "{}"], B: ["1", "2"] });
  const right = run(["A", "B"], { A: ['{"y":2, "x":1}', "{}"], B: ["1", "3"] });
  const found = compared(left, right);
  assert.deepEqual(shown(found), ["A|A same", "B|B values"]);
  assert.deepEqual([found.path, found.values], [null, 1]);
});

test("of cut data only the beginning can be told", () => {
  const cut = (length) => {
    const progress = run(["A"], { A: ['"xxx', "{}"] });
    progress.events[1].previews = { input: length };
    return progress;
  };
  assert.deepEqual(shown(compared(cut(900), cut(900))), ["A|A cut"]);
  assert.deepEqual(shown(compared(cut(900), cut(901))), ["A|A values"]);
});

test("an execution and its redrive: what failed and then went on", () => {
  const failed = new Progress();
  failed.apply(history(["ExecutionStarted", 0, {}], enter("A", 0, "{}"), exit("A", 2, "{}"), enter("B", 3, "{}"), ["ExecutionFailed", 4, { error: "X" }]));
  const found = compared(failed, run(["A", "B", "C"]));
  assert.deepEqual(shown(found), ["A|A same", "B|B outcome", "-|C path"]);
  assert.deepEqual([found.path, found.values], [1, null]);
});

test("a state that ended otherwise may have begun with other values", () => {
  const failed = new Progress();
  failed.apply(history(["ExecutionStarted", 0, {}], enter("A", 0, '{"x":1}'), ["ExecutionFailed", 2, { error: "X" }]));
  const found = compared(failed, run(["A"], { A: ['{"x":2}', "{}"] }));
  assert.deepEqual([found.path, found.values], [0, 0]);
});

test("items of a Map are aligned by their index, in whatever order they ran", () => {
  const items = (order) => {
    const rows = [["ExecutionStarted", 0, {}], ["MapStateEntered", 0, { name: "M" }], ["MapStateStarted", 2, { length: 2 }]];
    for (const index of order) {
      rows.push(["MapIterationStarted", 3, { name: "M", index }]);
      rows.push(enter("I", rows.length, `${index}`));
      rows.push(exit("I", rows.length, "{}"));
      rows.push(["MapIterationSucceeded", rows.length, { name: "M", index }]);
    }
    const progress = new Progress();
    progress.apply(history(...rows));
    return progress;
  };
  const found = compared(items([0, 1]), items([1, 0]));
  assert.deepEqual(stepsOf(items([1, 0])).map((one) => one.place), ["", "M 0", "M 1"]);
  assert.equal(found.pairs.filter(({ kind }) => kind === "same").length, 3);
  assert.equal(found.path, null);
});

test("a long differing middle is still aligned", () => {
  const steps = (from) => Array.from({ length: 2_000 }, (_unused, index) => ({ state: `S${(index * 7 + from) % 2_000}`, place: "", id: index }));
  const pairs = aligned(steps(0), steps(3));
  assert.equal(pairs.length, 2_000);
  assert.ok(pairs.every(({ left, right }) => left.state === right.state));
});

test("the places where values differ are named by their paths", () => {
  assert.deepEqual(differences({ a: [1, { b: 2 }], "c d": 1 }, { a: [1, { b: 3 }, 4], e: null }), [
    { path: "$.a[1].b", left: 2, right: 3 }, { path: "$.a[2]", left: undefined, right: 4 },
    { path: "$['c d']", left: 1, right: undefined }, { path: "$.e", left: undefined, right: null }]);
  assert.deepEqual(differences([], {}), [{ path: "$", left: [], right: {} }]);
  assert.deepEqual(differences({ a: 1 }, { a: 1 }), []);
  assert.equal(step("it's"), "['it\\'s']");
});
