// A state of JSONPath said in JSONata: fields that mean the same get their names, paths become expressions.
// What has no counterpart stays as it is, so that nothing is lost and the checker says where.  No DOM.

import { expressionFrom, isExpression } from "./expressions.js";
import { pathExpression, valueExpression } from "./path-expressions.js";
import { ruleExpression } from "./rule-expressions.js";

const object = (value) => (typeof value === "object" && value !== null && !Array.isArray(value) ? value : null);
const wrap = (text) => `{% ${text} %}`;
const PATHS = ["Timeout", "Heartbeat"].map((word) => `${word}SecondsPath`).concat("SecondsPath", "TimestampPath", "ErrorPath", "CausePath", "ItemsPath",
  "MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath");
const GONE = new Set(["InputPath", "OutputPath", "ResultPath", "ResultSelector", "Parameters", "Result", ...PATHS]);

/** A template with `.$` names as JSONata values; null when some part has no counterpart. */
function template(value, root) {
  if (Array.isArray(value)) {
    const items = value.map((item) => template(item, root));
    return items.includes(null) && !value.includes(null) ? null : items;
  }
  if (!object(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    if (!key.endsWith(".$")) return [key, template(item, root), item];
    const made = typeof item === "string" ? valueExpression(item, root) : null;
    return [key.slice(0, -2), made === null ? null : wrap(made), item];
  });
  return entries.some(([, made, item]) => made === null && item !== null) ? null : Object.fromEntries(entries);
}

const inputOf = (state) => (state.InputPath === null ? "{}" : state.InputPath === undefined ? "$states.input"
  : pathExpression(state.InputPath, "$states.input"));

/** {state, left}: the state in JSONata and how many of its fields could not be said. Inner states stay as they are. */
export function inJsonata(state) {
  if (state.QueryLanguage === "JSONata") return { state, left: 0 };
  const kept = Object.fromEntries(Object.entries(state).filter(([key]) => !GONE.has(key) && key !== "QueryLanguage"));
  const input = inputOf(state);
  const lost = {};
  const made = {};
  const put = (field, key, value) => { if (value === null) lost[field] = state[field]; else if (value !== undefined) made[key] = value; };
  if (input === null) lost.InputPath = state.InputPath;
  const root = input ?? "$states.input";
  for (const field of PATHS.filter((key) => key in state)) {
    const expression = typeof state[field] === "string" ? pathExpression(state[field], root) : null;
    put(field, field === "ItemsPath" ? "Items" : field.replace(/Path$/, ""), expression === null ? null : wrap(expression));
  }
  if (state.Type === "Map" && !("ItemsPath" in state) && root !== "$states.input") made.Items = wrap(root);
  if (state.Type !== "Pass" && state.Type !== "Map" && "Parameters" in state) put("Parameters", "Arguments", template(state.Parameters, root));
  else if ((state.Type === "Task" || state.Type === "Parallel") && root !== "$states.input") made.Arguments = wrap(root);
  if (state.Type === "Map") selector(state, kept, made, lost);
  if ("Assign" in state) {
    delete kept.Assign;
    put("Assign", "Assign", template(state.Assign, hasResult(state) ? "$states.result" : root));
  }
  output(state, root, made, lost);
  listed(state, kept, made, lost, root);
  parts(state, kept, made, lost, root);
  return { state: ordered({ ...kept, ...made, ...lost }, state), left: Object.keys(lost).length };
}

const hasResult = (state) => ["Task", "Parallel", "Map"].includes(state.Type);

function selector(state, kept, made, lost) {
  const field = ["ItemSelector", "Parameters"].find((key) => key in state);
  if (!field) return;
  delete kept[field];
  const value = template(state[field], inputOf(state) ?? "$states.input");
  if (value === null) lost[field] = state[field];
  else made.ItemSelector = value;
}

/** Result, ResultSelector, ResultPath and OutputPath together are one Output. */
function output(state, root, made, lost) {
  const fields = ["Result", "ResultSelector", "ResultPath", "OutputPath", ...(state.Type === "Pass" ? ["Parameters"] : [])].filter((key) => key in state);
  if (!fields.length && (root === "$states.input" || hasResult(state))) return;
  const result = resultOf(state, root);
  const placed = result && place(result, state.ResultPath);
  const cut = placed && outputOf(placed, state.OutputPath);
  if (!cut) { for (const field of fields) lost[field] = state[field]; return; }
  if (cut.expression !== (hasResult(state) ? "$states.result" : "$states.input")) made.Output = cut.value ?? wrap(cut.expression);
}

/** {expression, value}: the result as one expression, and as the JSON value it may stand as. */
function resultOf(state, root) {
  const plain = (value) => (value === null ? null : { expression: expressionFrom(value), value });
  if (hasResult(state)) return "ResultSelector" in state ? plain(template(state.ResultSelector, "$states.result")) : { expression: "$states.result" };
  if (state.Type === "Pass" && "Result" in state) return { expression: JSON.stringify(state.Result),
    value: state.Result === null || isExpression(state.Result) ? undefined : state.Result };
  if (state.Type === "Pass" && "Parameters" in state) return plain(template(state.Parameters, root));
  return { expression: root };
}

/** ResultPath puts the result into the raw input, whatever InputPath chose. */
function place(result, path) {
  const root = "$states.input";
  if (path === undefined || path === "$") return result;
  if (path === null) return { expression: root };
  const steps = /^\$((?:\.[\p{L}_][\p{L}\p{N}_]*|\['[^'\\]*'\])+)$/u.exec(path)?.[1].match(/\.[\p{L}_][\p{L}\p{N}_]*|\['[^'\\]*'\]/gu)
    ?.map((step) => (step.startsWith(".") ? step.slice(1) : step.slice(2, -2)));
  if (!steps) return null;
  const nest = (above, [step, ...rest]) => {
    const inner = rest.length ? nest(pathExpression(`$['${step}']`, above), rest) : result.expression;
    return `$merge([${above}, {${JSON.stringify(step)}: ${inner}}])`;
  };
  return { expression: nest(root, steps) };
}

function outputOf(placed, path) {
  if (path === undefined || path === "$") return placed;
  if (path === null) return { expression: "{}", value: {} };
  const plain = /^\$[\w.]+$/.test(placed.expression);
  const expression = pathExpression(path, plain ? placed.expression : "$out");
  return expression === null ? null : { expression: plain ? expression : `($out := ${placed.expression}; ${expression})` };
}

/** ItemReader, ItemBatcher and ResultWriter: what they send, and numbers from the data. */
function parts(state, kept, made, lost, root) {
  for (const field of ["ItemReader", "ItemBatcher", "ResultWriter"].filter((key) => object(state[key]))) {
    const part = partOf(state[field], root);
    delete kept[field];
    if (part) made[field] = part;
    else lost[field] = state[field];
  }
}

function partOf(part, root) {
  const entries = Object.entries(part).map(([key, value]) => {
    if (key === "Parameters" || key === "BatchInput") return [key === "Parameters" ? "Arguments" : key, template(value, root)];
    if (key === "ReaderConfig" && object(value)) return [key, partOf(value, root)];
    if (!key.endsWith("Path")) return [key, value];
    const expression = typeof value === "string" ? pathExpression(value, root) : null;
    return [key.slice(0, -4), expression && wrap(expression)];
  });
  return entries.some(([, value]) => value === null) ? null : Object.fromEntries(entries);
}

/** Rules and catchers. */
function listed(state, kept, made, lost, root) {
  if (Array.isArray(state.Choices)) {
    const rules = state.Choices.map((rule) => ruleOf(rule, root));
    if (rules.includes(null)) lost.Choices = state.Choices;
    else made.Choices = rules;
    delete kept.Choices;
  }
  if (Array.isArray(state.Catch)) {
    made.Catch = state.Catch.map((catcher) => catcherOf(catcher));
    delete kept.Catch;
  }
}

function ruleOf(rule, root) {
  const { Next, Comment, Assign, ...condition } = object(rule) ?? {};
  const expression = ruleExpression(condition, root);
  if (expression === null) return null;
  const variables = Assign === undefined ? undefined : template(Assign, root);
  return { Condition: wrap(expression), ...(Comment === undefined ? {} : { Comment }), ...(variables ? { Assign: variables } : {}), Next };
}

function catcherOf(catcher) {
  if (!object(catcher)) return catcher;
  const { ResultPath, Assign, ...rest } = catcher;
  const variables = Assign === undefined ? undefined : template(Assign, "$states.errorOutput");
  const placed = place({ expression: "$states.errorOutput" }, ResultPath);
  const Output = placed && placed.expression !== "$states.errorOutput" ? wrap(placed.expression) : undefined;
  return { ...rest, ...(placed ? {} : { ResultPath }), ...(variables === undefined ? {} : { Assign: variables ?? Assign }), ...(Output ? { Output } : {}) };
}

/** Members in the order of the state they come from; new ones before what leads on. */
function ordered(members, before) {
  const names = Object.keys(before).filter((key) => key in members);
  const fresh = Object.keys(members).filter((key) => !names.includes(key));
  const at = names.findIndex((key) => key === "Next" || key === "End");
  const order = at < 0 ? [...names, ...fresh] : [...names.slice(0, at), ...fresh, ...names.slice(at)];
  return Object.fromEntries(order.map((key) => [key, members[key]]));
}

/** The whole machine: {definition, left}. */
export function inJsonataWhole(definition) {
  let left = 0;
  const block = (inner) => ({ ...inner, ...(object(inner.States)
    ? { States: Object.fromEntries(Object.entries(inner.States).map(([name, state]) => [name, one(state)])) } : {}) });
  const one = (state) => {
    if (!object(state)) return state;
    const { QueryLanguage: _own, ...rest } = inJsonata(state).state;
    left += inJsonata(state).left;
    const processor = ["ItemProcessor", "Iterator"].find((key) => object(rest[key]));
    return { ...rest, ...(Array.isArray(rest.Branches) ? { Branches: rest.Branches.map((branch) => (object(branch) ? block(branch) : branch)) } : {}),
      ...(processor ? { [processor]: block(rest[processor]) } : {}) };
  };
  const { QueryLanguage: _language, ...rest } = block(definition);
  const { Comment, ...others } = rest;
  return { definition: { ...(Comment === undefined ? {} : { Comment }), QueryLanguage: "JSONata", ...others }, left };
}
