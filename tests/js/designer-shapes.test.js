// Shapes as the data lens tells them: paths for completion, words for values.

import assert from "node:assert/strict";
import { test } from "node:test";
import { valuesFor } from "../../static/js/model/completion.js";
import { isKnown, pathsInto, pathsOf, step, wordOf } from "../../static/js/model/shapes.js";

const number = { kinds: ["number"], example: 7, known: true, sure: "always" };
const order = { kinds: ["object"], fields: { id: number, "first name": { kinds: ["string"], example: "a", known: false } }, open: false };
const seen = {
  before: { kinds: ["object"], fields: { order } },
  stages: { input: { kinds: ["object"], fields: { order, 行: { kinds: ["array"], items: { kinds: ["object"], fields: { sku: number } } } } } },
  variables: { total: { ...number, sure: "sometimes" } },
};

test("paths into a shape, the nearest first", () => {
  assert.deepEqual(pathsOf(seen).map(({ label }) => label),
    ["$", "$.order", "$.行", "$.order.id", "$.order['first name']", "$.行[0]", "$.行[0].sku", "$total"]);
  assert.deepEqual(pathsOf(null), []);
  assert.equal(pathsInto({ kinds: ["object"], fields: Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`f${n}`, number])) }).length, 300);
  assert.equal(step("it's"), "['it\\'s']");
});

test("values in short", () => {
  const nodes = [
    number, { kinds: [], unknown: true }, order, { kinds: ["array"], length: 3 }, { kinds: ["array"] },
    { kinds: ["null", "number"], example: 1 }, { kinds: ["string"] },
  ];
  assert.deepEqual(nodes.map(wordOf), ["7", "?", "{…}", "[3]", "[…]", "null | number", "string"]);
  assert.deepEqual([number, order, { kinds: ["null"] }, { kinds: ["number"], example: 1 }].map(isKnown), [true, false, true, false]);
});

test("they are offered where paths are written", () => {
  const definition = { StartAt: "A", States: { A: { Type: "Pass" } } };
  const paths = pathsOf(seen);
  const offered = (...path) => valuesFor(definition, ["States", "A", ...path], [], paths).map(({ label }) => label);
  assert.equal(offered("InputPath")[0], "$");
  assert.ok(offered("Parameters", "id.$").includes("$.order.id"));
  assert.ok(offered("Parameters", "id.$").includes("States.UUID()"));
  assert.deepEqual(offered("Parameters", "id"), []);
});
