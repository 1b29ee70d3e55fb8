// Two people changed one definition: what each changed of the common base is put together, state by state.  No DOM.

import { same } from "./patch.js";
import { allStates, blocks, findState, references } from "./states.js";

const object = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const INNER = ["Branches", "ItemProcessor", "Iterator"];

/**
 * {definition, conflicts}: both changes made. Where both changed the same state (or field of the machine) in different
 * ways it is a conflict {name, mine, theirs} – undefined where it was taken away – and `keep(name)` → "mine" | "theirs"
 * says which to take.
 */
export function merge(base, mine, theirs, keep = () => "mine") {
  const conflicts = [];
  const choose = (name, ours, other) => { conflicts.push({ name, mine: ours, theirs: other }); return keep(name) === "theirs" ? other : ours; };
  const definition = mergeBlock(base, mine, theirs, choose, "");
  for (const name of dangling(definition)) {
    if (!dangling(mine).has(name) && !dangling(theirs).has(name)) conflicts.push({ name,
      mine: findState(mine, name)?.state, theirs: findState(theirs, name)?.state });
  }
  return { definition, conflicts };
}

/** Names that are led to and not there. */
function dangling(definition) {
  return new Set(blocks(definition).flatMap(({ pointer, states }) => {
    const known = new Set(states.map(({ name }) => name));
    return references(definition, pointer).map(({ target }) => target).filter((target) => typeof target === "string" && !known.has(target));
  }));
}

/** A value that one of both changed, or both in the same way; `decide` where they differ. */
function either(base, mine, theirs, decide) {
  if (same(mine, theirs) || same(theirs, base)) return mine;
  return same(mine, base) ? theirs : decide();
}

function mergeBlock(base, mine, theirs, choose, where) {
  return members(base, mine, theirs, (key, was, ours, other) => {
    if (key === "States" && object(ours) && object(other)) return members(object(was) ? was : {}, ours, other,
      (name, ...versions) => mergeState(name, ...versions, choose));
    return either(was, ours, other, () => choose(where ? `${where} · ${key}` : key, ours, other));
  });
}

/** A container whose own fields do not clash is merged inside; any other state is taken whole. */
function mergeState(name, base, mine, theirs, choose) {
  return either(base, mine, theirs, () => {
    const whole = [base, mine, theirs].every(object) && INNER.some((key) => key in mine && key in theirs && key in base);
    if (!whole || !sameOutside(base, mine, theirs)) return choose(name, mine, theirs);
    return members(base, mine, theirs, (key, was, ours, other) => {
      if (key === "Branches" && [was, ours, other].every((list) => Array.isArray(list) && list.length === was.length)) {
        return ours.map((branch, index) => either(was[index], branch, other[index], () => mergeBlock(was[index], branch, other[index], choose, name)));
      }
      return either(was, ours, other, () => (INNER.includes(key) && [was, ours, other].every(object)
        ? mergeBlock(was, ours, other, choose, name) : choose(name, ours, other)));
    });
  });
}

/** Whether each field besides the inner states was changed by one of both only. */
function sameOutside(base, mine, theirs) {
  const keys = new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)]);
  const lengths = [base, mine, theirs].map(({ Branches }) => Branches?.length);
  if (new Set(lengths).size > 1) return false;
  return [...keys].every((key) => INNER.includes(key) || same(mine[key], theirs[key]) || same(theirs[key], base[key]) || same(mine[key], base[key]));
}

/** An object merged member by member: mine in their order, their new ones behind the one they follow there. */
function members(base, mine, theirs, one) {
  const order = Object.keys(mine);
  for (const [index, key] of Object.keys(theirs).entries()) {
    if (order.includes(key)) continue;
    const before = Object.keys(theirs).slice(0, index).findLast((name) => order.includes(name));
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, key);
  }
  const result = {};
  for (const key of order) {
    const value = one(key, base?.[key], mine[key], theirs[key]);
    if (value !== undefined) result[key] = value;
  }
  return result;
}

/** What differs of two definitions, by state: {added, changed, removed} names. */
export function differences(before, after) {
  const [old, now] = [before, after].map((definition) => new Map(allStates(definition).map(({ name, state }) => [name, own(state)])));
  return {
    added: [...now.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    changed: [...now.keys()].filter((name) => old.has(name) && !same(old.get(name), now.get(name))),
  };
}

/** A state without the states inside it. */
const own = (state) => Object.fromEntries(Object.entries(state).filter(([key]) => !INNER.includes(key)).concat([["inner", state.Branches?.length ?? 0]]));
