import assert from "node:assert/strict";
import { test } from "node:test";

import { barsOf, ticksOf } from "../../static/js/model/bars.js";
import { changesShown, EMPTY, isFiltered, readQuery, toQuery } from "../../static/js/model/executions-query.js";
import { Progress } from "../../static/js/model/progress.js";
import { readHash, writeHash } from "../../static/js/model/run-hash.js";
import { history, named } from "./history.js";

// ── what the address keeps ──

const AT_FIRST = {
  view: "graph", state: null, visit: null, event: null, at: null, type: null, text: null, of: null, trouble: null, sight: null,
};

test("the hash says what is shown, and is read back", () => {
  for (const shown of [
    AT_FIRST,
    { ...AT_FIRST, view: "events", state: "請求 & 支払い #1", visit: 12, event: 40, at: 41 },
    { ...AT_FIRST, view: "events", type: "TaskFailed", text: "a&b=c", of: "Pay", trouble: true },
    { ...AT_FIRST, view: "timeline", sight: { from: 0.25, to: 1 } },
  ]) assert.deepEqual(readHash(writeHash(shown)), shown);
  assert.equal(writeHash({ view: "graph" }), "");
});

test("a hash of something else shows the graph", () => {
  for (const hash of ["#content", "#navigation", "#view=nonsense&event=-3&at=0", "#sight=0.9-0.1", ""]) {
    assert.deepEqual(readHash(hash), AT_FIRST);
  }
});

test("the list's query is read back", () => {
  const query = { ...EMPTY, status: ["FAILED", "WAITING"], machine: "注文処理", q: "a b", within: "3600", payload: "x&y", version: "3", since: "2025-01-01T00:00:00.000Z" };
  assert.deepEqual(readQuery(toQuery(query, {})), query);
});

test("what is no number or moment is no filter", () => {
  assert.deepEqual(readQuery("?version=x&incident=-1&since=never"), EMPTY);
  assert.equal(isFiltered(EMPTY), false);
  assert.equal(isFiltered({ ...EMPTY, tag: "team" }), true);
});

test("for the server a period becomes a moment", () => {
  const fields = new URLSearchParams(toQuery({ ...readQuery(""), within: "60" }, { cursor: "5-6", now: Date.UTC(2025, 0, 1, 0, 1) }));
  assert.deepEqual(Object.fromEntries(fields), { since: "2025-01-01T00:00:00.000Z", cursor: "5-6", counts: "true" });
});

test("a change told by the socket is of a row that is shown, or of another", () => {
  const rows = [{ id: "1", status: "RUNNING" }, { id: "2", status: "RUNNING" }];
  const told = (executions, more = false) => changesShown(rows, { executions, more }, { firstPage: true, query: { status: [] } });
  assert.deepEqual(told([{ id: "1", status: "FAILED" }]), { changed: [{ row: rows[0], status: "FAILED" }], others: false });
  assert.deepEqual(told([{ id: "1", status: "RUNNING" }]).changed, []);
  assert.equal(told([{ id: "9", status: "RUNNING" }]).others, true);
  assert.equal(told([], true).others, true);
});

// ── bars ──

const AXIS = { from: 1_000_000, to: 1_010_000 };

function visitsOf(name, ...rows) {
  const progress = new Progress();
  progress.apply(history(["ExecutionStarted", 0, {}], ...rows));
  return progress.states.get(name).visits;
}

test("a visit is one bar, an open one reaches to now", () => {
  const visits = visitsOf("Sleep", ["WaitStateEntered", 0, named("Sleep"), 2]);
  assert.deepEqual(barsOf(visits, AXIS, 1_007_000), [{ left: 0.2, width: 0.5, status: "running", pause: false, visit: 2, number: 0 }]);
});

test("tries are bars with pauses between them", () => {
  const visits = visitsOf("Pay",
    ["TaskStateEntered", 0, named("Pay"), 0],
    ["TaskScheduled", 2, { resource: "invoke", resourceType: "lambda" }, 0],
    ["TaskFailed", 3, { error: "Busy" }, 1],
    ["TaskScheduled", 4, { resource: "invoke", resourceType: "lambda" }, 5],
    ["TaskSucceeded", 5, {}, 6],
    ["TaskStateExited", 6, named("Pay"), 6]);
  assert.deepEqual(barsOf(visits, AXIS, 1_010_000).map(({ left, width, status, pause }) => [left, width, status, pause]), [
    [0, 0.1, "failed", false], [0.1, 0.4, "notreached", true], [0.5, 0.1, "succeeded", false],
  ]);
});

test("too many visits share bars, which show the worst of them", () => {
  const rows = [];
  for (let item = 0; item < 300; item += 1) {
    rows.push(["PassStateEntered", 0, named("P"), item / 100]);
    rows.push(["PassStateExited", rows.length + 1, named("P"), item / 100]);
  }
  const bars = barsOf(visitsOf("P", ...rows), AXIS, 1_010_000);
  assert.equal(bars.length, 1);
  assert.ok(Math.abs(bars[0].width - 0.299) < 1e-9);
});

test("marks stand at round distances", () => {
  assert.deepEqual(ticksOf({ from: 0, to: 1_607 }).map(({ ms }) => ms), [0, 500, 1_000]);
  assert.deepEqual(ticksOf({ from: 0, to: 8_000_000 }).map(({ ms }) => ms / 60_000), [0, 30, 60, 90, 120]);
  assert.deepEqual(ticksOf({ from: 5, to: 5 }).map(({ ms }) => ms), [0]);
});
