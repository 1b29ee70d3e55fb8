import assert from "node:assert/strict";
import { test } from "node:test";

import { goesOnWords, grouped } from "../../static/js/model/redrive-plan.js";

test("a state is named once, with the place when there is one", () => {
  const plan = { goes_on: [{ state: "Pay", path: ["Each", 3] }, { state: "T", path: ["Each", 1] }, { state: "T", path: ["Each", 2] }], goes_on_total: 3 };
  assert.deepEqual(goesOnWords(plan), [{ state: "Pay", count: 1, place: "Each › 3" }, { state: "T", count: 2, place: "" }]);
});

test("places that were not sent are counted", () => {
  assert.equal(goesOnWords({ goes_on: [{ state: "T", path: [] }], goes_on_total: 4_000 })[0].count, 4_000);
});

test("differences by what became of the states", () => {
  const one = { state: "A", change: "added", fields: [] };
  assert.deepEqual(grouped([one]), { added: [one], removed: [], changed: [] });
});
