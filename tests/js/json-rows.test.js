import assert from "node:assert/strict";
import { test } from "node:test";

import { JsonRows, stepsOf } from "../../static/js/model/json-rows.js";

const shown = (tree) => tree.rows.map(({ path, kind }) => `${path} ${kind}`);

test("the first levels are open, large ones folded", () => {
  const tree = new JsonRows({ a: { b: { c: 1 } }, list: Array.from({ length: 40 }, (_unused, index) => index), none: [] });
  assert.deepEqual(shown(tree), ["$ open", "$.a open", "$.a.b open", "$.a close", "$.list open", "$.none value", "$ close"]);
  assert.deepEqual(tree.rows.filter((row) => row.kind === "open").map((row) => row.open), [true, true, false, false]);
  tree.toggle("$.list");
  assert.equal(tree.rows.length, 7 + 41);
  tree.toggle("$");
  assert.deepEqual(shown(tree), ["$ open"]);
});

test("keys and values are found, and a find is opened", () => {
  const tree = new JsonRows({ orders: [{ id: "A-1" }, { id: "B-2", note: { deep: ["x", "Needle"] } }], needle: 5 });
  assert.deepEqual(tree.search("needle"), ["$.orders[1].note.deep[1]", "$.needle"]);
  assert.deepEqual(tree.search(""), []);
  const index = tree.reveal("$.orders[1].note.deep[1]");
  assert.equal(tree.rows[index].value, "Needle");
});

test("a key that is no name is quoted, and its path is read back", () => {
  const path = "$['it\\'s a \\\\ key'][0].b";
  const tree = new JsonRows({ "it's a \\ key": [{ b: "here" }] });
  assert.deepEqual(tree.search("here"), [path]);
  assert.deepEqual(stepsOf(path), ["['it\\'s a \\\\ key']", "[0]", ".b"]);
  const index = tree.reveal(path);
  assert.equal(tree.rows[index].value, "here");
});

test("256 KiB opens whole", () => {
  const tree = new JsonRows(Array.from({ length: 8_000 }, (_unused, index) => ({ id: index, text: "abcdefghij" })));
  tree.openAll();
  assert.equal(tree.rows.length, 2 + 8_000 * 4);
  assert.equal(tree.search("7999").length, 1);
  assert.equal(tree.rows.at(-1).kind, "close");
});
