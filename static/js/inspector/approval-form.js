// The builder of an approval's form: a box for each thing to fill in, in order.

import { html, nothing } from "lit";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { formOf, keyFault, KINDS, newRow, rowsOf, turned } from "../model/form-schema.js";
import { box, jsonField, selectField, textField, tool } from "./fields.js";

const LABELS = {
  text: () => _("A line of text"), long: () => _("Several lines of text"), number: () => _("A number"),
    whole: () => _("A whole number"), yes: () => _("Yes or no"),
  choice: () => _("One of a list"), date: () => _("A date"), other: () => _("Something else (JSON Schema)"),
};
const listed = (text) => text.split(/[,、\n]/).map((word) => word.trim()).filter(Boolean);

/** `value` is the JSON Schema, undefined for none; `onChange(schema)` gets undefined when the last field is gone. */
export function approvalForm({ name, value, readOnly, onChange }) {
  const rows = rowsOf(value);
  const write = (next) => { onChange(next.length ? formOf(value, next) : undefined); return ""; };
  const add = () => write([...rows, newRow(rows)]);
  return html`<div class="row"><span class="label">${_("Form to fill in")}</span><span class="push"></span>${readOnly ? nothing : html`
      <button class="button button--quiet button--small" type="button" @click=${add}>${icon("plus")}${_("Add a field")}</button>`}</div>
    ${rows.length ? nothing : html`<p class="soft">${_("The person only decides and may comment.")}</p>`}
    ${rows.map((row, index) => rowBox({ id: `${name} form ${index}`, row, index, rows, write, readOnly }))}
    <details class="rule-more"><summary class="link small">${_("As JSON Schema")}</summary>
      ${jsonField({ name: `${name} form`, label: _("Form (JSON Schema)"), value, readOnly,
        placeholder: '{ "properties": { "reason": { "type": "string" } } }',
        onChange: (schema) => { onChange(schema); return ""; } })}</details>`;
}

function rowBox({ id, row, index, rows, write, readOnly }) {
  const put = (next) => write(rows.with(index, { ...row, ...next }));
  const member = (key) => (text) => put({ schema: text === "" || text === undefined ? without(row.schema, key) : { ...row.schema, [key]: text } });
  const move = (to) => write(rows.toSpliced(index, 1).toSpliced(to, 0, row));
  const tools = readOnly ? nothing : html`${tool("chevron-up", _("Move up"), () => move(index - 1),
    index === 0)}${tool("chevron-down", _("Move down"), () => move(index + 1), index === rows.length - 1)}
    ${tool("trash-2", _("Remove the field"), () => write(rows.toSpliced(index, 1)))}`;
  const kinds = [...KINDS, ...(row.kind === "other" ? ["other"] : [])].map((kind) => ({ value: kind, label: LABELS[kind]() }));
  return box({
    title: row.schema.title || row.key, tools, open: rows.length < 4,
    body: html`${textField({ name: `${id} title`, label: _("Label"), value: row.schema.title, readOnly, placeholder: row.key, onChange: member("title") })}
      <div class="field-pair">${textField({ name: `${id} key`, label: _("Name in the data"), value: row.key, code: true, readOnly, onChange: (key) => {
        const fault = keyFault(rows, key, row.key);
        return fault ? { empty: _("It needs a name."), taken: _("Another field has this name.") }[fault] : put({ key });
      } })}
      ${selectField({ name: `${id} kind`, label: _("Kind"), value: row.kind, options: kinds, readOnly,
        onChange: (kind) => put({ schema: turned(row.schema, kind) }) })}</div>
      ${row.kind === "choice" ? textField({ name: `${id} options`, label: _("Choices, with commas"),
        value: row.schema.enum.join(", "), readOnly,
        onChange: (text) => (listed(text).length ? member("enum")(listed(text))
        : _("Name at least one choice.")) }) : nothing}
      ${row.kind === "other" ? jsonField({ name: `${id} schema`,
        label: fill(_("Schema of %(name)s"), { name: row.key }), value: row.schema, readOnly,
        onChange: (schema) => put({ schema: schema ?? {} }) }) : nothing}
      ${textField({ name: `${id} description`, label: _("Help"), value: row.schema.description, readOnly, onChange: member("description") })}
      <label class="option"><input class="checkbox" type="checkbox" ?disabled=${readOnly} .checked=${row.required}
        @change=${(event) => put({ required: event.target.checked })}><span>${_("Must be filled in")}</span></label>`,
  });
}

const without = (object, key) => Object.fromEntries(Object.entries(object).filter(([member]) => member !== key));
