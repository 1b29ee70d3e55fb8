// The canvas's geometry, without DOM: paths, neighbours, places; completion, bringing, retrying.

import assert from "node:assert/strict";
import { test } from "node:test";
import { neighbour } from "../../static/js/canvas/neighbours.js";
import { blend, headPath, insertPoint, midpoint, roundedPath } from "../../static/js/canvas/path.js";
import { placesOf } from "../../static/js/canvas/places.js";
import { BringingError, brought, nameOf } from "../../static/js/model/bringing.js";
import { fieldsFor, valuesFor } from "../../static/js/model/completion.js";
import { textAround } from "../../static/js/model/places-in-text.js";
import { delays } from "../../static/js/model/retrying.js";

const BENT = [[0, 0], [0, 20], [100, 20], [100, 60]];

test("corners are rounded by at most 9 px, and by half of what there is", () => {
  assert.equal(roundedPath(BENT), "M0 0L0 11Q0 20 9 20L91 20Q100 20 100 29L100 60");
  assert.equal(roundedPath([[0, 0], [0, 8], [6, 8], [6, 50]]), "M0 0L0 5Q0 8 3 8L3 8Q6 8 6 11L6 50");
  assert.equal(roundedPath(BENT, { cut: 5 }).endsWith("L100 55"), true);
  assert.equal(roundedPath([[0, 0]]), "");
});

test("heads point where the edge goes", () => {
  assert.equal(headPath([[0, 0], [0, 50]]), "M-4.5 43.5L0 50L4.5 43.5z");
  assert.equal(headPath([[50, 0], [0, 0]]), "M6.5 -4.5L0 0L6.5 4.5z");
});

test("middle, insertion point and blending", () => {
  assert.deepEqual(midpoint(BENT), [60, 20]);
  assert.deepEqual(insertPoint(BENT), [100, 40]);
  assert.deepEqual(blend([[0, 0], [0, 10]], [[10, 0], [10, 5], [20, 5]], 0.5), [[5, 0], [5, 7.5], [10, 7.5]]);
});

const node = (id, x, y, more = {}) => ({ id, x, y, w: 212, h: 48, parent: null, container: false, kind: "task", ...more });
const drawing = {
  nodes: [node("S", 74, 0, { kind: "start" }), node("A", 0, 58), node("B", 0, 138), node("C", 300, 138), node("M", 0, 218, { container: true, h: 120 }), node("I", 18, 268, { parent: "M" })],
  edges: [{ id: "1", from: "S", to: "A", kind: "start", points: [[106, 26], [106, 58]] }, { id: "2", from: "A", to: "B", kind: "choice", points: [[106, 106], [106, 138]], pill: { x: 106, y: 120, w: 60 } },
    { id: "3", from: "A", to: "C", kind: "default", points: [[106, 106], [106, 120], [406, 120], [406, 138]] }, { id: "4", from: "C", to: "A", kind: "next", back: true, points: [[512, 160], [560, 160], [560, 80], [212, 80]] }],
  branches: [{ parent: "M", index: 0, pointer: "/States/M/ItemProcessor", x: 18, y: 268, w: 212, h: 48, empty: false }, { parent: "M", index: 1, pointer: "/x", x: 0, y: 0, w: 20, h: 20, empty: true }],
};

test("arrows follow edges, else go to what is nearest", () => {
  const way = (id, direction) => neighbour(drawing, id, direction);
  assert.deepEqual([way("A", "down"), way("C", "up"), way("B", "right"), way("C", "left"), way("M", "right"), way("I", "up")], ["B", "A", "C", "B", "I", "M"]);
  assert.equal(neighbour(drawing, "none", "down"), "S");
});

test("places are on edges, in empty branches and after what ends", () => {
  const kinds = placesOf(drawing).map((place) => place.kind === "edge" ? place.edge.id : place.kind === "after" ? place.id : place.kind);
  assert.deepEqual(kinds, ["1", "2", "3", "4", "branch", "B", "M", "I"]);
  const labelled = placesOf(drawing).find((place) => place.edge?.id === "2");
  assert.equal(labelled.x, 148, "beside the label, not on it");
  assert.equal(placesOf({ nodes: [node("S", 0, 0, { kind: "start" })], edges: [], branches: [] })[0].kind, "first");
});

test("what is brought becomes a machine", () => {
  assert.equal(brought('{"StartAt": "A", "States": {}}', "S").note, "");
  const single = brought('{"Type": "Pass", "End": true}', "S");
  assert.deepEqual([single.note, JSON.parse(single.text).StartAt], ["wrapped", "S"]);
  assert.equal(brought('{"StartAt": ', "S").note, "broken");
  for (const [text, reason] of [["  ", "empty"], ["[1]", "other"], ['{"a": 1}', "other"], ["hello", "other"], ["x".repeat(2_000_001), "large"]]) {
    assert.throws(() => brought(text, "S"), (error) => error instanceof BringingError && error.reason === reason);
  }
  assert.deepEqual(["order flow.asl.json", "注文.json", "a.txt"].map(nameOf), ["order-flow", "注文", "a"]);
});

test("the place in a text, even a broken one", () => {
  const at = (text) => textAround(text.replace("|", ""), text.indexOf("|"));
  assert.deepEqual(at('{"States": {"A": {"|'), { path: ["States", "A"], role: "key" });
  assert.deepEqual(at('{"States": {"A": {"Type": "|'), { path: ["States", "A", "Type"], role: "value" });
  assert.deepEqual(at('{"a": [{"x": 1}, {"y": |'), { path: ["a", "1", "y"], role: "value" });
  assert.deepEqual(at('{"a": "{[,:", |'), { path: [], role: "key" });
  assert.equal(at("|"), null);
});

test("completion knows fields, states and functions", () => {
  const definition = { StartAt: "A", States: { A: { Type: "Wait" }, B: { Type: "Task" } } };
  assert.ok(fieldsFor(definition, ["States", "A"]).includes("Seconds"));
  assert.ok(fieldsFor(definition, ["States", "B", "Retry", "0"]).includes("MaxAttempts"));
  assert.ok(fieldsFor(definition, []).includes("StartAt"));
  assert.deepEqual(valuesFor(definition, ["States", "A", "Next"], []).map(({ label }) => label), ["A", "B"]);
  assert.equal(valuesFor(definition, ["States", "B", "Resource"], ["arn:f"])[0].label, "arn:f");
});

test("the waits of a retrier", () => {
  assert.deepEqual(delays({}), [1, 2, 4]);
  assert.deepEqual(delays({ IntervalSeconds: 3, MaxAttempts: 4, BackoffRate: 2, MaxDelaySeconds: 10 }), [3, 6, 10, 10]);
  assert.deepEqual(delays({ MaxAttempts: 0 }), []);
});
