// JSON as rows of a list, of which a page draws those in sight: a value of any size opens, folds and is searched quickly.
//
// A row is {path, key, value, depth, kind, count, open, last}; kind: "value", "open" (an object or array that may be open) or
// "close" (its closing bracket).  Paths are JSONPaths.

import { step } from "./compare.js";

const OPEN_DEPTH = 2; // levels that are open at first
const OPEN_ENTRIES = 30; // a larger object or array starts folded, below the first level

export class JsonRows {
  #value;
  #open = new Map(); // path → whether it was opened or folded by hand
  #rows = null;

  constructor(value) {
    this.#value = value;
  }

  get rows() {
    this.#rows ??= this.#make();
    return this.#rows;
  }

  toggle(path) {
    const row = this.rows.find((each) => each.path === path && each.kind === "open");
    if (row) this.#open.set(path, !row.open);
    this.#rows = null;
  }

  /** Opens everything around a path, so that it has a row; its index. */
  reveal(path) {
    const steps = stepsOf(path);
    let at = "$";
    for (const each of steps) {
      this.#open.set(at, true);
      at += each;
    }
    this.#rows = null;
    return this.rows.findIndex((row) => row.path === path && row.kind !== "close");
  }

  openAll() {
    const walk = (value, path) => {
      if (!isBranch(value)) return;
      this.#open.set(path, true);
      for (const [key, inner] of entriesOf(value)) walk(inner, path + step(key));
    };
    walk(this.#value, "$");
    this.#rows = null;
  }

  /** The paths whose key or value has a text, whatever its case; at most `most`. */
  search(text, most = 1_000) {
    const wanted = text.toLowerCase();
    const found = [];
    const walk = (value, path, key) => {
      if (found.length >= most) return;
      const says = String(key ?? "").toLowerCase().includes(wanted) || (!isBranch(value) && String(value).toLowerCase().includes(wanted));
      if (says) found.push(path);
      if (isBranch(value)) for (const [inner, each] of entriesOf(value)) walk(each, path + step(inner), typeof inner === "string" ? inner : null);
    };
    if (wanted) walk(this.#value, "$", null);
    return found;
  }

  #make() {
    const rows = [];
    this.#add(rows, null, this.#value, "$", 0, true);
    return rows;
  }

  #add(rows, key, value, path, depth, last) {
    if (!isBranch(value) || !sizeOf(value)) {
      rows.push({ path, key, value, depth, kind: "value", count: 0, open: false, last });
      return;
    }
    const count = sizeOf(value);
    const open = this.#open.get(path) ?? (depth < OPEN_DEPTH && (depth === 0 || count <= OPEN_ENTRIES));
    rows.push({ path, key, value, depth, kind: "open", count, open, last });
    if (!open) return;
    let index = 0;
    for (const [inner, each] of entriesOf(value)) {
      index += 1;
      this.#add(rows, typeof inner === "string" ? inner : null, each, path + step(inner), depth + 1, index === count);
    }
    rows.push({ path, key: null, value, depth, kind: "close", count: 0, open: false, last });
  }
}

const isBranch = (value) => value !== null && typeof value === "object";
const sizeOf = (value) => (Array.isArray(value) ? value.length : Object.keys(value).length);

function entriesOf(value) {
  return Array.isArray(value) ? value.entries() : Object.entries(value);
}

/** The steps of a path that `step` has written: $.a[3]['b c'] → [".a", "[3]", "['b c']"]. */
export function stepsOf(path) {
  return path.match(/\.[A-Za-z_][A-Za-z0-9_]*|\[\d+\]|\['(?:[^'\\]|\\.)*'\]/g) ?? [];
}
