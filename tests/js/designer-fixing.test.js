// Fixes of the checker as edits: made in place, undone to the letter, refused where the place is gone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Document } from "../../static/js/model/document.js";
import { fixEdit } from "../../static/js/model/fixing.js";

const text = `{
  "StartAt": "A",
  "States": {
    "A": {
      "Type": "Task",
      "Resource": "x",
      "Retry": [ { "ErrorEquals": ["States.ALL"] }, { "ErrorEquals": ["E"] } ],
      "Paramaters": { "id": "$.id" },
      "Next": "b"
    },
    "B": { "Type": "Succeed", "End": true }
  }
}`;
const fix = (...operations) => ({ title: "", operations });

function made(what) {
  const document = new Document(text);
  const before = JSON.stringify(document.definition);
  const edit = fixEdit(what);
  const { definition, inverse } = edit(document.definition);
  assert.equal(JSON.stringify(inverse(definition).definition), before);
  document.edit(edit);
  assert.deepEqual(JSON.parse(document.text), definition);
  return document.text;
}

test("replace, remove and add", () => {
  assert.equal(made(fix({ op: "replace", pointer: "/States/A/Next", value: "B" })), text.replace('"b"', '"B"'));
  assert.equal(made(fix({ op: "remove", pointer: "/States/B/End" })), text.replace(', "End": true', ""));
  assert.equal(made(fix({ op: "add", pointer: "/States/A/End", value: true })), text.replace('"Next": "b"', '"Next": "b",\n      "End": true'));
});

test("a renamed member keeps its place", () => {
  const value = { id: "$.id" };
  const renamed = made(fix({ op: "remove", pointer: "/States/A/Paramaters" }, { op: "add", pointer: "/States/A/Parameters", value }));
  assert.equal(renamed, text.replace("Paramaters", "Parameters"));
  const inner = made(fix({ op: "remove", pointer: "/States/A/Paramaters/id" }, { op: "add", pointer: "/States/A/Paramaters/id.$", value: "$.id" }));
  assert.equal(inner, text.replace('"id"', '"id.$"'));
});

test("an entry goes to the end of its list", () => {
  const moved = made(fix({ op: "remove", pointer: "/States/A/Retry/0" }, { op: "add", pointer: "/States/A/Retry/-", value: { ErrorEquals: ["States.ALL"] } }));
  assert.deepEqual(JSON.parse(moved).States.A.Retry.map((entry) => entry.ErrorEquals[0]), ["E", "States.ALL"]);
});

test("a fix for another text is refused", () => {
  const other = JSON.parse(text);
  for (const operation of [{ op: "remove", pointer: "/States/X" }, { op: "replace", pointer: "/States/A/Nix", value: 1 }, { op: "add", pointer: "/States/X/End", value: true }]) {
    assert.throws(() => fixEdit(fix(operation))(other), /There is nothing at/);
  }
  assert.throws(() => fixEdit(fix({ op: "remove", pointer: "/StartAt" }, { op: "add", pointer: "/Start", value: "B" }))(other), /another one/);
});
