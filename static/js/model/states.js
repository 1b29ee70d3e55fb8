// Questions about a definition: its blocks, its states, who leads where.  Accepts broken definitions.  No DOM.

import { pointerOf, steps } from "./json.js";

const object = (value) => (typeof value === "object" && value !== null && !Array.isArray(value) ? value : {});
const list = (value) => (Array.isArray(value) ? value : []);

export const TYPES = ["Task", "Choice", "Parallel", "Map", "Wait", "Pass", "Succeed", "Fail"];
export const APPROVAL = "arn:aws:states:::approval:request";

/** The Succeed, Fail and Choice states have no Next. */
export const mayHaveNext = (state) => !["Choice", "Succeed", "Fail"].includes(state?.Type);

/** The value at a pointer; undefined when there is none. */
export const at = (definition, pointer) => steps(pointer).reduce((value, step) =>
  (typeof value === "object" && value !== null && Object.hasOwn(value, step) ? value[step] : undefined), definition);

/**
 * All blocks from the outside in: {pointer, block, states: [{name, pointer, state}], depth, owner}; `owner` is the
 * pointer of the state that holds the block ("" for the whole).
 */
export function blocks(definition, pointer = "", depth = 0, owner = "") {
  const block = object(at(definition, pointer));
  const states = Object.entries(object(block.States)).map(([name, state]) => ({
    name, state: object(state), pointer: pointer + pointerOf(["States", name]),
  }));
  const inner = states.flatMap((entry) => innerPointers(entry.state).flatMap((path) =>
    blocks(definition, entry.pointer + path, depth + 1, entry.pointer)));
  return [{ pointer, block, states, depth, owner }, ...inner];
}

/** The pointers, from the state, of the blocks it holds. */
export function innerPointers(state) {
  if (state.Type === "Parallel") return list(state.Branches).map((_branch, index) => `/Branches/${index}`);
  if (state.Type === "Map") return ["ItemProcessor", "Iterator"].filter((key) => key in state).slice(0, 1).map((key) => `/${key}`);
  return [];
}

/** Every state: {name, state, pointer, blockPointer, depth}. */
export const allStates = (definition) => blocks(definition).flatMap(({ pointer, states, depth }) =>
  states.map((entry) => ({ ...entry, blockPointer: pointer, depth })));

/** The state of this name (names are unique over the whole definition), or null. */
export const findState = (definition, name) => allStates(definition).find((entry) => entry.name === name) ?? null;

/** The names of the states that a state may lead to: those of its own block. */
export function peers(definition, name) {
  const found = findState(definition, name);
  return found ? Object.keys(object(at(definition, found.blockPointer)).States) : [];
}

/** The name of the state that holds the place of a pointer, or null. */
export function stateAt(definition, pointer) {
  const path = steps(pointer);
  for (let length = path.length; length > 1; length -= 1) {
    const key = path[length - 2];
    const parent = pointerOf(path.slice(0, length - 2));
    if (key === "States" && path[length - 1] in object(object(at(definition, parent)).States)) return path[length - 1];
  }
  return null;
}

/** Every reference to a state in a block: {pointer of the field, target}. */
export function references(definition, blockPointer) {
  const block = object(at(definition, blockPointer));
  const found = "StartAt" in block ? [{ pointer: `${blockPointer}/StartAt`, target: block.StartAt }] : [];
  for (const [name, state] of Object.entries(object(block.States))) {
    found.push(...transitions(object(state), blockPointer + pointerOf(["States", name])));
  }
  return found;
}

/** The transitions of one state: {pointer, target}. */
export function transitions(state, pointer) {
  const single = ["Next", "Default"].filter((key) => key in state).map((key) => ({ pointer: `${pointer}/${key}`, target: state[key] }));
  const listed = ["Choices", "Catch"].flatMap((key) => list(state[key]).flatMap((entry, index) =>
    ("Next" in object(entry) ? [{ pointer: `${pointer}/${key}/${index}/Next`, target: entry.Next }] : [])));
  return [...single, ...listed];
}

/** `base`, or `base` with the first number that no state has yet. */
export function freeName(definition, base, taken = new Set()) {
  const names = new Set([...allStates(definition).map((entry) => entry.name), ...taken]);
  if (!names.has(base)) return base;
  for (let number = 2; ; number += 1) {
    const name = `${base} ${number}`;
    if (!names.has(name)) return name;
  }
}

/** Why a state may not have this name, as a word ("empty", "long", "taken"), or "" when it may. */
export function nameFault(definition, name, own = null) {
  if (!name.trim()) return "empty";
  if ([...name].length > 80) return "long";
  return name !== own && findState(definition, name) ? "taken" : "";
}

/** A single state, or a fragment {name: state}, made into a machine; null for what is already one or is no state. */
export function wrapped(value, name = "State") {
  const data = object(value);
  if ("States" in data || !Object.keys(data).length) return null;
  if (typeof data.Type === "string") return machineOf({ [name]: data });
  const entries = Object.entries(data);
  return entries.every(([, state]) => typeof object(state).Type === "string") ? machineOf(data) : null;
}

/** Transitions to states that are not there become the end, so that the fragment can run. */
function machineOf(states) {
  const closed = Object.fromEntries(Object.entries(states).map(([name, state]) => {
    if (!("Next" in state) || state.Next in states) return [name, state];
    const { Next: _next, ...rest } = state;
    return [name, { ...rest, End: true }];
  }));
  const missing = new Set(Object.entries(closed).flatMap(([, state]) => transitions(state, "").map(({ target }) => target))
    .filter((target) => !(target in closed)));
  for (const target of missing) closed[target] = { Type: "Pass", End: true };
  return { StartAt: Object.keys(states)[0], States: closed };
}
