// JSON with places, and the smallest change of a text.

import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonError, locate, parseTree, pointerAt } from "../../static/js/model/json.js";
import { applyChanges, changesFor } from "../../static/js/model/patch.js";
import { generator, pick } from "./random.js";

const patched = (text, after) => applyChanges(text, changesFor(text, after));

test("a tree has the value of JSON.parse and knows every place", () => {
  const text = '{\n  "a": [1, -2.50e3, {"b": "x\\u3042\\n"}],\n "c": null, "d": true }';
  const tree = parseTree(text);
  assert.deepEqual(tree.value, JSON.parse(text));
  const { node, member } = locate(tree, "/a/2/b");
  assert.equal(text.slice(node.start, node.end), '"x\\u3042\\n"');
  assert.equal(text.slice(member.keyStart, member.keyEnd), '"b"');
  assert.equal(pointerAt(tree, node.start + 1), "/a/2/b");
});

test("what is no JSON says where", () => {
  for (const [text, line, column] of [["", 1, 1], ['{"a": }', 1, 7], ['{\n "a": 1,\n}', 3, 1], ["[1 2]", 1, 4], ['{"a": "x', 1, 7], ["1 1", 1, 3], ['{"a": 01}', 1, 8]]) {
    assert.throws(() => parseTree(text), (error) => error instanceof JsonError && error.line === line && error.column === column, text);
  }
});

test("what is not touched keeps its form", () => {
  const text = '{\n\t"n": 1.0,   "big": 12345678901234567890,\n\t"list": [ 1,2 ],\n\t"o": { "x": 1 }\n}\n';
  const data = parseTree(text).value;
  assert.equal(patched(text, { ...data, list: [1, 2, 3] }), text.replace("[ 1,2 ]", "[ 1,2, 3 ]"));
  assert.equal(patched(text, { ...data, o: { x: 1, y: "z" } }), text.replace('"x": 1', '"x": 1, "y": "z"'));
  assert.equal(patched(text, { ...data, added: { k: [] } }), text.replace('"x": 1 }', '"x": 1 },\n\t"added": {\n\t\t"k": []\n\t}'));
});

test("a renamed member keeps its place and its text", () => {
  const text = '{"States": {"A": {"Type": "Pass", "n": 1.50}, "B": {"Type": "Succeed"}}}';
  const after = { States: { C: { Type: "Pass", n: 1.5 }, B: { Type: "Succeed" } } };
  assert.equal(patched(text, after), text.replace('"A"', '"C"'));
});

function value(random, depth) {
  const kind = depth ? random() : random() * 0.5;
  if (kind < 0.5) return pick(random, [0, 1, -3.25, "", "x", "あ\n", null, true, false, "long text with \"quotes\""]);
  if (kind < 0.75) return Array.from({ length: Math.floor(random() * 4) }, () => value(random, depth - 1));
  return Object.fromEntries(Array.from({ length: Math.floor(random() * 5) }, () => [pick(random, ["a", "b", "Next", "d e", "é"]), value(random, depth - 1)]));
}

test("any text becomes any other data", () => {
  for (let seed = 1; seed <= 3000; seed += 1) {
    const random = generator(seed);
    const [before, after] = [value(random, 4), value(random, 4)];
    const text = JSON.stringify(before, null, pick(random, [undefined, 2, 4, "\t"]));
    assert.deepEqual(JSON.parse(patched(text, after)), after, `seed ${seed}`);
  }
});
