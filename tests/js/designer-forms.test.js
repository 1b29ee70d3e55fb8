// The fields of forms: members of what a task sends, and the rows of an approval's form.

import assert from "node:assert/strict";
import { test } from "node:test";
import { formOf, keyFault, kindOf, newRow, rowsOf, turned } from "../../static/js/model/form-schema.js";
import { memberOf, numberOrSource, otherMembers, withMember } from "../../static/js/model/members.js";

test("a member is set in its place, and gets its .$ with a path in JSONPath only", () => {
  const given = { "A.$": "$.a", B: 1 };
  assert.deepEqual(Object.entries(withMember(given, "A", "plain")), [["A", "plain"], ["B", 1]]);
  assert.deepEqual(withMember(given, "B", "States.UUID()"), { "A.$": "$.a", "B.$": "States.UUID()" });
  assert.deepEqual(withMember({ B: 1 }, "B", "{% $x %}", { jsonata: true }), { B: "{% $x %}" });
  assert.deepEqual(withMember({ B: 1 }, "B", "$5", { jsonata: true }), { B: "$5" });
  assert.deepEqual([withMember(given, "A", ""), withMember(given, "C", undefined)], [{ B: 1 }, given]);
  assert.deepEqual(withMember(given, "C", false), { ...given, C: false });
});

test("what a member holds, and whether it comes from the data", () => {
  assert.deepEqual(memberOf({ "A.$": "$.a" }, "A"), { value: "$.a", dynamic: true });
  assert.deepEqual(memberOf({ A: "{% $a %}" }, "A"), { value: "{% $a %}", dynamic: true });
  assert.deepEqual(memberOf({ A: "a" }, "B"), { value: undefined, dynamic: false });
  assert.deepEqual(otherMembers({ "A.$": 1, B: 2, C: 3 }, new Set(["A", "B"])), { C: 3 });
});

test("numbers may come from the data", () => {
  const read = (text, whole = true, jsonata = false) => numberOrSource(text, { whole, jsonata });
  assert.deepEqual([read("5"), read("$.n"), read("{% $n %}", true, true), read("")], [{ value: 5 }, { value: "$.n" }, { value: "{% $n %}" }, { value: undefined }]);
  assert.deepEqual([read("1.5"), read("x"), read("$.n", true, true)], [{ fault: true }, { fault: true }, { fault: true }]);
  assert.deepEqual(read("1.5", false), { value: 1.5 });
});

const form = { type: "object", title: "kept", required: ["a"], properties: { a: { type: "string", title: "A" }, b: { enum: ["x"] }, c: { type: "array" } } };

test("a form is rows and back again without a loss", () => {
  const rows = rowsOf(form);
  assert.deepEqual(rows.map(({ key, kind, required }) => [key, kind, required]), [["a", "text", true], ["b", "choice", false], ["c", "other", false]]);
  assert.deepEqual(formOf(form, rows), form);
  assert.equal(JSON.stringify(Object.keys(formOf(form, rows).properties)), '["a","b","c"]');
  assert.deepEqual(formOf(form, rows.toReversed()).required, ["a"]);
  assert.equal("required" in formOf(form, rows.map((row) => ({ ...row, required: false }))), false);
  assert.deepEqual(rowsOf(undefined), []);
  assert.deepEqual(formOf(undefined, [newRow([])]), { type: "object", properties: { field1: { type: "string", title: "" } } });
});

test("a kind that is chosen is the kind that is read", () => {
  for (const kind of ["text", "long", "number", "whole", "yes", "choice", "date"]) {
    const schema = turned({ title: "T", description: "D", maxLength: 3 }, kind);
    assert.deepEqual([kindOf(schema), schema.title, schema.description, schema.maxLength], [kind, "T", "D", undefined]);
  }
});

test("keys are there and are used once", () => {
  const rows = rowsOf(form);
  assert.deepEqual([keyFault(rows, " ", "a"), keyFault(rows, "b", "a"), keyFault(rows, "a", "a"), keyFault(rows, "z", "a")], ["empty", "taken", "", ""]);
  assert.equal(newRow([{ key: "field2" }]).key, "field3");
});
