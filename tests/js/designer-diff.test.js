// What differs between two definitions.

import assert from "node:assert/strict";
import { test } from "node:test";
import { changedStates, folded, lineDiff } from "../../static/js/model/diff.js";
import { generator, pick } from "./random.js";

const machine = (states) => ({ StartAt: Object.keys(states)[0], States: states });

test("states that came, went and changed", () => {
  const before = machine({ A: { Type: "Pass", Next: "B" }, B: { Type: "Map", ItemProcessor: machine({ I: { Type: "Pass", End: true } }), End: true }, C: { Type: "Fail" } });
  const after = machine({ B: { Type: "Map", ItemProcessor: machine({ I: { Type: "Pass", End: true, Comment: "x" } }), End: true }, A: { Next: "N", Type: "Pass" }, N: { Type: "Succeed" } });
  assert.deepEqual(changedStates(before, after), { added: ["N"], removed: ["C"], changed: ["A", "I"] });
  assert.deepEqual(changedStates(before, before), { added: [], removed: [], changed: [] });
});

const kinds = (a, b) => lineDiff(a, b).map(({ kind, text }) => `${{ same: " ", added: "+", removed: "-" }[kind]}${text}`);

test("lines that came and went", () => {
  assert.deepEqual(kinds("a\nb\nc", "a\nx\nc"), [" a", "-b", "+x", " c"]);
  assert.deepEqual(kinds("a", "a"), [" a"]);
  assert.deepEqual(lineDiff("a\nb", "b\nc").map(({ before, after }) => [before, after]), [[1, null], [2, 1], [null, 2]]);
});

test("a diff gives back both texts, whatever they are", () => {
  const random = generator(7);
  for (let round = 0; round < 300; round += 1) {
    const some = () => Array.from({ length: Math.floor(random() * 8) }, () => pick(random, ["a", "b", "c", "d"])).join("\n");
    const [before, after] = [some(), some()];
    const rows = lineDiff(before, after);
    assert.equal(rows.filter(({ kind }) => kind !== "added").map(({ text }) => text).join("\n"), before);
    assert.equal(rows.filter(({ kind }) => kind !== "removed").map(({ text }) => text).join("\n"), after);
  }
});

test("far from a difference the lines are folded", () => {
  const before = Array.from({ length: 20 }, (_none, index) => `line ${index}`);
  const rows = folded(lineDiff(before.join("\n"), before.with(10, "other").join("\n")), 2);
  assert.deepEqual(rows.map(({ kind, count }) => count ?? kind), [8, "same", "same", "removed", "added", "same", "same", 7]);
});
