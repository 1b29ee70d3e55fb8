// The stages that a visit's data went through: after InputPath, Parameters, the result, ResultSelector … on demand.

import { html, nothing } from "lit";
import { get } from "../lib/api.js";
import { _ } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { stagesOf } from "../model/trial.js";
import { dataBox } from "./data-box.js";

const KEPT = 20;
const known = new Map(); // "execution visit exit" → {answer, error, open}

const TITLES = {
  input: () => _("Input"), result: () => _("Result"), output: () => _("Output"), request: () => _("Request"), response: () => _("Response"),
};
const FIELDS = { // what in the definition makes the stage
  afterInputPath: "InputPath", afterItemsPath: "ItemsPath", afterItemSelector: "ItemSelector", afterItemBatcher: "ItemBatcher", afterParameters: "Parameters",
  afterArguments: "Arguments", afterResultSelector: "ResultSelector", afterResultPath: "ResultPath",
};

/** The stages of `visit` of an execution, or the button that asks for them; `redraw()` when they have come. */
export function dataStages(execution, visit, redraw) {
  const key = `${execution} ${visit.id} ${visit.exitEvent}`;
  const state = known.get(key);
  if (!state?.open) {
    return html`<button class="button button--small" type="button"
      @click=${() => ask(key, execution, visit,
      redraw)}>${icon("list-tree")}${_("Show each stage of the data")}</button>`;
  }
  return html`<section class="column"><h3>${_("Stages of the data")} <button class="link small" type="button"
    @click=${() => { state.open = false; redraw(); }}>${_("Fold")}</button></h3>${body(key, state)}</section>`;
}

function body(key, { answer, error }) {
  if (error) return html`<div class="note note--bad">${icon("circle-alert")}<span>${error}</span></div>`;
  if (!answer) return html`<span class="skeleton"></span>`;
  const variables = Object.keys(answer.variables).length ? JSON.stringify(answer.variables) : null;
  const stages = stagesOf(answer);
  return html`${variables ? dataBox(`${key} variables`, _("Variables before"), variables) : nothing}
    ${stages.length ? html`<ol class="stages">${stages.map((stage) => html`<li class=${stage.same ? "is-same" : ""}>${stage.same
    ? html`<div class="data data--none"><header><b class="medium">${titleOf(stage.name)}</b><span
      class="push muted small">${_("no change")}</span></header></div>`
    : dataBox(`${key} ${stage.name}`, titleOf(stage.name), stage.text)}</li>`)}</ol>`
      : html`<p class="small muted">${_("This state does not change its data.")}</p>`}
    ${answer.whole ? nothing : html`<p class="small muted">${_("What follows is not known: the history does not have the result itself.")}</p>`}`;
}

const titleOf = (name) => TITLES[name]?.() ?? FIELDS[name] ?? name;

async function ask(key, execution, visit, redraw) {
  const state = known.get(key) ?? { answer: null, error: "" };
  state.open = true;
  known.set(key, state);
  if (known.size > KEPT) known.delete(known.keys().next().value);
  redraw();
  if (state.answer) return;
  try {
    state.answer = await get(`executions/${execution}/visits/${visit.id}/stages/`);
    state.error = "";
  } catch (error) {
    state.error = error.message;
  }
  redraw();
}
