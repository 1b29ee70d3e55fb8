// The rules of a Choice, first match wins: conditions from rows, or an expression in JSONata.

import { html, nothing } from "lit";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { setField } from "../model/edits.js";
import { peers } from "../model/states.js";
import { expressionField, jsonataField } from "./expressions.js";
import { box, jsonField, targetField, textField, tool } from "./fields.js";
import { condition } from "./rule.js";

const without = (object, ...keys) => Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

export function choiceForm(context) {
  const { definition, name, state, edit, readOnly, jsonata } = context;
  const rules = Array.isArray(state.Choices) ? state.Choices : [];
  const ways = peers(definition, name);
  const write = (next, label) => edit(setField(name, "Choices", next), label);
  const fresh = jsonata ? { Condition: "{% $states.input.value > 0 %}" } : { Variable: "$.value", NumericGreaterThan: 0 };
  const add = () => write([...rules, { ...fresh, Next: state.Default ?? ways.find((way) => way !== name) ?? "" }], _("Add a rule"));
  const otherwise = (target) => edit(setField(name, "Default", target || undefined), "Default");
  return html`<div class="row"><span class="label">${_("Rules, first match wins")}</span><span class="push"></span>
      ${readOnly ? nothing : html`<button class="button button--quiet button--small" type="button"
        @click=${add}>${icon("plus")}${_("Add a rule")}</button>`}</div>
    ${rules.map((rule, index) => ruleBox({ ...context, rule: rule ?? {}, index, rules, ways, write }))}
    ${box({ title: _("Otherwise"), body: targetField({ name: `${name} default`, label: _("Default"),
      value: state.Default, peers: ways, own: name, readOnly, onChange: otherwise }) })}`;
}

function ruleBox({ name, rule, index, rules, ways, write, readOnly, jsonata }) {
  const put = (next, label = _("Rule")) => { write(rules.with(index, next), label); return ""; };
  const move = (to) => write(rules.toSpliced(index, 1).toSpliced(to, 0, rule), _("Move the rule"));
  const tools = readOnly ? nothing : html`${tool("chevron-up", _("Move up"), () => move(index - 1),
    index === 0)}${tool("chevron-down", _("Move down"), () => move(index + 1), index === rules.length - 1)}
    ${tool("trash-2", _("Remove the rule"), () => write(rules.toSpliced(index, 1), _("Remove the rule")))}`;
  const id = `${name} rule ${index}`;
  return box({
    title: rule.Comment || fill(_("Rule %(number)s"), { number: index + 1 }), tools, open: rules.length < 5,
    body: html`${jsonata || "Condition" in rule
      ? expressionField({ name: `${id} condition`, label: _("Condition"), value: rule.Condition, readOnly,
        placeholder: "$states.input.value > 0", onChange: (text) => put({ ...rule, Condition: text ?? "" }) })
      : condition({ id, rule: without(rule, "Next", "Comment", "Assign", "Output"), readOnly,
        put: (next) => put({ ...next, ...without(rule,
        ...Object.keys(without(rule, "Next", "Comment", "Assign", "Output"))) }) })}
      ${more({ id, rule, put, readOnly, jsonata })}`,
    foot: targetField({ name: `${id} next`, label: _("then"), value: rule.Next, peers: ways, own: name, readOnly,
      onChange: (target) => put({ ...rule, Next: target }, _("Next state")) }),
  });
}

/** What a rule may have besides: variables, an output, a comment. */
function more({ id, rule, put, readOnly, jsonata }) {
  const set = (field) => (value) => put(value === undefined || value === "" ? without(rule, field) : { ...rule, [field]: value });
  const value = jsonata ? jsonataField : jsonField;
  return html`<details class="rule-more" ?open=${"Assign" in rule || "Output" in rule}><summary class="link small">${_("More")}</summary>
    ${value({ name: `${id} assign`, label: _("Variables (Assign)"), value: rule.Assign, readOnly, rows: 2, onChange: set("Assign") })}
    ${jsonata ? jsonataField({ name: `${id} output`, label: "Output", value: rule.Output, readOnly, onChange: set("Output") }) : nothing}
    ${textField({ name: `${id} comment`, label: _("Comment"), value: rule.Comment, readOnly, onChange: set("Comment") })}</details>`;
}
