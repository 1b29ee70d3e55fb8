// What a task sends, field by field: the form that the server makes of the integration's parameters.

import { html, nothing } from "lit";
import { get } from "../lib/api.js";
import { _, fill } from "../lib/i18n.js";
import { setField } from "../model/edits.js";
import { expressionFrom } from "../model/expressions.js";
import { memberOf, numberOrSource, otherMembers, withMember } from "../model/members.js";
import { jsonataField } from "./expressions.js";
import { jsonField, selectField, textField } from "./fields.js";

const SERVICE = /^arn:[^:]+:states:[^:]*:[^:]*:(?!activity:)./; // functions and activities take anything
const forms = new Map(); // resource → its form; null while it is fetched and where there is none

/** The form of a resource, or null; `redraw` is called when it has come. */
export function formOf(resource, redraw) {
  if (typeof resource !== "string" || !SERVICE.test(resource)) return null;
  if (!forms.has(resource)) {
    forms.set(resource, null);
    get(`integrations/form/?resource=${encodeURIComponent(resource)}`)
      .then((form) => { forms.set(resource, form); redraw(); },
      (error) => { if (!error.status) forms.delete(resource); });
  }
  return forms.get(resource);
}

/**
 * The fields, or null where there is no form or what is sent is no object. `options` = {name of a member: values to offer};
 * `omit` names members that have fields of their own elsewhere.
 */
export function parameterForm(context, { options = {}, omit = [] } = {}) {
  const { state, jsonata, redraw } = context;
  const form = formOf(state.Resource, redraw);
  const holder = jsonata ? "Arguments" : "Parameters";
  const given = state[holder] ?? {};
  if (!form?.fields.length || typeof given !== "object" || Array.isArray(given)) return null;
  const write = (name, value) => { context.edit(setField(context.name, holder, withMember(given, name, value, { jsonata })), name); return ""; };
  const known = form.fields.filter((field) => !omit.includes(field.name));
  const there = (field) => memberOf(given, field.name).value !== undefined;
  const shown = known.filter((field) => field.required || there(field));
  const others = otherMembers(given, new Set([...known.map((field) => field.name), ...omit]));
  return html`${shown.map((field) => control({ ...context, given, write, options: options[field.name] }, field))}
    ${Object.keys(others).length ? jsonField({ name: `${context.name} others`, label: _("Further members"),
      value: others, readOnly: context.readOnly, onChange: (value) =>
      replaceOthers({ ...context, holder, given, others }, value) }) : nothing}
    ${adder(context, known.filter((field) => !shown.includes(field)), write)}`;
}

function replaceOthers({ name, edit, holder, given, others }, value) {
  if (value !== undefined && (typeof value !== "object" || value === null || Array.isArray(value))) return _("An object belongs here.");
  const kept = Object.fromEntries(Object.entries(given).filter(([member]) => !(member in others)));
  edit(setField(name, holder, { ...kept, ...value }), _("Further members"));
  return "";
}

const FIRST = { boolean: true, integer: 1, number: 1 };

/** The list of what can be added. */
function adder({ name, readOnly, jsonata }, fields, write) {
  if (readOnly || !fields.length) return nothing;
  const add = (chosen) => {
    const field = fields.find((one) => one.name === chosen);
    if (!field) return;
    const source = jsonata ? `{% $states.input.${chosen[0].toLowerCase()}${chosen.slice(1)} %}` : `$.${chosen[0].toLowerCase()}${chosen.slice(1)}`;
    write(chosen, field.kind === "json" ? field.example ?? {} : field.kind === "choice" ? field.options[0] : FIRST[field.kind] ?? source);
  };
  const choices = [{ value: "", label: fill(_("%(count)s more …"), { count: fields.length }) },
    ...fields.map((field) => ({ value: field.name, label: field.name }))];
  return selectField({ name: `${name} add a parameter`, label: _("Add a parameter"), value: "", options: choices, onChange: add });
}

function control(context, field) {
  const { given, jsonata } = context;
  const { value, dynamic } = memberOf(given, field.name);
  const base = {
    name: `${context.name} parameter ${field.name}`, label: field.required
      ? fill(_("%(name)s (required)"), { name: field.name }) : field.name, value, readOnly: context.readOnly,
    hint: field.documentation, onChange: (next) => context.write(field.name, next), action: turner(context, field, { value, dynamic }),
  };
  if (field.kind === "json" || (typeof value === "object" && value !== null)) return json(base, { jsonata, dynamic, example: field.example });
  if (dynamic) return textField({ ...base, code: true });
  if (field.kind === "choice") return selectField({ ...base, options: listed(field.options, value) });
  if (field.kind === "boolean") return selectField({ ...base, value: value === undefined ? "" : String(value),
    options: listed(["true", "false"], undefined),
    onChange: (text) => base.onChange(text === "" ? undefined : text === "true") });
  if (field.kind === "integer" || field.kind === "number") return number(base, { whole: field.kind === "integer", jsonata });
  return textField({ ...base, options: context.options ?? null, code: field.kind === "time",
    placeholder: field.kind === "time" ? "2026-01-01T00:00:00Z" : "" });
}

const listed = (options, value) => [{ value: "", label: "–" },
  ...(value && !options.includes(value) ? [{ value, label: String(value) }] : []),
  ...options.map((option) => ({ value: option, label: option }))];

const number = (base, how) => textField({ ...base, onChange: (text) => {
  const { value, fault } = numberOrSource(text, how);
  return fault ? (how.jsonata ? _("A number, or an expression in {% %}") : _("A number, or a path that begins with $")) : base.onChange(value);
} });

function json(base, { jsonata, dynamic, example }) {
  const placeholder = example === null || example === undefined ? "" : JSON.stringify(example);
  if (jsonata) return jsonataField({ ...base, placeholder });
  return dynamic ? textField({ ...base, code: true }) : jsonField({ ...base, placeholder });
}

/** Between a value that is written here and one that comes from the data; JSONata's own fields of JSON turn by themselves. */
function turner({ readOnly, jsonata, write }, field, { value, dynamic }) {
  const typed = field.kind === "json" || typeof value === "object";
  if (readOnly || value === undefined || (jsonata && typed) || !(typed || ["choice", "boolean"].includes(field.kind))) return nothing;
  const source = jsonata ? `{% ${expressionFrom(value)} %}` : `$.${field.name[0].toLowerCase()}${field.name.slice(1)}`;
  const fixed = field.kind === "json" ? field.example ?? {} : field.kind === "choice" ? field.options[0] : true;
  return html`<button class="link small" type="button"
    @click=${() => write(field.name, dynamic ? fixed : source)}>${dynamic ? _("Fixed") : _("From the data")}</button>`;
}

const found = new Map(); // words → resources

/** Resources to offer for what was typed so far; `redraw` is called when more have come. */
export function resourcesFor(words, redraw) {
  const key = String(words ?? "").replace(/^arn:aws:states:::/, "").replaceAll(":", " ").trim();
  if (!found.has(key)) {
    found.set(key, []);
    get(`integrations/?search=${encodeURIComponent(key)}`).then((answer) => { found.set(key, answer.resources); redraw(); }, () => { found.delete(key); });
  }
  return found.get(key);
}

