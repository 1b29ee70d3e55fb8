import assert from "node:assert/strict";
import { test } from "node:test";

import { Progress } from "../../static/js/model/progress.js";
import { eventAt, marksOf as eventMarks, Replay } from "../../static/js/model/replay.js";
import { axisOf, barsInSight, idleStretches, lanesOf, marksOf, moved, timeSpent, WHOLE, zoomed } from "../../static/js/model/timeline.js";
import { history, named } from "./history.js";

// Pay fails at once and is tried again after 8 s; then people are asked for a minute.
const EVENTS = history(
  ["ExecutionStarted", 0, {}, 0],
  ["TaskStateEntered", 0, named("Pay"), 0],
  ["TaskScheduled", 2, { resource: "invoke", resourceType: "lambda" }, 0],
  ["TaskFailed", 3, { error: "Busy" }, 1],
  ["TaskScheduled", 4, { resource: "invoke", resourceType: "lambda" }, 9],
  ["TaskSucceeded", 5, {}, 10],
  ["TaskStateExited", 6, named("Pay"), 10],
  ["TaskStateEntered", 7, named("Ask"), 10],
  ["TaskScheduled", 8, { resource: "request", resourceType: "approval" }, 10],
  ["TaskSubmitted", 9, {}, 10],
  ["TaskSucceeded", 10, {}, 70],
  ["TaskStateExited", 11, named("Ask"), 70],
  ["PassStateEntered", 12, named("Done"), 70],
  ["PassStateExited", 13, named("Done"), 71],
  ["ExecutionSucceeded", 14, {}, 71]);
const START = 1_000_000;
const RUN = { from: START, to: START + 71_000 };
const ROWS = ["Pay", "Ask", "Done", "Never"].map((name) => ({ name, type: "Task", depth: 0 }));

function whole(events = EVENTS) {
  const progress = new Progress();
  progress.apply(events);
  return progress;
}

test("what people and retriers take is idle, when it is long", () => {
  assert.deepEqual(idleStretches(whole(), RUN, RUN.to), [{ from: START + 10_000, to: START + 70_000 }]);
});

test("an idle stretch takes little of the axis, which can be read both ways", () => {
  const axis = axisOf(RUN, idleStretches(whole(), RUN, RUN.to));
  assert.ok(Math.abs(axis.at(START + 70_000) - axis.at(START + 10_000) - 0.04) < 1e-9);
  for (const ms of [0, 5_000, 10_000, 40_000, 70_500, 71_000]) assert.ok(Math.abs(axis.ms(axis.at(START + ms)) - START - ms) < 1e-3, `${ms}`);
  assert.equal(axis.at(RUN.to), 1);
});

test("without idle stretches the axis is even", () => {
  const axis = axisOf(RUN);
  assert.equal(axis.at(START + 35_500), 0.5);
  assert.equal(axis.pieces.length, 1);
});

test("bars out of sight are left out, those at the rim cut", () => {
  const { visits } = whole().states.get("Pay");
  const bars = barsInSight(visits, axisOf(RUN), { from: 0, to: 5 / 71 }, RUN.to);
  assert.deepEqual(bars.map(({ status, pause, number }) => [status, pause, number]), [["failed", false, 1], ["notreached", true, 1]]);
  assert.deepEqual(bars.map(({ left, width }) => [left, width].map((share) => Math.round(share * 1e6) / 1e6)), [[0, 0.2], [0.2, 0.8]]);
});

test("marks stand at round times, and further apart after a narrowed stretch", () => {
  assert.deepEqual(marksOf(axisOf(RUN), WHOLE).map(({ ms }) => ms), [0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
  const folded = marksOf(axisOf(RUN, idleStretches(whole(), RUN, RUN.to)), WHOLE).map(({ ms }) => ms);
  assert.deepEqual(folded.slice(0, 3), [0, 2_000, 4_000]);
  assert.ok(folded.every((ms) => ms <= 10_000 || ms >= 70_000));
});

test("zooming keeps the middle, moving keeps the width, both stay in the run", () => {
  assert.deepEqual(zoomed(WHOLE, 0.5), { from: 0.25, to: 0.75 });
  assert.deepEqual(zoomed({ from: 0.25, to: 0.75 }, 4), { from: 0, to: 1 });
  assert.deepEqual(moved({ from: 0.5, to: 0.75 }, 2), { from: 0.75, to: 1 });
  assert.ok(zoomed(WHOLE, 1e-12).to - zoomed(WHOLE, 1e-12).from > 0);
});

test("a state that was visited often opens into a lane for each visit", () => {
  const events = history(["ExecutionStarted", 0, {}], ...[1, 3, 5].flatMap((before) => [
    ["PassStateEntered", before === 1 ? 0 : before, named("P")], ["PassStateExited", before + 1, named("P")]]));
  const rows = [{ name: "P", type: "Pass", depth: 1 }, ...ROWS];
  const folded = lanesOf(rows, whole(events), new Set());
  assert.equal(folded.length, 5);
  assert.deepEqual([folded[0].folds, folded[0].visits.length, folded[1].state], [true, 3, null]);
  const opened = lanesOf(rows, whole(events), new Set(["P", "Never"]));
  assert.deepEqual(opened.slice(0, 4).map(({ visit, depth }) => [visit?.id ?? null, depth]), [[null, 1], [2, 2], [4, 2], [6, 2]]);
  assert.deepEqual(lanesOf(rows, whole(events), new Set(), "nev").map(({ row }) => row.name), ["Never"]);
});

test("the time went to work, failed tries, back-off and people", () => {
  assert.deepEqual(timeSpent(whole(), RUN.to), [
    { kind: "succeeded", ms: 2_000 }, { kind: "failed", ms: 1_000 }, { kind: "waiting", ms: 60_000 }, { kind: "backoff", ms: 8_000 }]);
});

// ── replay ──

test("a replay shows what was known then, forwards and backwards", () => {
  const all = whole();
  const replay = new Replay(null);
  const standing = (count) => [...replay.to(all, count).states].map(([name, { status }]) => `${name} ${status}`);
  assert.deepEqual(standing(5), ["Pay running"]);
  assert.deepEqual(standing(10), ["Pay succeeded", "Ask waiting"]);
  assert.deepEqual(standing(4), ["Pay running"]);
  assert.equal(replay.to(all, 15).status, "SUCCEEDED");
});

test("a moment is the event written last by then", () => {
  assert.equal(eventAt(EVENTS, START + 9_500), 5);
  assert.equal(eventAt(EVENTS, 0), 1);
  assert.equal(eventAt(EVENTS, RUN.to), 15);
});

test("the slider marks where states were entered and where something failed", () => {
  assert.deepEqual(eventMarks(EVENTS).map(({ kind }) => kind), ["entered", "bad", "entered", "entered"]);
});
