// Every workflow of the corpus opens, is saved unchanged when nothing was edited, and keeps all that an edit did not touch.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Document } from "../../static/js/model/document.js";
import * as edits from "../../static/js/model/edits.js";
import { allStates } from "../../static/js/model/states.js";

const folder = new URL("../../../shared/corpus/workflows/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".json"));

test("the workflows of the corpus open and are saved as they were", () => {
  assert.ok(files.length >= 200, `${files.length} workflows`);
  for (const file of files) {
    const text = readFileSync(new URL(file, folder), "utf8");
    const document = new Document(text);
    assert.equal(document.broken, null, file);
    assert.deepEqual(document.definition, JSON.parse(text), file);
    assert.equal(JSON.stringify(document.definition), JSON.stringify(JSON.parse(text)), `the order of members, ${file}`);
    assert.ok(allStates(document.definition).length > 0, file);
    document.edit(edits.all());
    assert.equal(document.text, text, `an edit of nothing, ${file}`);
  }
});

test("an edit of one state leaves the text of all others as it was", () => {
  for (const file of files) {
    const text = readFileSync(new URL(file, folder), "utf8");
    const document = new Document(text);
    const states = allStates(document.definition).filter(({ state }) => Object.keys(state).length);
    const edited = states.at(-1).name;
    const others = () => Object.fromEntries(Object.keys(document.definition.States).filter((name) => name !== edited)
      .map((name) => [name, document.text.slice(document.rangeOf(name).from, document.rangeOf(name).to)]).filter(([, part]) => !part.includes(`${JSON.stringify(edited)}:`)));
    const unique = states.filter(({ name }) => name === edited).length === 1 && new Set(states.map(({ name }) => name)).size === states.length;
    if (!unique) continue;
    const before = others();
    document.edit(edits.setField(edited, "Comment", "edited"));
    assert.deepEqual(others(), before, file);
  }
});
