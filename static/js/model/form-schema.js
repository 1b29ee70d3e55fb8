// The form of an approval as rows to edit, and back to its JSON Schema; what the rows do not know stays as it is.  No DOM.

export const KINDS = ["text", "long", "number", "whole", "yes", "choice", "date"];

const object = (value) => (typeof value === "object" && value !== null && !Array.isArray(value) ? value : {});

/** What a property's schema is, as one of KINDS, or "other". */
export function kindOf(schema) {
  if (Array.isArray(schema.enum)) return "choice";
  if (schema.type === "string") return schema.format === "date" ? "date" : schema["x-multiline"]
    || schema.format === "textarea" ? "long" : schema.format ? "other" : "text";
  return { number: "number", integer: "whole", boolean: "yes" }[schema.type] ?? "other";
}

const SCHEMAS = {
  text: { type: "string" }, long: { type: "string", format: "textarea" }, number: { type: "number" }, whole: { type: "integer" }, yes: { type: "boolean" },
  choice: { type: "string", enum: ["A", "B"] }, date: { type: "string", format: "date" },
};

/** [{key, schema, kind, required}] of a form. */
export function rowsOf(form) {
  const required = Array.isArray(object(form).required) ? form.required : [];
  return Object.entries(object(object(form).properties))
    .map(([key, schema]) => ({ key, schema: object(schema), kind: kindOf(object(schema)),
    required: required.includes(key) }));
}

/** The form with these rows. */
export function formOf(form, rows) {
  const required = rows.filter((row) => row.required).map((row) => row.key);
  const { required: _required, ...rest } = object(form);
  const order = Object.keys(object(form));
  const made = { type: "object", ...rest, properties: Object.fromEntries(rows.map((row) => [row.key, row.schema])), ...(required.length ? { required } : {}) };
  return Object.fromEntries([...order.filter((key) => key in made), ...Object.keys(made).filter((key) => !order.includes(key))].map((key) => [key, made[key]]));
}

/** A schema turned into another kind; title, description and default stay where they can. */
export function turned(schema, kind) {
  const { title, description } = schema;
  return { ...SCHEMAS[kind], ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) };
}

/** A new row whose key no other has. */
export function newRow(rows, base = "field") {
  const keys = new Set(rows.map((row) => row.key));
  let number = rows.length + 1;
  while (keys.has(`${base}${number}`)) number += 1;
  return { key: `${base}${number}`, schema: { ...SCHEMAS.text, title: "" }, kind: "text", required: false };
}

/** Why a row may not have this key: "empty", "taken" or "". */
export function keyFault(rows, key, own) {
  if (!key.trim()) return "empty";
  return key !== own && rows.some((row) => row.key === key) ? "taken" : "";
}
