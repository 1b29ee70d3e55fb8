// Every sample built from an empty canvas by edits alone – the ones that the palette, the canvas and the inspector make –
// and taken apart again by undoing them all.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Document } from "../../static/js/model/document.js";
import * as edits from "../../static/js/model/edits.js";
import { at, findState, freeName, innerPointers, mayHaveNext } from "../../static/js/model/states.js";
import { newState } from "../../static/js/model/templates.js";

const words = { step: "Step", title: "Please decide", cause: "Cause" };
const place = { region: "us-east-1", account: "000000000000" };
const BY_THEMSELVES = new Set(["Type", "Next", "End", "Branches", "ItemProcessor"]);
const make = (definition, kind) => newState(kind, { words, place, free: (base, taken) => freeName(definition, base, taken) });

/** Builds `block` of the sample at a place of the document that is empty, or holds the one Pass of a new branch. */
function build(editor, blockPointer, block) {
  let previous = Object.keys(at(editor.document.definition, `${blockPointer}/States`) ?? {})[0] ?? null;
  const placeholder = previous;
  for (const [name, state] of Object.entries(block.States)) {
    const added = freeName(editor.document.definition, state.Type);
    const made = make(editor.document.definition, state.Type);
    editor.edit(previous === null ? edits.insertFirst(blockPointer, added, made) : edits.insertAfter(previous, added, made));
    editor.edit(edits.rename(added, name));
    previous = name;
  }
  if (placeholder !== null) editor.edit(edits.remove(placeholder));
  for (const [name, state] of Object.entries(block.States)) configure(editor, name, state);
  editor.edit(edits.setAt(`${blockPointer}/StartAt`, block.StartAt));
  editor.edit(edits.setAt(`${blockPointer}/ProcessorConfig`, block.ProcessorConfig));
}

/** Fills in the form of a state; states inside come first, since rules and catchers name only states that are there. */
function configure(editor, name, state) {
  const pointer = () => findState(editor.document.definition, name).pointer;
  for (let wanted = state.Branches?.length ?? 0, index = 2; index < wanted; index += 1) {
    const branches = at(editor.document.definition, `${pointer()}/Branches`);
    const step = freeName(editor.document.definition, words.step);
    editor.edit(edits.setAt(`${pointer()}/Branches`, [...branches, { StartAt: step, States: { [step]: { Type: "Pass", End: true } } }]));
  }
  for (const inner of innerPointers(state)) build(editor, pointer() + inner, at(state, inner));
  const before = findState(editor.document.definition, name).state;
  for (const field of new Set([...Object.keys(before), ...Object.keys(state)])) {
    if (!BY_THEMSELVES.has(field)) editor.edit(edits.setField(name, field, state[field]));
  }
  if (mayHaveNext(state)) editor.edit(edits.setNext(name, state.Next ?? null));
}

/** A document that keeps the inverse of each edit. */
function editorOf(text) {
  const document = new Document(text);
  const undo = [];
  const edit = (change) => {
    const { definition, inverse } = change(document.definition);
    document.edit(() => ({ definition, inverse }));
    undo.push(inverse);
  };
  return { document, edit, undo };
}

const folder = new URL("../../designer/samples/", import.meta.url);
const samples = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".asl.json"));
assert.ok(samples.length >= 12, "the samples are there");

for (const file of samples) {
  test(`${file} is built by edits alone`, () => {
    const wanted = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    const editor = editorOf("{}");
    build(editor, "", wanted);
    for (const [field, value] of Object.entries(wanted)) if (!["StartAt", "States"].includes(field)) editor.edit(edits.setAt(`/${field}`, value));
    assert.deepEqual(JSON.parse(editor.document.text), wanted);
    for (const inverse of editor.undo.toReversed()) editor.document.edit(inverse);
    assert.deepEqual(JSON.parse(editor.document.text), {});
  });
}
