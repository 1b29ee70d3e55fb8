// The form of a Task: what it calls, what it sends, how long it may take.

import { html, nothing } from "lit";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { setField, setFields } from "../model/edits.js";
import { APPROVAL } from "../model/states.js";
import { functionArn, functionOf } from "../model/templates.js";
import { areaField, jsonField, numberField, selectField, textField } from "./fields.js";

/** "function" · "approval" · "other". */
export function kindOf(state) {
  if (state.Resource === APPROVAL) return "approval";
  return functionOf(state) || !state.Resource ? "function" : "other";
}

export function taskForm(context) {
  const { name, state, edit, readOnly, functions, place } = context;
  const kind = kindOf(state);
  const kinds = [{ value: "function", label: _("A function of this installation") }, { value: "approval", label: _("A person's decision") }, { value: "other", label: _("Another resource (ARN)") }];
  const change = (chosen) => edit(setFields(name, {
    function: { Resource: functions[0] ? functionArn(place, functions[0]) : "" },
    approval: { Resource: APPROVAL, Parameters: { title: name, "data.$": "$" }, ResultPath: state.ResultPath ?? "$.approval" },
    other: { Resource: "arn:aws:states:::" },
  }[chosen]), _("What it calls"));
  return html`${selectField({ name: `${name} kind`, label: _("What it calls"), value: kind, options: kinds, readOnly, onChange: change })}
    ${kind === "approval" ? approvalFields(context) : html`${kind === "function" ? functionField(context) : resourceField(context)}${payloadField(context)}`}
    <div class="field-pair">${timeField(context, "TimeoutSeconds", _("Timeout"))}${timeField(context, "HeartbeatSeconds", _("Heartbeat"))}</div>`;
}

function functionField({ name, state, edit, readOnly, functions, place }) {
  const called = functionOf(state);
  const optimised = String(state.Resource).includes(":lambda:invoke");
  const options = [
    ...(called ? [] : [{ value: "", label: _("Choose a function") }]),
    ...(called && !functions.includes(called) ? [{ value: called, label: fill(_("%(name)s – not here"), { name: called }) }] : []),
    ...functions.map((entry) => ({ value: entry, label: entry })),
  ];
  const change = (chosen) => edit(optimised
    ? setField(name, "Parameters", { ...state.Parameters, FunctionName: functionArn(place, chosen) })
    : setField(name, "Resource", functionArn(place, chosen)), _("Function"));
  return html`${selectField({ name: `${name} function`, label: _("Function"), value: called, options, readOnly, onChange: change })}
    ${called ? html`<p class="small"><a href="/functions/${encodeURIComponent(called)}/" target="_blank" rel="noopener">${functions.includes(called) ? _("Open its code") : _("Write this function")} ${icon("external-link", "icon--xs inline")}</a></p>` : nothing}`;
}

const resourceField = ({ name, state, edit, readOnly, resources }) => textField({
  name: `${name} resource`, label: "Resource", value: state.Resource, code: true, readOnly, options: resources,
  onChange: (text) => { edit(setField(name, "Resource", text), "Resource"); return ""; },
});

function payloadField({ name, state, edit, readOnly }) {
  const field = "Arguments" in state ? "Arguments" : "Parameters";
  return jsonField({
    name: `${name} payload`, label: field === "Arguments" ? "Arguments" : _("Payload (Parameters)"), value: state[field], readOnly, placeholder: '{ "orderId.$": "$.id" }',
    hint: _("Empty: the whole input. Names that end in .$ hold a path."), onChange: (value) => { edit(setField(name, field, value), field); return ""; },
  });
}

function timeField({ name, state, edit, readOnly }, field, label) {
  if (`${field}Path` in state) {
    return textField({ name: `${name} ${field}`, label: `${field}Path`, value: state[`${field}Path`], code: true, readOnly, onChange: (text) => { edit(setField(name, `${field}Path`, text || undefined), field); return ""; } });
  }
  return numberField({ name: `${name} ${field}`, label, value: state[field], least: 1, unit: _("seconds"), placeholder: _("none"), readOnly, onChange: (number) => { edit(setField(name, field, number), field); return ""; } });
}

/** The members of an approval's Parameters; each may be given as a value or, with ".$", as a path. */
function approvalFields({ name, state, edit, readOnly, groups }) {
  const parameters = state.Parameters ?? {};
  const write = (key, value) => {
    const rest = Object.fromEntries(Object.entries(parameters).filter(([member]) => member !== key && member !== `${key}.$`));
    const path = typeof value === "string" && /^(\$|States\.)/.test(value);
    edit(setField(name, "Parameters", value === undefined || value === "" ? rest : { ...rest, [path ? `${key}.$` : key]: value }), _("Approval"));
    return "";
  };
  const shown = (key) => parameters[`${key}.$`] ?? parameters[key];
  const words = (text) => text.split(/[,、]/).map((word) => word.trim()).filter(Boolean);
  const people = (key, label, options) => (typeof shown(key) === "string"
    ? textField({ name: `${name} ${key}`, label, value: shown(key), code: true, readOnly, onChange: (text) => write(key, text) })
    : textField({ name: `${name} ${key}`, label, value: (shown(key) ?? []).join(", "), options, readOnly, placeholder: _("anyone"), onChange: (text) => write(key, words(text).length ? words(text) : undefined) }));
  return html`${textField({ name: `${name} title`, label: _("Title"), value: shown("title"), readOnly, hint: _("Text, or a path or function: States.Format('Order {}', $.id)"), onChange: (text) => write("title", text) })}
    ${areaField({ name: `${name} message`, label: _("Message"), value: shown("message"), readOnly, onChange: (text) => write("message", text) })}
    <div class="field-pair">${people("groups", _("Groups"), groups)}${people("users", _("People"), null)}</div>
    ${typeof shown("data") === "string"
      ? textField({ name: `${name} data`, label: _("Data to show"), value: shown("data"), code: true, readOnly, onChange: (text) => write("data", text) })
      : jsonField({ name: `${name} data`, label: _("Data to show"), value: shown("data"), readOnly, onChange: (value) => write("data", value) })}
    ${jsonField({ name: `${name} form`, label: _("Form (JSON Schema)"), value: parameters.form, readOnly, placeholder: '{ "properties": { "reason": { "type": "string" } } }', onChange: (value) => write("form", value) })}`;
}
