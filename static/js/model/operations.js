// The four primitive changes of a definition, and their inverses.  Data is never changed in place.  No DOM.
//
//   {op: "set", pointer, value, index}   put a value; a member that is new comes at `index` (end when absent)
//   {op: "remove", pointer}              take a member or an item away
//   {op: "insert", pointer, value}       put an item into an array before the one at that index
//   {op: "rename", pointer, key}         give a member another key, in its place

import { pointerOf, steps } from "./json.js";

/** {definition, inverse}: the definition after the operations, and the operations that undo them. */
export function apply(definition, operations) {
  let current = definition;
  const inverse = [];
  for (const operation of operations) {
    const path = steps(operation.pointer);
    const undo = [];
    current = changed(current, path, operation, undo, []);
    inverse.unshift(...undo);
  }
  return { definition: current, inverse };
}

function changed(value, path, operation, undo, above) {
  if (!path.length) {
    undo.push({ op: "set", pointer: pointerOf(above), value });
    return operation.value;
  }
  const [step, ...rest] = path;
  if (rest.length) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) throw new Error(`There is nothing at ${operation.pointer}`);
    const child = changed(value[step], rest, operation, undo, [...above, step]);
    if (Array.isArray(value)) return value.with(Number(step), child);
    return { ...value, [step]: child };
  }
  return Array.isArray(value) ? changedItem(value, Number(step), operation, undo) : changedMember(value, step, operation, undo, above);
}

function changedItem(list, index, { op, value, pointer }, undo) {
  if (op === "insert") {
    undo.push({ op: "remove", pointer });
    return list.toSpliced(index, 0, value);
  }
  if (!(index in list)) throw new Error(`There is nothing at ${pointer}`);
  if (op === "remove") {
    undo.push({ op: "insert", pointer, value: list[index] });
    return list.toSpliced(index, 1);
  }
  undo.push({ op: "set", pointer, value: list[index] });
  return list.with(index, value);
}

function changedMember(object, key, operation, undo, above) {
  const { op, value, pointer, index } = operation;
  if (typeof object !== "object" || object === null) throw new Error(`There is nothing at ${pointer}`);
  const entries = Object.entries(object);
  const at = entries.findIndex(([name]) => name === key);
  if (op === "rename") {
    if (at < 0) throw new Error(`There is nothing at ${pointer}`);
    undo.push({ op: "rename", pointer: pointerOf([...above, operation.key]), key });
    return Object.fromEntries(entries.with(at, [operation.key, object[key]]));
  }
  if (op === "remove") {
    if (at < 0) return object;
    undo.push({ op: "set", pointer, value: object[key], index: at });
    return Object.fromEntries(entries.toSpliced(at, 1));
  }
  if (at >= 0) {
    undo.push({ op: "set", pointer, value: object[key] });
    return { ...object, [key]: value };
  }
  undo.push({ op: "remove", pointer });
  return Object.fromEntries(entries.toSpliced(index ?? entries.length, 0, [key, value]));
}
