// The fields an inspector is made of.  Each writes when the person leaves it or presses Enter; Esc puts the old value back.

import { html, live, nothing } from "lit";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { JsonError, parseTree } from "../model/json.js";

/** The id of a field's control. */
export const idOf = (name) => `field-${name.replace(/\W+/g, "-")}`;
const faults = new Map(); // id → what was typed that could not be taken, until it can

const typed = new Map(); // id → what is being typed and was not left yet: a redraw meanwhile must not take it away

/** The value of a control that shows `shown` unless somebody is typing in it; its events are those of `typing`. */
export const kept = (id, shown) => live(typed.get(id) ?? shown);

/** To be called on input, and with null when what was typed is taken, given up or left. */
export const typing = (id, text) => { if (text === null) typed.delete(id); else typed.set(id, text); };

/** What is wrong with what was typed, as long as the field's value is the one it was typed over; or null. */
function faultOf(id, value) {
  const fault = faults.get(id);
  return fault && fault.of === value ? fault : null;
}

function restore(event, shown) {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  typing(event.target.id, null);
  event.target.value = shown;
  event.target.setCustomValidity("");
  event.target.blur();
}

/** A label, its control, an error and a hint. */
export function frame(id, label, control, { hint = "", error = "", action = nothing } = {}) {
  return html`<div class="field"><label for=${id}>${label}${action === nothing ? nothing : html`<span class="push"></span>${action}`}</label>${control}
    ${error ? html`<p class="error" id="${id}-error">${icon("circle-alert")}<span>${error}</span></p>` : nothing}${hint
      ? html`<p class="hint">${hint}</p>` : nothing}</div>`;
}

/** One line of text. `onChange(text)` may return an error text to show instead of taking it. */
export function textField({ name, label, value, onChange, hint, placeholder = "", code = false, options = null,
  readOnly = false, unit = "", action, onInput = null }) {
  const id = idOf(name);
  const error = faultOf(id, value)?.error ?? "";
  const shown = value ?? "";
  const change = (event) => take(id, value, event.target, (text) => onChange(text));
  const list = options ? `${id}-list` : nothing;
  const input = html`<input class=${unit ? "" : `input ${code ? "input--code" : ""}`} id=${id}
    .value=${kept(id, String(shown))} placeholder=${placeholder} list=${list} autocomplete="off"
    spellcheck=${code ? "false" : nothing} ?readonly=${readOnly} aria-invalid=${error ? "true" : nothing}
      @input=${(event) => { typing(id, event.target.value); onInput?.(event.target.value); }}
      @blur=${() => typing(id, null)} @change=${change} @keydown=${(event) => restore(event, shown)}>`;
  const control = html`${unit ? html`<div class="input-box">${input}<span class="unit">${unit}</span></div>`
    : input}${options ? html`<datalist id=${list}>${options.map((option) =>
    html`<option value=${option}></option>`)}</datalist>` : nothing}`;
  return frame(id, label, control, { hint, error, action });
}

/** Several lines of text. */
export function areaField({ name, label, value, onChange, hint, rows = 2, readOnly = false }) {
  const id = idOf(name);
  return frame(id, label, html`<textarea class="textarea" id=${id} rows=${rows} .value=${kept(id, value ?? "")} ?readonly=${readOnly}
    @input=${(event) => typing(id, event.target.value)} @blur=${() => typing(id, null)}
      @change=${(event) => { typing(id, null); onChange(event.target.value); }}
      @keydown=${(event) => restore(event, value ?? "")}></textarea>`, { hint });
}

/** A number, or nothing; "" takes it away. */
export function numberField({ name, label, value, onChange, hint, unit = "", placeholder = "", least = 0, whole = true, readOnly = false }) {
  const change = (text) => {
    if (!text.trim()) return onChange(undefined);
    const number = Number(text);
    if (!Number.isFinite(number) || number < least || (whole && !Number.isInteger(number))) {
      return fill(whole ? _("A whole number, at least %(least)s") : _("A number, at least %(least)s"), { least });
    }
    return onChange(number);
  };
  return textField({ name, label, value: value === undefined ? "" : String(value), onChange: change, hint, unit, placeholder, readOnly });
}

/** One of several. options: [{value, label}]. */
export function selectField({ name, label, value, options, onChange, hint, readOnly = false, action }) {
  const id = idOf(name);
  return frame(id, label, html`<select class="select" id=${id} ?disabled=${readOnly} .value=${live(String(value ?? ""))}
    @change=${(event) => onChange(event.target.value)}>
    ${options.map((option) => html`<option value=${option.value}
      ?selected=${String(option.value) === String(value ?? "")}>${option.label}</option>`)}</select>`,
      { hint, action });
}

/** Any JSON; "" takes the field away. What cannot be read stays as typed, with the reason, until it can. */
export function jsonField({ name, label, value, onChange, hint, rows = 4, placeholder = "", readOnly = false, action }) {
  const id = idOf(name);
  const shown = value === undefined ? "" : JSON.stringify(value, null, 2);
  const fault = faultOf(id, shown);
  const change = (event) => take(id, shown, event.target, (text) => {
    if (!text.trim()) return onChange(undefined);
    try {
      return onChange(parseTree(text).value);
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      return fill(_("line %(line)s: %(message)s"), { line: error.line, message: error.message });
    }
  });
  return frame(id, label, html`<textarea class="textarea textarea--code" id=${id}
    rows=${Math.min(16, Math.max(rows, shown.split("\n").length))} spellcheck="false"
    placeholder=${placeholder} ?readonly=${readOnly} aria-invalid=${fault ? "true" : nothing} .value=${kept(id, fault ? fault.typed : shown)}
    @input=${(event) => typing(id, event.target.value)} @blur=${() => typing(id, null)} @change=${change}
      @keydown=${(event) => restore(event, shown)}></textarea>`, { hint, error: fault?.error ?? "", action });
}

/** Gives what was typed to `onChange`; an error text it returns is kept with the field and shown. */
function take(id, of, input, onChange) {
  typing(id, null);
  const error = onChange(input.value);
  if (typeof error === "string" && error) {
    faults.set(id, { of, typed: input.value, error });
    input.dispatchEvent(new CustomEvent("field-fault", { bubbles: true }));
  } else {
    faults.delete(id);
  }
}

/** A box with a head that folds; `tools` are buttons on the head, beside the summary since a button may not hold buttons. */
export function box({ title, open = true, tools = nothing, body, foot = nothing }) {
  return html`<div class="rule-box"><details class="rule" ?open=${open}><summary class="rule__head"><span class="rule__title truncate">${title}</span></summary>
    <div class="rule__body">${body}</div>${foot === nothing ? nothing : html`<div class="rule__foot">${foot}</div>`}</details>
    ${tools === nothing ? nothing : html`<div class="rule__tools">${tools}</div>`}</div>`;
}

/** A small button with a glyph only. */
export const tool = (symbol, title, action, disabled = false) =>
  html`<button class="button button--quiet button--icon button--small" type="button" title=${title} aria-label=${title}
  ?disabled=${disabled} @click=${(event) => { event.preventDefault(); event.stopPropagation(); action(); }}>${icon(symbol)}</button>`;

/** The select of the state to go to. `end` adds "End" (value null). */
export function targetField({ name, label, value, peers, own, onChange, end = false, readOnly = false }) {
  const missing = typeof value === "string" && value && !peers.includes(value);
  const options = [
    ...(end ? [{ value: "\u0000end", label: _("End (nothing follows)") }] : []),
    ...(!end && value === undefined ? [{ value: "", label: "–" }] : []),
    ...(missing ? [{ value, label: fill(_("%(name)s – there is no such state"), { name: value }) }] : []),
    ...peers.filter((peer) => peer !== own).map((peer) => ({ value: peer, label: peer })),
    ...(peers.includes(own) ? [{ value: own, label: fill(_("%(name)s (itself)"), { name: own }) }] : []),
  ];
  return selectField({ name, label, value: value ?? (end ? "\u0000end" : ""), options, readOnly,
    onChange: (chosen) => onChange(chosen === "\u0000end" ? null : chosen) });
}
