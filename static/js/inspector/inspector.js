// The inspector: the form of what is selected – one state, several, or the machine itself.

import { html, nothing, render } from "lit";
import { _, plural } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { tabKeys } from "../lib/tabs.js";
import { replaceState, setAt, setField } from "../model/edits.js";
import { allStates, APPROVAL } from "../model/states.js";
import { fixTitle } from "../panels/problem-words.js";
import { choiceForm } from "./choice.js";
import { inputForm, jsonataOutput, outputForm, variablesForm, WORK } from "./data.js";
import { errorsForm } from "./errors.js";
import { areaField, jsonField, numberField, selectField, targetField, tool } from "./fields.js";
import { general, nameField } from "./general.js";
import { machineLanguage, stateLanguage } from "./language.js";
import { mapForm } from "./map.js";
import { shapesForm } from "./shapes.js";
import { taskForm } from "./task.js";
import { failForm, nothingMore, parallelForm, passForm, waitForm } from "./types.js";

const FORMS = { Task: taskForm, Choice: choiceForm, Wait: waitForm, Pass: passForm, Fail: failForm, Map: mapForm, Parallel: parallelForm };

/**
 * Fills `element`. `edit(edit, label)` makes an edit, `select(name)` selects, `onClose()` hides the panel,
 * `actions` = {remove, duplicate, fix(problem), test(name), wrap(kind), extract, copy}; `known()` gives {functions, groups, resources, place, words}.
 * show({definition, selected, drawing, problems, broken, readOnly, kind}).
 */
export function createInspector(element, { edit, select, onClose, actions, known }) {
  let state = null;
  let tab = "configuration";
  let code = false;

  function context() {
    const [name] = state.selected;
    const entry = allStates(state.definition).find((one) => one.name === name);
    return entry && {
      ...known(), definition: state.definition, name, state: entry.state, pointer: entry.pointer, edit, select,
      readOnly: state.readOnly || state.broken, jsonata: (entry.state.QueryLanguage ?? state.definition.QueryLanguage) === "JSONata",
      face: state.drawing?.nodes.find((node) => node.pointer === entry.pointer), problems: state.problemsOf(name),
    };
  }

  function draw() {
    if (!state) return;
    const one = state.selected.length === 1 ? context() : null;
    render(one ? stateForm(one) : state.selected.length > 1 ? severalForm() : machineForm(), element);
  }

  const broken = () => (state.broken
    ? html`<p class="note note--warning">${icon("triangle-alert")}<span>${
      _("The text is not finished. Fields can be changed again when it can be read.")}</span></p>` : nothing);

  function stateForm(one) {
    const tabs = tabsOf(one);
    if (!tabs.some(({ id }) => id === tab)) tab = "configuration";
    const current = tabs.find(({ id }) => id === tab);
    return html`<header class="inspector__head">
      <span class="browser__tile look--${one.face?.kind ?? "pass"}">${icon(one.face?.icon ?? "square")}</span>
      <div class="grow"><h2 class="truncate" lang=${/[぀-ヿ㐀-鿿]/.test(one.name) ? "ja" : nothing}
        title=${one.name}>${one.name}</h2><p class="small muted truncate">${one.state.Resource === APPROVAL
        ? _("Approval") : one.state.Type ?? _("No type yet")} · ${one.jsonata ? "JSONata" : "JSONPath"}</p></div>
      ${tool("braces", _("Show the definition"), () => { code = !code; draw(); })}
      ${one.readOnly ? nothing : html`${tool("circle-play", _("Test this state (R)"),
        () => actions.test(one.name))}${tool("copy", _("Duplicate (Ctrl D)"),
        () => actions.duplicate(one.name))}${tool("trash-2", _("Delete (Del)"), () => actions.remove([one.name]))}`}
      ${tool("x", _("Close"), onClose)}</header>
      ${code ? nothing : html`<div class="tabs inspector__tabs" role="tablist" aria-label=${_("Configuration")}
        @keydown=${tabKeys}>${tabs.map(({ id, label, count }) =>
        html`<button role="tab" type="button" aria-selected=${id === current.id} tabindex=${id === current.id ? 0 : -1}
        @click=${() => { tab = id; draw(); }}>${label}${count ? html`<span class="count">${count}</span>`
        : nothing}</button>`)}</div>`}
      <div class="inspector__body">${broken()}${problems(one)}${code ? definition(one) : current.body(one)}</div>`;
  }

  const problems = (one) => one.problems.map((problem) =>
    html`<p class="note ${problem.severity === "ERROR" ? "note--bad"
    : "note--warning"}">${icon(problem.severity === "ERROR" ? "circle-x" : "triangle-alert")}
    <span>${problem.message}${problem.hint ? html`<br><span class="muted">${problem.hint}</span>` : nothing}
    ${problem.fix && !one.readOnly ? html`<br><button class="button button--small note__fix" type="button"
      @click=${() => actions.fix(problem)}>${icon("wand-sparkles")}${fixTitle(problem.fix)}</button>`
      : nothing}</span></p>`);

  const definition = (one) => jsonField({ name: `${one.name} definition`, label: _("Definition"), value: one.state,
    rows: 16, readOnly: one.readOnly, onChange: (value) => { edit(replaceState(one.name, value),
    _("Definition")); return ""; } });

  function severalForm() {
    const count = state.selected.length;
    return html`<header class="inspector__head"><div
      class="grow"><h2>${plural("%(count)s state selected", "%(count)s states selected", count)}</h2></div>${tool("x",
      _("Close"), onClose)}</header>
      <div class="inspector__body"><ul class="rule-list">${state.selected.map((name) =>
        html`<li><button class="link" type="button" @click=${() => select(name)}>${name}</button></li>`)}</ul>
      ${state.readOnly ? nothing : html`<div class="inspector__group">${doing("columns-3", _("Wrap in a Parallel"),
        () => actions.wrap("Parallel"))}${doing("layers", _("Wrap in a Map"), () => actions.wrap("Map"))}
        ${doing("workflow", _("Extract into a state machine"), actions.extract)}${doing("copy", _("Copy as ASL"),
          actions.copy)}</div><div><button class="button button--danger" type="button"
          @click=${() => actions.remove(state.selected)}>${icon("trash-2")}${plural("Delete %(count)s state",
          "Delete %(count)s states", count)}</button></div>`}</div>`;
  }

  const doing = (symbol, label, action) => html`<button class="button" type="button" @click=${action}>${icon(symbol)}${label}</button>`;

  function machineForm() {
    const { definition: machine } = state;
    const readOnly = state.readOnly || state.broken;
    const put = (field) => (value) => { edit(setAt(`/${field}`, value === "" ? undefined : value), field); return ""; };
    return html`<header class="inspector__head"><span class="browser__tile look--pass">${icon("workflow")}</span><div
      class="grow"><h2 class="truncate">${state.title}</h2><p
      class="small muted">${_("State machine")} · ${state.kind === "EXPRESS" ? "Express"
      : "Standard"}</p></div>${tool("x", _("Close"), onClose)}</header>
      <div class="inspector__body">${broken()}
      ${areaField({ name: "machine comment", label: _("Comment"), value: machine.Comment, readOnly, onChange: put("Comment") })}
      ${targetField({ name: "machine start", label: _("First state"), value: machine.StartAt,
        peers: Object.keys(machine.States ?? {}), own: null, readOnly, onChange: put("StartAt") })}
      ${numberField({ name: "machine timeout", label: _("Timeout of an execution"), value: machine.TimeoutSeconds,
        least: 1, unit: _("seconds"), placeholder: _("none"), readOnly, onChange: put("TimeoutSeconds") })}
      ${machineLanguage({ definition: machine, edit, readOnly })}
      <dl class="facts"><dt>${_("States")}</dt><dd>${allStates(machine).length}</dd>${state.arn
        ? html`<dt>ARN</dt><dd class="mono break">${state.arn}</dd>` : nothing}</dl>
      <p class="soft">${_("Select a state to change it.")}</p></div>`;
  }

  return {
    show(next) { state = { ...state, ...next }; draw(); },
    /** Opens on one tab: "configuration", "input", "output", "errors". */
    open(wanted = "configuration") { tab = wanted; code = false; draw(); },
    focusName: () => { tab = "configuration"; draw(); element.querySelector("#field-name")?.select(); },
  };
}

function tabsOf(one) {
  const { state } = one;
  const tabs = [{ id: "configuration", label: _("Configuration"), body: configuration }];
  if (state.Type !== "Fail" && one.jsonata) {
    tabs.push({ id: "output", label: state.Type === "Task" || state.Type === "Parallel" ? _("Data") : _("Output"), body: jsonataOutput });
    if (state.Type !== "Succeed") tabs.push({ id: "variables", label: _("Variables"), body: variablesForm });
  } else if (state.Type !== "Fail") {
    tabs.push({ id: "input", label: _("Input"), body: inputForm }, { id: "output", label: _("Output"), body: outputForm });
  }
  if (WORK.includes(state.Type)) {
    const count = (state.Retry?.length ?? 0) + (state.Catch?.length ?? 0);
    tabs.push({ id: "errors", label: _("Error handling"), count, body: errorsForm });
  }
  tabs.push({ id: "shapes", label: _("Lens"), body: shapesForm });
  return tabs;
}

function configuration(one) {
  const form = FORMS[one.state.Type];
  return html`${nameField(one)}${form ? form(one) : one.state.Type === "Succeed"
    ? nothingMore(_("The execution ends here, well.")) : typeField(one)}${general(one)}${stateLanguage(one)}`;
}

const TYPE_OPTIONS = ["Task", "Choice", "Parallel", "Map", "Wait", "Pass", "Succeed", "Fail"];
const typeField = ({ name, state, edit, readOnly }) => selectField({
  name: `${name} type`, label: _("Type"), value: state.Type ?? "",
    options: [{ value: state.Type ?? "", label: state.Type ?? "–" },
    ...TYPE_OPTIONS.map((type) => ({ value: type, label: type }))],
  readOnly, onChange: (type) => edit(setField(name, "Type", type), _("Type")),
});
