// Two changes of one definition put together.

import assert from "node:assert/strict";
import { test } from "node:test";
import { differences, merge } from "../../static/js/model/merging.js";

const base = () => ({
  StartAt: "A",
  States: {
    A: { Type: "Pass", Next: "P" },
    P: { Type: "Parallel", Branches: [{ StartAt: "X", States: { X: { Type: "Pass", End: true } } }, { StartAt: "Y", States: { Y: { Type: "Pass", End: true } } }], Next: "B" },
    B: { Type: "Wait", Seconds: 1, End: true },
  },
});
const changed = (change) => { const definition = base(); change(definition.States, definition); return definition; };

test("changes of different states, at any depth, are both made", () => {
  const mine = changed((states) => { states.A.Comment = "mine"; states.P.Branches[0].States.X.Comment = "mine"; });
  const theirs = changed((states, whole) => {
    states.B.Seconds = 2; states.B = { Type: "Wait", Seconds: 2, Next: "C" }; states.C = { Type: "Succeed" };
    states.P.Branches[1].States.Y.Comment = "theirs"; whole.Comment = "theirs";
  });
  const { definition, conflicts } = merge(base(), mine, theirs);
  assert.deepEqual(conflicts, []);
  assert.deepEqual(Object.keys(definition.States), ["A", "P", "B", "C"]);
  assert.deepEqual([definition.Comment, definition.States.A.Comment, definition.States.B.Seconds], ["theirs", "mine", 2]);
  assert.deepEqual(definition.States.P.Branches.map(({ States }) => Object.values(States)[0].Comment), ["mine", "theirs"]);
});

test("the same change is no conflict, and an untouched state that the other removed goes", () => {
  const both = changed((states) => { states.A.Comment = "same"; });
  assert.deepEqual(merge(base(), both, changed((states) => { states.A.Comment = "same"; })), { definition: both, conflicts: [] });
  const without = changed((states) => { states.P.Next = "Z"; states.Z = { Type: "Succeed" }; delete states.B; });
  const { definition, conflicts } = merge(base(), changed((states) => { states.A.Comment = "c"; }), without);
  assert.deepEqual([Object.keys(definition.States), conflicts, definition.States.A.Comment], [["A", "P", "Z"], [], "c"]);
});

test("a state that both changed is a conflict, and the choice is followed", () => {
  const mine = changed((states) => { states.B.Seconds = 5; });
  const theirs = changed((states) => { states.B.Seconds = 9; states.A.Comment = "theirs"; });
  const merged = merge(base(), mine, theirs);
  assert.deepEqual(merged.conflicts.map(({ name, mine: ours, theirs: other }) => [name, ours.Seconds, other.Seconds]), [["B", 5, 9]]);
  assert.deepEqual([merged.definition.States.B.Seconds, merged.definition.States.A.Comment], [5, "theirs"]);
  assert.equal(merge(base(), mine, theirs, () => "theirs").definition.States.B.Seconds, 9);
});

test("changed here and removed there is a conflict; so is a transition that leads to nothing", () => {
  const mine = changed((states) => { states.B.Seconds = 5; });
  const theirs = changed((states) => { delete states.B; states.P = { Type: "Pass", End: true }; });
  const merged = merge(base(), mine, theirs);
  assert.deepEqual(merged.conflicts.map(({ name }) => name), ["B"]);
  assert.equal("B" in merge(base(), mine, theirs, () => "theirs").definition.States, false);
  const leading = changed((states) => { states.N = { Type: "Pass", Next: "B" }; states.A.Next = "N"; });
  assert.deepEqual(merge(base(), leading, theirs).conflicts.map(({ name }) => name), ["B"]);
});

test("another number of branches is a conflict of the container", () => {
  const mine = changed((states) => { states.P.Branches.pop(); });
  const theirs = changed((states) => { states.P.Branches[1].States.Y.Comment = "c"; });
  assert.deepEqual(merge(base(), mine, theirs).conflicts.map(({ name }) => name), ["P"]);
});

test("what differs, by state", () => {
  const after = changed((states) => { states.P.Branches[0].States.X.Comment = "c"; states.N = { Type: "Succeed" }; delete states.B; });
  assert.deepEqual(differences(base(), after), { added: ["N"], removed: ["B"], changed: ["X"] });
});
