// The YAML face: comments, order and writing of what an edit does not touch survive it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Document, savedForm, turned, withData } from "../../static/js/model/document.js";
import * as edits from "../../static/js/model/edits.js";
import { JsonError } from "../../static/js/model/json.js";
import { placeInYaml } from "../../static/js/model/places-in-yaml.js";
import { allStates } from "../../static/js/model/states.js";
import { looksLikeYaml, parseYaml, yamlText } from "../../static/js/model/yaml.js";

const TEXT = `# Takes orders
Comment: 'An order'   # quoted
StartAt: Check
States:
  # before Check
  Check:
    Type: Task
    Resource: arn:aws:lambda:us-east-1:1:function:check # why this one
    TimeoutSeconds: 1.50e1
    Retry:
      - ErrorEquals: [Busy, "Throttled"] # in one line
        MaxAttempts: 0x3
      # the second
      - ErrorEquals:
          - States.ALL
    Next: Pay

  # before Pay
  Pay:
    Type: Pass
    Parameters: {a: 1, "b.$": $.b}
    Result: |
      several
      lines
    Next: Done
  "Done": {Type: Succeed}   # flow
# the end
`;
const edited = (...changes) => {
  const document = new Document(TEXT);
  for (const change of changes) document.edit(change);
  return document.text;
};
const lines = (text) => new Set(text.split("\n"));
const lost = (text) => TEXT.split("\n").filter((line) => !lines(text).has(line));

test("YAML is told from JSON, and read as YAML 1.2", () => {
  assert.deepEqual([TEXT, "a: 1", "{}", " \n[", "", "  "].map(looksLikeYaml), [true, true, false, false, false, false]);
  assert.deepEqual(parseYaml("a: yes\nb: 2020-01-01\nc: 0o17\nd: ~\n1: x").value, { a: "yes", b: "2020-01-01", c: 15, d: null, 1: "x" });
  assert.throws(() => parseYaml("a: [1"), JsonError);
  assert.throws(() => parseYaml("a: 1\na: 2"), JsonError);
  assert.throws(() => parseYaml("just words"), JsonError);
});

test("a field that changes is the only line that changes", () => {
  assert.deepEqual(lost(edited(edits.setField("Check", "TimeoutSeconds", 20))), ["    TimeoutSeconds: 1.50e1"]);
  assert.match(edited(edits.setField("Check", "TimeoutSeconds", 20)), /^ {4}TimeoutSeconds: 20$/m);
  assert.deepEqual(lost(edited(edits.setField("Check", "Comment", "new: one"))), []);
  assert.deepEqual(lost(edited(edits.setField("Pay", "Result", "other"))), ["    Result: |", "      several", "      lines"]);
  assert.match(edited(edits.setField("Check", "Resource", "x")), /^ {4}Resource: x # why this one$/m);
});

test("what is written in braces is written anew as a whole, nothing else", () => {
  assert.deepEqual(lost(edited(edits.setField("Done", "Comment", "x"))), ['  "Done": {Type: Succeed}   # flow']);
});

test("lists keep the items that stay", () => {
  const retry = new Document(TEXT).state("Check").Retry;
  assert.deepEqual(lost(edited(edits.setField("Check", "Retry", [...retry, { ErrorEquals: ["New"] }]))), []);
  assert.deepEqual(lost(edited(edits.setField("Check", "Retry", [retry[0], { ...retry[1], MaxAttempts: 2 }]))), []);
  assert.deepEqual(lost(edited(edits.setField("Check", "Retry", retry.slice(0, 1)))), ["      - ErrorEquals:", "          - States.ALL"]);
});

test("states are put in, renamed and taken away", () => {
  const more = edited(edits.insertAfter("Check", "New", { Type: "Pass" }));
  assert.deepEqual([lost(more), Object.keys(new Document(more).definition.States)], [[], ["Check", "New", "Pay", "Done"]]);
  assert.deepEqual(lost(edited(edits.rename("Check", "Prüfen"))), ["StartAt: Check", "  Check:"]);
  const without = edited(edits.remove("Pay"));
  assert.match(without, /# before Pay/);
  assert.deepEqual(new Document(without).state("Check").Next, "Done");
});

test("anchors and merges are taken apart where they are changed", () => {
  const text = "StartAt: A\nStates:\n  A: &a {Type: Pass, Next: B}\n  B:\n    <<: *a\n    Next: C\n  C: {Type: Succeed} # kept?\n";
  const document = new Document(text);
  assert.deepEqual(document.state("B"), { Type: "Pass", Next: "C" });
  document.edit(edits.setField("B", "Comment", "x"));
  assert.deepEqual([document.broken, document.state("B")], [null, { Type: "Pass", Next: "C", Comment: "x" }]);
});

test("the two languages turn into each other, and what is saved has both", () => {
  const json = turned(TEXT);
  assert.deepEqual(JSON.parse(json), parseYaml(TEXT).value);
  assert.deepEqual(parseYaml(turned(json)).value, JSON.parse(json));
  assert.deepEqual(JSON.parse(savedForm(TEXT).definition), JSON.parse(json));
  assert.deepEqual([savedForm(TEXT).source, savedForm("{}"), savedForm("a: [")], [TEXT, { definition: "{}", source: "" }, { definition: "a: [", source: "" }]);
  const merged = withData(TEXT, { ...JSON.parse(json), Comment: "theirs" });
  assert.deepEqual(lost(merged), ["Comment: 'An order'   # quoted"]);
});

test("completion knows the place in YAML", () => {
  const placed = (marked) => { const at = marked.indexOf("|"); const found = placeInYaml(marked.replace("|", ""), at); return found && [found.role, found.path.join("/"), found.typed]; };
  assert.deepEqual(placed("Star|"), ["key", "", "Star"]);
  assert.deepEqual(placed("StartAt: A\nStates:\n  A:\n    Ty|"), ["key", "States/A", "Ty"]);
  assert.deepEqual(placed("States:\n  A: # here\n    Type: Task\n    Next: B|"), ["value", "States/A/Next", "B"]);
  assert.deepEqual(placed("States:\n  A:\n    Type: Task\n    Retry:\n      - Err|"), ["key", "States/A/Retry/0", "Err"]);
  assert.deepEqual(placed("States:\n  A:\n    Retry:\n      - ErrorEquals: [X]\n        Max|"), ["key", "States/A/Retry/0", "Max"]);
  assert.equal(placed("States: {A: |"), null);
});

test("selection and cursor find their way in YAML", () => {
  const document = new Document(TEXT);
  assert.equal(document.stateAtOffset(TEXT.indexOf("0x3")), "Check");
  const { from, to } = document.rangeOf("Pay");
  assert.ok(TEXT.slice(from, to).startsWith("Pay:") && TEXT.slice(from, to).trimEnd().endsWith("Next: Done"));
});

const folder = new URL("../../../shared/corpus/workflows/", import.meta.url);
const files = readdirSync(folder);

test("the workflows of the corpus, as they are in YAML and turned into it", () => {
  assert.equal(files.length, 230);
  for (const file of files) {
    const source = readFileSync(new URL(file, folder), "utf8");
    const text = file.endsWith(".json") ? yamlText(JSON.parse(source)) : source;
    const document = new Document(text);
    assert.equal(document.broken, null, file);
    if (file.endsWith(".json")) assert.deepEqual(document.definition, JSON.parse(source), file);
    const states = allStates(document.definition);
    const { name } = states.at(-1);
    const before = document.definition;
    const { definition } = edits.setField(name, "Comment", "edited: #1")(before);
    document.edit(edits.setField(name, "Comment", "edited: #1"));
    assert.deepEqual(document.definition, JSON.parse(JSON.stringify(definition)), file);
    assert.ok(document.text.length < text.length + 400, `a small change, ${file}`);
  }
});
