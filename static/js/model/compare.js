// Two executions side by side: their states aligned by the way they took, the first place where the ways part, and the
// values that differ.
//
// A run is a list of steps in the order of entering: {state, place, visit}.  Steps are aligned so that as many as can be
// stand beside one of the same state and place (a longest common subsequence, after what both begin and end with).

import { details } from "./progress.js";

const LARGEST = 1_500; // steps of the differing middle that are aligned exactly; beyond, states are paired as they come

/** The steps of a run: each entry into a state, in order; what branches and items did stands after their container, one
 *  branch after the other, for in which order they got their turns says nothing. */
export function stepsOf(progress) {
  const steps = [];
  for (const { visits } of progress.states.values()) {
    for (const visit of visits) steps.push({ state: visit.name, place: placeOf(visit), visit, way: wayOf(visit) });
  }
  return steps.sort((one, other) => before(one.way, other.way));
}

/** [id of the outermost container, branch, id of the next, …, id of the visit]. */
function wayOf(visit) {
  const way = [visit.id];
  for (let scope = visit.scope; scope.container; scope = scope.container.scope) way.unshift(scope.container.id, Number(scope.index));
  return way;
}

function before(one, other) {
  for (let index = 0; index < one.length && index < other.length; index += 1) if (one[index] !== other[index]) return one[index] - other[index];
  return one.length - other.length;
}

/** "Each 3 / Ship 0": where a visit lies, in a way that two runs share. */
function placeOf(visit) {
  const words = [];
  for (let scope = visit.scope; scope.container; scope = scope.container.scope) words.unshift(`${scope.container.name} ${scope.index}`);
  return words.join(" / ");
}

const keyOf = (step) => `${step.place}\u0000${step.state}`;

/** [{left, right}] of steps or null, in an order that keeps both. */
export function aligned(left, right) {
  let head = 0;
  while (head < left.length && head < right.length && keyOf(left[head]) === keyOf(right[head])) head += 1;
  let tail = 0;
  while (tail < left.length - head && tail < right.length - head && keyOf(left[left.length - 1 - tail]) === keyOf(right[right.length - 1 - tail])) tail += 1;
  const pairs = left.slice(0, head).map((step, index) => ({ left: step, right: right[index] }));
  pairs.push(...middle(left.slice(head, left.length - tail), right.slice(head, right.length - tail)));
  for (let at = tail; at > 0; at -= 1) pairs.push({ left: left[left.length - at], right: right[right.length - at] });
  return pairs;
}

function middle(left, right) {
  if (!left.length || !right.length) return [...left.map((step) => ({ left: step, right: null })), ...right.map((step) => ({ left: null, right: step }))];
  return left.length > LARGEST || right.length > LARGEST ? inTurn(left, right) : longest(left, right);
}

/** Too many to try all ways: what has a partner anywhere is put beside it, the rest where it stands. */
function inTurn(left, right) {
  const waiting = new Map();
  for (const step of right) {
    const key = keyOf(step);
    if (!waiting.has(key)) waiting.set(key, []);
    waiting.get(key).push(step);
  }
  const taken = new Set();
  const pairs = left.map((step) => {
    const partner = waiting.get(keyOf(step))?.shift() ?? null;
    if (partner) taken.add(partner);
    return { left: step, right: partner };
  });
  return [...pairs, ...right.filter((step) => !taken.has(step)).map((step) => ({ left: null, right: step }))];
}

function longest(left, right) {
  const width = right.length + 1;
  const lengths = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = keyOf(left[i]) === keyOf(right[j]) ? lengths[(i + 1) * width + j + 1] + 1
        : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  return walked(left, right, lengths, width);
}

function walked(left, right, lengths, width) {
  const pairs = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && keyOf(left[i]) === keyOf(right[j])) pairs.push({ left: left[i++], right: right[j++] });
    else if (j === right.length || (i < left.length
      && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) pairs.push({ left: left[i++], right: null });
    else pairs.push({ left: null, right: right[j++] });
  }
  return pairs;
}

/** What a pair comes to: "same", "path" (one of them is missing), "outcome" (they ended otherwise), "values" (input or
 *  output differ) or "cut": what is known of their data is the beginning, and that is the same. */
export function kindOf({ left, right }, events) {
  if (!left || !right) return "path";
  if (left.visit.status !== right.visit.status) return "outcome";
  let cut = false;
  for (const name of ["input", "output"]) {
    const [one, other] = [dataOf(left.visit, name, events.left), dataOf(right.visit, name, events.right)];
    if (!sameJson(one.text, other.text) || one.length !== other.length) return "values";
    cut ||= one.cut || other.cut;
  }
  return cut ? "cut" : "same";
}

/** {text, length, cut} of a visit's input or output, from its events; text is undefined when there is none. */
export function dataOf(visit, name, events) {
  const event = events[(name === "input" ? visit.id : visit.exitEvent) - 1];
  const text = event ? details(event)[name] : undefined;
  const length = event?.previews?.[name];
  return { text, length: length ?? null, cut: length !== undefined };
}

function sameJson(one, other) {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  try {
    return JSON.stringify(sorted(JSON.parse(one))) === JSON.stringify(sorted(JSON.parse(other)));
  } catch {
    return false;
  }
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

/** {pairs: [{left, right, kind}], path, values}: `path` is the index of the first pair in which the ways part or end
 *  otherwise, `values` that of the first in which values differ; null when there is none. */
export function compared(left, right) {
  const events = { left: left.events, right: right.events };
  const pairs = aligned(stepsOf(left), stepsOf(right)).map((pair) => ({ ...pair, kind: kindOf(pair, events) }));
  const first = (...kinds) => {
    const index = pairs.findIndex(({ kind }) => kinds.includes(kind));
    return index < 0 ? null : index;
  };
  const values = pairs.findIndex((pair) => pair.kind === "values" || (pair.kind === "outcome" && inputsDiffer(pair, events)));
  return { pairs, path: first("path", "outcome"), values: values < 0 ? null : values };
}

function inputsDiffer({ left, right }, events) {
  const [one, other] = [dataOf(left.visit, "input", events.left), dataOf(right.visit, "input", events.right)];
  return !sameJson(one.text, other.text) || one.length !== other.length;
}

const MOST = 500; // differences listed of one pair of values

/** The places where two JSON values differ: [{path, left, right}], with undefined for what is not there.
 *  Paths are JSONPaths: $.items[3].price, $['a b']. */
export function differences(left, right, path = "$", found = []) {
  if (found.length >= MOST || Object.is(left, right)) return found;
  const bothArrays = Array.isArray(left) && Array.isArray(right);
  if (bothArrays || (isObject(left) && isObject(right))) {
    const keys = bothArrays ? Array.from({ length: Math.max(left.length, right.length) }, (_unused, index) => index)
      : [...new Set([...Object.keys(left), ...Object.keys(right)])];
    for (const key of keys) differences(own(left, key), own(right, key), path + step(key), found);
    return found;
  }
  found.push({ path, left, right });
  return found;
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const own = (value, key) => (Object.hasOwn(value, key) ? value[key] : undefined);

/** One step of a JSONPath. */
export function step(key) {
  if (typeof key === "number") return `[${key}]`;
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : `['${key.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}']`;
}
