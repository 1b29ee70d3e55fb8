// Fields of JSONata states: an expression, or JSON whose strings may be expressions; and numbers that may come from the data.

import { html, nothing } from "lit";
import { _ } from "../lib/i18n.js";
import { expressionFrom, expressionOf, isExpression } from "../model/expressions.js";
import { setFields } from "../model/edits.js";
import { frame, idOf, jsonField, kept, textField, typing } from "./fields.js";

const modes = new Map(); // id → "expression" | "json": how the person wants to write a field that is empty or both could show

const link = (text, action) => html`<button class="link small" type="button" @click=${action}>${text}</button>`;

/** An expression without its {% %}; "" takes the field away. */
export function expressionField({ name, label, value, onChange, hint, placeholder = "", readOnly = false, action = nothing }) {
  const id = idOf(name);
  const shown = value === undefined ? "" : expressionOf(value);
  const change = (event) => { typing(id, null); const text = event.target.value.trim(); onChange(text ? `{% ${text} %}` : undefined); };
  const key = (event) => {
    if (event.key === "Escape") { event.stopPropagation(); typing(id, null); event.target.value = shown; event.target.blur(); }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.blur();
  };
  return frame(id, label, html`<div class="expression"><span class="expression__mark" aria-hidden="true">{%</span>
    <textarea class="expression__text" id=${id} rows=${Math.min(12, shown.split("\n").length)} spellcheck="false"
      placeholder=${placeholder} ?readonly=${readOnly}
      .value=${kept(id, shown)} @input=${(event) => typing(id, event.target.value)} @blur=${() => typing(id, null)}
        @change=${change} @keydown=${key}></textarea><span class="expression__mark" aria-hidden="true">%}</span></div>`,
        { hint, action });
}

/** Any value of a JSONata state: as one expression, or as JSON in which strings may be expressions. */
export function jsonataField(field) {
  const { name, value, readOnly = false, placeholder = "" } = field;
  const id = idOf(name);
  const fitting = value === undefined ? null : isExpression(value) ? "expression" : "json";
  const mode = fitting ?? modes.get(id) ?? "expression";
  const turn = (event) => {
    const other = mode === "json" ? "expression" : "json";
    modes.set(id, other);
    if (fitting) field.onChange(other === "json" ? { value } : `{% ${expressionFrom(value)} %}`);
    event.target.dispatchEvent(new CustomEvent("field-fault", { bubbles: true }));
  };
  const action = readOnly ? nothing : link(mode === "json" ? _("As an expression") : _("As JSON"), turn);
  return mode === "json" ? jsonField({ ...field, action, placeholder: '{ "id": "{% $states.input.id %}" }' })
    : expressionField({ ...field, action, placeholder: placeholder || "$states.input" });
}

/** A number that is fixed or an expression. */
export const numberOrExpression = ({ value, onChange, least = 0, whole = true, ...field }) => textField({
  ...field, code: typeof value === "string", value: value === undefined ? "" : String(value),
  onChange: (text) => {
    if (!text.trim()) return onChange(undefined);
    if (isExpression(text)) return onChange(text.trim());
    const number = Number(text);
    return Number.isFinite(number) && number >= least && (!whole || Number.isInteger(number)) ? onChange(number) : _("A number, or an expression in {% %}");
  },
});

/**
 * A number of a state: fixed, or from the data – `FieldPath` in JSONPath, an expression in JSONata.
 * `context` is the inspector's; `first` is the path to begin with.
 */
export function dataNumber(context, field, { label, unit = "", hint, least = 0, whole = true, placeholder = "",
  first = "$.value", holder = null, put = null }) {
  const { name, state, edit, readOnly, jsonata } = context;
  const object = holder ?? state;
  const write = put ?? ((members) => edit(setFields(name, members), label));
  const pathName = `${field}Path`;
  const set = (key) => (value) => { write({ [key]: value === "" ? undefined : value }); return ""; };
  const id = `${name} ${field}`;
  if (jsonata) return numberOrExpression({ name: id, label, unit, hint, least, whole, placeholder, readOnly, value: object[field], onChange: set(field) });
  const fromPath = pathName in object;
  const turn = () => write(fromPath ? { [pathName]: undefined, [field]: Math.max(least, 1) } : { [field]: undefined, [pathName]: first });
  const action = readOnly ? nothing : link(fromPath ? _("Fixed") : _("From the data"), turn);
  if (fromPath) return textField({ name: `${id} path`, label: `${label} (${pathName})`, code: true,
    value: object[pathName], readOnly, hint, action, onChange: set(pathName) });
  return numberOrExpression({ name: id, label, unit, hint, least, whole, placeholder, readOnly, action, value: object[field], onChange: set(field) });
}
