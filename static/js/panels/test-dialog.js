// Test state: one state runs alone, with a mock or really; every stage of its data is shown, and the next can follow.

import { html, nothing, render } from "lit";
import { post } from "../lib/api.js";
import { _, fill } from "../lib/i18n.js";
import { glyph, icon } from "../lib/icon.js";
import { JsonError, parseTree } from "../model/json.js";
import { findState } from "../model/states.js";
import { firstResult, mayBeMocked, mustBeMocked, question, stagesOf } from "../model/trial.js";
import { jsonView } from "./json-view.js";

const WORDS = {
  SUCCEEDED: () => [_("Succeeded"), "succeeded"], FAILED: () => [_("Failed"), "failed"],
  CAUGHT_ERROR: () => [_("The error is caught"), "caught"], RETRIABLE: () => [_("It would be tried again"), "waiting"],
};
const TITLES = {
  input: () => _("Input"), result: () => _("Result"), output: () => _("Output"), request: () => _("Request"), response: () => _("Response"),
};
const kept = new Map(); // name of a state → its mock; survives closing the dialog
const fields = { input: "{}", variables: "{}" };

/** Opens the dialog for a state; `definition()` is that of the moment, `onSelect(name)` follows to the next state. */
export function openTest({ name: first, definition, onSelect, input = null }) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog trial";
  dialog.setAttribute("aria-labelledby", "trial-title");
  let name = first;
  let answer = null;
  let error = "";
  let busy = false;
  let way = []; // names of the states gone through
  if (input !== null) fields.input = input;

  const state = () => findState(definition(), name)?.state ?? {};
  function mock() {
    const found = kept.get(name);
    if (found) return found;
    const fresh = { kind: mayBeMocked(state()) ? "result" : "call", result: firstResult(state()), error: "States.TaskFailed", cause: "" };
    kept.set(name, fresh);
    return fresh;
  }

  function fault() {
    for (const [label, text] of [[_("Input"), fields.input], [_("Variables"), fields.variables],
      ...(mock().kind === "result" ? [[_("Result"), mock().result]] : [])]) {
      try {
        if (text.trim()) parseTree(text);
      } catch (problem) {
        if (!(problem instanceof JsonError)) throw problem;
        return fill(_("%(field)s, line %(line)s: this is no JSON yet. %(message)s"), { field: label, line: problem.line, message: problem.message });
      }
    }
    return "";
  }

  async function test() {
    error = fault();
    if (error || busy) { draw(); return false; }
    busy = true;
    draw();
    try {
      answer = await post("test-state/", question(definition(), name, { ...fields, mock: mock() }));
      way = [...way.filter((one) => one !== name), name];
    } catch (failure) {
      [answer, error] = [null, failure.message];
    }
    busy = false;
    draw();
    return Boolean(answer);
  }

  function goOn() {
    fields.input = pretty(answer.output ?? "{}");
    if (answer.variables) fields.variables = pretty(answer.variables);
    name = answer.next;
    answer = null;
    onSelect(name);
    draw();
  }

  /** On from state to state with the mocks there are, until one ends, fails, or would be called without leave. */
  async function toTheEnd() {
    for (let count = 0; count < 200; count += 1) {
      if (mock().kind === "call" && mayBeMocked(state())) return;
      if (!(await test()) || !answer.next) return;
      goOn();
    }
  }

  const area = (label, text, onInput, rows = 6) => html`<label class="field"><span class="label">${label}</span>
    <textarea class="textarea textarea--code" rows=${rows} spellcheck="false" .value=${text}
      @input=${(event) => { onInput(event.target.value); error = ""; }}></textarea></label>`;
  const option = (kind, label, disabled = false) =>
    html`<label class="option"><input class="radio" type="radio" name="trial-mock" ?disabled=${disabled}
    .checked=${mock().kind === kind}
    @change=${() => { mock().kind = kind; draw(); }}><span>${label}</span></label>`;

  const left = () => html`<div class="trial__ask">
    ${area(_("Input"), fields.input, (text) => { fields.input = text; }, 8)}
    <details class="rule-more" ?open=${fields.variables.trim() !== "{}"}><summary
      class="link small">${_("Variables")}</summary>${area(_("Variables"), fields.variables,
      (text) => { fields.variables = text; }, 3)}</details>
    ${mayBeMocked(state()) ? html`<fieldset class="field"><legend>${_("What it does")}</legend>
      ${option("result", _("Answers with this result"))}${option("error", _("Fails with this error"))}${option("call",
        _("Is really called"), mustBeMocked(state()))}</fieldset>
      ${mock().kind === "result" ? area(_("Result"), mock().result, (text) => { mock().result = text; }) : nothing}
      ${mock().kind === "error" ? html`<div class="field-pair">${line(_("Error"), "error")}${line(_("Cause"), "cause")}</div>` : nothing}` : nothing}</div>`;
  const line = (label, key) => html`<label class="field"><span class="label">${label}</span><input
    class="input input--code" autocomplete="off" .value=${mock()[key]}
    @input=${(event) => { mock()[key] = event.target.value; }}></label>`;

  function right() {
    if (error) return html`<p class="note note--bad">${icon("circle-alert")}<span>${error}</span></p>`;
    if (!answer) return html`<p class="soft trial__none">${_("Run it, and see what becomes of the data, step by step.")}</p>`;
    const [word, status] = (WORDS[answer.status] ?? WORDS.FAILED)();
    return html`<p class="trial__status">${glyph(status)}<b>${word}</b>${answer.next ? html`<span class="muted">→ ${answer.next}</span>` : nothing}</p>
      ${answer.error || answer.cause ? html`<p class="note note--bad">${icon("circle-x")}<span><b>${answer.error
        ?? ""}</b><br>${answer.cause ?? ""}</span></p>` : nothing}
      <ol class="trial__stages">${stagesOf(answer)
        .map((stage) => html`<li><details ?open=${!stage.same}><summary><b>${TITLES[stage.name]?.()
        ?? stage.name}</b>${stage.same ? html` <span class="muted small">${_("as before")}</span>` : nothing}</summary>
        ${jsonView(stage.text, stage.name)}</details></li>`)}
        ${answer.variables ? html`<li><details
          open><summary><b>${_("Variables")}</b></summary>${jsonView(answer.variables, _("Variables"))}</details></li>`
          : nothing}</ol>`;
  }

  function draw() {
    render(html`<form @submit=${(event) => { event.preventDefault(); test(); }}>
      <header class="trial__head"><h2 id="trial-title">${fill(_("Test “%(name)s”"), { name })}</h2>${way.length
        ? html`<p class="small muted truncate">${way.join(" → ")}</p>` : nothing}</header>
      <div class="trial__body">${left()}<section class="trial__answer" aria-live="polite"
        aria-label=${_("Result of the test")} tabindex="0">${right()}</section></div>
      <footer><button class="button" type="button" @click=${() => dialog.close()}>${_("Close")}</button>
        <button class="button" type="button" ?disabled=${busy} @click=${toTheEnd}>${icon("repeat")}${_("On to the end")}</button>
        ${answer?.next ? html`<button class="button" type="button"
          @click=${goOn}>${icon("arrow-right")}${fill(_("Next: %(name)s"), { name: answer.next })}</button>` : nothing}
        <button class="button button--primary" data-busy=${busy ? "true"
          : nothing}>${icon("play")}${_("Test")} <kbd>Ctrl ↵</kbd></button></footer></form>`, dialog);
  }

  dialog.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); test(); } });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  draw();
  dialog.showModal();
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
