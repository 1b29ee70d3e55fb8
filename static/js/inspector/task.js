// The form of a Task: what it calls, what it sends, how long it may take.

import { html, nothing } from "lit";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { setField, setFields } from "../model/edits.js";
import { isExpression } from "../model/expressions.js";
import { isPath, memberOf, withMember } from "../model/members.js";
import { APPROVAL } from "../model/states.js";
import { functionArn, functionOf } from "../model/templates.js";
import { approvalForm } from "./approval-form.js";
import { member } from "./data.js";
import { dataNumber } from "./expressions.js";
import { areaField, jsonField, selectField, textField } from "./fields.js";
import { parameterForm, resourcesFor } from "./parameter-form.js";

/** "function" · "approval" · "other". */
export function kindOf(state) {
  if (state.Resource === APPROVAL) return "approval";
  return functionOf(state) || !state.Resource ? "function" : "other";
}

export function taskForm(context) {
  const { name, state, edit, readOnly, functions, place } = context;
  const kind = kindOf(state);
  const kinds = [{ value: "function", label: _("A function of this installation") },
    { value: "approval", label: _("A person's decision") }, { value: "other", label: _("Another resource (ARN)") }];
  const change = (chosen) => edit(setFields(name, {
    function: { Resource: functions[0] ? functionArn(place, functions[0]) : "" },
    approval: context.jsonata ? { Resource: APPROVAL, Arguments: { title: name, data: "{% $states.input %}" } }
      : { Resource: APPROVAL, Parameters: { title: name, "data.$": "$" }, ResultPath: state.ResultPath ?? "$.approval" },
    other: { Resource: "arn:aws:states:::" },
  }[chosen]), _("What it calls"));
  return html`${selectField({ name: `${name} kind`, label: _("What it calls"), value: kind, options: kinds, readOnly, onChange: change })}
    ${kind === "approval" ? approvalFields(context) : html`${kind === "function" ? functionField(context) : resourceField(context)}${parametersOf(context)}`}
    <div class="field-pair">${timeField(context, "TimeoutSeconds", _("Timeout"))}${timeField(context, "HeartbeatSeconds", _("Heartbeat"))}</div>
    ${kind === "other" && (state.Credentials || String(state.Resource).includes(":aws-sdk:"))
      ? member(context, "Credentials", { hint: _("A role of another account, as RoleArn.") }) : nothing}`;
}

function functionField({ name, state, edit, readOnly, functions, place, jsonata }) {
  const called = functionOf(state);
  const optimised = String(state.Resource).includes(":lambda:invoke");
  const options = [
    ...(called ? [] : [{ value: "", label: _("Choose a function") }]),
    ...(called && !functions.includes(called) ? [{ value: called, label: fill(_("%(name)s – not here"), { name: called }) }] : []),
    ...functions.map((entry) => ({ value: entry, label: entry })),
  ];
  const change = (chosen) => edit(optimised
    ? setField(name, jsonata ? "Arguments" : "Parameters", { ...state[jsonata ? "Arguments" : "Parameters"], FunctionName: functionArn(place, chosen) })
    : setField(name, "Resource", functionArn(place, chosen)), _("Function"));
  return html`${selectField({ name: `${name} function`, label: _("Function"), value: called, options, readOnly, onChange: change })}
    ${called ? html`<p class="small"><a href="/functions/${encodeURIComponent(called)}/" target="_blank"
      rel="noopener">${functions.includes(called) ? _("Open its code")
      : _("Write this function")} ${icon("external-link", "icon--xs inline")}</a></p>` : nothing}`;
}

const sought = new Map(); // state → what is being typed as its resource

const resourceField = ({ name, state, edit, readOnly, resources, redraw }) => textField({
  name: `${name} resource`, label: "Resource", value: state.Resource, code: true, readOnly,
    options: [...resources, ...resourcesFor(sought.get(name) ?? state.Resource, redraw)],
  hint: _("Type a service or an action, such as dynamodb, to find it."), onInput: (text) => { sought.set(name, text); redraw(); },
  onChange: (text) => { edit(setField(name, "Resource", text), "Resource"); return ""; },
});

/** What it sends: the fields of the integration where the server knows them, else one field for all. */
function parametersOf(context) {
  const functions = context.functions.map((name) => functionArn(context.place, name));
  const form = parameterForm(context, { options: { FunctionName: functions } });
  return form ?? payloadField(context);
}

function payloadField(context) {
  if (context.jsonata) return nothing; // Arguments have a tab of their own
  return member(context, "Parameters", { label: _("Payload (Parameters)"), placeholder: '{ "orderId.$": "$.id" }',
    hint: _("Empty: the whole input. Names that end in .$ hold a path.") });
}

const timeField = (context, field, label) => dataNumber(context, field,
  { label, unit: _("s"), least: 1, placeholder: _("none"), first: field === "TimeoutSeconds" ? "$.timeout"
  : "$.heartbeat" });

/** The members of an approval's Parameters (Arguments in JSONata); each is a value, with ".$" a path, or an expression. */
function approvalFields(context) {
  const { name, state, edit, readOnly, groups, jsonata } = context;
  const holder = jsonata ? "Arguments" : "Parameters";
  const parameters = typeof state[holder] === "object" && state[holder] ? state[holder] : {};
  const write = (key, value) => { edit(setField(name, holder, withMember(parameters, key, value, { jsonata })), _("Approval")); return ""; };
  const shown = (key) => memberOf(parameters, key).value;
  const words = (text) => text.split(/[,、]/).map((word) => word.trim()).filter(Boolean);
  const approvers = shown("approvers") ?? {};
  const people = (key, label, options) => {
    const { value, dynamic } = memberOf(approvers, key);
    const put = (next) => { const chosen = withMember(approvers, key, next, { jsonata }); return write("approvers",
      Object.keys(chosen).length ? chosen : undefined); };
    const taken = (text) => put(isPath(text) || isExpression(text) ? text : words(text).length ? words(text) : undefined);
    return textField({ name: `${name} ${key}`, label, value: dynamic ? value : (value ?? []).join(", "), code: dynamic,
      options, readOnly, placeholder: _("anyone"), onChange: taken });
  };
  const whole = typeof approvers !== "object";
  return html`${textField({ name: `${name} title`, label: _("Title"), value: shown("title"), readOnly, hint: jsonata
    ? _("Text, or an expression in {% %}") : _("Text, or a path or function: States.Format('Order {}', $.id)"),
    onChange: (text) => write("title", text) })}
    ${areaField({ name: `${name} message`, label: _("Message"), value: shown("message"), readOnly, onChange: (text) => write("message", text) })}
    ${whole ? textField({ name: `${name} approvers`, label: _("Who decides"), value: approvers, code: true, readOnly,
      onChange: (text) => write("approvers", text) })
      : html`<div class="field-pair">${people("groups", _("Groups"), groups)}${people("users", _("People"), null)}</div>`}
    ${typeof shown("data") === "string"
      ? textField({ name: `${name} data`, label: _("Data to show"), value: shown("data"), code: true, readOnly, onChange: (text) => write("data", text) })
      : jsonField({ name: `${name} data`, label: _("Data to show"), value: shown("data"), readOnly, onChange: (value) => write("data", value) })}
    ${approvalForm({ name, value: parameters.form, readOnly, onChange: (value) => write("form", value) })}
    ${parameterForm(context, { omit: ["title", "message", "data", "form", "approvers"] }) ?? nothing}`;
}
