// The editor: one text, shown as canvas, outline and code; this page puts the panels together.

import { createCanvas } from "../canvas/canvas.js";
import { createInspector } from "../inspector/inspector.js";
import { get } from "../lib/api.js";
import { announce, find, on, pageData } from "../lib/dom.js";
import { _, fill, plural } from "../lib/i18n.js";
import { toast } from "../lib/toasts.js";
import { Document } from "../model/document.js";
import * as edits from "../model/edits.js";
import { fixEdit } from "../model/fixing.js";
import { findState, freeName, stateAt } from "../model/states.js";
import { functionArn, newState } from "../model/templates.js";
import { createBrowser } from "../panels/browser.js";
import { createChecker } from "../panels/checking.js";
import { createCodePanel } from "../panels/code-panel.js";
import { ask, showKeys } from "../panels/dialogs.js";
import { createEditorBar } from "../panels/editor-bar.js";
import { listenToKeys } from "../panels/editor-keys.js";
import { exportAs } from "../panels/exporting.js";
import { createNotices } from "../panels/notices.js";
import { fixTitle } from "../panels/problem-words.js";
import { createProblems } from "../panels/problems.js";
import { createSaving, leftUnsaved } from "../panels/saving.js";
import { openStartDialog } from "../panels/start-dialog.js";
import { makeDivider } from "../panels/divider.js";
import { takeHandover } from "../panels/ways-in.js";

const TYPING = 140; // ms of quiet before a typed text is checked
const page = pageData("page");
const left = page.machine ? null : takeHandover() ?? leftUnsaved() ?? { name: "", kind: "STANDARD", text: "{}" };
const phone = matchMedia("(max-width: 700px)");
const readOnly = !page.may.design || phone.matches;

const state = { mode: "design", selected: [], problems: [], byState: {}, drawing: null, folded: new Set(), functions: [], groups: [], inspector: innerWidth > 900 };
const words = { step: _("Step"), title: _("Please decide"), cause: _("What went wrong"), done: _("Done") };
const root = find("#editor");

const opened = new Document(page.machine ? page.machine.draft?.definition ?? page.machine.definition : left.text, { dispatch: (changes) => code.apply(changes) });
const code = createCodePanel(find("#code"), {
  text: opened.text, readOnly,
  onText: (text, origin) => opened.setText(text, origin),
  onCursor: (offset) => { const name = opened.stateAtOffset(offset); if (name && name !== state.selected[0]) select(name, { from: "code" }); },
  onFix: (problem) => makeFix(problem),
  known: () => ({ definition: opened.definition, functions: state.functions.map((name) => functionArn(page.place, name)) }),
  keys: [{ key: "Mod-s", run: () => { save(); return true; } }, { key: "Mod-Enter", run: () => { run(); return true; } }],
});
const canvas = createCanvas(find("#canvas"), { editable: !readOnly, label: _("State machine") });
const notices = createNotices(find("#canvas"));
const problems = createProblems(find("#problems"), { onGo: goTo, onFix: readOnly ? null : makeFix });
const saving = createSaving({
  machine: page.machine, fresh: left, text: () => opened.text, replace: (text) => code.replace(text), onState: showBar, onProblems: () => problems.toggle(true),
});
const inspector = createInspector(find("#inspector"), {
  edit, select, onClose: () => { state.inspector = false; showLayout(); },
  actions: { remove: removeStates, duplicate, fix: makeFix },
  known: () => ({ functions: state.functions, groups: state.groups, resources: [], place: page.place, words }),
});
const browser = createBrowser(find("#browser"), {
  mayEdit: !readOnly,
  palette: {
    functions: () => state.functions, onAdd: (entry) => add(entry),
    drag: { start: () => { const count = canvas.startDrag(); announce(plural("%(count)s place to drop", "%(count)s places to drop", count)); return count; }, move: (x, y) => canvas.dragTo(x, y), end: () => canvas.endDrag(), drop: add },
  },
  outline: { onSelect: (name) => select(name, { reveal: true }), onOpen: openInspector },
});
const bar = createEditorBar({ bar: find("#bar"), modes: find("#modes"), tags: find("#machine-tags") }, {
  mode: setMode, save, run, undo: () => code.undo(), redo: () => code.redo(), keys: showKeys, discard, remove: deleteMachine,
  exportAs: (kind) => exportAs(kind, { name: saving.state.name, text: opened.text, folded: [...state.folded] }).catch((error) => toast(error.message, { kind: "error" })),
});
const checker = createChecker({ onAnswer: checked, onFailure: (error) => notices.say("connection", error.message) });

opened.onChange(({ origin }) => {
  saving.changed();
  check(origin === "edit" ? 0 : TYPING);
  showBroken();
  showAll();
});

function check(delay = 0) {
  checker.ask({ definition: opened.text, kind: saving.state.kind, folded: [...state.folded] }, delay);
}

function checked({ problems: found, drawing }) {
  state.problems = found;
  state.byState = problemsByState(found);
  notices.say("connection", "");
  code.setProblems(found);
  if (drawing) {
    state.drawing = drawing;
    canvas.update(drawing);
    if (pending) { const name = pending; pending = null; select(name, { reveal: true }); canvas.focus(name); }
    canvas.select(state.selected, { quiet: true });
  }
  canvas.setProblems(state.byState);
  problems.show({ problems: found, broken: Boolean(opened.broken), stateOf: (problem) => stateAt(opened.definition, problem.pointer) });
  notices.empty(!opened.broken && !Object.keys(opened.definition.States ?? {}).length, { readOnly, onAdd: add });
  showAll();
}

function problemsByState(found) {
  const byState = {};
  for (const problem of found) {
    const name = opened.broken ? null : stateAt(opened.definition, problem.pointer);
    if (!name) continue;
    const entry = (byState[name] ??= { severity: problem.severity, count: 0, text: problem.message });
    entry.count += 1;
    if (problem.severity === "ERROR" && entry.severity !== "ERROR") Object.assign(entry, { severity: "ERROR", text: problem.message });
  }
  return byState;
}

let pending = null; // the state to select once it is drawn

/** Makes an edit of the definition; false when the text cannot be read now. */
function edit(change, label) {
  if (readOnly) return false;
  try {
    if (opened.edit(change, label)) return true;
    notices.say("text", _("Finish the text first: it cannot be read now."));
  } catch (error) {
    toast(error.message, { kind: "error" });
  }
  return false;
}

/** Adds an entry of the palette at a place, or after the selection (at the end without one). */
function add(entry, place = null) {
  const definition = opened.definition;
  const name = freeName(definition, entry.name || entry.label);
  const made = newState(entry.kind, { words, place: page.place, name: entry.name, free: (base, taken) => freeName(definition, base, new Set([name, ...(taken ?? [])])) });
  if (edit(withWaysOn(definition, insertion(definition, place, name, made), place, name, made), fill(_("Add %(name)s"), { name }))) {
    pending = name;
    state.selected = [name];
    if (!phone.matches) state.inspector = true;
    showLayout();
    announce(fill(_("Added %(name)s"), { name }));
  }
}

function insertion(definition, place, name, made) {
  if (place?.kind === "edge") return edits.insertOn(place.edge.pointers, name, made);
  if (place?.kind === "branch") return edits.insertFirst(place.pointer, name, made);
  if (place?.kind === "after") return edits.insertAfter(place.id, name, made);
  const names = Object.keys(definition.States ?? {});
  const previous = state.selected[0] ?? lastOf(names);
  return previous === undefined || !opened.state(previous) ? edits.insertFirst("", name, made) : edits.insertAfter(previous, name, made);
}

/** A Choice where nothing follows gets a state to lead to, so that it is whole at once. */
function withWaysOn(definition, insert, place, name, made) {
  if (made.Type !== "Choice" || "Default" in (findState(insert(definition).definition, name)?.state ?? {})) return insert;
  const done = freeName(definition, words.done, new Set([name]));
  return edits.all(insertion(definition, place, done, { Type: "Succeed" }), edits.insertBefore(done, name, made));
}

/** Where the main way ends: the last drawn state at the top that ends the execution. */
function lastOf(names) {
  const ends = (state.drawing?.edges ?? []).filter((edge) => edge.kind === "end").map((edge) => edge.from);
  return ends.at(-1) ?? names.at(-1);
}

/** Makes the fix of a problem and shows where; the check that follows takes the problem off the list. */
function makeFix(problem) {
  const title = fixTitle(problem.fix);
  const name = stateAt(opened.definition, problem.pointer);
  if (!edit(fixEdit(problem.fix), title)) return;
  announce(title);
  if (name && opened.state(name)) select(name, { reveal: true });
}

function removeStates(names) {
  const next = names.map((name) => opened.state(name)?.Next).find((name) => name && !names.includes(name));
  if (edit(edits.remove(...names), _("Delete"))) {
    select(next ?? null);
    toast(plural("%(count)s state deleted", "%(count)s states deleted", names.length), { action: { label: _("Undo"), run: () => code.undo() } });
  }
}

function duplicate(name) {
  const copy = freeName(opened.definition, name);
  if (edit(edits.duplicate(name), _("Duplicate"))) { pending = copy; state.selected = [copy]; }
}

/** Selects states everywhere: canvas, outline, code, inspector. */
function select(name, { from = "", reveal = false } = {}) {
  const names = name === null ? [] : Array.isArray(name) ? name : [name];
  state.selected = names;
  if (from !== "canvas") canvas.select(names, { quiet: true, reveal: reveal || from === "code" });
  if (from !== "code" && names.length === 1) { const range = opened.rangeOf(names[0]); if (range) code.show(range); }
  showAll();
}

function openInspector(name) {
  select(name, { reveal: true });
  state.inspector = true;
  showLayout();
  find("#inspector").querySelector("input, select, textarea, button")?.focus();
}

function goTo(problem) {
  const name = stateAt(opened.definition, problem.pointer);
  if (name) select(name, { reveal: true });
  if (state.mode !== "design" || !name) {
    if (state.mode === "design") setMode("split");
    if (problem.line) code.goTo(problem.line, problem.column);
  } else {
    state.inspector = true;

    inspector.open(tabOf(problem.pointer));
    showLayout();
  }
}

function tabOf(pointer) {
  if (/\/(Retry|Catch)(\/|$)/.test(pointer)) return "errors";
  if (/\/(ResultPath|ResultSelector|OutputPath|Output|Assign)(\/|$)/.test(pointer)) return "output";
  return /\/InputPath$/.test(pointer) ? "input" : "configuration";
}

function setMode(mode) {
  state.mode = mode;
  localStorage.setItem("statewright:mode", mode);
  showLayout();
  code.measure();
  requestAnimationFrame(() => canvas.refit());
  if (mode === "code") code.focus();
}

function showLayout() {
  root.dataset.mode = state.mode;
  root.classList.toggle("has-inspector", state.inspector && (!phone.matches || state.selected.length > 0));
  showAll();
}

function showAll() {
  inspector.show({
    definition: opened.definition, selected: state.selected.filter((name) => opened.state(name)), drawing: state.drawing, broken: Boolean(opened.broken), readOnly,
    kind: saving.state.kind, title: saving.state.name || _("New state machine"), arn: saving.state.arn,
    problemsOf: (name) => state.problems.filter((problem) => stateAt(opened.definition, problem.pointer) === name),
  });
  browser.show({ definition: opened.definition, selected: state.selected, drawing: state.drawing, problems: state.byState });
  showBar();
}

function showBar() {
  bar.show({ ...saving.state, revision: saving.state.revision?.number, dirty: saving.dirty, mode: state.mode, may: { ...page.may, design: page.may.design && !readOnly }, canUndo: code.canUndo, canRedo: code.canRedo });
  find("#machine-name").textContent = saving.state.name || _("New state machine");
}

function showBroken() {
  notices.say("text", opened.broken ? fill(_("Line %(line)s is not finished yet. The graph shows the last good text."), { line: opened.broken.line }) : "");
}

async function save() {
  if (readOnly) return false;
  const done = await saving.save();
  check();
  return done;
}

async function run() {
  if (!saving.state.revision && !(await save())) return;
  const unsaved = saving.dirty && !readOnly;
  openStartDialog({
    name: saving.state.name, input: left?.input ?? null, action: unsaved ? _("Save and run") : _("Run"),
    before: unsaved ? async () => { if (!(await saving.save())) throw new Error(_("It was not saved, so it was not run.")); } : null,
  });
}

async function discard() {
  if (await ask({ title: _("Discard the draft?"), text: _("The text becomes that of the last revision. Undo brings it back while this page is open."), action: _("Discard"), danger: true })) await saving.discard();
}

async function deleteMachine() {
  const text = fill(_("“%(name)s”, its revisions and the history of its executions are removed; what runs is stopped. This cannot be undone."), { name: saving.state.name });
  if (await ask({ title: _("Delete the state machine?"), text, action: _("Delete"), danger: true })) await saving.deleteMachine().catch((error) => toast(error.message, { kind: "error" }));
}

const element = find("#canvas");
on(element, "canvas-select", (event) => { if (event.detail.ids.length && (phone.matches || innerWidth > 900)) state.inspector = true; select(event.detail.ids, { from: "canvas" }); showLayout(); });
on(element, "canvas-open", (event) => openInspector(event.detail.id));
on(element, "canvas-insert", (event) => notices.choose(event.detail.place, { functions: state.functions, onAdd: add }));
on(element, "canvas-edge", (event) => select(event.detail.edge.from));
on(element, "canvas-fold", (event) => { const { id } = event.detail; if (!state.folded.delete(id)) state.folded.add(id); check(); });
on(find("#inspector"), "field-fault", () => showAll());
on(globalThis, "beforeunload", (event) => { if (saving.atRisk) { saving.keepNow(); event.preventDefault(); } });
listenToKeys({
  readOnly, selected: () => state.selected, functions: () => state.functions, add, remove: removeStates, duplicate, save, run, canvas, code, select,
  search: () => browser.focusSearch(), rename: () => { state.inspector = true; showLayout(); inspector.focusName(); }, keys: showKeys, regions: ["#browser", "#code", "#canvas", "#problems", "#inspector"],
});
makeDivider(find("#divider"), find("#code"), () => code.measure());

state.mode = phone.matches ? "design" : localStorage.getItem("statewright:mode") ?? "design";
showLayout();
showBroken();
check();
if (page.machine?.draft && page.machine.draft.baseRevision !== page.machine.revision.id) notices.say("draft", _("Somebody has saved a newer revision since you began this draft. Saving will show both."));
if (left?.note === "wrapped") notices.say("draft", _("It was a single state, so a state machine was made around it."));
if (!page.machine) saving.changed();
get("functions/").then((answer) => { state.functions = (answer.functions ?? answer).map((entry) => entry.name); browser.draw(); showAll(); }, () => {});
