// Every change the designer makes.  An edit is a function: definition → {definition, inverse}, and the
// inverse is an edit again.  The definition given is never changed.  No DOM.

import { pointerOf, steps } from "./json.js";
import { apply } from "./operations.js";
import { at, blocks, findState, freeName, mayHaveNext, references, transitions } from "./states.js";

/** An edit from a plan: definition → operations. */
export const edit = (plan) => (definition) => {
  const { definition: after, inverse } = apply(definition, plan(definition));
  return { definition: after, inverse: edit(() => inverse) };
};

const set = (pointer, value, index) => ({ op: "set", pointer, value, index });
const drop = (pointer) => ({ op: "remove", pointer });

function required(definition, name) {
  const found = findState(definition, name);
  if (!found) throw new Error(`There is no state "${name}"`);
  return found;
}

/** Several edits as one. */
export const all = (...edits) => (definition) => {
  const inverses = [];
  let current = definition;
  for (const one of edits) {
    const { definition: after, inverse } = one(current);
    current = after;
    inverses.unshift(inverse);
  }
  return { definition: current, inverse: all(...inverses) };
};

/** Puts a value at a pointer; undefined takes it away. */
export const setAt = (pointer, value) => edit(() => [value === undefined ? drop(pointer) : set(pointer, value)]);

/** Sets one field of a state; undefined takes it away. */
export const setField = (name, field, value) => edit((definition) => {
  const { pointer } = required(definition, name);
  return [value === undefined ? drop(`${pointer}${pointerOf([field])}`) : set(`${pointer}${pointerOf([field])}`, value)];
});

/** Sets several fields of a state at once; undefined takes a field away. */
export const setFields = (name, fields) => all(...Object.entries(fields).map(([field, value]) => setField(name, field, value)));

/** Puts a whole state in the place of another, under the same name. */
export const replaceState = (name, state) => edit((definition) => [set(required(definition, name).pointer, state)]);

/** Gives a state another name, and every transition to it. */
export const rename = (name, key) => edit((definition) => {
  if (name === key) return [];
  const { pointer, blockPointer } = required(definition, name);
  const uses = references(definition, blockPointer).filter(({ target }) => target === name);
  return [...uses.map((use) => set(use.pointer, key)), { op: "rename", pointer, key }];
});

/** Leads a state to another of its block; null makes it end. */
export const setNext = (name, target) => edit((definition) => leadTo(required(definition, name), target));

function leadTo({ state, pointer }, target) {
  const [gone, kept, value] = target === null ? ["Next", "End", true] : ["End", "Next", target];
  const index = Object.keys(state).indexOf(gone);
  return [...(index >= 0 ? [drop(`${pointer}/${gone}`)] : []), set(`${pointer}/${kept}`, value, index >= 0 ? index : undefined)];
}

/** The new state with its way on: to `target`, or to the end for null.  It becomes a Choice's default way, and that of rules without one. */
function connected(state, target) {
  if (state.Type === "Choice") {
    if (target === null) return state;
    const rules = (state.Choices ?? []).map((rule) => ("Next" in rule ? rule : { ...rule, Next: target }));
    return { ...state, Choices: rules, Default: target };
  }
  if (!mayHaveNext(state)) return state;
  return target === null ? { ...state, End: true } : { ...state, Next: target };
}

function put(definition, blockPointer, name, state, after) {
  const names = Object.keys(at(definition, `${blockPointer}/States`) ?? {});
  const index = after === null ? 0 : names.indexOf(after) + 1;
  return set(`${blockPointer}${pointerOf(["States", name])}`, state, index > 0 || after === null ? index : undefined);
}

/** Puts a new state on the transitions at `pointers` (they lead to one state, or are an End: true). */
export const insertOn = (pointers, name, state) => edit((definition) => {
  const first = pointers[0];
  const path = steps(first);
  const ending = path.at(-1) === "End";
  const target = ending ? null : at(definition, first);
  const depth = path.lastIndexOf("States");
  const owner = first.endsWith("/StartAt") ? null : path[depth + 1];
  const blockPointer = owner === null ? first.slice(0, -"/StartAt".length) : pointerOf(path.slice(0, depth));
  const moves = ending
    ? leadTo({ state: at(definition, pointerOf(path.slice(0, -1))), pointer: pointerOf(path.slice(0, -1)) }, name)
    : pointers.map((pointer) => set(pointer, name));
  return [...moves, put(definition, blockPointer, name, connected(state, target), owner)];
});

/** Puts a new state after another: between it and where it leads; after a Choice, on its default way. */
export const insertAfter = (previous, name, state) => edit((definition) => {
  const found = required(definition, previous);
  if (!mayHaveNext(found.state)) return afterBranching(definition, found, previous, name, state);
  const target = found.state.End === true || found.state.Next === undefined ? null : found.state.Next;
  return [...leadTo(found, name), put(definition, found.blockPointer, name, connected(state, target), previous)];
});

function afterBranching(definition, found, previous, name, state) {
  if (found.state.Type !== "Choice") return beforeEnding(definition, found, previous, name, state);
  const target = found.state.Default ?? null;
  return [set(`${found.pointer}/Default`, name), put(definition, found.blockPointer, name, connected(state, target), previous)];
}

/** Puts a new state before another: on every transition that leads there. */
export const insertBefore = (following, name, state) => edit((definition) => beforeEnding(definition, required(definition, following), following, name, state));

/** Nothing follows a Succeed or a Fail, so what is added goes before it. */
function beforeEnding(definition, found, ending, name, state) {
  const uses = references(definition, found.blockPointer).filter(({ target }) => target === ending);
  const names = Object.keys(at(definition, `${found.blockPointer}/States`));
  const index = names.indexOf(ending);
  return [...uses.map((use) => set(use.pointer, name)),
    set(`${found.blockPointer}${pointerOf(["States", name])}`, connected(state, ending), index)];
}

/** Puts the first state into a block that has none. */
export const insertFirst = (blockPointer, name, state) => edit((definition) => {
  const block = at(definition, blockPointer) ?? {};
  return [set(`${blockPointer}/StartAt`, name, 0),
    ...(block.States ? [] : [set(`${blockPointer}/States`, {})]),
    set(`${blockPointer}${pointerOf(["States", name])}`, connected(state, null), 0)];
});

/** Takes states away and heals what led to them: it leads on to where they led. */
export const remove = (...names) => all(...names.map(removeOne));

const removeOne = (name) => edit((definition) => {
  const found = findState(definition, name);
  if (!found) return [];
  const heir = successor(found.state, name, at(definition, `${found.blockPointer}/States`));
  const uses = references(definition, found.blockPointer).filter(({ target }) => target === name);
  const own = uses.filter((use) => use.pointer.startsWith(`${found.pointer}/`));
  const others = uses.filter((use) => !own.includes(use));
  return [...others.flatMap((use) => healed(definition, found.blockPointer, use, heir)).sort(lastFirst), drop(found.pointer)];
});

/** Where a state leads first, itself aside; null when it ends there. */
function successor(state, name, states) {
  const rules = Array.isArray(state.Choices) ? state.Choices.map((rule) => rule?.Next) : [];
  const ways = [state.Next, state.Default, ...rules];
  return ways.find((way) => typeof way === "string" && way !== name && Object.hasOwn(states, way)) ?? null;
}

function healed(definition, blockPointer, use, heir) {
  if (heir !== null) return [set(use.pointer, heir)];
  const path = steps(use.pointer);
  const field = path.at(-1);
  const parent = pointerOf(path.slice(0, -1));
  if (field === "StartAt") {
    const rest = Object.keys(at(definition, `${blockPointer}/States`)).filter((key) => key !== at(definition, use.pointer));
    return [set(use.pointer, rest[0] ?? "")];
  }
  if (field === "Default") return [drop(use.pointer)];
  if (path.at(-3) === "Choices" || path.at(-3) === "Catch") return [drop(parent)];
  return leadTo({ state: at(definition, parent), pointer: parent }, null);
}

/** Items of one list must go from the last to the first, so that the pointers stay right. */
function lastFirst(a, b) {
  const [left, right] = [steps(a.pointer), steps(b.pointer)];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    if (left[index] !== right[index]) return /^\d+$/.test(left[index]) && /^\d+$/.test(right[index]) ? Number(right[index]) - Number(left[index]) : 0;
  }
  return 0;
}

/** A copy of a state right after it, under a free name; names inside a container get new ones too. */
export const duplicate = (name) => (definition) => {
  const { state } = required(definition, name);
  const taken = new Set();
  const copyName = freeName(definition, name);
  taken.add(copyName);
  const copy = withFreshNames(definition, state, taken);
  return state.Type === "Choice" ? besideChoice(name, copyName, copy)(definition) : insertAfter(name, copyName, bare(copy))(definition);
};

/** A second Choice is the default way of the first, and keeps its own rules. */
const besideChoice = (name, copyName, copy) => edit((definition) => {
  const { pointer, blockPointer } = required(definition, name);
  return [set(`${pointer}/Default`, copyName), put(definition, blockPointer, copyName, copy, name)];
});

/** A state without its way on. */
function bare(state) {
  const { Next: _next, End: _end, ...rest } = state;
  return rest;
}

function withFreshNames(definition, state, taken) {
  let copy = { StartAt: "x", States: { x: structuredClone(state) } };
  for (const { states, depth } of blocks(copy).toReversed()) {
    if (!depth) continue;
    for (const { name } of states) {
      const fresh = freeName(definition, name, taken);
      taken.add(fresh);
      if (fresh !== name) copy = rename(name, fresh)(copy).definition;
    }
  }
  return copy.States.x;
}

/**
 * Takes a state from its place and puts it elsewhere: `insertion(name, state)` is the edit that puts one there, made on
 * the definition as it is before. Throws where the state leads to states that are not in the list it comes into.
 */
export const moveBy = (name, insertion) => (definition) => {
  const { state, pointer: own, blockPointer } = required(definition, name);
  const marker = freeName(definition, `${name} *`);
  const placed = insertion(marker, bare(state))(definition);
  const there = required(placed.definition, marker);
  if (there.pointer.startsWith(`${own}/`)) throw new Error(`"${name}" cannot be moved into itself`);
  if (there.blockPointer !== blockPointer && transitions(bare(state), "").length) throw new MoveError(name);
  const cut = remove(name)(placed.definition);
  const named = rename(marker, name)(cut.definition);
  return { definition: named.definition, inverse: all(named.inverse, cut.inverse, placed.inverse) };
};

/** A state with rules or catchers cannot leave the list of states that they lead to. */
export class MoveError extends Error {}

/** Takes a state from its place and puts it on the transitions at `pointers` (of the definition as it is before). */
export const moveOnto = (name, pointers) => (definition) => {
  const { pointer: own } = required(definition, name);
  if (pointers.some((pointer) => pointer.startsWith(`${own}/`) || at(definition, pointer) === name)) return { definition, inverse: all() };
  return moveBy(name, (marker, state) => insertOn(pointers, marker, state))(definition);
};
