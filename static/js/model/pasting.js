// States as ASL text for the clipboard, and such text put into a definition.  No DOM.

import { all, edit, rename } from "./edits.js";
import { outermost } from "./grouping.js";
import { JsonError, parseTree, pointerOf } from "./json.js";
import { allStates, at, blocks, findState, freeName, mayHaveNext, references } from "./states.js";

/** The states as the text of a small machine; their transitions stay as they are. "" for none. */
export function copied(definition, names) {
  const chosen = new Set(outermost(definition, names));
  const entries = allStates(definition).filter(({ name }) => chosen.has(name));
  if (!entries.length) return "";
  const led = new Set(entries.flatMap(({ state }) => [state.Next, state.Default]));
  const start = entries.find(({ name }) => !led.has(name)) ?? entries[0];
  return JSON.stringify({ StartAt: start.name, States: Object.fromEntries(entries.map(({ name, state }) => [name, state])) }, null, 2);
}

/** {StartAt, States} of pasted text: a machine, a list of states or one state; null when it is none of these. */
export function fragmentFrom(text, stateName) {
  let data;
  try {
    data = parseTree(text).value;
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
  const object = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!object(data)) return null;
  const states = object(data.States) ? data.States : typeof data.Type === "string" ? { [stateName]: data } : data;
  const names = Object.keys(states);
  if (!names.length || !Object.values(states).every((state) => object(state) && typeof state.Type === "string")) return null;
  return { StartAt: names.includes(data.StartAt) ? data.StartAt : names[0], States: states };
}

/** The fragment with names that nothing in the definition has. */
export function withFreeNames(definition, fragment) {
  const taken = new Set();
  let copy = structuredClone(fragment);
  for (const { states } of blocks(copy)) {
    for (const { name } of states) {
      const free = freeName(definition, name, taken);
      taken.add(free);
      if (free !== name) copy = rename(name, free)(copy).definition;
    }
  }
  return copy;
}

/**
 * An edit that puts the states of a fragment into a definition: `insertion(name, state)` is the edit that would put one
 * state at the wanted place. What ends in the fragment leads on to what follows there.
 */
export const insertFragment = (fragment, insertion) => (definition) => {
  const marker = freeName(definition, "Pasted *");
  return all(insertion(marker, { Type: "Pass" }), replaceMarker(marker, fragment))(definition);
};

const replaceMarker = (marker, fragment) => all(edit((definition) => {
  const { blockPointer } = findState(definition, marker);
  return references(definition, blockPointer).filter(({ target }) => target === marker).map(({ pointer }) => ({ op: "set", pointer, value: fragment.StartAt }));
}), edit((definition) => {
  const { blockPointer, state } = findState(definition, marker);
  const states = at(definition, `${blockPointer}/States`);
  const placed = leadOn(fragment.States, state.Next ?? null, new Set(Object.keys(states)),
    (base) => freeName(definition, base, new Set(allStates(fragment).map(({ name }) => name))));
  const next = Object.entries(states).flatMap(([key, value]) => (key === marker ? Object.entries(placed) : [[key, value]]));
  return [{ op: "set", pointer: `${blockPointer}${pointerOf(["States"])}`, value: Object.fromEntries(next) }];
}));

/** What ends, or leads to a state that is not there, leads to `target`; null is the end. */
function leadOn(states, target, known, free) {
  const there = (name) => Object.hasOwn(states, name) || known.has(name);
  const done = free("Done");
  let needsDone = false;
  const way = (name) => { if (there(name)) return name; if (target !== null) return target; needsDone = true; return done; };
  const placed = Object.fromEntries(Object.entries(states).map(([name, given]) => {
    const state = { ...given };
    for (const field of ["Choices", "Catch"]) {
      if (Array.isArray(state[field])) state[field] = state[field].map((rule) => (typeof rule?.Next === "string" ? { ...rule, Next: way(rule.Next) } : rule));
    }
    if (typeof state.Default === "string") state.Default = way(state.Default);
    if (!mayHaveNext(state) || (typeof state.Next === "string" && Object.hasOwn(states, state.Next))) return [name, state];
    const { Next: _next, End: _end, ...rest } = state;
    return [name, target === null ? { ...rest, End: true } : { ...rest, Next: target }];
  }));
  return needsDone ? { ...placed, [done]: { Type: "Succeed" } } : placed;
}
