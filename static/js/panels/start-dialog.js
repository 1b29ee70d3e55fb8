// Starting an execution: name, input with its faults marked, inputs used lately.

import { html, nothing, render } from "lit";
import { get, post } from "../lib/api.js";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { createJsonEditor } from "../lib/json-editor.js";
import { ago, size } from "../lib/moments.js";
import { JsonError, parseTree } from "../model/json.js";

const LIMIT = 262_144;
const keyOf = (name) => `statewright:input:${name}`;

/**
 * Opens the dialog for the machine `name`. `before` (saving) runs first and may refuse by rejecting;
 * `input` is what to offer when nothing was used yet, `inputText` what to offer in any case; `action` names the button.
 */
export function openStartDialog({ name, before = null, input = null, inputText = null, action = _("Run") }) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog dialog--wide start";
  dialog.setAttribute("aria-labelledby", "start-title");
  document.body.append(dialog);
  let executionName = "";
  let recent = [];
  let error = "";
  let busy = false;
  let editor = null;
  const remembered = inputText === null ? localStorage.getItem(keyOf(name)) : pretty(inputText);
  let text = remembered ?? (input === null ? "{}" : JSON.stringify(input, null, 2));

  const fault = () => {
    if (new TextEncoder().encode(text).length > LIMIT) return fill(_("The input has %(size)s; at most 256 KB are allowed."),
      { size: size(new TextEncoder().encode(text).length) });
    try {
      parseTree(text.trim() ? text : "{}");
      return "";
    } catch (failure) {
      if (!(failure instanceof JsonError)) throw failure;
      return fill(_("Line %(line)s, column %(column)s: this is no JSON yet. %(message)s"),
        { line: failure.line, column: failure.column, message: failure.message });
    }
  };

  async function run(event) {
    event?.preventDefault();
    error = fault();
    if (error || busy) { draw(); editor.focus(); return; }
    busy = true;
    draw();
    try {
      await before?.();
      localStorage.setItem(keyOf(name), text);
      const body = { input_text: text.trim() || "{}", ...(executionName ? { name: executionName } : {}) };
      const started = await post(`machines/${encodeURIComponent(name)}/executions/`, body);
      location.href = `/executions/${started.id}/`;
    } catch (failure) {
      error = failure.message;
      busy = false;
      draw();
    }
  }

  function draw() {
    const problem = error || (text.trim() ? fault() : "");
    render(html`<form method="dialog" @submit=${run}>
      <div><h2 id="start-title">${fill(_("Run %(name)s"), { name })}</h2>
        <div class="field"><label for="start-name">${_("Name")} <span class="required">${_("optional")}</span></label>
          <input class="input" id="start-name" autocomplete="off" maxlength="80" placeholder=${_("made up for you")} .value=${executionName}
            @input=${(event) => { executionName = event.target.value.trim(); }}></div>
        <div class="field"><div class="label">${_("Input")}<span class="push"></span>
          <button class="link small" type="button" @click=${format}>${_("Format")}</button></div>
          <div class="start__input" data-invalid=${problem ? "true" : nothing}></div>
          <div role="status">${problem ? html`<p class="error">${icon("circle-alert")}<span>${problem}</span></p>` : nothing}</div></div>
        ${recent.length ? html`<div class="field"><div class="label">${_("Used lately")}</div><div class="start__recent">${recent.map((entry) => html`
          <button class="start__entry" type="button" @click=${() => { editor.setText(pretty(entry.input)); error = ""; draw(); }}>
          <code class="truncate">${entry.input.replace(/\s+/g, " ")}</code><span
            class="muted small nowrap">${ago(Date.parse(entry.started_at))}</span></button>`)}</div></div>`
            : nothing}</div>
      <footer><button class="button" type="button" @click=${() => dialog.close()}>${_("Cancel")}</button>
        <button class="button button--primary" data-busy=${busy ? "true"
          : nothing}>${icon("play")}${action} <kbd>Ctrl ↵</kbd></button></footer></form>`, dialog);
  }

  function format() {
    if (!fault()) editor.setText(pretty(text));
  }

  dialog.addEventListener("close", () => { editor?.destroy(); dialog.remove(); });
  draw();
  dialog.showModal();
  editor = createJsonEditor(dialog.querySelector(".start__input"), {
    text, label: _("Input"), keys: [{ key: "Mod-Enter", run: () => { run(); return true; } }],
    onChange: (next) => { text = next; error = ""; draw(); },
  });
  editor.focus();
  const path = `machines/${encodeURIComponent(name)}/`;
  get(`${path}inputs/`).then((answer) => {
    recent = answer.inputs.slice(0, 5);
    draw();
    if (remembered !== null || input !== null) return;
    if (recent.length) editor.setText(pretty(recent[0].input));
    else get(`${path}sample-input/`).then((sample) => { if (sample.input !== null
      && text === "{}") editor.setText(JSON.stringify(sample.input, null, 2)); }, () => {});
  }, () => {});
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
