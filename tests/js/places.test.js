import assert from "node:assert/strict";
import { test } from "node:test";

import { listStates, placesOf } from "../../static/js/model/places.js";

const rows = (definition) => listStates(definition).map(({ name, container, branch, depth }) => [name, container, branch, depth]);

test("states stand in the order in which a reader meets them", () => {
  const definition = {
    StartAt: "First",
    States: {
      Last: { Type: "Succeed" },
      Other: { Type: "Pass", Next: "Last" },
      First: { Type: "Choice", Choices: [{ Next: "Chosen" }], Default: "Other" },
      Chosen: { Type: "Task", Next: "Last", Catch: [{ Next: "Handler" }] },
      Handler: { Type: "Fail" },
      Island: { Type: "Pass", End: true },
    },
  };
  assert.deepEqual(rows(definition).map(([name]) => name), ["First", "Chosen", "Last", "Handler", "Other", "Island"]);
});

test("what lies in branches and item processors knows where", () => {
  const inner = (name) => ({ StartAt: name, States: { [name]: { Type: "Pass", End: true } } });
  const definition = {
    StartAt: "Both",
    States: {
      Both: { Type: "Parallel", Branches: [inner("A"), { StartAt: "Each", States: { Each: { Type: "Map", ItemProcessor: inner("B"), End: true } } }], Next: "Old" },
      Old: { Type: "Map", Iterator: inner("C"), End: true },
    },
  };
  assert.deepEqual(rows(definition), [
    ["Both", null, 0, 0], ["A", "Both", 0, 1], ["Each", "Both", 1, 1], ["B", "Each", 0, 2], ["Old", null, 0, 0], ["C", "Old", 0, 1],
  ]);
  assert.equal(placesOf(definition).get("B").container, "Each");
});

for (const [title, broken] of Object.entries({
  "nothing": null, "a text": "x", "no states": { StartAt: "A" }, "states that are no objects": { States: { A: 1, B: null } },
  "a loop": { StartAt: "A", States: { A: { Type: "Pass", Next: "A" } } }, "a start that is missing": { StartAt: "Z", States: {} },
})) {
  test(`a definition with ${title} has the places it has`, () => {
    assert.ok(listStates(broken).length <= 1);
  });
}
