// Random walks of 50 edits over the workflows of the corpus: text and data agree after each, and undoing all gives the same text.
//
// WALKS says how many, 20 without it: `WALKS=1000 node --test tests/js/designer-walks.test.js` is the full measure.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { Document } from "../../static/js/model/document.js";
import * as edits from "../../static/js/model/edits.js";
import { fixEdit } from "../../static/js/model/fixing.js";
import { callMachine, GroupingError, wrapIn } from "../../static/js/model/grouping.js";
import { copied, fragmentFrom, insertFragment, withFreeNames } from "../../static/js/model/pasting.js";
import { applyChanges } from "../../static/js/model/patch.js";
import { allStates, at, blocks, findState, freeName, references, transitions } from "../../static/js/model/states.js";
import { newState } from "../../static/js/model/templates.js";
import { generator, pick } from "./random.js";

const WALKS = Number(process.env.WALKS ?? 20);
const STEPS = 50;
const words = { step: "Step", title: "Please decide", cause: "Cause" };
const place = { region: "us-east-1", account: "000000000000" };
const kinds = ["Task", "Approval", "Choice", "Parallel", "Map", "Wait", "Pass", "Succeed", "Fail"];
const make = (definition, kind) => newState(kind, { words, place, free: (base, taken) => freeName(definition, base, taken) });
const LARGEST = 150; // states; a walk that copies groups would grow without end

/** Some edit that can be made now. */
function anyEdit(random, definition) {
  const states = allStates(definition).filter(({ pointer }) => typeof at(definition, pointer) === "object"); // some of the corpus are broken
  if (!states.length) return edits.insertFirst("", "First", make(definition, "Pass"));
  const { name } = pick(random, states);
  const kind = pick(random, kinds);
  const some = () => [name, ...transitions(findState(definition, name).state, "").slice(0, 2).map(({ target }) => target)].filter((one) => findState(definition, one));
  const uses = blocks(definition).flatMap(({ pointer }) => references(definition, pointer)).filter(({ target }) => findState(definition, target));
  return pick(random, [
    () => edits.insertAfter(name, freeName(definition, kind), make(definition, kind)),
    () => (uses.length ? edits.insertOn([pick(random, uses).pointer], freeName(definition, kind), make(definition, kind)) : edits.all()),
    () => edits.remove(name),
    () => edits.rename(name, freeName(definition, `${name}~/あ`.slice(-12))),
    () => edits.setField(name, pick(random, ["Comment", "ResultPath", "X"]), pick(random, [undefined, null, "v", [1], { a: 1 }])),
    () => edits.duplicate(name),
    () => (uses.length ? edits.moveOnto(name, [pick(random, uses).pointer]) : edits.all()),
    () => edits.moveBy(name, (key, state) => edits.insertAfter(pick(random, states).name, key, state)),
    () => wrapIn(pick(random, ["Parallel", "Map"]), some(), freeName(definition, "Group")),
    () => callMachine(some(), freeName(definition, "Call"), "arn:aws:states:us-east-1:000000000000:stateMachine:x"),
    () => insertFragment(withFreeNames(definition, fragmentFrom(copied(definition, some()), "S")), (key, state) => edits.insertAfter(name, key, state)),
    () => fixEdit({ operations: [{ op: "add", pointer: `${findState(definition, name).pointer}/Comment`, value: "fixed" }] }),
    () => edits.setFields(name, { Retry: [{ ErrorEquals: ["E"], BackoffRate: 1.5 }], Comment: undefined }),
  ])();
}

/** The definition after an edit, or null where the edit is refused for a reason that the person is told. */
function made(edit, definition) {
  try {
    return edit(definition);
  } catch (error) {
    if (error instanceof GroupingError || error instanceof edits.MoveError || /into itself/.test(error.message)) return null;
    throw error;
  }
}

/** The changes that give back `text` after `changes` of it were made. */
function inverted(text, changes) {
  let shift = 0;
  return changes.map(({ from, to, insert }) => {
    const back = { from: from + shift, to: from + shift + insert.length, insert: text.slice(from, to) };
    shift += insert.length - (to - from);
    return back;
  });
}

const folder = new URL("../../../shared/corpus/workflows/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".json"));

test(`${WALKS} random walks over the workflows of the corpus can be undone to the letter`, () => {
  let steps = 0;
  for (let seed = 1; seed <= WALKS; seed += 1) {
    const random = generator(seed * 7919);
    const file = files[(seed * 37) % files.length];
    const text = readFileSync(new URL(file, folder), "utf8");
    const back = []; // changes of the text that undo one edit, as the code editor keeps them
    const document = new Document(text, {
      dispatch: (changes) => {
        back.push(inverted(document.text, changes));
        document.setText(applyChanges(document.text, changes));
      },
    });
    const start = document.definition;
    const undo = [];
    for (let step = 0; step < STEPS; step += 1) {
      const before = document.definition;
      const edit = allStates(before).length > LARGEST ? edits.remove(pick(random, allStates(before)).name) : anyEdit(random, before);
      const after = made(edit, before);
      if (!after) continue;
      document.edit(() => after);
      assert.deepEqual(JSON.parse(document.text), JSON.parse(JSON.stringify(after.definition)), `text and data agree, ${file}, seed ${seed}, step ${step}`);
      assert.equal(JSON.stringify(after.inverse(after.definition).definition), JSON.stringify(before), `${file}, seed ${seed}, step ${step}`);
      undo.push(after.inverse);
      steps += 1;
    }
    let definition = undo.length ? document.definition : start;
    for (const inverse of undo.toReversed()) definition = inverse(definition).definition;
    assert.equal(JSON.stringify(definition), JSON.stringify(start), `all undone, ${file}, seed ${seed}`);
    assert.equal(back.toReversed().reduce(applyChanges, document.text), text, `the same text, ${file}, seed ${seed}`);
  }
  assert.ok(steps > WALKS * STEPS * 0.6, `most edits are made: ${steps}`);
});
