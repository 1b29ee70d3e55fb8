// The rules of a Choice, first match wins; comparisons as rows, everything else as its JSON.

import { html, nothing } from "lit";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { setField } from "../model/edits.js";
import { peers } from "../model/states.js";
import { box, jsonField, selectField, targetField, textField, tool } from "./fields.js";

const SIGNS = { Equals: "=", GreaterThan: ">", GreaterThanEquals: "≥", LessThan: "<", LessThanEquals: "≤" };
const OTHERS = new Set(["Variable", "Next", "Comment", "Assign", "Output"]);

/** The operators by kind: [{value, label}]. */
function operators() {
  const compared = [["Numeric", _("number")], ["String", _("text")], ["Timestamp", _("time")]].flatMap(([kind, word]) =>
    Object.entries(SIGNS).flatMap(([end, sign]) => [
      { value: `${kind}${end}`, label: `${sign} ${word}` }, { value: `${kind}${end}Path`, label: fill(_("%(sign)s %(kind)s at a path"), { sign, kind: word }) }]));
  return [
    ...compared, { value: "StringMatches", label: _("matches (with *)") }, { value: "BooleanEquals", label: _("is true / false") }, { value: "BooleanEqualsPath", label: _("same boolean as") },
    { value: "IsPresent", label: _("is there") }, { value: "IsNull", label: _("is null") }, { value: "IsNumeric", label: _("is a number") }, { value: "IsString", label: _("is text") },
    { value: "IsBoolean", label: _("is a boolean") }, { value: "IsTimestamp", label: _("is a time") },
  ];
}

const operatorOf = (rule) => Object.keys(rule).find((key) => !OTHERS.has(key)) ?? "StringEquals";
const isComparison = (rule) => "Variable" in rule && !("And" in rule || "Or" in rule || "Not" in rule);
const isBoolean = (operator) => operator === "BooleanEquals" || operator.startsWith("Is");

function firstValue(operator) {
  if (operator.endsWith("Path")) return "$.value";
  if (isBoolean(operator)) return true;
  if (operator.startsWith("Numeric")) return 0;
  return operator.startsWith("Timestamp") ? "2026-01-01T00:00:00Z" : "";
}

export function choiceForm(context) {
  const { definition, name, state, edit, readOnly } = context;
  const rules = Array.isArray(state.Choices) ? state.Choices : [];
  const ways = peers(definition, name);
  const write = (next, label) => edit(setField(name, "Choices", next), label);
  const jsonata = context.jsonata;
  const fresh = jsonata ? { Condition: "{% $states.input.value > 0 %}" } : { Variable: "$.value", NumericGreaterThan: 0 };
  const add = () => write([...rules, { ...fresh, Next: state.Default ?? ways.find((way) => way !== name) ?? "" }], _("Add a rule"));
  return html`<div class="row"><span class="label">${_("Rules, first match wins")}</span><span class="push"></span>
      ${readOnly ? nothing : html`<button class="button button--quiet button--small" type="button" @click=${add}>${icon("plus")}${_("Add a rule")}</button>`}</div>
    ${rules.map((rule, index) => ruleBox({ ...context, rule, index, rules, ways, write }))}
    ${box({ title: _("Otherwise"), body: targetField({ name: `${name} default`, label: _("Default"), value: state.Default, peers: ways, own: name, readOnly, onChange: (target) => edit(setField(name, "Default", target || undefined), "Default") }) })}`;
}

function ruleBox({ name, rule, index, rules, ways, write, readOnly, jsonata }) {
  const put = (next, label = _("Rule")) => { write(rules.with(index, next), label); return ""; };
  const move = (to) => write(rules.toSpliced(index, 1).toSpliced(to, 0, rule), _("Move the rule"));
  const tools = readOnly ? nothing : html`${tool("chevron-up", _("Move up"), () => move(index - 1), index === 0)}${tool("chevron-down", _("Move down"), () => move(index + 1), index === rules.length - 1)}
    ${tool("trash-2", _("Remove the rule"), () => write(rules.toSpliced(index, 1), _("Remove the rule")))}`;
  const id = `${name} rule ${index}`;
  const { Next, ...condition } = rule ?? {};
  const body = isComparison(rule ?? {}) && !jsonata ? comparison({ id, rule, put, readOnly })
    : "Condition" in (rule ?? {}) ? textField({ name: `${id} condition`, label: _("Condition"), value: rule.Condition, code: true, readOnly, onChange: (text) => put({ ...rule, Condition: text }) })
      : jsonField({ name: `${id} json`, label: _("Condition (JSON)"), value: condition, readOnly, onChange: (value) => put({ ...(value ?? {}), Next }) });
  return box({
    title: fill(_("Rule %(number)s"), { number: index + 1 }), tools, body,
    foot: targetField({ name: `${id} next`, label: _("then"), value: Next, peers: ways, own: name, readOnly, onChange: (target) => put({ ...rule, Next: target }, _("Next state")) }),
  });
}

function comparison({ id, rule, put, readOnly }) {
  const operator = operatorOf(rule);
  const value = rule[operator];
  const withOperator = (next, given) => {
    const kept = Object.fromEntries(Object.entries(rule).filter(([key]) => key !== operator && key !== "Next"));
    return { ...kept, [next]: given, Next: rule.Next };
  };
  const sameKind = (next) => typeof firstValue(next) === typeof value && next.endsWith("Path") === operator.endsWith("Path");
  const parsed = (text) => {
    if (!operator.startsWith("Numeric") || operator.endsWith("Path")) return put(withOperator(operator, text));
    return Number.isFinite(Number(text)) && text.trim() ? put(withOperator(operator, Number(text))) : _("A number belongs here.");
  };
  return html`${textField({ name: `${id} variable`, label: _("Variable"), value: rule.Variable, code: true, readOnly, onChange: (text) => put({ ...rule, Variable: text }) })}
    <div class="field-pair">${selectField({ name: `${id} operator`, label: _("Operator"), value: operator, options: operators(), readOnly, onChange: (next) => put(withOperator(next, sameKind(next) ? value : firstValue(next))) })}
    ${isBoolean(operator)
      ? selectField({ name: `${id} value`, label: _("Value"), value: String(value), options: [{ value: "true", label: "true" }, { value: "false", label: "false" }], readOnly, onChange: (text) => put(withOperator(operator, text === "true")) })
      : textField({ name: `${id} value`, label: _("Value"), value: String(value ?? ""), code: true, readOnly, onChange: parsed })}</div>`;
}
