// The forms of the state types that are no Task and no Choice.

import { html, nothing } from "lit";
import { _, plural } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { setAt, setField, setFields } from "../model/edits.js";
import { findState, freeName } from "../model/states.js";
import { jsonField, numberField, selectField, textField, tool } from "./fields.js";

const setter = ({ name, edit }) => (field, label) => (value) => { edit(setField(name, field, value === "" ? undefined : value), label ?? field); return ""; };

const WAITS = ["Seconds", "Timestamp", "SecondsPath", "TimestampPath"];

export function waitForm(context) {
  const { name, state, edit, readOnly } = context;
  const kind = WAITS.find((field) => field in state) ?? "Seconds";
  const labels = { Seconds: _("For a number of seconds"), Timestamp: _("Until a time"), SecondsPath: _("For seconds from the data"), TimestampPath: _("Until a time from the data") };
  const first = { Seconds: 60, Timestamp: new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, ""), SecondsPath: "$.seconds", TimestampPath: "$.until" };
  const change = (chosen) => edit(setFields(name, Object.fromEntries(WAITS.map((field) => [field, field === chosen ? first[chosen] : undefined]))), _("Wait"));
  const value = kind === "Seconds" && typeof state.Seconds !== "string"
    ? numberField({ name: `${name} seconds`, label: _("Seconds"), value: state.Seconds, unit: _("seconds"), readOnly, onChange: (number) => { edit(setField(name, "Seconds", number ?? 0), _("Wait")); return ""; } })
    : textField({ name: `${name} ${kind}`, label: kind, value: state[kind], code: true, readOnly, onChange: setter(context)(kind) });
  return html`${selectField({ name: `${name} wait`, label: _("Wait"), value: kind, readOnly, options: WAITS.map((field) => ({ value: field, label: labels[field] })), onChange: change })}${value}`;
}

export function passForm(context) {
  const { name, state, readOnly } = context;
  const set = setter(context);
  return html`${jsonField({ name: `${name} result`, label: _("Result"), value: state.Result, readOnly, hint: _("What the state gives, as it stands. Empty: its input."), onChange: set("Result") })}
    ${jsonField({ name: `${name} parameters`, label: "Parameters", value: state.Parameters, readOnly, hint: _("Build the result from the input: names that end in .$ hold a path."), onChange: set("Parameters") })}`;
}

export function failForm(context) {
  const { name, state, readOnly } = context;
  const set = setter(context);
  return html`${textField({ name: `${name} error`, label: "Error", value: state.Error ?? state.ErrorPath, code: true, readOnly, onChange: set("ErrorPath" in state ? "ErrorPath" : "Error") })}
    ${textField({ name: `${name} cause`, label: "Cause", value: state.Cause ?? state.CausePath, readOnly, onChange: set("CausePath" in state ? "CausePath" : "Cause") })}`;
}

export function mapForm(context) {
  const { name, state, edit, readOnly } = context;
  const set = setter(context);
  const key = "ItemProcessor" in state ? "ItemProcessor" : "Iterator";
  const pointer = findState(context.definition, name)?.pointer;
  const mode = state.ItemProcessor?.ProcessorConfig?.Mode ?? "INLINE";
  const modes = [{ value: "INLINE", label: _("Inline: in this execution, up to 40 at once") }, { value: "DISTRIBUTED", label: _("Distributed: each item an execution of its own") }];
  const config = (chosen) => (chosen === "INLINE" ? { Mode: "INLINE" } : { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" });
  return html`
    ${"Items" in state ? jsonField({ name: `${name} items`, label: "Items", value: state.Items, readOnly, onChange: set("Items") })
      : textField({ name: `${name} items path`, label: _("Items (path to the list)"), value: state.ItemsPath, code: true, placeholder: "$", readOnly, onChange: set("ItemsPath") })}
    ${numberField({ name: `${name} concurrency`, label: _("At once at most"), value: state.MaxConcurrency, placeholder: _("no limit"), readOnly, onChange: set("MaxConcurrency") })}
    ${key === "ItemProcessor" ? selectField({ name: `${name} mode`, label: _("Mode"), value: mode, options: modes, readOnly, onChange: (chosen) => edit(setAt(`${pointer}/ItemProcessor/ProcessorConfig`, config(chosen)), _("Mode")) }) : nothing}
    ${jsonField({ name: `${name} selector`, label: "ItemSelector", value: state.ItemSelector, readOnly, hint: _("What each item's first state gets. Empty: the item itself."), onChange: set("ItemSelector") })}`;
}

export function parallelForm(context) {
  const { name, state, edit, readOnly, definition, words } = context;
  const branches = Array.isArray(state.Branches) ? state.Branches : [];
  const pointer = findState(definition, name)?.pointer;
  const step = freeName(definition, words.step);
  const branch = { StartAt: step, States: { [step]: { Type: "Pass", End: true } } };
  const add = () => edit(setAt(`${pointer}/Branches`, [...branches, branch]), _("Add a branch"));
  return html`<div class="field"><div class="label">${_("Branches")}</div>
    <p>${plural("%(count)s branch; all of them run at once, and the result is the list of theirs.", "%(count)s branches; all of them run at once, and the result is the list of theirs.", branches.length)}</p>
    ${readOnly ? nothing : html`<div><button class="button button--small" type="button" @click=${add}>${icon("plus")}${_("Add a branch")}</button></div>`}
    <ul class="rule-list">${branches.map((branch, index) => html`<li class="row"><span class="truncate">${index + 1}. ${branch?.StartAt || _("empty")}</span>${readOnly || branches.length < 2 ? nothing : html`
      <span class="push">${tool("trash-2", _("Remove the branch"), () => edit(setAt(`${pointer}/Branches`, branches.toSpliced(index, 1)), _("Remove the branch")))}</span>`}</li>`)}</ul></div>`;
}

export const nothingMore = (text) => html`<p class="soft">${text}</p>`;
