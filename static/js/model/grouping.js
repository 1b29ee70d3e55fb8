// Several states as one: wrapped in a Parallel or a Map, or taken out into a machine of its own.  No DOM.

import { edit } from "./edits.js";
import { steps } from "./json.js";
import { allStates, at, findState, freeName, references, transitions } from "./states.js";

/** Why states cannot become one; `reason`: "none" · "blocks" · "entries" · "exits" · "ends". */
export class GroupingError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** The names without those inside another one of them. */
export function outermost(definition, names) {
  const found = names.map((name) => findState(definition, name)).filter(Boolean);
  return found.filter((entry) => !found.some((other) => other !== entry && entry.pointer.startsWith(`${other.pointer}/`))).map((entry) => entry.name);
}

/**
 * The states as a fragment: {blockPointer, names in the order of the text, start, exit}; `exit` is the state that all
 * ways out lead to, or null for the end. Throws GroupingError where they have several ways in or out.
 */
export function fragmentOf(definition, chosen) {
  const names = new Set(outermost(definition, chosen));
  const entries = allStates(definition).filter(({ name }) => names.has(name));
  if (!entries.length) throw new GroupingError("none");
  const { blockPointer } = entries[0];
  if (entries.some((entry) => entry.blockPointer !== blockPointer)) throw new GroupingError("blocks");
  const inside = (pointer) => entries.some((entry) => pointer.startsWith(`${entry.pointer}/`));
  const starts = new Set(references(definition, blockPointer)
    .filter(({ pointer, target }) => names.has(target) && !inside(pointer)).map(({ target }) => target));
  if (starts.size > 1) throw new GroupingError("entries");
  const exits = new Set(entries.flatMap((entry) => waysOut(entry, names)));
  if (exits.size > 1) throw new GroupingError("exits");
  const [exit = null] = exits;
  if (exit !== null && entries.some(({ state }) => state.Type === "Succeed")) throw new GroupingError("ends");
  return { blockPointer, names: entries.map(({ name }) => name), start: [...starts][0] ?? entries[0].name, exit };
}

/** Where a state leads outside of the group: names, null for the end. What is caught outside is not counted: it is caught by the group. */
function waysOut({ state }, names) {
  const targets = transitions(state, "").filter(({ pointer }) => !pointer.startsWith("/Catch/")).map(({ target }) => target);
  return [...targets.filter((target) => !names.has(target)), ...(state.End === true ? [null] : [])];
}

/** {block, catchers}: the states of a fragment as a list of its own, where what led out ends; and the catchers that lead out. */
function blockOf(definition, { blockPointer, names, start }) {
  const states = at(definition, `${blockPointer}/States`);
  const known = new Set(names);
  const done = freeName(definition, "Done");
  const catchers = [];
  let needsDone = false;
  const inner = (target) => { if (known.has(target)) return target; needsDone = true; return done; };
  const lead = (rule) => (typeof rule?.Next === "string" ? { ...rule, Next: inner(rule.Next) } : rule);
  const own = (name) => {
    const state = { ...states[name] };
    if (typeof state.Next === "string" && !known.has(state.Next)) return caught(Object.fromEntries(Object.entries(state)
      .map(([key, value]) => (key === "Next" ? ["End", true] : [key, value]))));
    if (Array.isArray(state.Choices)) state.Choices = state.Choices.map(lead);
    if (typeof state.Default === "string") state.Default = inner(state.Default);
    return caught(state);
  };
  const caught = (state) => {
    if (!Array.isArray(state.Catch)) return state;
    const kept = state.Catch.filter((catcher) => known.has(catcher?.Next));
    catchers.push(...state.Catch.filter((catcher) => !known.has(catcher?.Next)));
    const { Catch: _all, ...rest } = state;
    return kept.length ? { ...state, Catch: kept } : rest;
  };
  const made = Object.fromEntries(names.map((name) => [name, own(name)]));
  if (needsDone) made[done] = { Type: "Succeed" };
  return { block: { StartAt: start, States: made },
    catchers: catchers.filter((one, index) => catchers.findIndex((other) =>
    JSON.stringify(other) === JSON.stringify(one)) === index) };
}

/** An edit that puts one state in the place of a group; `make(block)` gives it without its way on. */
export const replaceGroup = (chosen, name, make) => edit((definition) => {
  const fragment = fragmentOf(definition, chosen);
  const { block, catchers } = blockOf(definition, fragment);
  const way = fragment.exit === null ? { End: true } : { Next: fragment.exit };
  const whole = { ...make(block), ...(catchers.length ? { Catch: catchers } : {}), ...way };
  const { blockPointer, names } = fragment;
  const uses = references(definition, blockPointer).filter(({ target, pointer }) => names.includes(target) && !insideOf(pointer, blockPointer, names));
  const states = at(definition, `${blockPointer}/States`);
  const next = Object.entries(states).flatMap(([key, state]) => (key === names[0] ? [[name, whole]] : names.includes(key) ? [] : [[key, state]]));
  const set = (pointer, value) => ({ op: "set", pointer, value });
  const renamed = uses.filter(({ pointer }) => !pointer.startsWith(`${blockPointer}/States/`)).map(({ pointer }) => set(pointer, name));
  const within = uses.filter(({ pointer }) => pointer.startsWith(`${blockPointer}/States/`)).map(({ pointer }) => set(pointer, name));
  return [...renamed, set(`${blockPointer}/States`, Object.fromEntries(next)), ...within];
});

function insideOf(pointer, blockPointer, names) {
  const depth = steps(blockPointer).length;
  return names.includes(steps(pointer)[depth + 1]) && steps(pointer)[depth] === "States";
}

/** The group as one branch of a Parallel, or as what a Map does with every item. */
export const wrapIn = (kind, chosen, name, { jsonata = false } = {}) => replaceGroup(chosen, name, (block) => (kind === "Parallel"
  ? { Type: "Parallel", Branches: [block] }
  : { Type: "Map", ...(jsonata ? { Items: "{% $states.input.items %}" } : { ItemsPath: "$.items" }),
    ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, ...block } }));

/** The definition of the machine that a group becomes. */
export function machineOf(definition, chosen) {
  const fragment = fragmentOf(definition, chosen);
  const language = definition.QueryLanguage;
  return { Comment: fragment.names.join(", "), ...(language ? { QueryLanguage: language } : {}), ...blockOf(definition, fragment).block };
}

/** The group replaced by a Task that runs the machine `arn` and waits for it. */
export const callMachine = (chosen, name, arn, { jsonata = false } = {}) => replaceGroup(chosen, name, () => ({
  Type: "Task", Resource: "arn:aws:states:::states:startExecution.sync:2",
  ...(jsonata ? { Arguments: { StateMachineArn: arn, Input: "{% $states.input %}" }, Output: "{% $states.result.Output %}" }
    : { Parameters: { StateMachineArn: arn, "Input.$": "$" }, OutputPath: "$.Output" }),
}));

