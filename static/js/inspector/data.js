// The tabs for the flow of data: Input and Output of JSONPath states, Arguments & Output and Variables of JSONata states.

import { html, nothing } from "lit";
import { _ } from "../lib/i18n.js";
import { setField } from "../model/edits.js";
import { jsonataField } from "./expressions.js";
import { jsonField, textField } from "./fields.js";

export const WORK = ["Task", "Parallel", "Map"];
const setter = (one, field, label = field) => (value) => { one.edit(setField(one.name, field, value === "" ? undefined : value), label); return ""; };

const path = (one, field, hint) => textField({
  name: `${one.name} ${field}`, label: field, value: one.state[field] === null ? "null" : one.state[field], code: true,
    readOnly: one.readOnly, placeholder: "$", hint,
  onChange: (text) => setter(one, field)(text === "null" ? null : text),
});

/** A member that holds JSON in JSONPath and an expression or JSON in JSONata. */
export const member = (one, field, { label = field, hint = "", placeholder = "" } = {}) => (one.jsonata ? jsonataField : jsonField)({
  name: `${one.name} ${field}`, label, value: one.state[field], readOnly: one.readOnly, hint, placeholder, onChange: setter(one, field, label),
});

export const inputForm = (one) => html`${path(one, "InputPath", _("The part of the input that the state sees. Empty: all of it. null: nothing."))}
  ${one.state.Type === "Parallel" ? member(one, "Parameters", { hint: _("What each branch gets. Empty: the input.") }) : nothing}`;

const assign = (one) => member(one, "Assign", { label: _("Variables (Assign)"), placeholder: one.jsonata ? ""
  : '{ "orderId.$": "$.id" }', hint: _("Variables to set for later states.") });

export const outputForm = (one) => html`
  ${WORK.includes(one.state.Type) ? member(one, "ResultSelector", { hint: _("Choose from the result. Empty: all of it.") }) : nothing}
  ${WORK.includes(one.state.Type) || one.state.Type === "Pass"
    ? path(one, "ResultPath", _("Where the result goes in the input. Empty: it replaces the input. null: it is thrown away.")) : nothing}
  ${path(one, "OutputPath", _("The part that goes on to the next state. Empty: all of it."))}
  ${one.state.Type === "Succeed" ? nothing : assign(one)}`;

export const jsonataOutput = (one) => html`
  ${one.state.Type === "Task" || one.state.Type === "Parallel"
    ? member(one, "Arguments", { hint: _("What the task or each branch gets. Empty: the input.") }) : nothing}
  ${member(one, "Output", { hint: _("What goes on to the next state. Empty: the result.") })}`;

export const variablesForm = (one) => html`${assign(one)}
  <p class="hint">${_("Later states read a variable as $name. It is seen in the states of the same list and inside their branches.")}</p>`;
