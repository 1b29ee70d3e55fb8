// The forms of Wait, Pass, Fail and Parallel.

import { html, nothing } from "lit";
import { _, plural } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { setAt, setField, setFields } from "../model/edits.js";
import { findState, freeName } from "../model/states.js";
import { member } from "./data.js";
import { numberOrExpression } from "./expressions.js";
import { selectField, textField, tool } from "./fields.js";

const setter = ({ name, edit }) => (field, label) => (value) => { edit(setField(name, field, value === "" ? undefined : value), label ?? field); return ""; };

const WAITS = ["Seconds", "Timestamp", "SecondsPath", "TimestampPath"];

export function waitForm(context) {
  const { name, state, edit, readOnly, jsonata } = context;
  const kinds = jsonata ? WAITS.slice(0, 2) : WAITS;
  const kind = WAITS.find((field) => field in state) ?? "Seconds";
  const labels = { Seconds: _("For a number of seconds"), Timestamp: _("Until a time"),
    SecondsPath: _("For seconds from the data"), TimestampPath: _("Until a time from the data") };
  const first = { Seconds: 60, Timestamp: new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, ""),
    SecondsPath: "$.seconds", TimestampPath: "$.until" };
  const change = (chosen) => edit(setFields(name, Object.fromEntries(WAITS.map((field) => [field, field === chosen ? first[chosen] : undefined]))), _("Wait"));
  const options = [...new Set([...kinds, kind])].map((field) => ({ value: field, label: labels[field] }));
  const seconds = { name: `${name} seconds`, label: _("Seconds"), value: state.Seconds, unit: _("seconds"), readOnly };
  const value = kind !== "Seconds" ? textField({ name: `${name} ${kind}`, label: kind, value: state[kind], code: true,
    readOnly, hint: jsonata ? _("A time, or an expression in {% %}") : "", onChange: setter(context)(kind) })
    : numberOrExpression({ ...seconds, onChange: (number) => { edit(setField(name, "Seconds", number ?? 0), _("Wait")); return ""; } });
  return html`${selectField({ name: `${name} wait`, label: _("Wait"), value: kind, readOnly, options, onChange: change })}${value}`;
}

export function passForm(context) {
  if (context.jsonata) return html`<p class="soft">${_("Output and variables say what it gives.")}</p>`;
  return html`${member(context, "Result", { label: _("Result"), hint: _("What the state gives, as it stands. Empty: its input.") })}
    ${member(context, "Parameters", { hint: _("Build the result from the input: names that end in .$ hold a path.") })}`;
}

/** Error and Cause: text, in JSONPath also from the data, in JSONata an expression. */
export function failForm(context) {
  const { name, state, edit, readOnly, jsonata } = context;
  const set = setter(context);
  const part = (field) => {
    const path = `${field}Path`;
    const fromPath = path in state;
    const turn = () => edit(setFields(name, fromPath ? { [path]: undefined, [field]: "" } : { [field]: undefined, [path]: `$.${field.toLowerCase()}` }), field);
    const action = readOnly || jsonata ? nothing : html`<button class="link small" type="button"
      @click=${turn}>${fromPath ? _("Fixed") : _("From the data")}</button>`;
    return textField({ name: `${name} ${field}`, label: fromPath ? path : field, value: state[fromPath ? path : field],
      code: fromPath || field === "Error", readOnly, action,
      hint: jsonata ? _("Text, or an expression in {% %}") : "", onChange: set(fromPath ? path : field) });
  };
  return html`${part("Error")}${part("Cause")}`;
}

export function parallelForm(context) {
  const { name, state, edit, readOnly, definition, words } = context;
  const branches = Array.isArray(state.Branches) ? state.Branches : [];
  const pointer = findState(definition, name)?.pointer;
  const step = freeName(definition, words.step);
  const branch = { StartAt: step, States: { [step]: { Type: "Pass", End: true } } };
  const add = () => edit(setAt(`${pointer}/Branches`, [...branches, branch]), _("Add a branch"));
  return html`<div class="field"><div class="label">${_("Branches")}</div>
    <p>${plural("%(count)s branch; all of them run at once, and the result is the list of theirs.",
      "%(count)s branches; all of them run at once, and the result is the list of theirs.", branches.length)}</p>
    ${readOnly ? nothing : html`<div><button class="button button--small" type="button" @click=${add}>${icon("plus")}${_("Add a branch")}</button></div>`}
    <ul class="rule-list">${branches.map((branch, index) =>
      html`<li class="row"><span class="truncate">${index + 1}. ${branch?.StartAt || _("empty")}</span>${readOnly
      || branches.length < 2 ? nothing : html`
      <span class="push">${tool("trash-2", _("Remove the branch"),
        () => edit(setAt(`${pointer}/Branches`, branches.toSpliced(index, 1)),
        _("Remove the branch")))}</span>`}</li>`)}</ul></div>`;
}

export const nothingMore = (text) => html`<p class="soft">${text}</p>`;
