// One condition of a Choice in JSONPath: a comparison, or conditions joined by And, Or, Not, as deep as one likes.

import { html, nothing } from "lit";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { comparisonOf, firstValue, kindOf, operatorOf, turned } from "../model/rules.js";
import { jsonField, selectField, textField, tool } from "./fields.js";

const SIGNS = { Equals: "=", GreaterThan: ">", GreaterThanEquals: "≥", LessThan: "<", LessThanEquals: "≤" };
const isBoolean = (operator) => operator === "BooleanEquals" || /^Is/.test(operator);

/** The operators by kind: [{value, label}]. */
function operators() {
  const compared = [["Numeric", _("number")], ["String", _("text")], ["Timestamp", _("time")]].flatMap(([kind, word]) =>
    Object.entries(SIGNS).flatMap(([end, sign]) => [
      { value: `${kind}${end}`, label: `${sign} ${word}` },
        { value: `${kind}${end}Path`, label: fill(_("%(sign)s %(kind)s at a path"), { sign, kind: word }) }]));
  return [
    ...compared, { value: "StringMatches", label: _("matches (with *)") },
      { value: "BooleanEquals", label: _("is true / false") },
      { value: "BooleanEqualsPath", label: _("same boolean as") },
    { value: "IsPresent", label: _("is there") }, { value: "IsNull", label: _("is null") },
      { value: "IsNumeric", label: _("is a number") }, { value: "IsString", label: _("is text") },
    { value: "IsBoolean", label: _("is a boolean") }, { value: "IsTimestamp", label: _("is a time") },
  ];
}

/** `rule` has no Next here; `put(rule)` writes it and returns "". */
export function condition({ id, rule, put, readOnly, depth = 0 }) {
  const kind = kindOf(rule);
  const kinds = [{ value: "comparison", label: _("A comparison") }, { value: "And", label: _("All of these (And)") },
    { value: "Or", label: _("One of these (Or)") }, { value: "Not", label: _("Not") }];
  const join = selectField({ name: `${id} kind`, label: _("Condition"), value: kind, options: kinds, readOnly, onChange: (next) => put(turned(rule, next)) });
  if (kind === "other") return jsonField({ name: `${id} json`, label: _("Condition (JSON)"), value: rule, readOnly, onChange: (value) => put(value ?? {}) });
  if (kind === "comparison") return html`${join}${comparison({ id, rule, put, readOnly })}`;
  if (kind === "Not") return html`${join}<div class="rule-group">${condition({ id: `${id} not`, rule: rule.Not,
    put: (inner) => put({ ...rule, Not: inner }), readOnly, depth: depth + 1 })}</div>`;
  const parts = rule[kind];
  const write = (next) => put({ ...rule, [kind]: next });
  return html`${join}${parts.map((part, index) => html`<div class="rule-group" role="group"
    aria-label=${fill(_("Condition %(number)s"), { number: index + 1 })}>
      ${readOnly || parts.length < 2 ? nothing : html`<div
        class="rule-group__tools">${tool("trash-2", _("Remove the condition"),
        () => write(parts.toSpliced(index, 1)))}</div>`}
      ${condition({ id: `${id} ${index}`, rule: part, put: (inner) => write(parts.with(index, inner)), readOnly, depth: depth + 1 })}</div>`)}
    ${readOnly ? nothing : html`<div><button class="button button--quiet button--small" type="button"
      @click=${() => write([...parts,
      comparisonOf(parts.at(-1))])}>${icon("plus")}${_("Add a condition")}</button></div>`}`;
}

function comparison({ id, rule, put, readOnly }) {
  const operator = operatorOf(rule);
  const value = rule[operator];
  const withOperator = (next, given) => Object.fromEntries([...Object.entries(rule).filter(([key]) => key !== operator), [next, given]]);
  const sameKind = (next) => typeof firstValue(next) === typeof value && next.endsWith("Path") === operator.endsWith("Path");
  const parsed = (text) => {
    if (!operator.startsWith("Numeric") || operator.endsWith("Path")) return put(withOperator(operator, text));
    return Number.isFinite(Number(text)) && text.trim() ? put(withOperator(operator, Number(text))) : _("A number belongs here.");
  };
  const booleans = [{ value: "true", label: "true" }, { value: "false", label: "false" }];
  return html`${textField({ name: `${id} variable`, label: _("Variable"), value: rule.Variable, code: true, readOnly,
    onChange: (text) => put({ ...rule, Variable: text }) })}
    <div class="field-pair">${selectField({ name: `${id} operator`, label: _("Operator"), value: operator, options: operators(), readOnly,
      onChange: (next) => put(withOperator(next, sameKind(next) ? value : firstValue(next))) })}
    ${isBoolean(operator)
      ? selectField({ name: `${id} value`, label: _("Value"), value: String(value), options: booleans, readOnly,
        onChange: (text) => put(withOperator(operator, text === "true")) })
      : textField({ name: `${id} value`, label: _("Value"), value: String(value ?? ""), code: true, readOnly, onChange: parsed })}</div>`;
}
