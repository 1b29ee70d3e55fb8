// The editor: one text, shown as canvas, outline and code; this page puts the panels together.

import { createCanvas } from "../canvas/canvas.js";
import { createInspector } from "../inspector/inspector.js";
import { get } from "../lib/api.js";
import { announce, find, on, pageData } from "../lib/dom.js";
import { _, fill, plural } from "../lib/i18n.js";
import { toast } from "../lib/toasts.js";
import { Document, ownText, savedForm, turned } from "../model/document.js";
import { fixEdit } from "../model/fixing.js";
import { pathsOf } from "../model/shapes.js";
import { allStates, stateAt } from "../model/states.js";
import { functionArn } from "../model/templates.js";
import { createBrowser } from "../panels/browser.js";
import { createChecker } from "../panels/checking.js";
import { createCodePanel } from "../panels/code-panel.js";
import { createLens } from "../panels/lens.js";
import { ask, showKeys } from "../panels/dialogs.js";
import { openPalette } from "../panels/command-palette.js";
import { commands } from "../panels/commands.js";
import { openMenu } from "../panels/context-menu.js";
import { createActions } from "../panels/editor-actions.js";
import { createEditorBar } from "../panels/editor-bar.js";
import { listenToClipboard, listenToKeys } from "../panels/editor-keys.js";
import { exportAs } from "../panels/exporting.js";
import { openFit } from "../panels/fit-dialog.js";
import { createNotices } from "../panels/notices.js";
import { entries } from "../panels/palette.js";
import { patterns } from "../panels/patterns.js";
import { announcePresence } from "../panels/presence.js";
import { fixTitle } from "../panels/problem-words.js";
import { createProblems } from "../panels/problems.js";
import { createSaving, leftUnsaved } from "../panels/saving.js";
import { openStartDialog } from "../panels/start-dialog.js";
import { openTest } from "../panels/test-dialog.js";
import { makeDivider } from "../panels/divider.js";
import { openVersions } from "../panels/versions-dialog.js";
import { offerPaths } from "../panels/path-completion.js";
import { takeHandover } from "../panels/ways-in.js";

const TYPING = 140; // ms of quiet before a typed text is checked
const page = pageData("page");
const left = page.machine ? null : takeHandover() ?? leftUnsaved() ?? { name: "", kind: "STANDARD", text: "{}" };
const phone = matchMedia("(max-width: 700px)");
const readOnly = !page.may.design || phone.matches;

const state = { mode: "design", selected: [], problems: [], byState: {}, checked: [],
  lens: { problems: [], state: null }, shapes: {}, drawing: null, folded: new Set(), functions: [], groups: [],
  inspector: innerWidth > 900 };
const words = { step: _("Step"), title: _("Please decide"), cause: _("What went wrong"), done: _("Done") };
const root = find("#editor");

const opened = new Document(page.machine ? page.machine.draft?.definition ?? ownText(page.machine) : left.text, { dispatch: (changes) => code.apply(changes) });
const code = createCodePanel(find("#code"), {
  text: opened.text, readOnly,
  onText: (text, origin) => opened.setText(text, origin),
  onCursor: (offset) => { const name = opened.stateAtOffset(offset); if (name && name !== state.selected[0]) select(name, { from: "code" }); },
  onFix: (problem) => makeFix(problem),
  known: () => ({ definition: opened.definition, functions: state.functions.map((name) => functionArn(page.place, name)), paths: pathsOf(state.lens.state) }),
  onLanguage: () => turnLanguage(),
  keys: [{ key: "Mod-s", run: () => { save(); return true; } }, { key: "Mod-Enter", run: () => { run(); return true; } }],
});
const canvas = createCanvas(find("#canvas"), { editable: !readOnly, lasso: true, label: _("State machine") });
const notices = createNotices(find("#canvas"));
const problems = createProblems(find("#problems"), { onGo: goTo, onFix: readOnly ? null : makeFix });
const saving = createSaving({
  machine: page.machine, fresh: left, text: () => opened.text, replace: (text) => code.replace(text), onState: showBar, onProblems: () => problems.toggle(true),
});
const inspector = createInspector(find("#inspector"), {
  edit, select, onClose: () => { state.inspector = false; showLayout(); },
  actions: { remove: (names) => act.remove(names), duplicate: (name) => act.duplicate([name]), fix: makeFix,
    test: (name) => testState(name), wrap: (kind) => act.wrap(kind), extract: () => act.extract(),
    copy: () => act.copy() },
  known: () => ({ functions: state.functions, groups: state.groups, resources: [], place: page.place, words, redraw: () => showAll(), lens: lensOf() }),
});
const browser = createBrowser(find("#browser"), {
  mayEdit: !readOnly,
  palette: {
    functions: () => state.functions, onAdd: (entry) => act.add(entry),
    drag: { start: () => { const count = canvas.startDrag(); announce(plural("%(count)s place to drop",
      "%(count)s places to drop", count)); return count; }, move: (x, y) => canvas.dragTo(x, y),
      end: () => canvas.endDrag(), drop: (entry, place) => act.add(entry, place) },
  },
  outline: { onSelect: (name) => select(name, { reveal: true }), onOpen: openInspector },
});
const bar = createEditorBar({ bar: find("#bar"), modes: find("#modes"), tags: find("#machine-tags") }, {
  mode: setMode, save, run, undo: () => code.undo(), redo: () => code.redo(), keys: () => act.keys(),
    palette: () => act.palette(), discard, versions: () => act.versions(), fit: () => act.fit(), remove: deleteMachine,
  exportAs: (kind) => exported(kind),
});
const actions = createActions({
  document: opened, words, place: page.place, edit, select, show: showDrawn, undo: () => code.undo(),
    selected: () => state.selected, drawing: () => state.drawing,
});
const checker = createChecker({ onAnswer: checked, onFailure: (error) => notices.say("connection", error.message) });
const lens = createLens({
  machine: () => (saving.state.revision ? saving.state.name : ""), onFailure: () => {}, // the checker tells of the connection
  onAnswer: (answer) => { state.lens = answer; showProblems(); offer(); },
});
const offer = offerPaths(find("#inspector"), () => pathsOf(state.lens.state));

opened.onChange(({ origin }) => {
  saving.changed();
  check(origin === "edit" ? 0 : TYPING);
  look({ now: origin === "edit" });
  showBroken();
  showAll();
});

function check(delay = 0) {
  checker.ask({ definition: opened.text, kind: saving.state.kind, folded: [...state.folded] }, delay);
}

function checked({ problems: found, drawing }) {
  state.checked = found;
  notices.say("connection", "");
  if (drawing) {
    state.drawing = drawing;
    canvas.update(drawing);
    if (pending) { const names = pending; pending = null; select(names, { reveal: true }); canvas.focus(names[0]); }
    canvas.select(state.selected, { quiet: true });
  }
  showProblems();
  notices.empty(!opened.broken && !Object.keys(opened.definition.States ?? {}).length, { readOnly, onAdd: (entry) => act.add(entry) });
  showAll();
}

/** Asks for the data at the selected state, and for what cannot work with it. */
function look({ now: atOnce = false } = {}) {
  const [name] = state.selected;
  const pointer = allStates(opened.definition).find((one) => one.name === name)?.pointer ?? null;
  if (!opened.broken) lens.ask({ definition: opened.text, pointer }, { now: atOnce });
}

/** What the inspector knows of the data at the selected state. */
function lensOf() {
  const [name] = state.selected;
  const pointer = allStates(opened.definition).find((one) => one.name === name)?.pointer;
  const seen = state.lens.state?.pointer === pointer ? state.lens.state : null;
  return {
    seen, sample: lens.sample, saved: Boolean(saving.state.revision),
    pinned: Boolean(seen && state.shapes[seen.subject]?.pinned),
    onSample: (text) => { lens.use(text); look({ now: true }); showAll(); },
    onChange: (body) => lens.change(body).then(learned, (error) => toast(error.message, { kind: "error" })),
  };
}

function learned({ shapes }) {
  state.shapes = Object.fromEntries(shapes.map((shape) => [shape.subject, shape]));
  look({ now: true });
}

/** The problems of the checker and those of the lens, which looks at a text that can be read only. */
function showProblems() {
  const found = [...state.checked, ...(opened.broken ? [] : state.lens.problems)];
  state.problems = found;
  state.byState = problemsByState(found);
  code.setProblems(found);
  canvas.setProblems(state.byState);
  problems.show({ problems: found, broken: Boolean(opened.broken), stateOf: (problem) => stateAt(opened.definition, problem.pointer) });
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

let pending = null; // the states to select once they are drawn

/** Makes an edit of the definition; false when the text cannot be read now. `throws` hands on what the edit refuses. */
function edit(change, label, { throws = false } = {}) {
  if (readOnly) return false;
  try {
    if (opened.edit(change, label)) return true;
    notices.say("text", _("Finish the text first: it cannot be read now."));
  } catch (error) {
    if (throws) throw error;
    toast(error.message, { kind: "error" });
  }
  return false;
}

/** Makes the fix of a problem and shows where; the check that follows takes the problem off the list. */
function makeFix(problem) {
  const title = fixTitle(problem.fix);
  const name = stateAt(opened.definition, problem.pointer);
  if (!edit(fixEdit(problem.fix), title)) return;
  announce(title);
  if (name && opened.state(name)) select(name, { reveal: true });
}

/** Selects states once they are drawn; `open` shows the inspector. */
function showDrawn(names, { open = false } = {}) {
  pending = names;
  state.selected = names;
  if (open && !phone.matches) { state.inspector = true; inspector.open(); }
  showLayout();
}

function fold(names, folded) {
  for (const name of names) if (folded) state.folded.add(name); else state.folded.delete(name);
  check();
}

const containers = () => allStates(opened.definition).filter(({ state: one }) => ["Parallel", "Map"].includes(one.Type)).map(({ name }) => name);
const selectAll = () => select(Object.keys(opened.definition.States ?? {}));

const act = {
  ...actions, select, save, run, canvas, mode: setMode, rename, keys: () => showKeys(commands(act, { ...now(), count: 1, container: true })), selectAll,
  test: () => testState(state.selected[0] ?? opened.definition.StartAt), open: () => openInspector(state.selected[0]),
    fold: () => { const [name] = state.selected; fold([name], !state.folded.has(name)); },
  foldAll: (folded) => fold(containers(), folded), undo: () => code.undo(), redo: () => code.redo(), problems: () => problems.toggle(true),
  settings: () => { select(null); state.inspector = true; showLayout(); }, exportAs: (kind) => exported(kind), palette: findAnything, versions, fit,
};

/** What the commands depend on. */
function now() {
  const chosen = state.selected.filter((name) => opened.state(name));
  const container = chosen.length === 1 && ["Parallel", "Map"].includes(opened.state(chosen[0]).Type);
  return {
    count: chosen.length, container, folded: state.folded.has(chosen[0]), readOnly: readOnly || Boolean(opened.broken), saved: Boolean(saving.state.revision),
    may: page.may, canUndo: code.canUndo, canRedo: code.canRedo,
  };
}

/** Ctrl K: states first, then commands, then what can be added. */
function findAnything() {
  const faces = new Map((state.drawing?.nodes ?? []).map((node) => [node.id, node]));
  const states = allStates(opened.definition).map(({ name, state: one }) => ({
    label: name, text: one.Type, icon: faces.get(name)?.icon ?? "square", look: faces.get(name)?.kind, group: _("States"),
    run: () => { select(name, { reveal: true }); canvas.focus(name); },
  }));
  const does = commands(act, now()).map((entry) => ({ ...entry, group: _("Command") }));
  const { flow, actions: others } = entries(state.functions);
  const adding = now().readOnly ? [] : [...flow, ...others, ...patterns()].map((entry) => ({ ...entry,
    label: fill(_("Add %(name)s"), { name: entry.label }), keys: entry.key ?? "", group: _("Add"),
    run: () => act.add(entry) }));
  openPalette([...states, ...does, ...adding]);
}

function openContextMenu({ id, x, y }) {
  if (id && !state.selected.includes(id)) select(id);
  if (!id) select(null);
  const where = !id ? "canvas" : state.selected.length > 1 ? "several" : "state";
  openMenu({ x, y, label: id ?? _("Canvas"), entries: commands(act, now()).filter((entry) => entry.on?.includes(where)) });
}

/** Selects states everywhere: canvas, outline, code, inspector. */
function select(name, { from = "", reveal = false } = {}) {
  const names = name === null ? [] : Array.isArray(name) ? name : [name];
  pending = null; // whoever chooses something meanwhile keeps that
  state.selected = names;
  if (from !== "canvas") canvas.select(names, { quiet: true, reveal: reveal || from === "code" });
  look({ now: true });
  if (from !== "code" && names.length === 1) { const range = opened.rangeOf(names[0]); if (range) code.show(range); }
  showAll();
}

function rename() {
  state.inspector = true;
  showLayout();
  inspector.focusName();
}

/** JSON becomes YAML and the other way, as one step of undo. */
function turnLanguage() {
  if (opened.broken) { notices.say("text", _("Finish the text first: it cannot be read now.")); return; }
  code.replace(turned(opened.text));
}

function versions() {
  openVersions({
    name: saving.state.name, text: () => opened.text, mayDesign: page.may.design && !readOnly,
    restore: (text, number) => { code.replace(text); toast(fill(_("Revision %(number)s is in the editor. Save it, or undo."), { number })); },
  });
}

function fit() {
  openFit({ definition: savedForm(opened.text).definition, kind: saving.state.kind, onGo: ({ state: name }) => { if (name) select(name, { reveal: true }); } })
    .catch((error) => toast(error.message, { kind: "error" }));
}

/** Says who else is here, and once that somebody has saved. */
function together({ others, revision }) {
  state.others = others;
  if (saving.state.revision && revision > saving.state.revision.number && !saving.state.saving) notices.say("draft",
    _("Somebody has saved a newer revision since you began. Saving will put both together."));
  showBar();
}

function exported(kind) {
  exportAs(kind, { name: saving.state.name, text: savedForm(opened.text).definition, folded: [...state.folded],
    machine: saving.state.kind }).catch((error) => toast(error.message, { kind: "error" }));
}

/** Tests one state alone, and the next ones from there; on a text that cannot be read, nothing can be tested. */
function testState(name) {
  if (opened.broken || !opened.state(name)) return;
  openTest({ name, definition: () => opened.definition, onSelect: (next) => select(next, { reveal: true }) });
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
    definition: opened.definition, selected: state.selected.filter((name) => opened.state(name)),
      drawing: state.drawing, broken: Boolean(opened.broken), readOnly,
    kind: saving.state.kind, title: saving.state.name || _("New state machine"), arn: saving.state.arn,
    problemsOf: (name) => state.problems.filter((problem) => stateAt(opened.definition, problem.pointer) === name),
  });
  browser.show({ definition: opened.definition, selected: state.selected, drawing: state.drawing, problems: state.byState });
  showBar();
}

function showBar() {
  bar.show({ ...saving.state, revision: saving.state.revision?.number, dirty: saving.dirty, mode: state.mode,
    may: { ...page.may, design: page.may.design && !readOnly }, canUndo: code.canUndo, canRedo: code.canRedo,
    others: state.others ?? [] });
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
  if (await ask({ title: _("Discard the draft?"),
    text: _("The text becomes that of the last revision. Undo brings it back while this page is open."),
    action: _("Discard"), danger: true })) await saving.discard();
}

async function deleteMachine() {
  const text = fill(_("“%(name)s”, its revisions and the history of its executions are removed; what runs is stopped. This cannot be undone."),
    { name: saving.state.name });
  if (await ask({ title: _("Delete the state machine?"), text, action: _("Delete"),
    danger: true })) await saving.deleteMachine().catch((error) => toast(error.message, { kind: "error" }));
}

const element = find("#canvas");
on(element, "canvas-select", (event) => { if (event.detail.ids.length
  && (phone.matches || innerWidth > 900)) state.inspector = true; select(event.detail.ids,
  { from: "canvas" }); showLayout(); });
on(element, "canvas-open", (event) => openInspector(event.detail.id));
on(element, "canvas-insert", (event) => notices.choose(event.detail.place, { functions: state.functions, onAdd: act.add }));
on(element, "canvas-move", (event) => act.move(event.detail.id, event.detail.place));
on(element, "canvas-menu", (event) => { event.preventDefault(); openContextMenu(event.detail); });
on(element, "canvas-edge", (event) => select(event.detail.edge.from));
on(element, "canvas-fold", (event) => { const { id } = event.detail; if (!state.folded.delete(id)) state.folded.add(id); check(); });
on(find("#inspector"), "field-fault", () => showAll());
on(globalThis, "beforeunload", (event) => { if (saving.atRisk) { saving.keepNow(); event.preventDefault(); } });
listenToKeys({
  ...act, readOnly, selected: () => state.selected, functions: () => state.functions, code,
  search: () => browser.focusSearch(), regions: ["#browser", "#code", "#canvas", "#problems", "#inspector"],
});
listenToClipboard({ act, readOnly, any: () => state.selected.length > 0 });
makeDivider(find("#divider"), find("#code"), () => code.measure());

state.mode = phone.matches ? "design" : localStorage.getItem("statewright:mode") ?? "design";
showLayout();
showBroken();
check();
lens.begin().then(() => look({ now: true }));
if (page.machine) get(`machines/${encodeURIComponent(page.machine.name)}/shapes/`).then(learned, () => {});
if (page.machine?.draft && page.machine.draft.baseRevision !== page.machine.revision.id) notices.say("draft",
  _("Somebody has saved a newer revision since you began this draft. Saving will show both."));
if (left?.note === "wrapped") notices.say("draft", _("It was a single state, so a state machine was made around it."));
if (!page.machine) saving.changed();
get("functions/").then((answer) => { state.functions = (answer.functions ?? answer).map((entry) => entry.name); browser.draw(); showAll(); }, () => {});
if (page.machine) announcePresence(() => saving.state.name, { onOthers: together });
