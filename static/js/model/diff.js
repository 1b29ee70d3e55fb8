// What differs between two definitions: by state for the graph, by line for the text.  No DOM.

import { same } from "./patch.js";
import { allStates, innerPointers } from "./states.js";

/** {added, removed, changed}: names of states; of a container only what is its own counts, not what stands inside. */
export function changedStates(before, after) {
  const [old, fresh] = [before, after].map((definition) => new Map(allStates(definition).map(({ name, state }) => [name, ownPart(state)])));
  return {
    added: [...fresh.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !fresh.has(name)),
    changed: [...fresh.keys()].filter((name) => old.has(name) && !same(old.get(name), fresh.get(name))),
  };
}

/** A state without the states inside it. */
function ownPart(state) {
  const held = new Set(innerPointers(state).map((pointer) => pointer.split("/")[1]));
  return Object.fromEntries(Object.entries(state).filter(([key]) => !held.has(key)));
}

const MOST = 4_000_000; // cells of the table; beyond, what lies between the same beginning and end is one block

/** [{kind: "same" | "removed" | "added", text, before, after}] of two texts; the numbers are of the lines, from 1. */
export function lineDiff(before, after) {
  const [left, right] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < left.length - head && tail < right.length - head && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1;
  const middle = between(left.slice(head, left.length - tail), right.slice(head, right.length - tail));
  const rows = [...left.slice(0, head).map((text) => ({ kind: "same", text })), ...middle,
    ...left.slice(left.length - tail).map((text) => ({ kind: "same", text }))];
  let [a, b] = [0, 0];
  return rows.map((row) => ({ ...row, before: row.kind === "added" ? null : (a += 1), after: row.kind === "removed" ? null : (b += 1) }));
}

function between(left, right) {
  const all = () => [...left.map((text) => ({ kind: "removed", text })), ...right.map((text) => ({ kind: "added", text }))];
  if (!left.length || !right.length || left.length * right.length > MOST) return all();
  const width = right.length + 1;
  const longest = new Uint32Array((left.length + 1) * width); // of the rests from i and j on
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = left[i] === right[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const rows = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    if (left[i] === right[j]) { rows.push({ kind: "same", text: left[i] }); i += 1; j += 1; }
    else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) { rows.push({ kind: "removed", text: left[i] }); i += 1; }
    else { rows.push({ kind: "added", text: right[j] }); j += 1; }
  }
  return [...rows, ...left.slice(i).map((text) => ({ kind: "removed", text })), ...right.slice(j).map((text) => ({ kind: "added", text }))];
}

/** Rows with what differs and `around` same lines beside it; {kind: "gap", count} stands for the others. */
export function folded(rows, around = 3) {
  const near = rows.map((_row, index) => rows.slice(Math.max(0, index - around), index + around + 1).some((row) => row.kind !== "same"));
  const shown = [];
  rows.forEach((row, index) => {
    if (near[index]) shown.push(row);
    else if (shown.at(-1)?.kind === "gap") shown.at(-1).count += 1;
    else shown.push({ kind: "gap", count: 1 });
  });
  return shown;
}
